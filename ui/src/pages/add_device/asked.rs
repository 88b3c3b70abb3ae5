//! A device asks: which six words does it show?

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::devices::{MatchWords, PairingLetIn};

use super::Pairing;
use crate::components::{Icon, OptionCard, SaveButton, StepHeading, icon, match_numbers};
use crate::i18n::t;
use crate::ipc;

#[component]
pub fn Asked(pairing: Pairing, name: String, choices: Vec<MatchWords>) -> impl IntoView {
    let chosen = RwSignal::new(None::<u8>);
    let missing = RwSignal::new(false);
    let busy = RwSignal::new(false);
    // Names no set: nobody is let in, and the other device hears why.
    let none = u8::try_from(choices.len()).unwrap_or(u8::MAX);
    let answer = move |choice: u8| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match ipc::call(PairingLetIn { choice }).await {
                Err(problem) if problem.code != "pairing-wrong-words" => pairing.state.fail(problem),
                _ => pairing.ask(),
            }
            busy.try_set(false);
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        chosen.get_untracked().map_or_else(|| missing.set(true), answer);
    };
    let cards = choices.into_iter().zip(0_u8..).map(move |(words, at)| card(chosen, missing, words, at));
    view! {
        <StepHeading title=t::devices::asked_title(name) lead=t::devices::asked_lead() />
        <form class="asks-close" novalidate on:submit=submit>
            <fieldset>
                <legend class="unseen">{t::devices::asked_lead()}</legend>
                <div class="opts">{cards.collect_view()}</div>
            </fieldset>
            <div role="alert">
                {move || missing.get().then(|| view! {
                    <p class="error">{icon(Icon::WARNING_CIRCLE)}<span>{t::devices::choose_first()}</span></p>
                })}
            </div>
            <p class="hint">{t::devices::asked_numbers()}</p>
            <SaveButton id="let-in" words=t::devices::let_in() busy />
            <button id="none-of-these" class="btn plain wide" type="button" on:click=move |_| answer(none)>
                {t::devices::none()}
            </button>
        </form>
    }
}

/// One set of six words.
fn card(chosen: RwSignal<Option<u8>>, missing: RwSignal<bool>, words: MatchWords, at: u8) -> impl IntoView {
    let choose = move || {
        chosen.set(Some(at));
        missing.set(false);
    };
    let numbers = match_numbers(&words);
    let words = words.words.into_iter().map(|word| view! { <span>{word}</span>" " });
    view! {
        <OptionCard group="choice" checked=Signal::derive(move || chosen.get() == Some(at)) on_choose=choose>
            <span class="ob"><strong class="six-words" translate="no">{words.collect_view()}</strong><span class="hint match-numbers tnum" translate="no">{numbers}</span></span>
        </OptionCard>
    }
}
