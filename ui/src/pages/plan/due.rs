//! Dates to do something by, in words.

use chrono::NaiveDate;

use crate::{fmt, i18n::t};

/// "3 days", for a chip; what is past is said without blame.
pub fn days_left(due: NaiveDate) -> String {
    let days = (due - fmt::today()).num_days();
    match usize::try_from(days) {
        Err(_) => t::plan::due_was(fmt::date_short(due)),
        Ok(0) => t::plan::due_today().to_owned(),
        Ok(1) => t::plan::due_tomorrow().to_owned(),
        Ok(days @ 2..=30) => t::plan::due_days(days),
        Ok(_) => fmt::date_short(due),
    }
}

/// "By December 3".
pub fn by_when(due: NaiveDate) -> String {
    t::plan::due_by(fmt::date(due))
}
