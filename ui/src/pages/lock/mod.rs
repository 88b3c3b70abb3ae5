//! The lock screen: opens with a passphrase, a code, or the system's keychain; help stays near.

mod safety;

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::app::{AppUnlock, KeychainCancel, LockKind, Phase};
use trellis_api_types::{ApiError, Millis};

use crate::components::{
    DoorPage, FormProblem, Icon, Mark, SecretField, Show, icon, minutes_seconds, problem_words, seconds_left,
};
use crate::i18n::t;
use crate::ipc;
use crate::state::{State, state};

/// What is going on with opening.
#[derive(Clone, Copy)]
struct Door {
    state: State,
    kind: LockKind,
    typed: RwSignal<String>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<ApiError>>,
    retry_at: RwSignal<Option<Millis>>,
}

/// The page.
#[component]
pub fn Lock() -> impl IntoView {
    let state = state();
    let Some(Phase::Locked { lock, safety_plan, retry_at }) = phase(state) else {
        return ().into_any();
    };
    let door = Door {
        state,
        kind: lock,
        typed: RwSignal::default(),
        busy: RwSignal::new(false),
        problem: RwSignal::new(None),
        retry_at: RwSignal::new(retry_at),
    };
    let plan: safety::OpenPlan = RwSignal::new(None);
    view! {
        <DoorPage title=t::lock::title().to_owned()>
            {move || match plan.get() {
                Some(answer) => view! { <safety::PlanToRead answer plan /> }.into_any(),
                None => view! { <Closed door safety_plan plan /> }.into_any(),
            }}
        </DoorPage>
    }
    .into_any()
}

#[component]
fn Closed(door: Door, safety_plan: bool, plan: safety::OpenPlan) -> impl IntoView {
    view! {
        <section class="ob-step">
            <div class="wall ob-wall">
                <div>
                    <Mark />
                    <h1>{t::lock::title()}</h1>
                    <p class="second lead">{t::lock::lead()}</p>
                </div>
            </div>
            <div class="ob-form">
                <OpenForm door />
                <safety::SafetyDoor allowed=safety_plan plan />
            </div>
        </section>
    }
}

fn phase(state: State) -> Option<Phase> {
    state.status.with_untracked(|status| {
        status.as_ref().and_then(|status| status.as_ref().ok().map(|s| s.phase.clone()))
    })
}

impl Door {
    fn open(self) {
        let passphrase = (self.kind != LockKind::Keychain).then(|| self.typed.get_untracked());
        if self.busy.get_untracked() {
            return;
        }
        if passphrase.as_deref() == Some("") {
            return self.problem.set(Some(empty()));
        }
        self.busy.set(true);
        spawn_local(async move {
            match ipc::call(AppUnlock { passphrase }).await {
                Ok(()) => self.state.reload_status(),
                Err(problem) => self.refused(problem),
            }
            // The page may be gone by now.
            self.busy.try_set(false);
        });
    }

    fn refused(self, problem: ApiError) {
        self.retry_at.set(problem.retry_at);
        self.typed.set(String::new());
        self.problem.set(Some(problem));
    }
}

/// Caught here, before the shell counts it as a try.
fn empty() -> ApiError {
    ApiError { code: "empty-passphrase".into(), detail: String::new(), retry: true, retry_at: None }
}

#[component]
fn OpenForm(door: Door) -> impl IntoView {
    let left = seconds_left(door.retry_at.into());
    let waiting = move || left.get() > 0;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !waiting() {
            door.open();
        }
    };
    let words = move || match (door.busy.get(), door.kind) {
        (true, _) => t::lock::opening(),
        (false, LockKind::Keychain) => t::lock::open_keychain(),
        (false, LockKind::Passphrase | LockKind::Code) => t::lock::open(),
    };
    view! {
        <form class="door-form" novalidate on:submit=submit>
            <Ask door />
            <Show when=waiting>
                <p class="sync">{icon(Icon::HOURGLASS)}<span>{move || t::lock::wait(minutes_seconds(left.get()))}</span></p>
            </Show>
            <button
                id="open"
                class="btn main large wide"
                type="submit"
                aria-disabled=move || (waiting() || door.busy.get()).then_some("true")
            >
                {words}
            </button>
            <Show when=move || door.busy.get() && door.kind != LockKind::Passphrase>{give_up()}</Show>
            {forgot(door.kind)}
        </form>
    }
}

/// The field for the passphrase or the code; for the keychain only what went wrong.
#[component]
fn Ask(door: Door) -> impl IntoView {
    let error = Signal::derive(move || door.problem.get().map(|problem| words(&problem, door.kind)));
    match door.kind {
        LockKind::Passphrase => {
            view! { <SecretField id="passphrase" label=t::lock::passphrase() value=door.typed error focus=true /> }
                .into_any()
        }
        LockKind::Code => {
            view! { <SecretField id="code" label=t::lock::code() value=door.typed error focus=true /> }
                .into_any()
        }
        LockKind::Keychain => view! { <FormProblem problem=door.problem /> }.into_any(),
    }
}

fn words(problem: &ApiError, kind: LockKind) -> String {
    match (problem.code.as_str(), kind) {
        ("empty-passphrase", LockKind::Code) => t::lock::code_empty().to_owned(),
        ("empty-passphrase", _) => t::lock::empty().to_owned(),
        ("wrong-passphrase", LockKind::Code) => t::lock::code_wrong().to_owned(),
        ("wrong-passphrase", _) => t::lock::wrong().to_owned(),
        _ => problem_words(problem),
    }
}

/// The keychain may ask the person something first, or never answer.
fn give_up() -> impl IntoView {
    let stop = move |_| {
        spawn_local(async {
            // What waited says that it was stopped.
            let _stopped = ipc::call(KeychainCancel {}).await;
        });
    };
    view! {
        <p class="sync" role="status">{icon(Icon::HOURGLASS)}<span>{t::lock::waiting()}</span></p>
        <button id="stop" class="btn plain wide" type="button" on:click=stop>{t::common::cancel()}</button>
    }
}

fn forgot(kind: LockKind) -> Option<impl IntoView> {
    let (question, why) = match kind {
        LockKind::Keychain => return None,
        LockKind::Passphrase => (t::lock::forgot(), t::lock::forgot_why()),
        LockKind::Code => (t::lock::code_forgot(), t::lock::code_forgot_why()),
    };
    Some(view! {
        <details>
            <summary>{question}</summary>
            <p class="hint">{why}</p>
        </details>
    })
}
