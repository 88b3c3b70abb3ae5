//! What waits for an answer, the spaces, and the way to a coach's own list.

use leptos::prelude::*;
use trellis_api_types::joining::{JoinState, Joining};
use trellis_api_types::people::{People, SpaceKind, SpaceRow};

use super::names::{called, other, role_words, space_name};
use crate::components::{Icon, Name, RowWords, Show, avatar, icon, icon_class, link_row, part, rows};
use crate::{fmt, i18n::t};

/// Calls for help, who asks to join, and invitations that this person answers.
pub fn now(people: Signal<People>) -> impl IntoView {
    let waits = |row: &SpaceRow| row.help || row.asks > 0;
    let spaces = part(people, move |people| {
        people.spaces.iter().filter(|row| waits(row)).cloned().collect::<Vec<_>>()
    });
    let joining = part(people, |people| people.joining.clone());
    let any = move || !(spaces.with(Vec::is_empty) && joining.with(Vec::is_empty));
    view! {
        <Show when=any>
            <section class="block" aria-labelledby="now">
                <div class="head"><h2 id="now">{t::people::now()}</h2></div>
                <div class="list">
                    {rows(spaces, |row| row.id.clone(), waiting)}
                    {rows(joining, |joining| joining.id.clone(), invitation)}
                </div>
            </section>
        </Show>
    }
    .into_any()
}

fn waiting(row: Signal<SpaceRow>) -> impl IntoView {
    let help = move || row.with(|row| row.help.then(|| help_row(row)));
    let asks = move || row.with(|row| (row.asks > 0).then(|| asks_row(row)));
    view! { {help}{asks} }
}

fn help_row(row: &SpaceRow) -> impl IntoView + use<> {
    let (place, name) = (format!("/people/{}/help", row.id), t::people::help_in(space_name(row)));
    go_row(place, "mark lit", Icon::HAND_HEART, name, t::people::help_open())
}

fn asks_row(row: &SpaceRow) -> impl IntoView + use<> {
    let words = match row.kind {
        SpaceKind::Pair => t::people::asks_pair().to_owned(),
        SpaceKind::Group => t::people::asks_in(row.asks as usize, space_name(row)),
    };
    go_row(format!("/people/{}", row.id), "mark dusk", Icon::USER_PLUS, words, t::people::asks_open())
}

fn go_row(
    place: String,
    class: &'static str,
    mark: Icon,
    name: String,
    sub: &'static str,
) -> impl IntoView + use<> {
    view! {
        <a class="row" href=place>
            <span class=class>{icon(mark)}</span>
            <span class="body"><span class="name">{name}</span><span class="sub">{sub}</span></span>
            {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
        </a>
    }
}

fn invitation(joining: Signal<Joining>) -> impl IntoView {
    let place = joining.with_untracked(|joining| format!("/people/join/{}", joining.id));
    move || {
        let (name, sub) = joining.with(|joining| (invited_to(joining), stands(&joining.state)));
        go_row(place.clone(), "mark plum", Icon::HANDSHAKE, name, sub)
    }
}

fn invited_to(joining: &Joining) -> String {
    let Some(terms) = &joining.terms else { return t::people::joining_unknown().to_owned() };
    let name =
        if terms.kind == SpaceKind::Pair || terms.name.is_empty() { &terms.inviter } else { &terms.name };
    t::people::joining(name)
}

fn stands(state: &JoinState) -> &'static str {
    match state {
        JoinState::Looking => t::people::join_looking(),
        JoinState::Offered => t::people::join_offered(),
        JoinState::Asked { .. } => t::people::join_asked(),
        JoinState::Joined { .. } => t::people::join_joined(),
        JoinState::Failed(_) => t::people::join_failed(),
    }
}

/// All spaces.
pub fn spaces(people: Signal<People>) -> impl IntoView {
    let spaces = part(people, |people| people.spaces.clone());
    view! {
        <Show when=move || !spaces.with(Vec::is_empty)>
            <section class="block" aria-labelledby="yours">
                <div class="head"><h2 id="yours">{t::people::yours()}</h2></div>
                <ul class="list">{rows(spaces, |row| row.id.clone(), space)}</ul>
            </section>
        </Show>
    }
}

fn space(row: Signal<SpaceRow>) -> impl IntoView {
    let place = row.with_untracked(|row| format!("/people/{}", row.id));
    view! {
        <li>
            <a class="row" href=place>
                {move || row.with(inside)}
                {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
            </a>
        </li>
    }
}

fn inside(row: &SpaceRow) -> impl IntoView + use<> {
    let name = space_name(row);
    let face = match other(row) {
        Some(person) => avatar(&person.account, &called(person)).into_any(),
        None => avatar(&row.id, &name).into_any(),
    };
    view! {
        {face}
        <span class="body">
            <span class="name"><Name of=name /></span>
            <span class="sub">{about(row)}</span>
            {faces(row)}
        </span>
        {tag(row).map(|words| view! { <span class="tag">{words}</span> })}
    }
}

/// "Sponsor. Wrote 5 min ago", "7 people. Last words on March 9".
fn about(row: &SpaceRow) -> String {
    let who = match other(row) {
        Some(person) => role_words(person.role).to_owned(),
        None if row.kind == SpaceKind::Pair => return t::people::waiting().to_owned(),
        None => t::people::of_people(row.people.len()),
    };
    let heard = row.heard_at.filter(|_| !blocked(row)).map(fmt::ago).map(|when| match row.kind {
        SpaceKind::Pair => t::people::heard(when),
        SpaceKind::Group => t::people::heard_group(when),
    });
    [Some(who), heard].into_iter().flatten().collect::<Vec<_>>().join(". ")
}

/// The people of a group, at most five.
fn faces(row: &SpaceRow) -> Option<AnyView> {
    let others = row.people.iter().filter(|person| !person.me).take(5);
    let faces = others.map(|person| avatar(&person.account, &called(person))).collect_view();
    (row.kind == SpaceKind::Group && row.people.len() > 1)
        .then(|| view! { <span class="avatars small" aria-hidden="true">{faces}</span> }.into_any())
}

fn tag(row: &SpaceRow) -> Option<&'static str> {
    match row {
        row if row.ended => Some(t::people::ended()),
        row if blocked(row) => Some(t::person::blocked()),
        row if row.read_only => Some(t::people::read_only()),
        row if row.arriving => Some(t::people::arriving()),
        _ => None,
    }
}

/// Whether it is a pair with somebody who is blocked here.
fn blocked(row: &SpaceRow) -> bool {
    other(row).is_some_and(|person| person.blocked)
}

/// A coach's way to the people they follow.
pub fn caseload(coaches: Signal<bool>) -> impl IntoView {
    let words = || RowWords::new(Icon::CLIPBOARD_TEXT, t::people::caseload()).sub(t::people::caseload_sub());
    view! {
        <Show when=move || coaches.get()>
            <section class="block"><div class="list">{link_row("caseload", "/coach", words())}</div></section>
        </Show>
    }
}
