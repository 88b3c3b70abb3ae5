//! The steps of a goal, in the person's order.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::plan::{Goal, PlanEdit, PlanSave, Step, StepState};

use crate::components::{Icon, MoveButtons, Mover, OrderButton, Show, StepWire, Tick, icon, part, rows};
use crate::i18n::t;
use crate::pages::plan::by_when;
use crate::pages::plan::edit::{Edit, Editor};
use crate::state::state;

/// What a row needs beside its step.
#[derive(Clone, Copy)]
struct Row {
    goal: StoredValue<Id>,
    ids: Signal<Vec<Id>>,
    editor: Editor,
    mover: Mover,
    ordering: RwSignal<bool>,
}

/// The section.
#[component]
pub fn Steps(goal: Signal<Goal>, editor: Editor, mover: Mover, ordering: RwSignal<bool>) -> impl IntoView {
    let steps = part(goal, |goal| goal.steps.clone());
    let ids = part(steps, |steps| steps.iter().map(|step| step.id.clone()).collect());
    let goal = StoredValue::new(goal.with_untracked(|goal| goal.id.clone()));
    let one = Row { goal, ids, editor, mover, ordering };
    let several = part(ids, |ids| ids.len() > 1);
    let question = || view! { <p class="second ask">{t::plan::steps_empty()}</p> };
    view! {
        <section class="block" aria-labelledby="steps">
            <div class="head">
                <h2 id="steps">{t::plan::steps()}</h2>
                <Show when=move || several.get()><OrderButton id="order" ordering /></Show>
            </div>
            {move || steps.with(|steps| count(steps))}
            <Show when=move || !ids.with(Vec::is_empty) fallback=question>
                <ol class="list">{rows(steps, |step| step.id.clone(), move |step| row(one, step))}</ol>
            </Show>
            <button id="add-step" class="btn add" type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(Edit::new_step(goal.get_value()))>
                {icon(Icon::PLUS_BOLD)}
                {t::plan::add_step()}
            </button>
        </section>
    }
}

fn row(one: Row, step: Signal<Step>) -> impl IntoView {
    let Row { ids, mover, ordering, .. } = one;
    let id = step.with_untracked(|step| step.id.clone());
    let name = part(step, |step| step.text.clone());
    view! {
        <li class="row topped step">
            {tick(one.goal, step)}
            {words(one, step)}
            <Show when=move || ordering.get() && ids.with(|ids| ids.len() > 1)>
                <MoveButtons mover id=id.clone() ids name />
            </Show>
        </li>
    }
}

fn count(steps: &[Step]) -> Option<impl IntoView + use<>> {
    let states: Vec<_> = steps.iter().map(|s| s.state).collect();
    let done = states.iter().filter(|s| **s == StepState::Done).count();
    (!states.is_empty()).then(|| {
        view! {
            <p class="prog">
                <StepWire states=states.clone() />
                <span class="hint">{t::plan::steps_done(states.len(), done)}</span>
            </p>
        }
    })
}

fn tick(goal: StoredValue<Id>, step: Signal<Step>) -> impl IntoView {
    let state = state();
    let id = step.with_untracked(|step| format!("step-{}", step.id));
    let change = move |done: bool| {
        let (now, said) = if done {
            (StepState::Done, t::plan::said_step_done())
        } else {
            (StepState::ToDo, t::plan::said_step_todo())
        };
        let step = Step { state: now, ..step.get_untracked() };
        state.send(PlanSave { edit: PlanEdit::PutStep { goal: goal.get_value(), step } }, said);
    };
    view! { <Tick id checked=part(step, |step| step.state == StepState::Done) on_change=change /> }
}

fn words(one: Row, step: Signal<Step>) -> impl IntoView {
    let label = step.with_untracked(|step| format!("step-{}-l", step.id));
    let edit = move |_| {
        let (goal, step) = (one.goal.get_value(), step.get_untracked());
        one.editor.edit(Edit::Step { goal, step, new: false });
    };
    view! {
        <button class="opens body" type="button" aria-haspopup="dialog" on:click=edit>
            <span class="name" id=label>{part(step, |step| step.text.clone())}</span>
            {move || step.with(more)}
        </button>
    }
}

/// What is said under the words.
fn more(step: &Step) -> impl IntoView + use<> {
    let detail = step.detail.clone();
    let due = step.due.filter(|_| step.state != StepState::Done).map(by_when);
    view! {
        {(!detail.is_empty()).then(|| view! { <span class="sub">{detail}</span> })}
        {due.map(|due| view! { <span class="sub">{due}</span> })}
        {(step.state == StepState::Doing).then(|| view! { <span class="tag leaf">{t::plan::step_doing()}</span> })}
    }
}
