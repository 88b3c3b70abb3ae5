//! Who is in a space, what it allows, and leaving it.

mod leave;

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::people::{Person, Space, SpaceKind, SpaceSettle};

use super::names::{called, role_words, space_name};
use super::person_sheet::{PersonSheet, PersonSheetView};
use super::place::{load_space, people_of, space_id};
use crate::components::{
    Icon, Name, Page, Show, SwitchRow, TopBar, avatar, icon, icon_class, part, rows, shown,
};
use crate::i18n::t;
use crate::state::state;

/// The page.
#[component]
pub fn Members() -> impl IntoView {
    let id = space_id();
    let space = load_space(id);
    view! {
        <Page title=t::members::title() narrow=true>
            {move || view! { <TopBar back=format!("/people/{}", id.get()) /> }}
            {shown(space, body)}
        </Page>
    }
}

fn body(space: Signal<Space>) -> AnyView {
    let sheet = PersonSheet::default();
    let people = people_of(space);
    let name = part(space, |space| space_name(&space.row));
    let id = space.with_untracked(|space| space.row.id.clone());
    let may = part(space, |space| {
        space.may_invite
            && !space.row.ended
            && (space.row.kind == SpaceKind::Group || space.row.people.len() < 2)
    });
    let invite = format!("/people/{id}/invite");
    let link = move || view! { <a id="invite" class="btn wide" href=invite.clone()>{icon(Icon::USER_PLUS)}{t::space::invite()}</a> };
    view! {
        <div class="title">
            <h1>{t::members::title()}</h1>
            <p>{move || t::members::lead(name.get())}</p>
        </div>
        <section class="block" aria-label=t::members::list()>
            <ul class="list">{rows(people, |person| person.account.clone(), move |person| row(sheet, id.clone(), person))}</ul>
        </section>
        <section class="block"><Show when=move || may.get()>{link()}</Show></section>
        {allows(space)}
        <leave::Leave space />
        <PersonSheetView sheet />
    }
    .into_any()
}

fn row(sheet: PersonSheet, space: String, person: Signal<Person>) -> impl IntoView {
    let me = person.with_untracked(|person| person.me);
    let inside = move || person.with(inside);
    if me {
        return view! { <li class="row">{inside}</li> }.into_any();
    }
    let open = move |_| sheet.show_in(person.get_untracked(), space.clone());
    view! {
        <li>
            <button class="row" type="button" aria-haspopup="dialog" on:click=open>
                {inside}
                {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
            </button>
        </li>
    }
    .into_any()
}

fn inside(person: &Person) -> impl IntoView + use<> {
    let name = called(person);
    let shown = if person.me { t::members::me(&name) } else { name.clone() };
    let tag = match person {
        person if person.blocked => Some(t::person::blocked()),
        person if person.leads && person.role != trellis_api_types::people::Role::Facilitator => {
            Some(t::person::leads())
        }
        _ => None,
    };
    view! {
        {avatar(&person.account, &name)}
        <span class="body"><span class="name"><Name of=shown /></span><span class="sub">{role_words(person.role)}</span></span>
        {tag.map(|words| view! { <span class="tag">{words}</span> })}
    }
}

/// What a group allows; only who may settle it sees the switches.
fn allows(space: Signal<Space>) -> AnyView {
    let may = part(space, |space| space.may_settle && !space.row.ended && space.row.kind == SpaceKind::Group);
    let (invites, closed) = (part(space, |space| space.members_invite), part(space, |space| space.closed));
    let switches = move || {
        view! {
            <section class="block" aria-labelledby="allows">
                <div class="head"><h2 id="allows">{t::members::allows()}</h2></div>
                <div class="list">
                    <SwitchRow id="members-invite" name=t::members::invites() sub=t::members::invites_sub() checked=invites on_change=move |on| settle(space, on, closed.get_untracked()) />
                    <SwitchRow id="closed" name=t::members::closed() sub=t::members::closed_sub() checked=closed on_change=move |on| settle(space, invites.get_untracked(), on) />
                </div>
            </section>
        }
    };
    view! { <Show when=move || may.get()>{switches()}</Show> }.into_any()
}

fn settle(space: Signal<Space>, members_invite: bool, closed: bool) {
    let state = state();
    let space = space.with_untracked(|space| space.row.id.clone());
    spawn_local(async move {
        // What went wrong is in the toast already.
        let _told =
            state.act(SpaceSettle { space, members_invite, closed }, t::members::said_settled()).await;
    });
}
