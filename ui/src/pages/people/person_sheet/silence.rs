//! Blocking somebody: what they are shown no more, what they still see, and nobody is told.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::people::{Person, PersonSave, PersonSpaces, SpaceKind, SpaceLeave, Together};
use trellis_api_types::sharing::ConsentStop;

use super::PersonSheet;
use crate::components::{Icon, icon, shown};
use crate::i18n::t;
use crate::pages::people::names::called;
use crate::state::{State, load_once, state};

/// The switch, with what it does. Turning it on asks first.
#[component]
pub fn Silence(sheet: PersonSheet, person: Person) -> impl IntoView {
    let state = state();
    let title = t::person::block(called(&person));
    let blocked = RwSignal::new(person.blocked);
    let asking = RwSignal::new(false);
    let person = StoredValue::new(person);
    let turn = move |event| {
        let on = event_target_checked(&event);
        blocked.set(on);
        asking.set(on);
        if !on && person.with_value(|person| person.blocked) {
            keep(state, sheet, person.get_value(), blocked);
        }
    };
    view! {
        <div class="row flush">
            <span class="mark bare">{icon(Icon::BELL_SLASH)}</span>
            <span class="body">
                <label class="name" for="block">{title}</label>
                <span class="sub" id="block-sub">{t::person::block_text()}</span>
            </span>
            <span class="switch">
                <input id="block" type="checkbox" role="switch" aria-describedby="block-sub" prop:checked=blocked on:change=turn />
                <span></span>
            </span>
        </div>
        {move || asking.get().then(|| ask(sheet, person.get_value(), blocked, asking))}
    }
}

/// Keeps the switch as it stands.
fn keep(state: State, sheet: PersonSheet, person: Person, blocked: RwSignal<bool>) {
    let (on, name) = (blocked.get_untracked(), called(&person));
    let save = PersonSave { account: person.account, phone: None, blocked: Some(on) };
    let said = if on { t::person::said_blocked(&name) } else { t::person::said_unblocked(&name) };
    spawn_local(async move {
        match state.act(save, &said).await {
            Ok(()) => sheet.close(),
            Err(_) => drop(blocked.try_set(!on)),
        }
    });
}

/// What it means in each pair and group with them, then two buttons.
fn ask(sheet: PersonSheet, person: Person, blocked: RwSignal<bool>, asking: RwSignal<bool>) -> AnyView {
    let state = state();
    let name = called(&person);
    let yes = t::person::yes_block(&name);
    let account = person.account.clone();
    let places = load_once(move || PersonSpaces { account: account.clone() });
    let save = move |_| keep(state, sheet, person.clone(), blocked);
    let cancel = move |_| {
        asking.set(false);
        blocked.set(false);
    };
    let all = move |places: Signal<Vec<Together>>| {
        let places = places.get_untracked();
        places.into_iter().map(|place| self::place(&name, place)).collect_view()
    };
    view! {
        <div class="asking" role="alert">
            {shown(places, all)}
            <div class="acts even">
                <button id="yes-block" class="btn stop" type="button" on:click=save>{yes}</button>
                <button id="no-block" class="btn" type="button" on:click=cancel>{t::common::cancel()}</button>
            </div>
        </div>
    }
    .into_any()
}

/// In a pair sharing ends with the block. In a group it goes on until this person stops it or leaves.
fn place(name: &str, place: Together) -> Option<AnyView> {
    match (place.kind, place.shares) {
        (SpaceKind::Pair, false) => None,
        (SpaceKind::Pair, true) => Some(view! { <p>{t::person::block_pair(name)}</p> }.into_any()),
        (SpaceKind::Group, shares) => Some(group(name, place, shares)),
    }
}

fn group(name: &str, place: Together, shares: bool) -> AnyView {
    let (state, shares, left) = (state(), RwSignal::new(shares), RwSignal::new(false));
    let (space, called) = (StoredValue::new(place.space), StoredValue::new(place.name));
    let name = name.to_owned();
    let words = move || match (left.get(), shares.get()) {
        (true, _) => t::person::block_said_left(called.get_value()),
        (_, true) => t::person::block_group_shares(called.get_value(), &name),
        (_, false) => t::person::block_group(called.get_value(), &name),
    };
    let stop = move |_| {
        let stop = ConsentStop { space: space.get_value(), retract: false };
        spawn_local(async move {
            if state.act(stop, &t::person::block_said_stopped(called.get_value())).await.is_ok() {
                shares.try_set(false);
            }
        });
    };
    let stop_button = move || {
        view! { <button class="btn line wide" type="button" on:click=stop>{t::person::block_stop(called.get_value())}</button> }
    };
    view! {
        <p>{words}</p>
        {move || (shares.get() && !left.get()).then(stop_button)}
        {move || (!left.get()).then(|| leave(space, called, left))}
    }
    .into_any()
}

/// Leaving is asked for twice.
fn leave(space: StoredValue<String>, called: StoredValue<String>, left: RwSignal<bool>) -> AnyView {
    let (state, sure) = (state(), RwSignal::new(false));
    let go = move |_| {
        if !sure.get_untracked() {
            return sure.set(true);
        }
        let leave = SpaceLeave { space: space.get_value() };
        spawn_local(async move {
            if state.act(leave, &t::person::block_said_left(called.get_value())).await.is_ok() {
                left.try_set(true);
            }
        });
    };
    let words = move || {
        let group = called.get_value();
        if sure.get() { t::person::block_leave_yes(group) } else { t::person::block_leave(group) }
    };
    view! { <button class="btn line wide" class:stop=move || sure.get() type="button" on:click=go>{words}</button> }.into_any()
}
