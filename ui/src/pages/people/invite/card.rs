//! An invitation: picture, link and words while it can be used, one line after.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::Id;
use trellis_api_types::joining::{Invite, InviteState, InviteWithdraw};
use trellis_api_types::sync::RelayGet;

use crate::components::{CopyLink, Icon, WordList, icon, part};
use crate::pages::people::names::role_words;
use crate::state::{focus_heading, load, state};
use crate::{fmt, i18n::t};

/// One that can be handed out.
pub fn card(invite: Signal<Invite>) -> impl IntoView {
    let Invite { qr_svg, link, words, .. } = invite.get_untracked();
    let state = part(invite, |invite| invite.state);
    let about = part(invite, about);
    view! {
        <section class="block panel pair" aria-label=t::invite::yours()>
            <div class="plate" role="img" aria-label=t::invite::qr() inner_html=qr_svg></div>
            <div class="pw">
                <p class="sync" role="status">{move || icon(mark(state.get()))}<span>{move || state_words(state.get())}</span></p>
                <p class="second">{about}</p>
                <div class="acts">
                    <CopyLink link copied=t::invite::copied() />
                    {withdraw(invite.with_untracked(|invite| invite.id.clone()))}
                </div>
                {in_words(words)}
            </div>
        </section>
        <p class="sync note">{icon(Icon::INFO)}<span>{t::invite::next()}" "{t::invite::warning()}</span></p>
    }
}

/// "Peer. For one person. Good until March 9."
fn about(invite: &Invite) -> String {
    let who = if invite.single { t::invite::for_one() } else { t::invite::for_all() };
    format!("{}. {who}. {}.", role_words(invite.role), t::invite::until(fmt::date_of(invite.expires_at)))
}

fn in_words(words: Vec<String>) -> impl IntoView {
    let relay = load(|| RelayGet {});
    let address = move || relay.with(|relay| Some(relay.as_ref()?.as_ref().ok()?.address.clone()));
    view! {
        <details class="more">
            <summary>{t::invite::or_words()}</summary>
            <WordList label=t::invite::or_words() words />
            <p class="relay-line"><span class="hint">{t::invite::words_note()}</span><span class="address" translate="no">{address}</span></p>
        </details>
    }
}

fn withdraw(id: Id) -> impl IntoView {
    let state = state();
    let take_back = move |_| {
        let withdraw = InviteWithdraw { id: id.clone() };
        spawn_local(async move {
            if state.act(withdraw, t::invite::said_withdrawn()).await.is_ok() {
                focus_heading();
            }
        });
    };
    view! { <button class="btn plain" type="button" on:click=take_back>{t::invite::withdraw()}</button> }
}

fn mark(state: InviteState) -> Icon {
    if state == InviteState::OnlyHere { Icon::CLOUD_SLASH } else { Icon::CHECK_CIRCLE }
}

fn state_words(state: InviteState) -> &'static str {
    match state {
        InviteState::OnlyHere => t::invite::only_here(),
        InviteState::Stands => t::invite::stands(),
        InviteState::Used => t::invite::used(),
        InviteState::Withdrawn => t::invite::withdrawn(),
        InviteState::Expired => t::invite::expired(),
    }
}

/// One that is over.
pub fn old(invite: Signal<Invite>) -> impl IntoView {
    let (name, sub) = (
        part(invite, |invite| role_words(invite.role)),
        part(invite, |invite| t::invite::until(fmt::date_of(invite.expires_at))),
    );
    view! {
        <li class="row">
            <span class="mark bare">{icon(Icon::LINK)}</span>
            <span class="body"><span class="name light">{name}</span><span class="sub">{sub}</span></span>
            <span class="tag">{move || state_words(invite.with(|invite| invite.state))}</span>
        </li>
    }
}
