//! The goals of one part of life.

use leptos::prelude::*;
use trellis_api_types::plan::{Dimension, Goal, GoalState, Step, StepState};

use super::dimension::{dimension_mark, dimension_words};
use super::edit::{Edit, Editor};
use crate::components::{Empty, Icon, StepWire, icon, icon_class};
use crate::{fmt, i18n::t};

/// The section: open goals first, then resting ones, then those reached.
#[component]
pub fn Goals(dimension: Dimension, goals: Vec<Goal>, editor: Editor) -> impl IntoView {
    let id = format!("dim-{}", dimension as u8);
    let label = id.clone();
    let count = if goals.is_empty() { t::plan::none_yet().to_owned() } else { t::plan::goals(goals.len()) };
    view! {
        <section aria-labelledby=label>
            <div class="dim-head">
                {dimension_mark(dimension)}
                <h2 id=id>{dimension_words(dimension)}</h2>
                <span class="hint">{count}</span>
            </div>
            <div class="list">
                {if goals.is_empty() { empty(dimension, editor).into_any() } else { rows(goals).into_any() }}
            </div>
        </section>
    }
}

fn rows(mut goals: Vec<Goal>) -> impl IntoView {
    goals.sort_by_key(|g| g.text.state as u8);
    goals.into_iter().map(row).collect_view()
}

fn row(goal: Goal) -> impl IntoView {
    let reason = goal.text.reason.trim();
    view! {
        <a class="row topped" href=format!("/plan/goal/{}", goal.id)>
            <span class="body">
                <span class="name">{goal.text.title.clone()}</span>
                {(!reason.is_empty()).then(|| view! { <span class="second why">{t::plan::said(reason)}</span> })}
                <span class="prog"><Progress goal=goal.clone() /></span>
                {next(&goal).map(|next| view! { <span class="sub">{next}</span> })}
            </span>
            {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
        </a>
    }
}

#[component]
fn Progress(goal: Goal) -> impl IntoView {
    let done = goal.steps.iter().filter(|s| s.state == StepState::Done).count();
    let words = if goal.steps.is_empty() {
        t::plan::no_steps().to_owned()
    } else {
        t::plan::steps_done(goal.steps.len(), done)
    };
    let states = goal.steps.iter().map(|s| s.state).collect::<Vec<_>>();
    view! {
        <StepWire states />
        <span class="sub">{words}</span>
        {state_tag(goal.text.state)}
    }
}

fn state_tag(state: GoalState) -> Option<impl IntoView> {
    let (class, mark, words) = match state {
        GoalState::Open => return None,
        GoalState::Paused => ("tag", Icon::PAUSE_CIRCLE, t::plan::goal_paused()),
        GoalState::Reached => ("tag leaf", Icon::CHECK, t::plan::goal_reached()),
    };
    Some(view! { <span class=class>{icon(mark)}{words}</span> })
}

/// The step being done, else the first to do.
fn next(goal: &Goal) -> Option<String> {
    let find = |state| goal.steps.iter().find(|s| s.state == state);
    let step = find(StepState::Doing).or_else(|| find(StepState::ToDo))?;
    (goal.text.state == GoalState::Open).then(|| next_words(step))
}

fn next_words(step: &Step) -> String {
    match step.due {
        Some(due) => t::plan::next_by(fmt::date(due), &step.text),
        None => t::plan::next(&step.text),
    }
}

fn empty(dimension: Dimension, editor: Editor) -> impl IntoView {
    let (title, text) = match dimension {
        Dimension::Health => (t::plan::empty_health(), t::plan::empty_health_ask()),
        Dimension::Home => (t::plan::empty_home(), t::plan::empty_home_ask()),
        Dimension::Purpose => (t::plan::empty_purpose(), t::plan::empty_purpose_ask()),
        Dimension::Community => (t::plan::empty_community(), t::plan::empty_community_ask()),
    };
    view! {
        <Empty title text>
            <button class="btn" type="button" on:click=move |_| editor.edit(Edit::new_goal(dimension))>
                {icon(Icon::PLUS_BOLD)}
                {t::plan::add_goal()}
            </button>
        </Empty>
    }
}
