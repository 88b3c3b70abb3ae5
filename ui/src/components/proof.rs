//! Asking for the lock again before something that matters.

use leptos::prelude::*;
use trellis_api_types::app::LockKind;

use super::SecretField;
use crate::{
    i18n::t,
    state::{State, state},
};

/// The passphrase field, or one sentence where the system's keychain is the lock.
#[component]
pub fn ProofField(
    /// What was typed.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// Takes the focus when it comes.
    #[prop(optional)]
    focus: bool,
) -> impl IntoView {
    let state = state();
    let hint = Signal::derive(|| Some(t::devices::proof_hint().to_owned()));
    move || match lock_kind(state) {
        LockKind::Keychain => view! { <p class="hint">{t::devices::proof_keychain()}</p> }.into_any(),
        LockKind::Passphrase => {
            view! { <SecretField id="proof" label=t::devices::proof() value hint error focus /> }.into_any()
        }
    }
}

/// What goes to the shell as proof.
pub fn proof_of(state: State, typed: RwSignal<String>) -> Option<String> {
    (untrack(|| lock_kind(state)) == LockKind::Passphrase).then(|| typed.get_untracked())
}

fn lock_kind(state: State) -> LockKind {
    state.settings.with(|settings| settings.as_ref().map_or(LockKind::Keychain, |settings| settings.lock))
}
