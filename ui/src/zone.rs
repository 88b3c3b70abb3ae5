//! Where the clocks are set to: local days and hours as instants, and back. The page notices by itself no zone that changes
//! while it is open; the shell tells.

use std::cell::RefCell;

use chrono::{
    DateTime, FixedOffset, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc,
};
use trellis_api_types::{Millis, app::Zone};

/// Longest stretch of hours that a clock leaves out, minutes: a day, where a country changed its side of the date line.
const LONGEST_GAP: i64 = 24 * 60;

thread_local! {
    static TOLD: RefCell<Option<Zone>> = const { RefCell::new(None) };
}

/// The zone is another than when the page was opened, or it is another day in it.
pub fn set(zone: &Zone) {
    TOLD.set(Some(zone.clone()));
}

/// Name of the zone, where it is another than the page believes.
pub fn name() -> Option<String> {
    TOLD.with_borrow(|told| told.as_ref().map(|zone| zone.name.clone()).filter(|name| !name.is_empty()))
}

/// Name of the zone here; empty if the system does not say.
pub fn here() -> String {
    name().unwrap_or_else(|| {
        let zones = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
        let zone = js_sys::Reflect::get(&zones.resolved_options(), &"timeZone".into());
        zone.ok().and_then(|zone| zone.as_string()).unwrap_or_default()
    })
}

/// "Denver" of "America/Denver".
pub fn city(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or_default().replace('_', " ")
}

/// The local date and time.
pub fn now() -> NaiveDateTime {
    of(Utc::now().timestamp_millis())
}

/// An instant in local time.
pub fn of(at: Millis) -> NaiveDateTime {
    let utc = DateTime::from_timestamp_millis(at).unwrap_or_default();
    match told() {
        Some(zone) => utc.with_timezone(&zone).naive_local(),
        None => utc.with_timezone(&Local).naive_local(),
    }
}

/// The instant of a local day and time: the first of two, and the next minute that there is where the clock leaves it out.
pub fn instant(day: NaiveDate, time: NaiveTime) -> Option<Millis> {
    match told() {
        Some(zone) => instant_in(&zone, day.and_time(time)),
        None => instant_in(&Local, day.and_time(time)),
    }
}

/// Tomorrow at this hour, on the full hour of the local clock.
pub fn tomorrow() -> Option<Millis> {
    let now = now();
    instant(now.date().succ_opt()?, NaiveTime::from_hms_opt(now.hour(), 0, 0)?)
}

fn told() -> Option<FixedOffset> {
    TOLD.with_borrow(|told| FixedOffset::east_opt(told.as_ref()?.ahead * 60))
}

/// A page's own calendar moves an hour that there is not; so each minute is asked whether it is what it says.
fn instant_in<Z: TimeZone>(zone: &Z, wanted: NaiveDateTime) -> Option<Millis> {
    let first = |minutes| {
        let candidate = wanted.checked_add_signed(TimeDelta::minutes(minutes))?;
        let at = zone.from_local_datetime(&candidate).earliest()?;
        (at.naive_local() == candidate).then(|| at.timestamp_millis())
    };
    (0..=LONGEST_GAP).find_map(first)
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;

    fn at(zone: Tz, wanted: &str) -> String {
        let at = instant_in(&zone, wanted.parse().unwrap()).unwrap();
        DateTime::from_timestamp_millis(at).unwrap().with_timezone(&zone).to_rfc3339()
    }

    #[test]
    fn an_hour_that_there_is_not_becomes_the_next_minute_that_there_is() {
        assert_eq!(at(Tz::America__New_York, "2026-03-08T02:30:00"), "2026-03-08T03:00:00-04:00");
        assert_eq!(at(Tz::Australia__Lord_Howe, "2026-10-04T02:10:00"), "2026-10-04T02:30:00+11:00");
        assert_eq!(at(Tz::Africa__Cairo, "2026-04-24T00:15:00"), "2026-04-24T01:00:00+03:00");
        assert_eq!(at(Tz::Pacific__Apia, "2011-12-30T10:00:00"), "2011-12-31T00:00:00+14:00");
    }

    #[test]
    fn a_zone_is_named_by_its_city() {
        assert_eq!(
            (city("America/Argentina/Buenos_Aires").as_str(), city("UTC").as_str()),
            ("Buenos Aires", "UTC")
        );
    }

    #[test]
    fn of_an_hour_that_comes_twice_it_is_the_first() {
        assert_eq!(at(Tz::America__New_York, "2026-11-01T01:30:00"), "2026-11-01T01:30:00-04:00");
    }

    #[test]
    fn another_zone_while_the_page_is_open_is_the_zone_from_then_on() {
        let noon = DateTime::parse_from_rfc3339("2026-11-27T23:00:00Z").unwrap().timestamp_millis();
        set(&Zone { name: "Asia/Kolkata".into(), ahead: 330 });
        assert_eq!(of(noon), "2026-11-28T04:30:00".parse().unwrap());
        assert_eq!(instant("2026-11-28".parse().unwrap(), "04:30:00".parse().unwrap()), Some(noon));
        assert_eq!(of(tomorrow().unwrap()).time().minute(), 0, "the full hour of the local clock");
        set(&Zone { name: "America/Denver".into(), ahead: -420 });
        assert_eq!(
            (of(noon).date(), name().as_deref()),
            ("2026-11-27".parse().unwrap(), Some("America/Denver"))
        );
    }
}
