//! An invitation: looked at first, answered only then, and followed until it is over.

mod asked;
mod code;
mod ended;
mod terms;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::{use_navigate, use_params_map};
use trellis_api_types::Id;
use trellis_api_types::joining::{JoinDrop, JoinGet, JoinState, Joining};
use trellis_api_types::sync::{SyncLine, SyncState};

use crate::components::{Icon, Page, Show, StepHeading, TopBar, icon, part, shown, sync_sentence};
use crate::i18n::t;
use crate::ipc;
use crate::state::{load_when, state};
pub use code::JoinCode;

/// How the link of an invitation begins.
const INVITATION: &str = "trellis:join";

/// Whether a link is an invitation, and not a code from another device.
pub fn is_invitation(link: &str) -> bool {
    link.trim().starts_with(INVITATION)
}

/// One invitation that this person answers.
#[component]
pub fn JoinPage() -> impl IntoView {
    let state = state();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let joining = load_when(move || {
        state.pairing.track();
        Some(JoinGet { id: id.get() })
    });
    view! {
        <Page title=t::join::title() narrow=true>
            <TopBar back="/people" />
            {shown(joining, body)}
        </Page>
    }
}

fn body(joining: Signal<Joining>) -> impl IntoView {
    let stands = part(joining, |joining| joining.state.clone());
    move || step(stands.get(), untrack(|| joining.get()))
}

fn step(stands: JoinState, joining: Joining) -> AnyView {
    let Joining { id, terms, server, .. } = joining;
    match (stands, terms) {
        (JoinState::Offered, Some(terms)) => view! { <terms::Offered id terms server /> }.into_any(),
        (JoinState::Looking | JoinState::Offered, _) => looking(id).into_any(),
        (JoinState::Asked { words }, terms) => view! { <asked::Asked id terms words /> }.into_any(),
        (JoinState::Joined { space }, terms) => view! { <ended::Joined id terms space /> }.into_any(),
        (JoinState::Failed(code), _) => view! { <ended::Failed id code /> }.into_any(),
    }
}

fn looking(id: Id) -> impl IntoView {
    view! {
        <StepHeading title=t::join::looking() lead=t::join::looking_lead() />
        <p class="sync" role="status">{icon(Icon::HOURGLASS)}<span>{t::join::looking_now()}</span></p>
        <NoNetwork />
        <section class="block">{drop_button(id, t::join::drop())}</section>
    }
}

/// Why nothing comes, where the network is the reason.
#[component]
fn NoNetwork() -> impl IntoView {
    let state = state();
    let words = Memo::new(move |_| state.sync.with(|line| line.as_ref().and_then(trouble)));
    let line = move || view! { <p class="sync">{icon(Icon::CLOUD_SLASH)}<span>{words.get().unwrap_or_default()}</span></p> };
    view! { <Show when=move || words.get().is_some()>{line()}</Show> }
}

fn trouble(line: &SyncLine) -> Option<String> {
    matches!(line.state, SyncState::Offline | SyncState::Failed { .. }).then(|| sync_sentence(line))
}

/// Drops the invitation, whatever it stands at, and goes back to the list.
fn drop_button(id: Id, words: &'static str) -> impl IntoView {
    let (state, go) = (state(), use_navigate());
    let leave = move |_| {
        let (go, id) = (go.clone(), id.clone());
        spawn_local(async move {
            if state.act(JoinDrop { id }, t::join::said_dropped()).await.is_ok() {
                go("/people", Default::default());
            }
        });
    };
    view! { <button id="drop" class="btn large wide" type="button" on:click=leave>{words}</button> }
}

/// Forgets an invitation that is over; the page that follows needs it no more.
fn forget(id: Id) {
    let state = state();
    spawn_local(async move {
        // One that cannot be forgotten stays in the list, where it can be removed.
        if ipc::call(JoinDrop { id }).await.is_ok() {
            state.data_changed();
        }
    });
}
