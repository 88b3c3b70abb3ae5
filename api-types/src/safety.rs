//! The safety plan: six parts, reachable in two taps.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::Id;
use crate::command::{Saved, commands};

/// The six parts, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SafetyPart {
    /// Signs a hard time is near.
    WarningSigns,
    /// What I can do by myself.
    Alone,
    /// People and places that take my mind off it.
    Distract,
    /// People who can help.
    People,
    /// Professionals and lines.
    Professionals,
    /// Making it safer.
    Safer,
}

impl SafetyPart {
    /// All six, in order.
    pub const ALL: [Self; 6] =
        [Self::WarningSigns, Self::Alone, Self::Distract, Self::People, Self::Professionals, Self::Safer];
}

/// What an entry is, for its mark and buttons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SafetyKind {
    /// A sentence.
    #[default]
    Text,
    /// A person.
    Person,
    /// A place.
    Place,
    /// A line or a professional.
    Line,
}

/// One entry of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SafetyEntry {
    /// Made by the screen.
    pub id: Id,
    /// Part.
    pub part: SafetyPart,
    /// What it is.
    pub kind: SafetyKind,
    /// The words, or a name.
    pub text: String,
    /// A second line.
    pub detail: String,
    /// Number to call, if any; digits and `+*#` kept as typed.
    pub phone: String,
    /// Whether that number takes texts.
    pub texts: bool,
}

/// The whole safety plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SafetyPlan {
    /// Entries in the person's order within each part.
    pub entries: Vec<SafetyEntry>,
    /// Day of the last change or reading over.
    pub reviewed_on: Option<NaiveDate>,
    /// Number to call in danger instead of the country's; empty for that one.
    pub emergency_number: String,
}

/// One change of the safety plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SafetyEdit {
    /// Adds at the end of its part, or replaces by id.
    Put(SafetyEntry),
    /// Removes.
    Remove(Id),
    /// Moves before another of the same part, or to the end.
    Move {
        /// Which.
        id: Id,
        /// Entry that will follow it.
        before: Option<Id>,
    },
    /// "I have read it over today."
    Reviewed,
}

commands! {
    /// The whole safety plan.
    SafetyGet {} as "safety_get" -> SafetyPlan;
    /// One change. Errors: `not-found`, `too-long`, `empty-text`.
    SafetySave {
        /// The change.
        edit: SafetyEdit,
    } as "safety_save" -> Saved;
}
