//! The first screen.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::checkin::Mood;
use crate::circle::HelpWord;
use crate::command::commands;
use crate::need::OwnCall;
use crate::plan::{Dimension, Need, Step};
use crate::safety::SafetyEntry;
use crate::{Id, Millis};

/// One day on a wire or calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayMark {
    /// Day.
    pub date: NaiveDate,
    /// Mood of the latest check-in of that day.
    pub mood: Option<Mood>,
    /// Highest urge of that day.
    pub urge: Option<u8>,
    /// A return to use was logged.
    pub returned: bool,
    /// How many check-ins.
    pub count: u16,
}

/// A step with the goal it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TodayStep {
    /// Goal.
    pub goal: Id,
    /// Goal's words.
    pub goal_title: String,
    /// Goal's dimension.
    pub dimension: Dimension,
    /// The step.
    pub step: Step,
}

/// Somebody who needs this person now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TodayCall {
    /// Space.
    pub space: Id,
    /// Record.
    pub key: Id,
    /// Who asks.
    pub account: Id,
    /// Their name; empty until it has come.
    pub name: String,
    /// When.
    pub at: Millis,
    /// What this person answered; absent before they opened it.
    pub word: Option<HelpWord>,
}

/// What the first screen shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Today {
    /// This person's own call for help, while it stands.
    pub own_call: Option<OwnCall>,
    /// Calls for help that this person is asked by, those without an answer first, then the newest.
    pub calls: Vec<TodayCall>,
    /// The person's local day.
    pub date: NaiveDate,
    /// Local hour, for the greeting, 0 to 23.
    pub hour: u8,
    /// What to be called.
    pub name: String,
    /// Seven days, oldest first, today last.
    pub week: Vec<DayMark>,
    /// Check-ins of today, latest first: id and the time that each is about.
    pub checked_in: Vec<(Id, NaiveTime)>,
    /// Steps due by today, being done, without a date, or done today; at most seven.
    pub steps: Vec<TodayStep>,
    /// Unmet needs due within two weeks or without a date; at most seven.
    pub needs: Vec<Need>,
    /// Something is in the plan.
    pub has_plan: bool,
    /// Days in recovery all together; absent without a start, or where the person does not want to see them here.
    pub days: Option<u32>,
    /// Own words of the plan, with their day.
    pub own_words: Option<(String, NaiveDate)>,
    /// The 24 words were not written down yet.
    pub phrase_pending: bool,
    /// The first person of the safety plan with a number, for "Call ...".
    pub call_first: Option<SafetyEntry>,
}

commands! {
    /// The first screen.
    TodayGet {} as "today_get" -> Today;
}
