//! The recovery plan: strengths, urgent needs, goals with steps in four dimensions.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::Id;
use crate::command::{Saved, commands};

/// Dimensions that order the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Dimension {
    /// Health.
    Health,
    /// Home.
    Home,
    /// Purpose.
    Purpose,
    /// Community.
    Community,
}

impl Dimension {
    /// All four, in order.
    pub const ALL: [Self; 4] = [Self::Health, Self::Home, Self::Purpose, Self::Community];
}

/// A line of one's own words in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Made by the screen.
    pub id: Id,
    /// The words.
    pub text: String,
}

/// Something that cannot wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Need {
    /// Made by the screen.
    pub id: Id,
    /// What.
    pub text: String,
    /// More about it.
    pub detail: String,
    /// Needed by then.
    pub due: Option<NaiveDate>,
    /// Met.
    pub done: bool,
}

/// State of a goal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GoalState {
    /// Being worked on.
    #[default]
    Open,
    /// Resting.
    Paused,
    /// Reached.
    Reached,
}

/// State of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepState {
    /// Not begun.
    #[default]
    ToDo,
    /// Begun.
    Doing,
    /// Done.
    Done,
}

/// A step of a goal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Made by the screen.
    pub id: Id,
    /// What.
    pub text: String,
    /// More about it.
    pub detail: String,
    /// By when.
    pub due: Option<NaiveDate>,
    /// State.
    pub state: StepState,
}

/// A goal, without its lists: what an edit replaces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GoalText {
    /// Dimension.
    pub dimension: Dimension,
    /// What.
    pub title: String,
    /// Why, in own words.
    pub reason: String,
    /// State.
    pub state: GoalState,
}

/// A goal with all it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// Made by the screen.
    pub id: Id,
    /// Its words and state.
    #[serde(flatten)]
    pub text: GoalText,
    /// Steps in the person's order.
    pub steps: Vec<Step>,
    /// What helps.
    pub helps: Vec<Line>,
    /// Who helps.
    pub supporters: Vec<Line>,
}

/// The whole plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Why, in the person's own words; shown on Today.
    pub own_words: String,
    /// Day the own words were last changed.
    pub own_words_on: Option<NaiveDate>,
    /// What I am good at.
    pub strengths: Vec<Line>,
    /// What cannot wait, unmet first, by date.
    pub needs: Vec<Need>,
    /// Goals by dimension, in the person's order.
    pub goals: Vec<Goal>,
}

/// Lists of lines that belong to the plan or a goal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LineList {
    /// Strengths.
    Strengths,
    /// What helps with this goal.
    Helps(Id),
    /// Who helps with this goal.
    Supporters(Id),
}

/// One change of the plan. A `Put` adds at the end or replaces by id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PlanEdit {
    /// Own words.
    OwnWords(String),
    /// Adds or changes a line.
    PutLine {
        /// Where.
        list: LineList,
        /// The line.
        line: Line,
    },
    /// Removes a line.
    RemoveLine {
        /// Where.
        list: LineList,
        /// Which.
        id: Id,
    },
    /// Adds or changes a need.
    PutNeed(Need),
    /// Removes a need.
    RemoveNeed(Id),
    /// Adds or changes a goal's words and state; its lists stay.
    PutGoal {
        /// Which.
        id: Id,
        /// Words and state.
        text: GoalText,
    },
    /// Removes a goal with its lists.
    RemoveGoal(Id),
    /// Moves a goal before another, or to the end.
    MoveGoal {
        /// Which.
        id: Id,
        /// Goal that will follow it.
        before: Option<Id>,
    },
    /// Adds or changes a step.
    PutStep {
        /// Goal.
        goal: Id,
        /// The step.
        step: Step,
    },
    /// Removes a step.
    RemoveStep {
        /// Goal.
        goal: Id,
        /// Step.
        id: Id,
    },
    /// Moves a step before another, or to the end.
    MoveStep {
        /// Goal.
        goal: Id,
        /// Step.
        id: Id,
        /// Step that will follow it.
        before: Option<Id>,
    },
}

commands! {
    /// The whole plan.
    PlanGet {} as "plan_get" -> Plan;
    /// One change. Errors: `not-found`, `too-long`, `empty-text`.
    PlanSave {
        /// The change.
        edit: PlanEdit,
    } as "plan_save" -> Saved;
}
