//! The way come so far.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::command::commands;
use crate::today::DayMark;

/// Four separate figures. A return to use changes only the current run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Journey start.
    pub start: NaiveDate,
    /// Days in recovery all together: from the start to today, without days of use.
    pub total_days: u32,
    /// Days since the last return to use, or since the start.
    pub current_run: u32,
    /// Longest run.
    pub best_run: u32,
}

/// A milestone of the days in recovery all together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    /// What it marks: 30 is thirty days. Its calendar name goes by [`Length::of`]: 180 is six months, 365 a year.
    pub days: u32,
    /// Day it was or will be reached.
    pub date: NaiveDate,
    /// Already reached.
    pub reached: bool,
}

/// How long a milestone says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// So many days.
    Days(u32),
    /// So many months by the calendar.
    Months(u32),
    /// So many years by the calendar.
    Years(u32),
}

impl Length {
    /// Returns what the number of a milestone stands for, the same in one's own journey and where it is shared.
    pub fn of(days: u32) -> Self {
        match days {
            180 => Self::Months(6),
            270 => Self::Months(9),
            545 => Self::Months(18),
            365.. if days.is_multiple_of(365) => Self::Years(days / 365),
            _ => Self::Days(days),
        }
    }
}

/// What the journey screen shows for a span of days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Journey {
    /// Absent while no start is known.
    pub figures: Option<Figures>,
    /// Every day of the span, oldest first.
    pub days: Vec<DayMark>,
    /// Total days' milestones: those reached and the next one, oldest first.
    pub milestones: Vec<Milestone>,
    /// Day of the first check-in, if any.
    pub first_checkin: Option<NaiveDate>,
    /// The person's local day.
    pub today: NaiveDate,
}

commands! {
    /// Figures, and the days from `from` to `to` (at most 400).
    JourneyGet {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
    } as "journey_get" -> Journey;
}
