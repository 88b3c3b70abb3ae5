//! Sharing one answer with a space, and taking it back.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::people::{People, SpaceKind, SpaceRow};
use trellis_api_types::work::{Answer, WorkEdit, WorkSave, Worksheet};

use crate::components::{Sheet, Show, part, rows, shown};
use crate::i18n::t;
use crate::pages::sharing::called;
use crate::state::{Load, state};

/// Opens the sheet for an answer.
#[derive(Clone, Copy, Default)]
pub struct Sharer {
    open: RwSignal<bool>,
    what: RwSignal<Option<(Id, Id)>>,
}

impl Sharer {
    /// For this answer of this worksheet.
    pub fn share(self, sheet: Id, answer: Id) {
        self.what.set(Some((sheet, answer)));
        self.open.set(true);
    }
}

/// The sheet; once on a page.
#[component]
pub fn ShareSheet(sharer: Sharer, work: Load<Vec<Worksheet>>, people: Load<People>) -> impl IntoView {
    let answer = Memo::new(move |_| {
        let (sheet, id) = sharer.what.get()?;
        work.with(|work| find(work.as_ref()?.as_ref().ok()?, &sheet, &id).cloned())
    });
    view! {
        <Sheet open=sharer.open title=t::work::share().to_owned()>
            {shown(people, move |people| {
                let spaces = part(people, open_spaces);
                move || choices(sharer, answer, spaces)
            })}
        </Sheet>
    }
}

fn find<'w>(work: &'w [Worksheet], sheet: &Id, id: &Id) -> Option<&'w Answer> {
    work.iter().find(|other| other.id == *sheet)?.answers.iter().find(|answer| answer.id == *id)
}

fn open_spaces(people: &People) -> Vec<SpaceRow> {
    people
        .spaces
        .iter()
        .filter(|space| !space.ended && !space.read_only && !space.arriving)
        .cloned()
        .collect()
}

fn choices(sharer: Sharer, answer: Memo<Option<Answer>>, spaces: Signal<Vec<SpaceRow>>) -> AnyView {
    let Some((sheet, id)) = sharer.what.get() else { return ().into_any() };
    let question = move || answer.with(|answer| answer.as_ref().map(|answer| answer.question.clone()));
    let empty =
        Memo::new(move |_| answer.with(|answer| answer.as_ref().is_none_or(|a| a.text.trim().is_empty())));
    let one = move |space| switch(sheet.clone(), id.clone(), space, answer);
    let one = StoredValue::new(one);
    let list = move || view! { <div class="list">{rows(spaces, |space| space.id.clone(), move |space| one.with_value(|one| one(space)))}</div> };
    let nobody = || view! { <p class="second">{t::work::share_empty()}</p><p><a class="btn" href="/people">{t::work::to_people()}</a></p> };
    view! {
        <p class="own-question">{question}</p>
        <Show when=move || !empty.get() fallback=|| view! { <p class="second">{t::work::share_first()}</p> }>
            <p class="second">{t::work::share_lead()}</p>
            <Show when=move || !spaces.with(Vec::is_empty) fallback=nobody>
                {list()}
                <p class="hint">{t::work::share_off()}</p>
            </Show>
        </Show>
    }
    .into_any()
}

fn switch(sheet: Id, id: Id, space: Signal<SpaceRow>, answer: Memo<Option<Answer>>) -> impl IntoView {
    let state = state();
    let key = space.with_untracked(|space| space.id.clone());
    let (input, there) = (format!("share-with-{key}"), key.clone());
    let label = input.clone();
    let on =
        move || answer.with(|answer| answer.as_ref().is_some_and(|answer| answer.shared.contains(&there)));
    let change = move |event: leptos::ev::Event| {
        let on = event_target_checked(&event);
        let who = space.with_untracked(space_name);
        let said = if on { t::work::said_shared(who) } else { t::work::said_back(who) };
        let edit = WorkEdit::Share { sheet: sheet.clone(), id: id.clone(), space: key.clone(), on };
        state.send(WorkSave { edit }, &said);
    };
    view! {
        <div class="row">
            <span class="body"><label class="name" for=label>{part(space, space_name)}</label></span>
            <span class="switch"><input id=input type="checkbox" role="switch" prop:checked=on on:change=change /><span></span></span>
        </div>
    }
}

/// The group's name, or the other's in a pair.
fn space_name(space: &SpaceRow) -> String {
    match space.kind {
        SpaceKind::Group => space.name.clone(),
        SpaceKind::Pair => {
            let other = space.people.iter().find(|person| !person.me);
            other.map_or_else(|| t::sharing::someone().to_owned(), called)
        }
    }
}

/// Names of spaces in one line.
pub fn names(people: &People, spaces: &[Id]) -> String {
    let name = |id: &Id| people.spaces.iter().find(|space| space.id == *id).map(space_name);
    let names: Vec<_> =
        spaces.iter().map(|id| name(id).unwrap_or_else(|| t::sharing::someone().to_owned())).collect();
    names.join(", ")
}
