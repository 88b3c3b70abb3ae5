//! The lock: when it locks by itself, and how it opens.

use leptos::{ev::SubmitEvent, prelude::*};
use trellis_api_types::app::{LockChange as Change, LockKind};
use trellis_api_types::settings::{SettingsEdit, SettingsSave};

use crate::components::{NewLock, NewLockFields, Page, ProofField, SaveButton, Show, TopBar, proof};
use crate::i18n::t;
use crate::state::{State, state};

/// Minutes offered; 0 is never.
const MINUTES: [u16; 7] = [1, 2, 5, 10, 15, 30, 0];

/// The page.
#[component]
pub fn LockChange() -> impl IntoView {
    let state = state();
    view! {
        <Page title=t::settings::lock_title().to_owned()>
            <TopBar back="/settings" bare=true />
            <div class="title">
                <h1>{t::settings::lock_title()}</h1>
                <p>{move || now_words(state)}</p>
            </div>
            <Show when=move || state.settings.with(Option::is_some)>
                <div class="cols even">
                    <AutoLock />
                    <HowItOpens />
                </div>
            </Show>
        </Page>
    }
}

fn now_words(state: State) -> &'static str {
    match state.settings.with(|settings| settings.as_ref().map(|settings| settings.lock)) {
        Some(LockKind::Passphrase) => t::settings::lock_now(),
        Some(LockKind::Keychain) => t::settings::lock_now_keychain(),
        Some(LockKind::Code) => t::settings::lock_now_code(),
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
    let proof = proof();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(chosen) = lock.finish() else { return };
        let changed = move |()| {
            lock.clear();
            state.reload_settings();
            state.say(t::settings::lock_done(), None);
        };
        proof.ask(|proof| Change { proof, lock: chosen }, changed);
    };
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::lock_change()}</h2></div>
            <form class="panel asks-close" novalidate on:submit=submit>
                <ProofField proof />
                <NewLockFields lock />
                {(!keychain).then(|| view! { <p class="hint">{t::settings::lock_none()}</p> })}
                <SaveButton words=t::settings::lock_save() busy=proof.busy />
            </form>
        </section>
    }
}
