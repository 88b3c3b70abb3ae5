//! Lines to call: those of the country, in the order of the place, without anything set up.
//!
//! What the person hides or moves is kept with the settings of this device, encrypted: it says something about them, and
//! the lines follow the country a device is in. Lines of one's own are entries of the safety plan.

mod arrange;
mod country;
mod row;
mod words;

use leptos::prelude::*;
use trellis_api_types::safety::{SafetyEntry, SafetyGet, SafetyPart, SafetyPlan};
use trellis_lines::{Choices, Country, Item, Place, country as row_of};

use super::{Icon, Show, callable, icon};
use crate::state::{State, load, state};
use crate::{fmt, i18n::t};

pub use arrange::Arrange;
pub use country::{ChangeCountry, CountryField};
pub use words::say;

/// Numbers of one's own beside the one that a place shows as its main button.
const MOST_OWN: usize = 3;

/// The country's row, followed.
pub fn row_here(state: State) -> Memo<&'static str> {
    Memo::new(move |_| state.country.with(|code| row_of(code.as_deref()).code.as_str()))
}

/// What the person chose about lines; nothing while locked.
fn choices(state: State) -> Choices {
    state.settings.with(|settings| {
        let chosen = settings.as_ref().map(|settings| settings.lines.clone()).unwrap_or_default();
        Choices { hidden: chosen.hidden, order: chosen.order }
    })
}

/// Number to call in danger: one's own, or the country's first.
pub fn danger_number(state: State) -> Signal<String> {
    let own = Memo::new(move |_| own_number(state));
    Signal::derive(move || {
        Some(own.get()).filter(|own| !own.is_empty()).unwrap_or_else(|| first_number(state))
    })
}

fn own_number(state: State) -> String {
    state.settings.with(|settings| settings.as_ref().map(|s| s.emergency_number.clone())).unwrap_or_default()
}

/// The country's first number for danger.
pub fn first_number(state: State) -> String {
    let row = row_of(state.country.get().as_deref());
    row.emergency.first().map(|emergency| emergency.call.clone()).unwrap_or_default()
}

/// What a place shows now.
fn shown_in(state: State, place: Place) -> Vec<Item> {
    shown_with(state, place, &choices(state))
}

fn shown_with(state: State, place: Place, choices: &Choices) -> Vec<Item> {
    row_of(state.country.get().as_deref()).shown(place, fmt::today().and_time(fmt::now()), choices)
}

/// The lines of a place: one's own first, then the country's; when they were checked, and the way to another country.
#[component]
pub fn Lines(
    /// Where.
    place: Place,
    /// A person that the place already offers to call.
    #[prop(into, optional)]
    called: Signal<Option<SafetyEntry>>,
) -> impl IntoView {
    let state = state();
    let items = Memo::new(move |_| shown_in(state, place));
    let heading = heading(place);
    let own = matches!(place, Place::Urge | Place::AfterUse).then(|| view! { <Own called /> });
    let list = move || {
        items
            .get()
            .into_iter()
            .map(|item| row::dial_row(item, danger_number(state).get_untracked()))
            .collect_view()
    };
    view! {
        <section class="block lines" aria-labelledby=heading>
            <div class="head"><h2 id=heading>{t::lines::title()}</h2></div>
            <Show when=move || no_lines(state)>
                <p class="second">{move || if is_unknown(state) { t::lines::pick_country() } else { t::lines::none() }}</p>
            </Show>
            <Show when=move || row_here(state).get() == trellis_lines::ELSEWHERE><p class="second">{t::lines::elsewhere()}</p></Show>
            {own}
            <Show when=move || !items.with(Vec::is_empty)><ul class="list">{list}</ul></Show>
            <p class="hint by-phone">{t::lines::by_phone()}</p>
            <Foot items />
        </section>
    }
}

/// Id of the heading; two places can be on one page.
fn heading(place: Place) -> &'static str {
    match place {
        Place::Help => "lines-help",
        Place::Lock => "lines-lock",
        Place::Urge => "lines-urge",
        Place::AfterUse => "lines-after",
        Place::Door => "lines-door",
    }
}

/// No country was chosen, and the system names none.
fn is_unknown(state: State) -> bool {
    state.country.with(Option::is_none)
}

/// The country has no line that was checked.
fn no_lines(state: State) -> bool {
    let row: &Country = row_of(state.country.get().as_deref());
    row.lines.iter().all(trellis_lines::Line::is_held_back)
}

/// When all of it was checked, whether that is long ago, and the way to another country.
#[component]
fn Foot(items: Memo<Vec<Item>>) -> impl IntoView {
    let state = state();
    let words = move || {
        let row = row_of(state.country.get().as_deref());
        items.with(|items| {
            let past = row.is_past_review(items, fmt::today());
            (t::lines::checked(fmt::month_short(row.checked(items))), past)
        })
    };
    view! {
        <div class="lines-foot">
            <p class="hint">{move || words().0}</p>
            <Show when=move || words().1>
                <p class="hint past">{move || t::lines::past(danger_number(state).get())}</p>
            </Show>
            <ChangeCountry />
        </div>
    }
}

/// Numbers of the safety plan: people first, then professionals and lines.
#[component]
fn Own(called: Signal<Option<SafetyEntry>>) -> impl IntoView {
    let plan = load(|| SafetyGet {});
    let rest = Memo::new(move |_| {
        let called = called.with(|called| called.as_ref().map(|entry| entry.id.clone()));
        plan.with(|plan| {
            plan.as_ref().and_then(|plan| plan.as_ref().ok()).map(|plan| own_numbers(plan, called.as_deref()))
        })
        .unwrap_or_default()
    });
    let rows = move || rest.get().into_iter().map(row::own_row).collect_view();
    view! { <Show when=move || !rest.with(Vec::is_empty)><ul class="list own-lines">{rows}</ul></Show> }
}

/// Entries with a number, people who help first, without the one that is offered already.
fn own_numbers(plan: &SafetyPlan, called: Option<&str>) -> Vec<SafetyEntry> {
    let of = |part: SafetyPart| plan.entries.iter().filter(move |entry| entry.part == part);
    let parts = [SafetyPart::People, SafetyPart::Distract, SafetyPart::Professionals];
    let all = parts.into_iter().flat_map(of);
    let rest = all.filter(|entry| callable(&entry.phone) && Some(entry.id.as_str()) != called);
    rest.take(MOST_OWN).cloned().collect()
}

/// Two numbers for the lock screen, in words that say nothing about whoever holds the device.
#[component]
pub fn LockLines() -> impl IntoView {
    let state = state();
    let items = Memo::new(move |_| shown_in(state, Place::Lock));
    let buttons = move || items.get().into_iter().map(row::lock_button).collect_view();
    view! {
        <div class="acts even lock-lines">{buttons}</div>
        <Show when=move || row_here(state).get() == trellis_lines::ELSEWHERE><p class="hint">{t::lines::elsewhere()}</p></Show>
        <ChangeCountry />
    }
}

/// Numbers to call where nothing is open: folded away until they are needed.
#[component]
pub fn DoorLines() -> impl IntoView {
    view! {
        <details class="more door-lines">
            <summary id="help-now">{icon(Icon::LIFEBUOY_BOLD)}{t::lines::need_help()}</summary>
            <Lines place=Place::Door />
        </details>
    }
}

#[cfg(test)]
mod tests;
