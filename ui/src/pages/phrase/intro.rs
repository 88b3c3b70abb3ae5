//! Why the words matter, and the lock again.

use leptos::{ev::SubmitEvent, prelude::*};
use trellis_api_types::devices::PhraseShow;

use super::Step;
use crate::components::{Icon, ProofField, SaveButton, StepHeading, icon, proof};
use crate::i18n::t;

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
    let proof = proof();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        proof.ask(|proof| PhraseShow { proof }, move |words| drop(step.try_set(Step::Words(words))));
    };
    view! {
        <form class="asks-close" novalidate on:submit=submit>
            <ProofField proof />
            <p class="second">{t::phrase::private()}</p>
            <div class="ob-acts">
                <SaveButton id="show-words" words=if hidden { t::phrase::show_again() } else { t::phrase::show() } busy=proof.busy />
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
