//! Changing the plan: one sheet, whatever is changed.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::plan::{Dimension, Goal, GoalText, Line, LineList, Need, PlanEdit, PlanSave, Step};
use trellis_api_types::{ApiError, Id};

use super::forms::{GoalForm, LineForm, NeedForm, OwnWordsForm, StepForm};
use crate::components::{Problem, Sheet, new_id};
use crate::i18n::t;
use crate::state::state;

/// What is being changed. `new` tells a thing that is not stored yet.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Something that cannot wait.
    Need { need: Need, new: bool },
    /// A goal's words.
    Goal { id: Id, text: GoalText, new: bool },
    /// A step of a goal.
    Step { goal: Id, step: Step, new: bool },
    /// A line of a list.
    Line { list: LineList, line: Line, new: bool },
    /// Why, in own words.
    OwnWords(String),
}

impl Edit {
    /// A need that is not there yet.
    pub fn new_need() -> Self {
        let need = Need { id: new_id(), text: String::new(), detail: String::new(), due: None, done: false };
        Self::Need { need, new: true }
    }

    /// A need that is there.
    pub fn need(need: Need) -> Self {
        Self::Need { need, new: false }
    }

    /// A goal that is not there yet.
    pub fn new_goal(dimension: Dimension) -> Self {
        let text =
            GoalText { dimension, title: String::new(), reason: String::new(), state: Default::default() };
        Self::Goal { id: new_id(), text, new: true }
    }

    /// A goal that is there.
    pub fn goal(goal: &Goal) -> Self {
        Self::Goal { id: goal.id.clone(), text: goal.text.clone(), new: false }
    }

    /// A step that is not there yet.
    pub fn new_step(goal: Id) -> Self {
        let step = Step {
            id: new_id(),
            text: String::new(),
            detail: String::new(),
            due: None,
            state: Default::default(),
        };
        Self::Step { goal, step, new: true }
    }

    /// A line that is not there yet.
    pub fn new_line(list: LineList) -> Self {
        Self::Line { list, line: Line { id: new_id(), text: String::new() }, new: true }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Need { new: true, .. } => t::plan::need_new(),
            Self::Need { .. } => t::plan::need_edit(),
            Self::Goal { new: true, .. } => t::plan::goal_new(),
            Self::Goal { .. } => t::plan::goal_edit(),
            Self::Step { new: true, .. } => t::plan::step_new(),
            Self::Step { .. } => t::plan::step_edit(),
            Self::Line { list: LineList::Strengths, .. } => t::plan::strengths(),
            Self::Line { list: LineList::Helps(_), .. } => t::plan::helps(),
            Self::Line { list: LineList::Supporters(_), .. } => t::plan::supporters(),
            Self::OwnWords(_) => t::plan::why(),
        }
    }
}

/// Opens the sheet, and closes it when the change is stored.
#[derive(Clone, Copy, Default)]
pub struct Editor {
    open: RwSignal<bool>,
    what: RwSignal<Option<Edit>>,
    problem: RwSignal<Option<ApiError>>,
}

impl Editor {
    /// Opens the sheet for this.
    pub fn edit(self, what: Edit) {
        self.what.set(Some(what));
        self.problem.set(None);
        self.open.set(true);
    }

    /// Stores a change; the sheet stays open, with what was typed, when that fails. Then goes on with `then`.
    pub fn save(self, edit: PlanEdit, said: &'static str, then: impl FnOnce() + 'static) {
        let state = state();
        spawn_local(async move {
            match state.save(PlanSave { edit }, said).await {
                Ok(()) => {
                    state.sheet_stored();
                    self.open.set(false);
                    then();
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }
}

/// The sheet; once on a page.
#[component]
pub fn EditSheet(editor: Editor) -> impl IntoView {
    let title = Signal::derive(move || editor.what.with(|w| w.as_ref().map_or("", Edit::title)).to_owned());
    view! {
        <Sheet open=editor.open title>
            {move || editor.what.get().map(|what| form(what, editor))}
            {move || editor.problem.get().map(|problem| view! { <Problem problem /> })}
        </Sheet>
    }
}

fn form(what: Edit, editor: Editor) -> AnyView {
    match what {
        Edit::Need { need, new } => view! { <NeedForm need new editor /> }.into_any(),
        Edit::Goal { id, text, new } => view! { <GoalForm id text new editor /> }.into_any(),
        Edit::Step { goal, step, new } => view! { <StepForm goal step new editor /> }.into_any(),
        Edit::Line { list, line, new } => view! { <LineForm list line new editor /> }.into_any(),
        Edit::OwnWords(words) => view! { <OwnWordsForm words editor /> }.into_any(),
    }
}
