//! The lock: when it locks by itself, and how it opens.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::ApiError;
use trellis_api_types::app::{LockChange as Change, LockKind};
use trellis_api_types::settings::{SettingsEdit, SettingsSave};

use crate::components::{
    FormProblem, NewLock, NewLockFields, Page, ProofField, SaveButton, TopBar, problem_words, proof_of,
};
use crate::i18n::t;
use crate::ipc;
use crate::state::{State, state};

/// Minutes offered; 0 is never.
const MINUTES: [u16; 7] = [1, 2, 5, 10, 15, 30, 0];

/// The page.
#[component]
pub fn LockChange() -> impl IntoView {
    let state = state();
    view! {
        <Page title=t::settings::lock_title().to_owned() narrow=true>
            <TopBar back="/settings" bare=true />
            <div class="title">
                <h1>{t::settings::lock_title()}</h1>
                <p>{move || now_words(state)}</p>
            </div>
            {move || state.settings.with(Option::is_some).then(|| view! { <AutoLock /><HowItOpens /> })}
        </Page>
    }
}

fn now_words(state: State) -> &'static str {
    match state.settings.with(|settings| settings.as_ref().map(|settings| settings.lock)) {
        Some(LockKind::Passphrase) => t::settings::lock_now(),
        Some(LockKind::Keychain) => t::settings::lock_now_keychain(),
        None => "",
    }
}

#[component]
fn AutoLock() -> impl IntoView {
    let state = state();
    let minutes = move || {
        state.settings.with(|settings| settings.as_ref().map_or(0, |settings| settings.auto_lock_minutes))
    };
    let set = move |event| {
        if let Ok(minutes) = event_target_value(&event).parse() {
            state.send(SettingsSave { edit: SettingsEdit::AutoLock(minutes) }, t::common::saved());
        }
    };
    let options = MINUTES.map(|n| {
        let words = if n == 0 { t::settings::never().to_owned() } else { t::settings::after(usize::from(n)) };
        view! { <option value=n.to_string() prop:selected=move || minutes() == n>{words}</option> }
    });
    view! {
        <section class="block">
            <div class="panel field">
                <label for="auto-lock">{t::settings::lock_after()}</label>
                <select id="auto-lock" class="input" aria-describedby="auto-lock-hint" on:change=set>{options.collect_view()}</select>
                <p class="hint" id="auto-lock-hint">{t::settings::lock_after_hint()}</p>
            </div>
        </section>
    }
}

#[component]
fn HowItOpens() -> impl IntoView {
    let state = state();
    let keychain =
        state.status.with_untracked(|status| matches!(status, Some(Ok(status)) if status.keychain));
    let lock = NewLock::new(keychain);
    let proof = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<ApiError>);
    let wrong = move || problem.get().filter(|problem| problem.code == "wrong-passphrase");
    let other = move || problem.get().filter(|problem| problem.code != "wrong-passphrase");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(chosen) = lock.finish() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            match ipc::call(Change { proof: proof_of(state, proof), lock: chosen }).await {
                Ok(()) => {
                    lock.clear();
                    proof.set(String::new());
                    state.reload_settings();
                    state.say(t::settings::lock_done(), None);
                }
                Err(refused) => problem.set(Some(refused)),
            }
            busy.set(false);
        });
    };
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::lock_change()}</h2></div>
            <form class="panel asks-close" novalidate on:submit=submit>
                <ProofField value=proof error=Signal::derive(move || wrong().map(|problem| problem_words(&problem))) />
                <NewLockFields lock />
                {(!keychain).then(|| view! { <p class="hint">{t::settings::lock_none()}</p> })}
                <FormProblem problem=Signal::derive(other) />
                <SaveButton words=t::settings::lock_save() busy />
            </form>
        </section>
    }
}
