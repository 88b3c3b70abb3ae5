//! One goal: its words, how it stands, steps, what helps, who helps.

mod lines;
mod steps;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use trellis_api_types::Id;
use trellis_api_types::audience::About;
use trellis_api_types::plan::{
    Goal as Stored, GoalState, GoalText, LineList, Plan, PlanEdit, PlanGet, PlanSave,
};

use super::audience::SeenBy;
use super::plan::edit::{Edit, EditSheet, Editor};
use super::plan::{dimension_mark, dimension_words};
use crate::components::{Empty, Icon, Mover, Page, Seg, TopBar, icon, latest, part, shown};
use crate::i18n::t;
use crate::state::{load, state};
pub(super) use lines::Lines;
use steps::Steps;

/// The page.
#[component]
pub fn Goal() -> impl IntoView {
    let editor = Editor::default();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let plan = load(|| PlanGet {});
    let state = state();
    let mover = Mover::new(move |step, before| {
        let edit = PlanEdit::MoveStep { goal: id.get_untracked(), id: step, before };
        state.send(PlanSave { edit }, t::plan::said_moved());
    });
    let ordering = RwSignal::new(false);
    let title = RwSignal::new(t::plan::goal_page().to_owned());
    view! {
        <Page title>
            <TopBar back="/plan" />
            {shown(plan, move |plan| found(plan, id, editor, mover, ordering))}
            <EditSheet editor />
        </Page>
    }
}

fn gone() -> impl IntoView {
    view! {
        <h1 class="unseen">{t::plan::goal_gone()}</h1>
        <div class="panel">
            <Empty title=t::plan::goal_gone() text=t::plan::goal_gone_sub()>
                <a class="btn" href="/plan">{t::plan::back()}</a>
            </Empty>
        </div>
    }
}

/// The goal, followed as long as it is there.
fn found(
    plan: Signal<Plan>,
    id: Memo<Id>,
    editor: Editor,
    mover: Mover,
    ordering: RwSignal<bool>,
) -> impl IntoView {
    let find = move || plan.with(|plan| plan.goals.iter().find(|goal| goal.id == id.get()).cloned());
    let there = Memo::new(move |_| find().map(|goal| goal.id));
    move || {
        let _made_anew_for = there.get();
        match untrack(find) {
            Some(goal) => whole(latest(goal, find), editor, mover, ordering).into_any(),
            None => gone().into_any(),
        }
    }
}

fn whole(goal: Signal<Stored>, editor: Editor, mover: Mover, ordering: RwSignal<bool>) -> impl IntoView {
    let id = goal.with_untracked(|goal| goal.id.clone());
    let helps = part(goal, |goal| goal.helps.clone());
    let supporters = part(goal, |goal| goal.supporters.clone());
    view! {
        {heading(goal, editor)}
        <div class="cols">
            <div>
                <Standing goal />
                <Steps goal editor mover ordering />
            </div>
            <div>
                <Lines list=LineList::Helps(id.clone()) lines=helps title=t::plan::helps() ask=t::plan::helps_empty() add=t::plan::add_help() editor />
                <Lines list=LineList::Supporters(id) lines=supporters title=t::plan::supporters() ask=t::plan::supporters_empty() add=t::plan::add_supporter() editor />
            </div>
        </div>
    }
}

fn heading(goal: Signal<Stored>, editor: Editor) -> impl IntoView {
    let dimension = part(goal, |goal| goal.text.dimension);
    let about = part(goal, |goal| About::Goal { id: goal.id.clone(), dimension: goal.text.dimension });
    view! {
        <div class="title goal-title">
            <p class="dim-line">{move || dimension_mark(dimension.get())}<span>{move || dimension_words(dimension.get())}</span></p>
            <h1>{part(goal, |goal| goal.text.title.clone())}</h1>
            <SeenBy about />
            {move || why(goal.with(|goal| goal.text.reason.clone()).trim())}
            <button id="edit-goal" class="btn plain" type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(goal.with_untracked(Edit::goal))>
                {icon(Icon::PENCIL_SIMPLE)}
                {t::plan::goal_edit()}
            </button>
        </div>
    }
}

fn why(reason: &str) -> Option<impl IntoView + use<>> {
    let words = (!reason.is_empty()).then(|| t::plan::said(reason))?;
    Some(view! { <p class="own said">{words}</p> })
}

/// Working on it, resting, or reached.
#[component]
fn Standing(goal: Signal<Stored>) -> impl IntoView {
    let state = state();
    let now = part(goal, |goal| goal.text.state);
    let note = move || match now.get() {
        GoalState::Open => None,
        GoalState::Paused => Some(t::plan::goal_paused_note()),
        GoalState::Reached => Some(t::plan::goal_reached_note()),
    };
    let change = move |chosen: GoalState| {
        let Stored { id, text, .. } = goal.get_untracked();
        let edit = PlanEdit::PutGoal { id, text: GoalText { state: chosen, ..text } };
        state.send(PlanSave { edit }, said(chosen));
    };
    let options = vec![
        (GoalState::Open, t::plan::goal_open()),
        (GoalState::Paused, t::plan::goal_paused()),
        (GoalState::Reached, t::plan::goal_reached()),
    ];
    view! {
        <fieldset class="standing">
            <legend class="unseen">{t::plan::goal_state()}</legend>
            <Seg name="goal-state" options value=Signal::derive(move || Some(now.get())) on_change=change />
            {move || note().map(|note| view! { <p class="hint">{note}</p> })}
        </fieldset>
    }
}

fn said(state: GoalState) -> &'static str {
    match state {
        GoalState::Open => t::plan::said_goal_open(),
        GoalState::Paused => t::plan::said_goal_paused(),
        GoalState::Reached => t::plan::said_goal_reached(),
    }
}
