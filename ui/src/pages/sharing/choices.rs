//! The switches: what of each check-in, of the journey and of the plan.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::plan::{Dimension, Goal};
use trellis_api_types::sharing::Field;

use super::form::{Form, Which};
use crate::components::{Chip, Seg, Show, SwitchRow};
use crate::i18n::t;
use crate::pages::plan::dimension_words;

const OF_CHECKINS: [Field; 7] =
    [Field::Mood, Field::Urge, Field::Halt, Field::Use, Field::Medication, Field::Note, Field::Meetings];

/// From each check-in.
#[component]
pub fn FromCheckIns(form: Form, asked: Signal<Vec<Field>>) -> impl IntoView {
    view! {
        <section class="block" aria-labelledby="from-checkins">
            <div class="head"><h2 id="from-checkins">{t::sharing::from_checkins()}</h2></div>
            <div class="list">{OF_CHECKINS.map(|field| switch(form, asked, field)).collect_view()}</div>
        </section>
    }
}

/// From the plan and the journey.
#[component]
pub fn FromPlan(form: Form, asked: Signal<Vec<Field>>, goals: Signal<Vec<Goal>>) -> impl IntoView {
    let options = vec![
        (Which::None, t::sharing::goals_none()),
        (Which::Some, t::sharing::goals_some()),
        (Which::All, t::sharing::goals_all()),
    ];
    view! {
        <section class="block" aria-labelledby="from-plan">
            <div class="head"><h2 id="from-plan">{t::sharing::from_plan()}</h2></div>
            <div class="list">{switch(form, asked, Field::Milestones)}</div>
            <div class="panel after-list">
                <fieldset>
                    <legend class="field-name">{t::sharing::goals()}</legend>
                    <Seg name="goals" options value=Signal::derive(move || Some(form.which.get())) on_change=move |which| form.which.set(which) />
                </fieldset>
                <Show when=move || form.which.get() == Which::Some>{some_goals(form, goals)}</Show>
            </div>
            <p class="hint note">{t::sharing::never()}</p>
        </section>
    }
}

/// What was asked for is said, and is off all the same.
fn switch(form: Form, asked: Signal<Vec<Field>>, field: Field) -> AnyView {
    let row = move |asked: bool| {
        let on = Signal::derive(move || form.fields.with(|fields| fields.contains(&field)));
        let change = move |on| form.fields.update(|fields| set(fields, field, on));
        let (id, name) = (id(field), words(field));
        match sub(field, asked) {
            Some(sub) => view! { <SwitchRow id name sub checked=on on_change=change /> }.into_any(),
            None => view! { <SwitchRow id name checked=on on_change=change /> }.into_any(),
        }
    };
    let asked = Memo::new(move |_| asked.with(|asked| asked.contains(&field)));
    (move || row(asked.get())).into_any()
}

fn sub(field: Field, asked: bool) -> Option<&'static str> {
    match field {
        _ if asked => Some(t::sharing::asked()),
        Field::Use | Field::Medication => Some(t::sharing::off_unless()),
        Field::Meetings => Some(t::sharing::meetings_sub()),
        Field::Milestones => Some(t::sharing::milestones_sub()),
        _ => None,
    }
}

fn some_goals(form: Form, goals: Signal<Vec<Goal>>) -> impl IntoView {
    let part = move |dimension: Dimension| {
        let on = move || form.dimensions.with(|chosen| chosen.contains(&dimension));
        let change = move |on| form.dimensions.update(|chosen| set(chosen, dimension, on));
        let id = format!("part-{}", dimension as u8);
        view! { <Chip id words=dimension_words(dimension).to_owned() checked=Signal::derive(on) on_change=change /> }
    };
    view! {
        <fieldset>
            <legend class="field-name">{t::sharing::goals_parts()}</legend>
            <div class="chips">{Dimension::ALL.map(part).collect_view()}</div>
        </fieldset>
        <fieldset>
            <legend class="field-name">{t::sharing::goals_single()}</legend>
            {move || single(form, &goals.get())}
        </fieldset>
    }
}

/// Single goals; those of a chosen part of life are meant already, and not asked about.
fn single(form: Form, goals: &[Goal]) -> AnyView {
    if goals.is_empty() {
        return view! { <p class="hint">{t::sharing::goals_empty()}</p> }.into_any();
    }
    let left = form.dimensions.with(|parts| {
        goals
            .iter()
            .filter(|goal| !parts.contains(&goal.text.dimension))
            .map(|goal| chip(form, goal))
            .collect_view()
    });
    view! { <div class="chips">{left}</div> }.into_any()
}

fn chip(form: Form, goal: &Goal) -> impl IntoView + use<> {
    let id = StoredValue::new(goal.id.clone());
    let on = move || form.goals.with(|chosen| id.with_value(|id| chosen.contains(id)));
    let change = move |on: bool| form.goals.update(|chosen: &mut Vec<Id>| set(chosen, id.get_value(), on));
    let words = goal.text.title.clone();
    view! { <Chip id=format!("goal-{}", goal.id) words checked=Signal::derive(on) on_change=change /> }
}

fn set<T: PartialEq>(chosen: &mut Vec<T>, one: T, on: bool) {
    chosen.retain(|other| *other != one);
    if on {
        chosen.push(one);
    }
}

fn id(field: Field) -> &'static str {
    match field {
        Field::Mood => "share-mood",
        Field::Urge => "share-urge",
        Field::Halt => "share-halt",
        Field::Use => "share-use",
        Field::Medication => "share-medication",
        Field::Note => "share-note",
        Field::Meetings => "share-meetings",
        Field::Milestones => "share-milestones",
    }
}

fn words(field: Field) -> &'static str {
    match field {
        Field::Mood => t::sharing::mood(),
        Field::Urge => t::sharing::urge(),
        Field::Halt => t::sharing::halt(),
        Field::Use => t::sharing::used(),
        Field::Medication => t::sharing::medication(),
        Field::Note => t::sharing::note(),
        Field::Meetings => t::sharing::meetings(),
        Field::Milestones => t::sharing::milestones(),
    }
}
