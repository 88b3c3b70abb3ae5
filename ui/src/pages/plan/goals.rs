//! The goals of one part of life.

use leptos::prelude::*;
use trellis_api_types::plan::{Dimension, Goal, GoalState, PlanEdit, PlanSave, Step, StepState};

use super::dimension::{dimension_mark, dimension_words};
use super::edit::{Edit, Editor};
use crate::components::{
    Empty, Icon, MoveButtons, Mover, OrderButton, Show, StepWire, icon, icon_class, part, rows,
};
use crate::{fmt, i18n::t, state::state};

/// What a row needs beside its goal.
#[derive(Clone, Copy)]
struct Rows {
    all: Signal<Vec<Goal>>,
    ordering: RwSignal<bool>,
    mover: Mover,
}

/// The section, in the order given.
#[component]
pub fn Goals(dimension: Dimension, goals: Signal<Vec<Goal>>, editor: Editor) -> impl IntoView {
    let id = format!("dim-{}", dimension as u8);
    let label = id.clone();
    let count = move || match goals.with(Vec::len) {
        0 => t::plan::none_yet().to_owned(),
        n => t::plan::goals(n),
    };
    let one = Rows { all: goals, ordering: RwSignal::new(false), mover: mover() };
    let order = format!("order-{}", dimension as u8);
    view! {
        <section aria-labelledby=label>
            <div class="dim-head">
                {dimension_mark(dimension)}
                <h2 id=id>{dimension_words(dimension)}</h2>
                <span class="hint">{count}</span>
                <Show when=move || goals.with(|goals| goals.len() > 1)>
                    <OrderButton id=order.clone() ordering=one.ordering />
                </Show>
            </div>
            <div class="list">
                <Show when=move || !goals.with(Vec::is_empty) fallback=move || empty(dimension, editor)>
                    {rows(goals, |goal| goal.id.clone(), move |goal| row(one, goal))}
                </Show>
            </div>
        </section>
    }
}

fn mover() -> Mover {
    let state = state();
    Mover::new(move |id, before| {
        state.send(PlanSave { edit: PlanEdit::MoveGoal { id, before } }, t::plan::said_moved());
    })
}

fn row(one: Rows, goal: Signal<Goal>) -> impl IntoView {
    view! {
        <Show when=move || one.ordering.get() fallback=move || link(goal)>
            <div class="row topped">
                <span class="body">{part(goal, |goal| goal.text.title.clone())}</span>
                {moves(one, goal)}
            </div>
        </Show>
    }
}

/// A goal moves among those that stand as it does: open, resting or reached.
fn moves(one: Rows, goal: Signal<Goal>) -> impl IntoView {
    let id = goal.with_untracked(|goal| goal.id.clone());
    let state = part(goal, |goal| goal.text.state);
    let ids = part(one.all, move |all| {
        all.iter().filter(|goal| goal.text.state == state.get()).map(|goal| goal.id.clone()).collect()
    });
    view! { <MoveButtons mover=one.mover id ids name=part(goal, |goal| goal.text.title.clone()) /> }
}

fn link(goal: Signal<Goal>) -> impl IntoView {
    let place = goal.with_untracked(|goal| format!("/plan/goal/{}", goal.id));
    view! {
        <a class="row topped" href=place>
            <span class="body">{move || goal.with(inside)}</span>
            {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
        </a>
    }
}

fn inside(goal: &Goal) -> impl IntoView + use<> {
    let reason = goal.text.reason.trim();
    let why = (!reason.is_empty()).then(|| t::plan::said(reason));
    view! {
        <span class="name">{goal.text.title.clone()}</span>
        {why.map(|why| view! { <span class="second why">{why}</span> })}
        <span class="prog">{progress(goal)}</span>
        {next(goal).map(|next| view! { <span class="sub">{next}</span> })}
    }
}

fn progress(goal: &Goal) -> impl IntoView + use<> {
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
    let title = match dimension {
        Dimension::Health => t::plan::empty_health_ask(),
        Dimension::Home => t::plan::empty_home_ask(),
        Dimension::Purpose => t::plan::empty_purpose_ask(),
        Dimension::Community => t::plan::empty_community_ask(),
    };
    view! {
        <Empty title>
            <button class="btn" type="button" on:click=move |_| editor.edit(Edit::new_goal(dimension))>
                {icon(Icon::PLUS_BOLD)}
                {t::plan::add_goal()}
            </button>
        </Empty>
    }
}
