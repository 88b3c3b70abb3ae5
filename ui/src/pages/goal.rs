//! One goal: its words, how it stands, steps, what helps, who helps.

mod lines;
mod steps;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use trellis_api_types::plan::{Goal as Stored, GoalState, GoalText, LineList, PlanEdit, PlanGet, PlanSave};

use super::plan::edit::{Edit, EditSheet, Editor};
use super::plan::{dimension_mark, dimension_words};
use crate::components::{Empty, Icon, Mover, Page, Seg, TopBar, icon, shown};
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
            {shown(plan, move |plan| match plan.goals.into_iter().find(|g| g.id == id.get()) {
                Some(goal) => whole(goal, editor, mover, ordering).into_any(),
                None => gone().into_any(),
            })}
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

fn whole(goal: Stored, editor: Editor, mover: Mover, ordering: RwSignal<bool>) -> impl IntoView {
    let helps = LineList::Helps(goal.id.clone());
    let supporters = LineList::Supporters(goal.id.clone());
    view! {
        {heading(&goal, editor)}
        <div class="cols">
            <div>
                <Standing id=goal.id.clone() text=goal.text.clone() />
                <Steps goal=goal.id steps=goal.steps editor mover ordering />
            </div>
            <div>
                <Lines list=helps lines=goal.helps title=t::plan::helps() ask=t::plan::helps_empty() add=t::plan::add_help() editor />
                <Lines list=supporters lines=goal.supporters title=t::plan::supporters() ask=t::plan::supporters_empty() add=t::plan::add_supporter() editor />
            </div>
        </div>
    }
}

fn heading(goal: &Stored, editor: Editor) -> impl IntoView + use<> {
    let reason = goal.text.reason.trim();
    let why = if reason.is_empty() { None } else { Some(t::plan::said(reason)) };
    let edited = goal.clone();
    view! {
        <div class="title goal-title">
            <p class="dim-line">{dimension_mark(goal.text.dimension)}<span>{dimension_words(goal.text.dimension)}</span></p>
            <h1>{goal.text.title.clone()}</h1>
            {why.map(|why| view! { <p class="own said">{why}</p> })}
            <button id="edit-goal" class="btn plain" type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(Edit::goal(&edited))>
                {icon(Icon::PENCIL_SIMPLE)}
                {t::plan::goal_edit()}
            </button>
        </div>
    }
}

/// Working on it, resting, or reached.
#[component]
fn Standing(id: String, text: GoalText) -> impl IntoView {
    let state = state();
    let now = text.state;
    let note = match now {
        GoalState::Open => None,
        GoalState::Paused => Some(t::plan::goal_paused_note()),
        GoalState::Reached => Some(t::plan::goal_reached_note()),
    };
    let change = move |chosen: GoalState| {
        let edit = PlanEdit::PutGoal { id: id.clone(), text: GoalText { state: chosen, ..text.clone() } };
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
            <Seg name="goal-state" options value=Signal::stored(Some(now)) on_change=change />
            {note.map(|note| view! { <p class="hint">{note}</p> })}
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
