//! One space: who asks for help, what people share and say, what is agreed.

mod agreed;
mod asks;
mod calls;
mod commitments;
mod edit;
mod entries;
mod entry;
mod focus;
mod forms;
mod need;
mod replies;
mod says;
mod weekly;

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::circle::{Circle, Meeting};
use trellis_api_types::people::{Person, Space as Stored, SpaceKind, SpaceRow};

use super::names::{called, other, role_words, space_name};
use super::person_sheet::{PersonSheet, PersonSheetView};
use super::place::{load_circle, load_space, people_of, space_id};
use crate::components::{Empty, Icon, Name, Page, Show, TopBar, avatar, icon, part, shown};
use crate::{fmt, i18n::t};
use edit::{EditSheet, Editor};

/// Entries that are shown at first, and more each time they are asked for.
const ENTRIES: u32 = 20;

/// What every part of the page needs.
#[derive(Clone, Copy)]
struct Here {
    id: StoredValue<Id>,
    space: Signal<Stored>,
    circle: Signal<Circle>,
    people: Signal<Vec<Person>>,
    /// Something can be written.
    writes: Signal<bool>,
    limit: RwSignal<u32>,
    editor: Editor,
    person: PersonSheet,
}

impl Here {
    /// A place that belongs to the space.
    fn place(self, rest: &str) -> String {
        self.id.with_value(|id| format!("/people/{id}/{rest}"))
    }

    /// The account of this person here.
    fn me(self) -> Id {
        self.people.with_untracked(|people| super::place::my_account(people))
    }

    fn group(self) -> bool {
        self.space.with_untracked(|space| space.row.kind == SpaceKind::Group)
    }
}

/// The page.
#[component]
pub fn SpacePage() -> impl IntoView {
    let id = space_id();
    let space = load_space(id);
    let limit = RwSignal::new(ENTRIES);
    let circle = load_circle(id, limit);
    let title = RwSignal::new(t::people::title().to_owned());
    view! {
        <Page title>
            <TopBar back="/people" />
            {move || {
                let of = id.get();
                shown(space, move |space| {
                    let of = of.clone();
                    shown(circle, move |circle| whole(here(of.clone(), space, circle, limit)))
                })
            }}
        </Page>
    }
}

fn here(id: Id, space: Signal<Stored>, circle: Signal<Circle>, limit: RwSignal<u32>) -> Here {
    let writes = part(space, |space| !(space.row.ended || space.row.read_only || space.row.arriving));
    let (id, editor) = (StoredValue::new(id.clone()), Editor::new(id));
    Here {
        id,
        space,
        circle,
        people: people_of(space),
        writes,
        limit,
        editor,
        person: PersonSheet::default(),
    }
}

fn whole(here: Here) -> AnyView {
    let alone =
        part(here.space, |space| space.row.people.len() < 2 && !(space.row.ended || space.row.arriving));
    view! {
        {heading(here)}
        {move || here.space.with(|space| standing(&space.row))}
        <asks::Asks space=here.space />
        <Show when=move || alone.get() fallback=move || day(here)>{nobody(here)}</Show>
        <EditSheet editor=here.editor people=here.people />
        <PersonSheetView sheet=here.person />
    }
    .into_any()
}

fn day(here: Here) -> AnyView {
    view! {
        <div class="cols">
            <div>
                {need::need(here)}
                {entries::entries(here)}
            </div>
            <div>
                {here.group().then(|| section(here, |circle| circle.focus.is_some(), focus::focus))}
                {weekly::weekly(here)}
                {section(here, |circle| !circle.commitments.is_empty(), commitments::commitments)}
                {(!here.group()).then(|| section(here, |circle| !circle.calls.is_empty(), calls::calls))}
                {section(here, |circle| !(circle.meetings.is_empty() && circle.agreement.text.is_empty()), agreed::meetings)}
                {section(here, |circle| !circle.resources.is_empty(), agreed::resources)}
            </div>
        </div>
    }
    .into_any()
}

