//! Who sees what is being written, by the consents in force.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::Id;
use crate::command::commands;
use crate::people::SpaceKind;
use crate::plan::Dimension;
use crate::sharing::Field;

/// What is being written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum About {
    /// A check-in, about a day. It may not be stored yet.
    CheckIn {
        /// Which.
        id: Id,
        /// The day it is about.
        date: NaiveDate,
    },
    /// A goal with its steps. It may not be stored yet.
    Goal {
        /// Which.
        id: Id,
        /// Part of life.
        dimension: Dimension,
    },
    /// Milestones that are reached from today on.
    Milestones,
    /// An answer of step work.
    Answer {
        /// Worksheet.
        sheet: Id,
        /// Answer.
        id: Id,
    },
    /// What is written for a space.
    Post {
        /// Space.
        space: Id,
    },
}

/// Who sees it: the other one of a pair, or a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reader {
    /// Space.
    pub space: Id,
    /// Pair or group.
    pub kind: SpaceKind,
    /// The other's name in a pair, else the group's; may be empty.
    pub name: String,
    /// Nobody else is in yet: who is let in later sees it.
    pub alone: bool,
    /// Of a check-in: what they see, unless it is kept. Empty for all else.
    pub fields: Vec<Field>,
}

/// Who sees what is being written, and who has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Audience {
    /// Who sees it once it is saved.
    pub sees: Vec<Reader>,
    /// Of a check-in: who was sent something of it before, and what. It is theirs until it is taken back.
    pub has: Vec<Reader>,
}

commands! {
    /// Who sees what is being written now, by all consents in force.
    AudienceGet {
        /// What is being written.
        about: About,
    } as "audience_get" -> Audience;
}
