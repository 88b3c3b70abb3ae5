//! Check-ins: one moment of a day, in the person's own answers.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::command::{Saved, commands};
use crate::{Id, Millis};

/// Mood, from very low to great.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Mood {
    /// 1
    VeryLow,
    /// 2
    Low,
    /// 3
    Okay,
    /// 4
    Good,
    /// 5
    Great,
}

/// Hungry, angry, lonely, tired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Halt {
    /// Hungry.
    Hungry,
    /// Angry.
    Angry,
    /// Lonely.
    Lonely,
    /// Tired.
    Tired,
}

/// Use since the last check-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Use {
    /// Did not use.
    NotUsed,
    /// Used.
    Used,
    /// Rather not say.
    RatherNotSay,
}

/// Medication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Medication {
    /// Taken.
    Taken,
    /// Not yet.
    NotYet,
    /// Skipped.
    Skipped,
}

/// The parts of a check-in that stay with the person, whatever they agreed to share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// All of it.
    pub all: bool,
    /// Whether they used.
    pub used: bool,
    /// The note.
    pub note: bool,
}

/// One check-in. Only mood is always there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckIn {
    /// Made by the screen.
    pub id: Id,
    /// Day it is about.
    pub date: NaiveDate,
    /// Time of day it is about.
    pub time: NaiveTime,
    /// Mood.
    pub mood: Mood,
    /// Urge, 0 to 10.
    pub urge: Option<u8>,
    /// Any that fit.
    pub halt: Vec<Halt>,
    /// Use since the last check-in.
    pub used: Option<Use>,
    /// Medication, where tracked.
    pub medication: Option<Medication>,
    /// Tags.
    pub tags: Vec<String>,
    /// Own words.
    pub note: String,
    /// What was learned, after a return to use; own words.
    pub learned: String,
    /// The parts that no one else gets.
    #[serde(default)]
    pub kept: Kept,
    /// When it was last edited; set by the core.
    pub edited_at: Millis,
}

commands! {
    /// One check-in. Error: `not-found`.
    CheckInGet {
        /// Which.
        id: Id,
    } as "checkin_get" -> CheckIn;
    /// Check-ins of these days, newest first.
    CheckInList {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
    } as "checkin_list" -> Vec<CheckIn>;
    /// Adds or replaces by id. Errors: `bad-urge`, `bad-date` (in the future, and not its day before), `too-long`.
    CheckInSave {
        /// All of it.
        checkin: CheckIn,
    } as "checkin_save" -> Saved;
    /// Deletes.
    CheckInDelete {
        /// Which.
        id: Id,
    } as "checkin_delete" -> Saved;
}
