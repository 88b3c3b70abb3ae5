//! Asking for the lock again before something that matters.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::app::LockKind;
use trellis_api_types::{ApiError, Command};

use super::{FormProblem, SecretField, problem_words};
use crate::ipc;
use crate::{
    i18n::t,
    state::{State, state},
};

/// Refusals that belong to the field.
const OF_THE_FIELD: [&str; 2] = ["wrong-passphrase", "try-later"];

/// A question that needs the lock again: what was typed, whether the shell is being asked, what it refused.
#[derive(Clone, Copy)]
pub struct Proof {
    state: State,
    typed: RwSignal<String>,
    /// The shell is being asked.
    pub busy: RwSignal<bool>,
    refused: RwSignal<Option<ApiError>>,
}

impl Proof {
    /// Nothing typed, nothing asked.
    pub fn new(state: State) -> Self {
        let (typed, busy, refused) = (RwSignal::default(), RwSignal::new(false), RwSignal::new(None));
        Self { state, typed, busy, refused }
    }

    /// Asks what `make` makes of the proof, once at a time; `done` hears the answer. What was typed is then forgotten.
    pub fn ask<C: Command + 'static>(
        self,
        make: impl FnOnce(Option<String>) -> C,
        done: impl FnOnce(C::Out) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.refused.set(None);
        let typed = untrack(|| self.kind()) != LockKind::Keychain;
        let command = make(typed.then(|| self.typed.get_untracked()));
        spawn_local(async move {
            match ipc::call(command).await {
                Ok(answer) => {
                    self.typed.try_set(String::new());
                    done(answer);
                }
                Err(problem) => drop(self.refused.try_set(Some(problem))),
            }
            self.busy.try_set(false);
        });
    }

    fn kind(self) -> LockKind {
        self.state.settings.with(|settings| settings.as_ref().map_or(LockKind::Keychain, |it| it.lock))
    }

    fn refused(self, of_the_field: bool) -> Option<ApiError> {
        self.refused.get().filter(|problem| OF_THE_FIELD.contains(&problem.code.as_str()) == of_the_field)
    }
}

/// The field for the passphrase or the code, or one sentence where the system's keychain is the lock; and what was refused.
#[component]
pub fn ProofField(proof: Proof) -> impl IntoView {
    let kind = Memo::new(move |_| proof.kind());
    let hint = Signal::derive(|| Some(t::devices::proof_hint().to_owned()));
    let error = Signal::derive(move || proof.refused(true).map(|problem| problem_words(&problem)));
    let field = move || match kind.get() {
        LockKind::Keychain => view! { <p class="hint">{t::devices::proof_keychain()}</p> }.into_any(),
        LockKind::Passphrase => {
            view! { <SecretField id="proof" label=t::devices::proof() value=proof.typed hint error /> }
                .into_any()
        }
        LockKind::Code => {
            view! { <SecretField id="proof" label=t::devices::proof_code() value=proof.typed hint error /> }
                .into_any()
        }
    };
    view! {
        {field}
        <FormProblem problem=Signal::derive(move || proof.refused(false)) />
    }
}

/// The proof of a form at the top of a component.
pub fn proof() -> Proof {
    Proof::new(state())
}
