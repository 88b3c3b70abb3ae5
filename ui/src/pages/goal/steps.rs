//! The steps of a goal, in the person's order.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::plan::{PlanEdit, PlanSave, Step, StepState};

use crate::components::{Icon, MoveButtons, Mover, StepWire, Tick, icon};
use crate::i18n::t;
use crate::pages::plan::by_when;
use crate::pages::plan::edit::{Edit, Editor};
use crate::state::state;

/// The section.
#[component]
pub fn Steps(
    goal: Id,
    steps: Vec<Step>,
    editor: Editor,
    mover: Mover,
    ordering: RwSignal<bool>,
) -> impl IntoView {
    mover.shown();
    let new = Edit::new_step(goal.clone());
    let ids: Vec<_> = steps.iter().map(|s| s.id.clone()).collect();
    let several = steps.len() > 1;
    let none = steps.is_empty();
    let count = count(&steps);
    let rows = steps
        .into_iter()
        .enumerate()
        .map(|(at, step)| {
            let (ids, name) = (ids.clone(), step.text.clone());
            let moves = move || {
                (several && ordering.get())
                    .then(|| view! { <MoveButtons mover ids=ids.clone() at name=name.clone() /> })
            };
            view! { <li class="row topped step">{tick(&goal, &step)}{words(&goal, step, editor)}{moves}</li> }
        })
        .collect_view();
    view! {
        <section class="block" aria-labelledby="steps">
            <div class="head">
                <h2 id="steps">{t::plan::steps()}</h2>
                {several.then(|| order_button(ordering))}
            </div>
            {count}
            {none.then(|| view! { <p class="second ask">{t::plan::steps_empty()}</p> })}
            {(!none).then(|| view! { <ol class="list">{rows}</ol> })}
            <button id="add-step" class="btn add" type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(new.clone())>
                {icon(Icon::PLUS_BOLD)}
                {t::plan::add_step()}
            </button>
        </section>
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

fn order_button(ordering: RwSignal<bool>) -> impl IntoView {
    view! {
        <button id="order" class="btn plain edge" type="button" on:click=move |_| ordering.update(|o| *o = !*o)>
            {move || if ordering.get() { t::plan::order_done() } else { t::plan::order() }}
        </button>
    }
}

fn tick(goal: &Id, step: &Step) -> impl IntoView + use<> {
    let state = state();
    let (goal, step) = (goal.clone(), step.clone());
    let id = format!("step-{}", step.id);
    let done = step.state == StepState::Done;
    let change = move |done: bool| {
        let (now, said) = if done {
            (StepState::Done, t::plan::said_step_done())
        } else {
            (StepState::ToDo, t::plan::said_step_todo())
        };
        let edit = PlanEdit::PutStep { goal: goal.clone(), step: Step { state: now, ..step.clone() } };
        state.send(PlanSave { edit }, said);
    };
    view! { <Tick id checked=done on_change=change /> }
}

fn words(goal: &Id, step: Step, editor: Editor) -> impl IntoView + use<> {
    let label = format!("step-{}-l", step.id);
    let doing = step.state == StepState::Doing;
    let due = step.due.filter(|_| step.state != StepState::Done).map(by_when);
    let (text, detail) = (step.text.clone(), step.detail.clone());
    let edit = Edit::Step { goal: goal.clone(), step, new: false };
    view! {
        <button class="opens body" type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(edit.clone())>
            <span class="name" id=label>{text}</span>
            {(!detail.is_empty()).then(|| view! { <span class="sub">{detail}</span> })}
            {due.map(|due| view! { <span class="sub">{due}</span> })}
            {doing.then(|| view! { <span class="tag leaf">{t::plan::step_doing()}</span> })}
        </button>
    }
}
