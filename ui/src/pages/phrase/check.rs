//! Three words typed from paper. Right: the words are wiped from this device.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::ApiError;
use trellis_api_types::checkin::Mood;
use trellis_api_types::devices::{PhraseCheck, PhraseConfirm};
use trellis_api_types::limits;

use super::Step;
use crate::components::{FormProblem, Icon, SaveButton, StepHeading, icon, shown, sprout};
use crate::i18n::t;
use crate::ipc;
use crate::state::{load_once, state};

#[component]
pub fn Check(step: RwSignal<Step>) -> impl IntoView {
    let places = load_once(|| PhraseCheck {});
    view! {
        <StepHeading title=t::phrase::check() lead=t::phrase::check_lead() />
        {shown(places, move |places| view! { <Form step places=places.get_untracked() /> })}
    }
}

#[component]
fn Form(step: RwSignal<Step>, places: Vec<u8>) -> impl IntoView {
    let state = state();
    let typed: Vec<_> = places.into_iter().map(|place| (place, RwSignal::new(String::new()))).collect();
    let fields = typed.clone().into_iter().map(|(place, word)| word_field(place, word)).collect_view();
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<ApiError>);
    let missing = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let words: Vec<_> =
            typed.iter().map(|(place, word)| (*place, word.get_untracked().trim().to_owned())).collect();
        missing.set(words.iter().any(|(_, word)| word.is_empty()));
        problem.set(None);
        if missing.get_untracked() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match ipc::call(PhraseConfirm { words }).await {
                Ok(()) => {
                    step.try_set(Step::Done);
                    state.data_changed();
                }
                Err(refused) => drop(problem.try_set(Some(refused))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="panel asks-close" novalidate on:submit=submit>
            {fields}
            <div role="alert">
                {move || missing.get().then(|| view! {
                    <p class="error">{icon(Icon::WARNING_CIRCLE)}<span>{t::phrase::word_empty()}</span></p>
                })}
            </div>
            <FormProblem problem />
            <div class="ob-acts">
                <SaveButton id="confirm" words=t::phrase::confirm() busy />
                <button id="back-words" class="btn plain wide" type="button" on:click=move |_| step.set(Step::Intro(false))>
                    {t::phrase::back_words()}
                </button>
            </div>
        </form>
    }
}

fn word_field(place: u8, word: RwSignal<String>) -> impl IntoView {
    let id = format!("word-{place}");
    let named = id.clone();
    view! {
        <div class="field">
            <label for=named>{t::phrase::word_n(usize::from(place))}</label>
            <input class="input" id=id autocomplete="off" autocapitalize="none" spellcheck="false" maxlength=limits::NAME.to_string() bind:value=word />
        </div>
    }
}

/// Checked and wiped.
#[component]
pub fn Done(away: &'static str) -> impl IntoView {
    view! {
        <div class="done-sprout">{sprout(Mood::Great)}</div>
        <StepHeading title=t::phrase::done() lead=t::phrase::done_lead() />
        <p class="sync note-above">{icon(Icon::INFO)}<span>{t::phrase::done_keep()}</span></p>
        <a id="finish" class="btn main large wide" href=away>{t::phrase::finish()}</a>
    }
}
