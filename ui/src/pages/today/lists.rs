//! What cannot wait, and the steps for today. Both are ticked in place, and both can be taken back.

use leptos::prelude::*;
use trellis_api_types::plan::{Dimension, Need, PlanEdit, PlanSave, StepState};
use trellis_api_types::today::{Today, TodayStep};

use crate::components::{Show, Tick, part, rows};
use crate::{fmt, i18n::t, state::state};

pub fn needs(today: Signal<Today>) -> impl IntoView {
    let needs = part(today, |today| today.needs.clone());
    let day = part(today, |today| today.date);
    view! {
        <Show when=move || !needs.with(Vec::is_empty)>
            <section class="block">
                <div class="head">
                    <h2>{t::today::needs()}</h2>
                </div>
                <ul class="list">{rows(needs, |need| need.id.clone(), move |need| need_row(need, day))}</ul>
            </section>
        </Show>
    }
}

fn need_row(need: Signal<Need>, today: Signal<chrono::NaiveDate>) -> impl IntoView {
    let state = state();
    let id = need.with_untracked(|need| format!("need-{}", need.id));
    let words = format!("{id}-l");
    let due = move || {
        let due = need.with(|need| need.due);
        due.map(|due| view! { <span class="tag clay">{fmt::due(due, today.get())}</span> })
    };
    let change = move |done: bool| {
        let edit = PlanEdit::PutNeed(Need { done, ..need.get_untracked() });
        state.send(PlanSave { edit }, if done { t::today::need_met() } else { t::common::saved() });
    };
    view! {
        <li class="row">
            <Tick id=id checked=part(need, |need| need.done) on_change=change />
            <a class="body" href="/plan">
                <span class="name" id=words>{part(need, |need| need.text.clone())}</span>
                {move || sub(need.with(|need| need.detail.clone()))}
            </a>
            {due}
        </li>
    }
}

pub fn steps(today: Signal<Today>) -> impl IntoView {
    let steps = part(today, |today| today.steps.clone());
    let none = move || view! { <p class="second">{t::today::no_steps()}</p> };
    view! {
        <section class="block">
            <div class="head">
                <h2>{t::today::for_today()}</h2>
                <a class="btn plain edge" href="/plan">
                    {t::common::plan()}
                </a>
            </div>
            <Show when=move || !steps.with(Vec::is_empty) fallback=none>
                <ul class="list">{rows(steps, |item| format!("{}/{}", item.goal, item.step.id), step_row)}</ul>
            </Show>
        </section>
    }
}

fn step_row(item: Signal<TodayStep>) -> impl IntoView {
    let state = state();
    let id = item.with_untracked(|item| format!("step-{}", item.step.id));
    let words = format!("{id}-l");
    let done = part(item, |item| item.step.state == StepState::Done);
    let change = move |done: bool| {
        let TodayStep { goal, mut step, .. } = item.get_untracked();
        step.state = if done { StepState::Done } else { StepState::ToDo };
        let edit = PlanEdit::PutStep { goal, step };
        state.send(PlanSave { edit }, if done { t::today::step_done() } else { t::today::step_open() });
    };
    view! {
        <li class="row">
            <Tick id=id checked=done on_change=change />
            <a class="body" href=move || format!("/plan/goal/{}", item.with(|item| item.goal.clone()))>
                <span class="name" id=words>{part(item, |item| item.step.text.clone())}</span>
                {move || sub(if done.get() { String::new() } else { item.with(detail) })}
            </a>
        </li>
    }
}

fn detail(item: &TodayStep) -> String {
    if item.step.detail.is_empty() { part_of(item) } else { item.step.detail.clone() }
}

fn part_of(item: &TodayStep) -> String {
    let dimension = match item.dimension {
        Dimension::Health => t::common::health(),
        Dimension::Home => t::common::home(),
        Dimension::Purpose => t::common::purpose(),
        Dimension::Community => t::common::community(),
    };
    format!("{dimension}: {}", item.goal_title)
}

fn sub(words: String) -> impl IntoView {
    (!words.is_empty()).then(|| view! { <span class="sub">{words}</span> })
}
