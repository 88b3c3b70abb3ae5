//! What cannot wait, and the steps for today. Both are ticked in place, and both can be taken back.

use leptos::prelude::*;
use trellis_api_types::plan::{Dimension, Need, PlanEdit, PlanSave, StepState};
use trellis_api_types::today::{Today, TodayStep};

use crate::components::Tick;
use crate::{fmt, i18n::t, state::state};

pub fn needs(today: &Today) -> impl IntoView + use<> {
    let day = today.date;
    (!today.needs.is_empty()).then(|| {
        view! {
            <section class="block">
                <div class="head">
                    <h2>{t::today::needs()}</h2>
                </div>
                <ul class="list">
                    {today.needs.iter().cloned().map(|need| need_row(need, day)).collect_view()}
                </ul>
            </section>
        }
    })
}

fn need_row(need: Need, today: chrono::NaiveDate) -> impl IntoView {
    let state = state();
    let id = format!("need-{}", need.id);
    let words = format!("{id}-l");
    let due = need.due.map(|due| view! { <span class="tag clay">{fmt::due(due, today)}</span> });
    let (text, detail, done) = (need.text.clone(), need.detail.clone(), need.done);
    let change = move |done: bool| {
        let edit = PlanEdit::PutNeed(Need { done, ..need.clone() });
        state.send(PlanSave { edit }, if done { t::today::need_met() } else { t::common::saved() });
    };
    view! {
        <li class="row">
            <Tick id=id checked=done on_change=change />
            <a class="body" href="/plan">
                <span class="name" id=words>
                    {text}
                </span>
                {sub(detail)}
            </a>
            {due}
        </li>
    }
}

pub fn steps(today: &Today) -> impl IntoView + use<> {
    let rows = today.steps.iter().cloned().map(step_row).collect_view();
    let none = today.steps.is_empty();
    view! {
        <section class="block">
            <div class="head">
                <h2>{t::today::for_today()}</h2>
                <a class="btn plain edge" href="/plan">
                    {t::common::plan()}
                </a>
            </div>
            {if none {
                view! { <p class="second">{t::today::no_steps()}</p> }.into_any()
            } else {
                view! { <ul class="list">{rows}</ul> }.into_any()
            }}
        </section>
    }
}

fn step_row(item: TodayStep) -> impl IntoView {
    let state = state();
    let id = format!("step-{}", item.step.id);
    let words = format!("{id}-l");
    let place = format!("/plan/goal/{}", item.goal);
    let detail = if item.step.detail.is_empty() { part_of(&item) } else { item.step.detail.clone() };
    let (text, done) = (item.step.text.clone(), item.step.state == StepState::Done);
    let change = move |done: bool| {
        let mut step = item.step.clone();
        step.state = if done { StepState::Done } else { StepState::ToDo };
        let edit = PlanEdit::PutStep { goal: item.goal.clone(), step };
        state.send(PlanSave { edit }, if done { t::today::step_done() } else { t::today::step_open() });
    };
    view! {
        <li class="row">
            <Tick id=id checked=done on_change=change />
            <a class="body" href=place>
                <span class="name" id=words>
                    {text}
                </span>
                {sub(if done { String::new() } else { detail })}
            </a>
        </li>
    }
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
