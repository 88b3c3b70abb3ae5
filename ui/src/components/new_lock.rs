//! Choosing a lock: the sign-in of this computer, a short code, or a passphrase; what is typed is typed twice.

use leptos::prelude::*;
use trellis_api_types::app::{Lock, LockKind};
use trellis_api_types::code::is_weak;

use super::strength::{Strength, strength};
use super::{Icon, OptionCard, SecretField, Seg, Show, icon};
use crate::i18n::t;
use crate::letters::composed;
use crate::state::state;

/// What was chosen and typed so far.
#[derive(Clone, Copy)]
pub struct NewLock {
    /// Whether this system has a keychain that answers.
    pub keychain: bool,
    others: RwSignal<Option<bool>>,
    kind: RwSignal<Option<LockKind>>,
    first: RwSignal<String>,
    second: RwSignal<String>,
    tried: RwSignal<bool>,
}

impl NewLock {
    /// Nothing typed. Where there is a keychain, nothing is chosen for the person; else there is only the passphrase.
    pub fn new(keychain: bool) -> Self {
        Self {
            keychain,
            others: RwSignal::new(None),
            kind: RwSignal::new((!keychain).then_some(LockKind::Passphrase)),
            first: RwSignal::default(),
            second: RwSignal::default(),
            tried: RwSignal::new(false),
        }
    }

    /// The lock, if it is whole. If not, the fields say from now on what is missing.
    pub fn finish(self) -> Option<Lock> {
        self.tried.set(true);
        match self.kind.get_untracked()? {
            LockKind::Keychain => Some(Lock::Keychain),
            LockKind::Passphrase => self.typed(too_short).map(Lock::Passphrase),
            LockKind::Code => self.typed(is_weak).map(Lock::Code),
        }
    }

    /// Forgets what was typed.
    pub fn clear(self) {
        self.first.set(String::new());
        self.second.set(String::new());
        self.tried.set(false);
    }

    /// Whether others use the computer: then the sign-in is no lock, and a passphrase is suggested.
    fn answer(self, others: bool) {
        self.others.set(Some(others));
        let weak = matches!(self.kind.get_untracked(), None | Some(LockKind::Keychain));
        match (others, weak) {
            (false, _) => self.choose(LockKind::Keychain),
            (true, true) => self.choose(LockKind::Passphrase),
            (true, false) => {}
        }
    }

    /// What was typed for another lock does not count for this one.
    fn choose(self, kind: LockKind) {
        if self.kind.get_untracked() != Some(kind) {
            self.clear();
            self.kind.set(Some(kind));
        }
    }

    fn typed(self, refused: fn(&str) -> bool) -> Option<String> {
        let first = self.first.get_untracked();
        let whole = !refused(&first) && same(&first, &self.second.get_untracked());
        whole.then_some(first)
    }
}

/// As it opens later: in whatever form the keyboard sends the letters, and without white space around it.
fn same(first: &str, second: &str) -> bool {
    composed(first.trim()) == composed(second.trim())
}

fn too_short(passphrase: &str) -> bool {
    strength(passphrase) == Strength::Short
}

/// The choice and, for what is typed, its two fields.
#[component]
pub fn NewLockFields(
    /// What is chosen and typed.
    lock: NewLock,
    /// Asks first whether other people use this computer.
    #[prop(optional)]
    ask: bool,
) -> impl IntoView {
    let status = state().status;
    // A keychain may come late.
    let offered =
        move || lock.keychain || status.with(|status| matches!(status, Some(Ok(status)) if status.keychain));
    view! {
        <Show when=offered>
            {ask.then(|| view! { <Others lock /> })}
            <Kinds lock />
        </Show>
        {move || match lock.kind.get() {
            Some(LockKind::Passphrase) => view! { <Twice lock words=PASSPHRASE /> }.into_any(),
            Some(LockKind::Code) => view! { <Twice lock words=CODE /> }.into_any(),
            Some(LockKind::Keychain) | None => ().into_any(),
        }}
    }
}

/// Who else could sit here.
#[component]
fn Others(lock: NewLock) -> impl IntoView {
    let options = vec![(false, t::lock::others_no()), (true, t::lock::others_yes())];
    let advice = move || match lock.others.get() {
        Some(true) => t::lock::others_advice(),
        Some(false) => t::lock::others_none(),
        None => "",
    };
    view! {
        <fieldset aria-describedby="others-advice">
            <legend class="legend"><span>{t::lock::others()}</span></legend>
            <Seg name="others" options value=lock.others on_change=move |others| lock.answer(others) />
            <p id="others-advice" class="hint" aria-live="polite">{advice}</p>
        </fieldset>
    }
}