/// A part of the page; where nothing can be written any more, only if there is something in it.
fn section(here: Here, filled: fn(&Circle) -> bool, view: fn(Here) -> AnyView) -> AnyView {
    let filled = part(here.circle, filled);
    view! { <Show when=move || here.writes.get() || filled.get()>{view(here)}</Show> }.into_any()
}

fn heading(here: Here) -> AnyView {
    let row = part(here.space, |space| space.row.clone());
    let may = part(here.space, |space| {
        space.may_invite
            && !space.row.ended
            && space.row.kind == SpaceKind::Group
            && space.row.people.len() > 1
    });
    let invite = here.place("invite");
    view! {
        <div class="title g-title">
            <div>
                <h1><Name of=part(row, space_name) /></h1>
                <p>{move || about(here)}</p>
            </div>
            {move || row.with(faces)}
            <div class="acts">
                <a id="members" class="btn" href=here.place("members")>{icon(Icon::USERS)}{move || row.with(members)}</a>
                {move || may.get().then(|| view! { <a id="invite" class="btn" href=invite.clone()>{icon(Icon::USER_PLUS)}{t::space::invite()}</a> })}
            </div>
        </div>
    }
    .into_any()
}

/// Words of the way to the people.
fn members(row: &SpaceRow) -> String {
    other(row).map_or_else(|| t::space::members().to_owned(), |person| t::space::about(called(person)))
}

/// "7 people. Next meeting: Tuesday, 7:00 pm"; of a pair, what the other is.
fn about(here: Here) -> String {
    let who = here.space.with(|space| match other(&space.row) {
        Some(person) => role_words(person.role).to_owned(),
        None if space.row.kind == SpaceKind::Pair => t::people::waiting().to_owned(),
        None => t::people::of_people(space.row.people.len()),
    });
    let next = here
        .circle
        .with(|circle| circle.meetings.iter().find(|m| agreed::local(m).0 >= fmt::today()).map(when));
    [Some(who), next.map(t::space::meeting_next)].into_iter().flatten().collect::<Vec<_>>().join(". ")
}

fn when(meeting: &Meeting) -> String {
    let (day, time) = agreed::local(meeting);
    format!("{}, {}", fmt::due(day, fmt::today()), fmt::time(time))
}

fn faces(row: &SpaceRow) -> Option<AnyView> {
    let others = row.people.iter().filter(|person| !person.me).take(6);
    let faces = others.map(|person| avatar(&person.account, &called(person))).collect_view();
    let group = row.kind == SpaceKind::Group && row.people.len() > 1;
    group.then(|| view! { <div class="avatars" aria-hidden="true">{faces}</div> }.into_any())
}

/// What holds back writing here, if anything does.
fn standing(row: &SpaceRow) -> Option<AnyView> {
    let words = match row {
        row if row.ended => t::space::over(),
        row if row.read_only => t::space::read_only(),
        row if row.arriving => t::space::arriving(),
        _ => return None,
    };
    Some(view! { <p class="sync standing-line">{icon(Icon::INFO)}<span>{words}</span></p> }.into_any())
}

fn nobody(here: Here) -> impl IntoView {
    let place = here.place("invite");
    let may = part(here.space, |space| space.may_invite && !space.row.ended);
    view! {
        <section class="block">
            <div class="panel">
                <Empty title=t::space::alone() text=t::space::alone_text()>
                    {move || may.get().then(|| view! { <a id="invite-first" class="btn main" href=place.clone()>{icon(Icon::USER_PLUS)}{t::space::invite()}</a> })}
                </Empty>
            </div>
        </section>
    }
}

/// Said beside what the relay does not have yet.
fn only_here() -> impl IntoView {
    view! { <span class="sync only-here">{icon(Icon::CLOUD_SLASH)}<span>{t::space::only_here()}</span></span> }
}
