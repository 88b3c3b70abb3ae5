//! Inviting into a space: what a newcomer is asked for, then the code in three forms.

mod card;
mod form;

use leptos::prelude::*;
use trellis_api_types::joining::{Invite, InviteState};
use trellis_api_types::people::{Space, SpaceKind};

use super::names::space_name;
use super::place::{load_space, space_id};
use crate::components::{Banner, Empty, Icon, Page, Show, TopBar, icon, part, rows, shown};
use crate::i18n::t;
use crate::state::state;

/// The page.
#[component]
pub fn InvitePage() -> impl IntoView {
    let id = space_id();
    let space = load_space(id);
    view! {
        <Page title=t::invite::title() narrow=true>
            {move || view! { <TopBar back=format!("/people/{}", id.get()) /> }}
            <div class="title">
                <h1>{t::invite::title()}</h1>
                <p>{t::invite::lead()}</p>
            </div>
            {shown(space, body)}
        </Page>
    }
}

fn body(space: Signal<Space>) -> impl IntoView {
    let sync = state().sync;
    let relay = Memo::new(move |_| sync.with(|line| line.as_ref().is_none_or(|line| line.relay)));
    let may = part(space, |space| space.may_invite && !space.row.ended);
    move || match (may.get(), relay.get()) {
        (false, _) => space.with(not_here),
        (true, false) => no_relay().into_any(),
        (true, true) => view! { <Inviting space /> }.into_any(),
    }
}

/// Why nobody can be invited here.
fn not_here(space: &Space) -> AnyView {
    let (title, text) = match &space.row {
        row if row.ended => (t::invite::not_here(), t::invite::not_here_over()),
        row if row.kind == SpaceKind::Pair => (t::invite::full(), t::invite::full_text()),
        _ => (t::invite::not_here(), t::invite::not_here_text()),
    };
    view! { <div class="panel"><Empty title text /></div> }.into_any()
}

fn no_relay() -> impl IntoView {
    view! {
        <Banner
            mark=Icon::CLOUD_SLASH
            title=t::people::no_relay()
            text=t::people::no_relay_text()
            href="/settings/relay"
            action=t::people::no_relay_do()
        />
    }
}

/// Whether a code can still be handed out.
fn open(invite: &Invite) -> bool {
    matches!(invite.state, InviteState::OnlyHere | InviteState::Stands)
}

#[component]
fn Inviting(space: Signal<Space>) -> impl IntoView {
    let making = RwSignal::new(space.with_untracked(|space| !space.invites.iter().any(open)));
    let standing = part(space, |space| space.invites.iter().filter(|i| open(i)).cloned().collect::<Vec<_>>());
    let over = part(space, |space| space.invites.iter().filter(|i| !open(i)).cloned().collect::<Vec<_>>());
    let name = part(space, |space| space_name(&space.row));
    let place = space.with_untracked(|space| format!("/people/{}", space.row.id));
    let go_on = move || {
        let place = place.clone();
        view! {
            <section class="block acts even">
                <button id="invite-again" class="btn" type="button" on:click=move |_| making.set(true)>{icon(Icon::PLUS_BOLD)}{t::invite::again()}</button>
                <a id="done" class="btn plain" href=place>{move || t::invite::done(name.get())}</a>
            </section>
        }
    };
    view! {
        <Show when=move || making.get()><form::Form space making /></Show>
        {rows(standing, |invite| invite.id.clone(), card::card)}
        <Show when=move || !making.get()>{go_on()}</Show>
        <Show when=move || !over.with(Vec::is_empty)>
            <section class="block" aria-labelledby="over">
                <div class="head"><h2 id="over">{t::invite::yours()}</h2></div>
                <ul class="list">{rows(over, |invite| invite.id.clone(), card::old)}</ul>
            </section>
        </Show>
    }
}
