//! What is shown: start, lock, trouble, or the screens.

mod closing;
mod keys;
mod routes;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::Router;
use leptos_router::hooks::use_navigate;
use trellis_api_types::ApiError;
use trellis_api_types::app::{LinkDismiss, Phase, Status};
use trellis_api_types::settings::Language;

use crate::components::Sprites;
use crate::i18n::t;
use crate::ipc;
use crate::pages::people::join::is_invitation;
use crate::pages::{broken::Broken, lock::Lock, start::Start};
use crate::state::{State, apply_look, hear_resize, state};
use closing::AskClosing;
pub use keys::hide;
use routes::Screens;

/// Which gate is open. Details that do not change the gate do not rebuild it.
#[derive(Clone, PartialEq)]
enum Gate {
    Wait,
    First,
    Locked,
    Broken(ApiError),
    Ready,
}

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    let state = State::start();
    provide_context(state);
    keys::hear_escape(state);
    hear_resize();
    let gate = Memo::new(move |_| held(state.status.with(gate), state.joining.get()));
    let language = Memo::new(move |_| state.status.with(look));
    view! {
        <Sprites />
        <Router>
            {move || {
                let _rebuilt_with = language.get();
                view! { <Inside gate /> }.into_any()
            }}
        </Router>
    }
}

/// Applies the look and gives the language, which rebuilds everything.
fn look(status: &Option<Result<Status, ApiError>>) -> Option<Language> {
    let Some(Ok(status)) = status else { return None };
    apply_look(status);
    Some(status.language)
}

fn gate(status: &Option<Result<Status, ApiError>>) -> Gate {
    match status {
        None => Gate::Wait,
        Some(Err(problem)) => Gate::Broken(problem.clone()),
        Some(Ok(status)) => match &status.phase {
            Phase::First => Gate::First,
            Phase::Locked { .. } => Gate::Locked,
            Phase::Broken(problem) => Gate::Broken(problem.clone()),
            Phase::Ready { .. } => Gate::Ready,
        },
    }
}

/// A device that was just let in counts already, but the person is still told how it went.
fn held(gate: Gate, joining: bool) -> Gate {
    if joining && gate == Gate::Ready { Gate::First } else { gate }
}

#[component]
fn Inside(gate: Memo<Gate>) -> impl IntoView {
    let state = state();
    Effect::new(move || {
        // What the last person saw does not outlive the lock.
        if gate.get() != Gate::Ready {
            state.toast.set(None);
        }
    });
    take_links(state, gate);
    view! {
        {move || behind(gate.get())}
        <AskClosing />
    }
}

fn behind(gate: Gate) -> AnyView {
    match gate {
        Gate::Wait => ().into_any(),
        Gate::First => view! { <Start /> }.into_any(),
        Gate::Locked => view! { <Lock /> }.into_any(),
        Gate::Broken(problem) => view! { <Broken problem /> }.into_any(),
        Gate::Ready => view! { <Screens /> }.into_any(),
    }
}

/// A link that the app was opened with: an invitation leads to its page. One from another device is for a first start;
/// where something is stored already the person is told so.
fn take_links(state: State, gate: Memo<Gate>) {
    let go = use_navigate();
    let link = Memo::new(move |_| state.status.with(|status| status.as_ref()?.as_ref().ok()?.link.clone()));
    Effect::new(move || {
        let Some(link) = link.get().filter(|_| gate.get() == Gate::Ready) else { return };
        if is_invitation(&link) {
            state.invited.set(Some(link));
            go("/people/join", Default::default());
        } else {
            state.say(t::start::link_here(), None);
        }
        spawn_local(async {
            // The shell forgets it by itself when the app ends.
            let _forgotten = ipc::call(LinkDismiss {}).await;
        });
    });
}
