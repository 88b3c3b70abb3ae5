//! Days and times in words.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use super::words::Words;

impl Words {
    /// A day in words.
    pub fn day(&self, day: NaiveDate) -> String {
        let month = usize::try_from(day.month0()).unwrap_or_default();
        self.date
            .replace("{month}", Self::at(&self.months, month))
            .replace("{day}", &day.day().to_string())
            .replace("{year}", &day.year().to_string())
    }

    /// A time of day, the same in each language.
    pub fn time(time: NaiveTime) -> String {
        format!("{}:{:02}", time.hour(), time.minute())
    }
}