#[component]
fn Kinds(lock: NewLock) -> impl IntoView {
    let missing = move || lock.tried.get() && lock.kind.get().is_none();
    view! {
        <fieldset aria-describedby="lock-kind-error">
            <legend class="legend"><span>{t::lock::how()}</span></legend>
            <div class="opts">
                <KindCard lock kind=LockKind::Keychain mark=Icon::USER title=t::lock::keychain() sub=t::lock::keychain_sub() />
                <KindCard lock kind=LockKind::Code mark=Icon::LOCK_KEY title=t::lock::code() sub=t::lock::code_sub() />
                <KindCard lock kind=LockKind::Passphrase mark=Icon::PASSWORD title=t::lock::passphrase() sub=t::lock::passphrase_sub() />
            </div>
            <div id="lock-kind-error" role="alert">
                {move || missing().then(|| view! {
                    <p class="error">{icon(Icon::WARNING_CIRCLE)}<span>{t::lock::how_missing()}</span></p>
                })}
            </div>
        </fieldset>
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
        <OptionCard group="lock-kind" checked=Signal::derive(move || lock.kind.get() == Some(kind)) on_choose=move || lock.choose(kind)>
            <span class="mark" class:dusk=kind != LockKind::Keychain>{icon(mark)}</span>
            <span class="ob"><strong>{title}</strong><span class="sub">{sub}</span></span>
        </OptionCard>
    }
}

/// What is said about what is typed, and what is refused.
#[derive(Clone, Copy)]
struct Words {
    first: fn() -> &'static str,
    again: fn() -> &'static str,
    says: fn(&str) -> &'static str,
    refused: fn(&str) -> bool,
}

const PASSPHRASE: Words = Words {
    first: t::lock::passphrase_new,
    again: t::lock::passphrase_again,
    says: passphrase_words,
    refused: too_short,
};

const CODE: Words =
    Words { first: t::lock::code_new, again: t::lock::code_again, says: code_words, refused: is_weak };

#[component]
fn Twice(lock: NewLock, words: Words) -> impl IntoView {
    let Words { says, refused, .. } = words;
    let first_hint = Signal::derive(move || Some(says(&lock.first.get()).to_owned()));
    // An empty field says as an error what it says as a hint once something is typed.
    let wrong = move || lock.first.with(|typed| if typed.is_empty() { says("1") } else { says(typed) });
    let first_error =
        Signal::derive(move || (lock.tried.get() && refused(&lock.first.get())).then(|| wrong().to_owned()));
    let differs = move || !same(&lock.first.get(), &lock.second.get());
    let second_error =
        Signal::derive(move || (lock.tried.get() && differs()).then(|| t::lock::differs().to_owned()));
    let second_hint =
        Signal::derive(move || second_words(&lock.first.get(), &lock.second.get()).map(str::to_owned));
    view! {
        <SecretField id="new-lock" label=(words.first)() value=lock.first hint=first_hint error=first_error />
        <SecretField id="new-lock-again" label=(words.again)() value=lock.second hint=second_hint error=second_error />
    }
}

fn passphrase_words(typed: &str) -> &'static str {
    match strength(typed) {
        _ if typed.is_empty() => t::lock::passphrase_hint(),
        Strength::Short => t::lock::short(),
        Strength::Weak => t::lock::weak(),
        Strength::Fair => t::lock::fair(),
        Strength::Strong => t::lock::strong(),
    }
}

fn code_words(typed: &str) -> &'static str {
    match typed {
        "" => t::lock::code_hint(),
        weak if is_weak(weak) => t::lock::code_weak(),
        _ => t::lock::code_fine(),
    }
}

fn second_words(first: &str, second: &str) -> Option<&'static str> {
    (!second.is_empty() && same(first, second)).then(t::lock::same)
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;
    use trellis_api_types::app::{Lock, LockKind};

    use super::NewLock;

    fn typed(kind: LockKind, first: &str, second: &str) -> Option<Lock> {
        let owner = Owner::new();
        owner.with(|| {
            let lock = NewLock::new(true);
            lock.choose(kind);
            lock.first.set(first.into());
            lock.second.set(second.into());
            lock.finish()
        })
    }

    #[test]
    fn nothing_is_chosen_for_the_person_where_the_sign_in_would_open_it() {
        let owner = Owner::new();
        owner.with(|| {
            assert!(NewLock::new(true).finish().is_none());
            let alone = NewLock::new(true);
            alone.answer(false);
            assert!(alone.finish() == Some(Lock::Keychain));
        });
    }

    #[test]
    fn who_shares_the_computer_is_offered_more_than_the_sign_in() {
        let owner = Owner::new();
        owner.with(|| {
            let lock = NewLock::new(true);
            lock.choose(LockKind::Keychain);
            lock.answer(true);
            assert!(lock.kind.get_untracked() == Some(LockKind::Passphrase));
            lock.choose(LockKind::Code);
            lock.answer(true);
            assert!(lock.kind.get_untracked() == Some(LockKind::Code), "a code that was chosen stays");
        });
    }

    #[test]
    fn what_is_typed_twice_and_holds_is_the_lock() {
        assert!(typed(LockKind::Code, "481516", "481516") == Some(Lock::Code("481516".into())));
        assert!(typed(LockKind::Code, "481516", "481517").is_none());
        assert!(typed(LockKind::Code, "123456", "123456").is_none());
        assert!(typed(LockKind::Passphrase, "481516", "481516").is_none(), "too short for a passphrase");
        let words = "river lemon quiet";
        assert!(typed(LockKind::Passphrase, words, words) == Some(Lock::Passphrase(words.into())));
        for (first, second) in [("ma\u{f1}ana verde", "man\u{303}ana verde"), (words, "river lemon quiet ")] {
            assert!(typed(LockKind::Passphrase, first, second) == Some(Lock::Passphrase(first.into())));
        }
        assert!(typed(LockKind::Passphrase, "ma\u{f1}ana verde", "manana verde").is_none());
    }
}
