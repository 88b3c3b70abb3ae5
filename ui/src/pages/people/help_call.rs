//! "I need someone now": sending it, following it, and answering somebody else's.

mod ask;
mod mine;
mod theirs;

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::circle::{Circle, HelpCall, HelpWord, Helper};
use trellis_api_types::people::{Person, Space};
use trellis_api_types::safety::SafetyGet;
use trellis_api_types::sync::SyncState;

use super::names::{called, name_of};
use super::person_sheet::{PersonSheet, PersonSheetView, phone_icons};
use super::place::{load_circle, load_space, my_account, people_of, space_id};
use crate::components::{Icon, Page, Show, TopBar, avatar, icon, part, rows, shown};
use crate::i18n::t;
use crate::pages::help::calls::Calls;
use crate::state::{load, state};

/// What every part of the page needs.
#[derive(Clone, Copy)]
struct Here {
    id: StoredValue<Id>,
    space: Signal<Space>,
    people: Signal<Vec<Person>>,
    sheet: PersonSheet,
}

/// The page.
#[component]
pub fn HelpCallPage() -> impl IntoView {
    let id = space_id();
    let (space, circle) = (load_space(id), load_circle(id, RwSignal::new(1)));
    view! {
        <Page title=t::need::title() narrow=true>
            {move || view! { <TopBar back=format!("/people/{}", id.get()) /> }}
            {shown(space, move |space| shown(circle, move |circle| whole(space, circle)))}
        </Page>
    }
}

fn whole(space: Signal<Space>, circle: Signal<Circle>) -> AnyView {
    let id = StoredValue::new(space.with_untracked(|space| space.row.id.clone()));
    let here = Here { id, space, people: people_of(space), sheet: PersonSheet::default() };
    let me = here.people.with_untracked(|people| my_account(people));
    let their = me.clone();
    let theirs = part(circle, move |circle| {
        circle.help.iter().filter(|call| call.account != their && !call.over).cloned().collect::<Vec<_>>()
    });
    let mine =
        part(circle, move |circle| circle.help.iter().find(|call| call.account == me && !call.over).cloned());
    let sent = part(mine, Option::is_some);
    view! {
        {rows(theirs, |call| call.key.clone(), move |call| theirs::theirs(here, call))}
        <Show when=move || sent.get() fallback=move || ask::ask(here, theirs)>{mine::mine(here, mine)}</Show>
        <PersonSheetView sheet=here.sheet />
    }
    .into_any()
}

/// The people and lines of the safety plan, and the number for danger.
fn own_lines() -> AnyView {
    let plan = load(|| SafetyGet {});
    view! {
        <section class="block">
            {shown(plan, |plan| view! { <Calls plan locked=false /> })}
            <div class="acts"><a id="safety-plan" class="btn" href="/help">{icon(Icon::LIFEBUOY)}{t::need::plan()}</a></div>
        </section>
    }
    .into_any()
}

/// No way to the relay now, as far as is known.
fn offline() -> Memo<bool> {
    let sync = state().sync;
    let cut =
        |state: &SyncState| matches!(state, SyncState::Off | SyncState::Offline | SyncState::Failed { .. });
    Memo::new(move |_| sync.with(|line| line.as_ref().is_some_and(|line| cut(&line.state))))
}

/// Who was asked: what they said, and how to call them.
fn helper_row(here: Here, helper: Signal<Helper>) -> impl IntoView {
    let account = helper.with_untracked(|helper| helper.account.clone());
    let find =
        move || here.people.with(|people| people.iter().find(|person| person.account == account).cloned());
    move || {
        let person = find();
        let name = person.as_ref().map_or_else(|| t::people::somebody().to_owned(), called);
        let phone = person.as_ref().filter(|person| !person.me).map(|person| phone_icons(person, here.sheet));
        let words = helper.with(|helper| helper.text.clone().map(t::need::said_words));
        view! {
            <li class="row">
                {avatar(&helper.with(|helper| helper.account.clone()), &name)}
                <span class="body">
                    <span class="name">{name}</span>
                    <span class="sub">{helper.with(|helper| word(helper.word))}</span>
                    {words.map(|words| view! { <span>{words}</span> })}
                </span>
                {phone}
            </li>
        }
    }
}

fn word(word: Option<HelpWord>) -> &'static str {
    match word {
        None => t::need::not_seen(),
        Some(HelpWord::Seen) => t::need::seen(),
        Some(HelpWord::Coming) => t::need::coming(),
        Some(HelpWord::CallMe) => t::need::call_me(),
    }
}

/// Who asks, by name.
fn asker(here: Here, call: Signal<HelpCall>) -> Signal<String> {
    part(call, move |call| here.people.with(|people| name_of(people, &call.account)))
}
