//! Why the words matter, and the lock again.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::ApiError;
use trellis_api_types::devices::PhraseShow;

use super::Step;
use crate::components::{
    FormProblem, Icon, ProofField, SaveButton, StepHeading, icon, problem_words, proof_of,
};
use crate::i18n::t;
use crate::ipc;
use crate::state::state;

#[component]
pub fn Intro(step: RwSignal<Step>, hidden: bool, away: &'static str) -> impl IntoView {
    let reasons = [
        (Icon::KEY, t::phrase::why_1()),
        (Icon::NOTE_PENCIL, t::phrase::why_2()),
        (Icon::EYE_SLASH, t::phrase::why_3()),
        (Icon::INFO, t::phrase::honest()),
    ];
    let reasons = reasons.map(|(mark, words)| view! { <li>{icon(mark)}<span>{words}</span></li> });
    view! {
        <StepHeading title=t::phrase::title() lead=t::phrase::lead() />
        {hidden.then(|| view! { <p class="banner note-above" role="status">{icon(Icon::EYE_SLASH)}<span>{t::phrase::hidden()}</span></p> })}
        <section class="block">
            <ul class="panel plain-list">{reasons.into_iter().collect_view()}</ul>
        </section>
        <section class="block">
            <Ask step hidden away />
        </section>
    }
}

#[component]
fn Ask(step: RwSignal<Step>, hidden: bool, away: &'static str) -> impl IntoView {
    let state = state();
    let proof = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<ApiError>);
    let wrong =
        move || problem.get().filter(|problem| problem.code == "wrong-passphrase").map(|p| problem_words(&p));
    let other = move || problem.get().filter(|problem| problem.code != "wrong-passphrase");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            match ipc::call(PhraseShow { proof: proof_of(state, proof) }).await {
                Ok(words) => drop(step.try_set(Step::Words(words))),
                Err(refused) => drop(problem.try_set(Some(refused))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="asks-close" novalidate on:submit=submit>
            <ProofField value=proof error=Signal::derive(wrong) />
            <FormProblem problem=Signal::derive(other) />
            <p class="second">{t::phrase::private()}</p>
            <div class="ob-acts">
                <SaveButton id="show-words" words=if hidden { t::phrase::show_again() } else { t::phrase::show() } busy />
                <a id="later" class="btn plain wide" href=away>{t::phrase::later()}</a>
            </div>
        </form>
    }
}

/// The words were checked before and are no longer here.
#[component]
pub fn Already() -> impl IntoView {
    view! {
        <StepHeading title=t::phrase::already() lead=t::phrase::already_lead() />
        <a class="btn main large" href="/settings">{t::phrase::back()}</a>
    }
}
