//! Choosing a lock: this device's own, or a passphrase typed twice.

use leptos::prelude::*;
use trellis_api_types::app::{Lock, LockKind};

use super::strength::{Strength, strength};
use super::{Icon, OptionCard, SecretField, Show, icon};
use crate::i18n::t;

/// What was chosen and typed so far.
#[derive(Clone, Copy)]
pub struct NewLock {
    /// Whether this system has a keychain that answers.
    pub keychain: bool,
    kind: RwSignal<LockKind>,
    first: RwSignal<String>,
    second: RwSignal<String>,
    tried: RwSignal<bool>,
}

impl NewLock {
    /// Nothing typed; the keychain is chosen where there is one.
    pub fn new(keychain: bool) -> Self {
        let kind = if keychain { LockKind::Keychain } else { LockKind::Passphrase };
        Self {
            keychain,
            kind: RwSignal::new(kind),
            first: RwSignal::default(),
            second: RwSignal::default(),
            tried: RwSignal::new(false),
        }
    }

    /// The lock, if it is whole. If not, the fields say from now on what is missing.
    pub fn finish(self) -> Option<Lock> {
        self.tried.set(true);
        match self.kind.get_untracked() {
            LockKind::Keychain => Some(Lock::Keychain),
            LockKind::Passphrase => self.passphrase().map(Lock::Passphrase),
        }
    }

    /// Forgets what was typed.
    pub fn clear(self) {
        self.first.set(String::new());
        self.second.set(String::new());
        self.tried.set(false);
    }

    fn passphrase(self) -> Option<String> {
        let first = self.first.get_untracked();
        let whole = strength(&first) > Strength::Short && first == self.second.get_untracked();
        whole.then_some(first)
    }
}

/// The choice and, for a passphrase, its two fields.
#[component]
pub fn NewLockFields(lock: NewLock) -> impl IntoView {
    view! {
        <Show when=move || lock.keychain>
            <fieldset>
                <legend class="legend"><span>{t::lock::how()}</span></legend>
                <div class="opts">
                    <KindCard lock kind=LockKind::Keychain mark=Icon::FINGERPRINT title=t::lock::keychain() sub=t::lock::keychain_sub() />
                    <KindCard lock kind=LockKind::Passphrase mark=Icon::PASSWORD title=t::lock::passphrase() sub=t::lock::passphrase_sub() />
                </div>
            </fieldset>
        </Show>
        <Show when=move || lock.kind.get() == LockKind::Passphrase>
            <PassphraseTwice lock />
        </Show>
    }
}

#[component]
fn KindCard(
    lock: NewLock,
    kind: LockKind,
    mark: Icon,
    title: &'static str,
    sub: &'static str,
) -> impl IntoView {
    view! {
        <OptionCard group="lock-kind" checked=Signal::derive(move || lock.kind.get() == kind) on_choose=move || lock.kind.set(kind)>
            <span class="mark" class:dusk=kind == LockKind::Passphrase>{icon(mark)}</span>
            <span class="ob"><strong>{title}</strong><span class="sub">{sub}</span></span>
        </OptionCard>
    }
}

#[component]
fn PassphraseTwice(lock: NewLock) -> impl IntoView {
    let first_hint = Signal::derive(move || Some(first_words(&lock.first.get()).to_owned()));
    let short = move || lock.tried.get() && strength(&lock.first.get()) == Strength::Short;
    let first_error = Signal::derive(move || short().then(|| t::lock::short().to_owned()));
    let differs = move || lock.first.get() != lock.second.get();
    let second_error =
        Signal::derive(move || (lock.tried.get() && differs()).then(|| t::lock::differs().to_owned()));
    let second_hint =
        Signal::derive(move || second_words(&lock.first.get(), &lock.second.get()).map(str::to_owned));
    view! {
        <SecretField id="new-lock" label=t::lock::passphrase_new() value=lock.first hint=first_hint error=first_error />
        <SecretField id="new-lock-again" label=t::lock::passphrase_again() value=lock.second hint=second_hint error=second_error />
    }
}

fn first_words(typed: &str) -> &'static str {
    match strength(typed) {
        _ if typed.is_empty() => t::lock::passphrase_hint(),
        Strength::Short => t::lock::short(),
        Strength::Weak => t::lock::weak(),
        Strength::Fair => t::lock::fair(),
        Strength::Strong => t::lock::strong(),
    }
}

fn second_words(first: &str, second: &str) -> Option<&'static str> {
    (!second.is_empty() && first == second).then(t::lock::same)
}
