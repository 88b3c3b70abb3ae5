use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use crate::error::Error;

/// Names of the personal documents.
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
            other => other
                .strip_prefix("journal/")
                .and_then(|year| year.parse().ok())
                .map(Self::Journal)
                .ok_or_else(|| Error::new("document-unknown", "no document of that name")),
        }
    }
}
