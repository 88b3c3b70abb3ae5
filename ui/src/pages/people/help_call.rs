//! Somebody else's call for help, and answering it.

mod answer;
mod theirs;

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::circle::{Circle, HelpCall, HelpWord, Helper};
use trellis_api_types::people::{Person, Space, SpaceKind};

pub use answer::mine;

use super::names::{called, name_of};
use super::person_sheet::{PersonSheet, PersonSheetView, phone_icons};
use super::place::{load_circle, load_space, my_account, people_of, space_id};
use crate::components::{
    Dial, Icon, Page, Show, TopBar, avatar, dial_buttons, dialed_words, icon, part, rows, shown,
};
use crate::i18n::t;

/// What every part of the page needs.
#[derive(Clone, Copy)]
struct Here {
    id: StoredValue<Id>,
    people: Signal<Vec<Person>>,
    sheet: PersonSheet,
    /// Everything that is said here goes to every member, and to who joins later.
    group: bool,
}

/// The page.
#[component]
pub fn HelpCallPage() -> impl IntoView {
    let id = space_id();
    let (space, circle) = (load_space(id), load_circle(id, RwSignal::new(1)));
    view! {
        <Page title=t::today::calls() narrow=true>
            {move || view! { <TopBar back=format!("/people/{}", id.get()) /> }}
            {shown(space, move |space| shown(circle, move |circle| whole(space, circle)))}
        </Page>
    }
}

fn whole(space: Signal<Space>, circle: Signal<Circle>) -> AnyView {
    let id = StoredValue::new(space.with_untracked(|space| space.row.id.clone()));
    let group = space.with_untracked(|space| space.row.kind == SpaceKind::Group);
    let here = Here { id, people: people_of(space), sheet: PersonSheet::default(), group };
    let me = here.people.with_untracked(|people| my_account(people));
    let theirs = part(circle, move |circle| {
        circle.help.iter().filter(|call| call.account != me && !call.over).cloned().collect::<Vec<_>>()
    });
    let none = move || view! { <div class="title"><h1>{t::need::nobody_asks()}</h1></div> };
    view! {
        <Show when=move || !theirs.with(Vec::is_empty) fallback=none>
            {rows(theirs, |call| call.key.clone(), move |call| theirs::theirs(here, call))}
        </Show>
        <div class="acts block"><a id="i-need-too" class="btn" href="/need">{icon(Icon::HAND_HEART_BOLD)}{t::need::title()}</a></div>
        <PersonSheetView sheet=here.sheet />
    }
    .into_any()
}

/// Who was asked: what they said, and how to call them.
pub fn helper_row(people: Signal<Vec<Person>>, sheet: PersonSheet, helper: Signal<Helper>) -> impl IntoView {
    let account = helper.with_untracked(|helper| helper.account.clone());
    let find = move || people.with(|people| people.iter().find(|person| person.account == account).cloned());
    move || {
        let (person, said) = (find(), helper.get());
        let name = person.as_ref().map_or_else(|| t::people::somebody().to_owned(), called);
        let phone = person.as_ref().filter(|person| !person.me).map(|person| phone_icons(person, sheet));
        let words = said.text.clone().map(t::need::said_words);
        view! {
            <li class="row">
                {avatar(&said.account, &name)}
                <span class="body">
                    <span class="name">{name}</span>
                    <span class="sub">{done(&said)}</span>
                    {words.map(|words| view! { <span>{words}</span> })}
                    {said.phone.and_then(|phone| number(&phone))}
                </span>
                {phone}
            </li>
        }
    }
}

/// The number that came with "call me".
fn number(phone: &str) -> Option<AnyView> {
    let words = t::need::call_me_at(dialed_words(phone)?);
    dial_buttons(phone, Dial { id: None, class: "btn lantern call-at", words }, None)
}

/// What came of asking somebody.
fn done(helper: &Helper) -> &'static str {
    if helper.only_here && helper.word.is_none() { t::need::not_sent() } else { word(helper.word) }
}

/// What one of those who were asked has done so far.
pub fn word(word: Option<HelpWord>) -> &'static str {
    match word {
        None => t::need::not_seen(),
        Some(HelpWord::Seen) => t::need::seen(),
        Some(HelpWord::CannotNow) => t::need::cannot_now(),
        Some(HelpWord::Coming) => t::need::coming(),
        Some(HelpWord::CallMe) => t::need::call_me(),
    }
}

/// Who asks, by name.
fn asker(here: Here, call: Signal<HelpCall>) -> Signal<String> {
    part(call, move |call| here.people.with(|people| name_of(people, &call.account)))
}
