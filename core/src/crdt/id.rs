use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use crate::error::Error;

/// Names of documents: the person's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocId {
    /// The recovery plan.
    Plan,
    /// The safety plan.
    Safety,
    /// Settings shared by one's devices.
    Settings,
    /// Check-ins that were about a day of this year when they were made; editing the day later moves nothing.
    Journal(i32),
    /// Keys of shared spaces, invitations made and answered.
    Spaces,
    /// What only this person knows of others: phone numbers, who is blocked, whom a call for help goes to.
    People,
    /// Step work.
    Work,
    /// A coach's calls, notes and log of supervision.
    Coach,
    /// The board of a shared space as an earlier version kept it. It has no name to read: nobody sends one.
    Board([u8; 32]),
}

impl DocId {
    /// The journal that takes a new check-in about `date`.
    pub fn journal(date: NaiveDate) -> Self {
        Self::Journal(date.year())
    }
}

impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan => f.write_str("plan"),
            Self::Safety => f.write_str("safety"),
            Self::Settings => f.write_str("settings"),
            Self::Journal(year) => write!(f, "journal/{year}"),
            Self::Spaces => f.write_str("spaces"),
            Self::People => f.write_str("people"),
            Self::Work => f.write_str("work"),
            Self::Coach => f.write_str("coach"),
            Self::Board(space) => write!(f, "board/{}", hex::encode(space)),
        }
    }
}

impl FromStr for DocId {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "plan" => Ok(Self::Plan),
            "safety" => Ok(Self::Safety),
            "settings" => Ok(Self::Settings),
            "spaces" => Ok(Self::Spaces),
            "people" => Ok(Self::People),
            "work" => Ok(Self::Work),
            "coach" => Ok(Self::Coach),
            other => journal(other).ok_or_else(|| Error::new("document-unknown", "no document of that name")),
        }
    }
}

/// The journal of a year.
fn journal(name: &str) -> Option<DocId> {
    let year = name.strip_prefix("journal/")?;
    year.parse().ok().map(DocId::Journal)
}
