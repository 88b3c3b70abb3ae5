//! Which space a page is about, and what is known of it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use trellis_api_types::Id;
use trellis_api_types::circle::{Circle, CircleEdit, CircleGet, CircleSave};
use trellis_api_types::people::{Person, Space, SpaceGet};

use super::names::{called, name_of};
use crate::components::part;
use crate::state::{Load, State, load_when};

/// The space that the address names.
pub fn space_id() -> Memo<Id> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("space").unwrap_or_default()))
}

/// The space of the address, loaded.
pub fn load_space(id: Memo<Id>) -> Load<Space> {
    load_when(move || Some(SpaceGet { space: id.get() }))
}

/// What a space shows, loaded with at most so many entries.
pub fn load_circle(id: Memo<Id>, limit: RwSignal<u32>) -> Load<Circle> {
    load_when(move || Some(CircleGet { space: id.get(), limit: limit.get() }))
}

/// Everyone in a space.
pub fn people_of(space: Signal<Space>) -> Signal<Vec<Person>> {
    part(space, |space| space.row.people.clone())
}

/// The name of an account there, followed.
pub fn name_in(people: Signal<Vec<Person>>, account: Id) -> Signal<String> {
    part(people, move |people| name_of(people, &account))
}

/// The account of this person there.
pub fn my_account(people: &[Person]) -> Id {
    people.iter().find(|person| person.me).map(|person| person.account.clone()).unwrap_or_default()
}

/// Everyone else: account and name.
pub fn others(people: &[Person]) -> Vec<(Id, String)> {
    let others = people.iter().filter(|person| !person.me);
    others.map(|person| (person.account.clone(), called(person))).collect()
}

/// Saves one change of what a space shows, and says `done`; the answer tells whether it was stored.
pub async fn save(state: State, space: Id, edit: CircleEdit, done: &str) -> bool {
    state.save(CircleSave { space, edit }, done).await.is_ok()
}
