//! Local days and hours of a named zone as instants, and back.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use trellis_api_types::Millis;

/// Longest stretch of hours that a clock leaves out, minutes.
const LONGEST_GAP: i64 = 24 * 60;

/// The zone of that name; none if it is not known here.
pub fn named(name: &str) -> Option<Tz> {
    name.parse().ok()
}

/// The day there at an instant.
pub fn day(zone: Tz, at: Millis) -> Option<NaiveDate> {
    Some(DateTime::from_timestamp_millis(at)?.with_timezone(&zone).date_naive())
}

/// The instant of a local time: the first of two, and the next minute that there is where the clock leaves it out.
pub fn instant(zone: Tz, wanted: NaiveDateTime) -> Option<Millis> {
    let at = |minutes| {
        let candidate = wanted.checked_add_signed(TimeDelta::minutes(minutes))?;
        zone.from_local_datetime(&candidate).earliest().map(|at| at.timestamp_millis())
    };
    (0..=LONGEST_GAP).find_map(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_that_there_is_not_becomes_the_next_one_that_there_is() {
        let zone = named("America/New_York").unwrap();
        let at = instant(zone, "2026-03-08T02:30:00".parse().unwrap()).unwrap();
        assert_eq!(DateTime::from_timestamp_millis(at).unwrap().to_rfc3339(), "2026-03-08T07:00:00+00:00");
        assert_eq!(named("Nowhere/At_All"), None);
    }
}
