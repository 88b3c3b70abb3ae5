//! Dates and times in the person's language and by the custom of their country, by the system's own tables (JavaScript's `Intl`).

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike, Utc};
use js_sys::{Date, Object, Reflect};
use trellis_api_types::Millis;

use crate::i18n::{language, t};
use crate::{region, zone};

/// "Sunday, November 22".
pub fn date_long(date: NaiveDate) -> String {
    capital(&show(date, &[("weekday", "long"), ("month", "long"), ("day", "numeric")]))
}

/// "March 9", with the year where it is not this one.
pub fn date(date: NaiveDate) -> String {
    if date.year() == today().year() {
        show(date, &[("month", "long"), ("day", "numeric")])
    } else {
        show(date, &[("year", "numeric"), ("month", "long"), ("day", "numeric")])
    }
}

/// "Nov 22".
pub fn date_short(date: NaiveDate) -> String {
    show(date, &[("month", "short"), ("day", "numeric")])
}

/// "Mar 3, 2024".
pub fn date_medium(date: NaiveDate) -> String {
    show(date, &[("year", "numeric"), ("month", "short"), ("day", "numeric")])
}

/// "November 2026".
pub fn month(date: NaiveDate) -> String {
    capital(&show(date, &[("year", "numeric"), ("month", "long")]))
}

/// "Nov 2026".
pub fn month_short(date: NaiveDate) -> String {
    show(date, &[("year", "numeric"), ("month", "short")])
}

/// "March", for 1 to 12.
pub fn month_name(number: u32) -> String {
    NaiveDate::from_ymd_opt(2000, number, 1)
        .map(|day| capital(&show(day, &[("month", "long")])))
        .unwrap_or_default()
}

/// "Monday".
pub fn weekday(date: NaiveDate) -> String {
    capital(&show(date, &[("weekday", "long")]))
}

/// "Monday", as it stands inside a sentence.
pub fn weekday_inside(date: NaiveDate) -> String {
    show(date, &[("weekday", "long")])
}

/// "M". Spanish writes X for Wednesday, as its calendars do.
pub fn weekday_letter(date: NaiveDate) -> String {
    show(date, &[("weekday", "narrow")])
}

/// "8:40 am", or "08:40".
pub fn time(time: NaiveTime) -> String {
    let date = Date::new_with_year_month_day_hr_min(
        2000,
        0,
        1,
        i32::try_from(time.hour()).unwrap_or(0),
        i32::try_from(time.minute()).unwrap_or(0),
    );
    clock(&date)
}

/// "8:40 am" for an instant, in local time.
pub fn time_of(at: Millis) -> String {
    time(zone::of(at).time())
}

fn clock(date: &Date) -> String {
    let wanted = [("hour", "numeric"), ("minute", "2-digit"), ("hourCycle", region::clock())];
    intl(date, &wanted).replace("AM", "am").replace("PM", "pm")
}

/// "November 22" for an instant, in local time.
pub fn date_of(at: Millis) -> String {
    date(zone::of(at).date())
}

/// "just now", "4 min ago", "3 hours ago", then the day.
pub fn ago(at: Millis) -> String {
    let minutes = usize::try_from((Utc::now().timestamp_millis() - at) / 60_000).unwrap_or(0);
    match minutes {
        0 => t::common::just_now().to_owned(),
        1..60 => t::common::minutes_ago(minutes),
        60..1440 => t::common::hours_ago(minutes / 60),
        _ => t::common::on_day(date_of(at)),
    }
}

/// The person's local day.
pub fn today() -> NaiveDate {
    zone::now().date()
}

/// The person's local time of day, to the minute.
pub fn now() -> NaiveTime {
    let now = zone::now().time();
    NaiveTime::from_hms_opt(now.hour(), now.minute(), 0).unwrap_or(now)
}

/// First letter large, for a Spanish day at the start of a line.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn show(date: NaiveDate, options: &[(&str, &str)]) -> String {
    let (month, day) = (date.month0() as i32, date.day() as i32);
    let year = u32::try_from(date.year()).unwrap_or(0);
    intl(&Date::new_with_year_month_day(year, month, day), options)
}

fn intl(date: &Date, options: &[(&str, &str)]) -> String {
    let wanted = Object::new();
    for (name, value) in options {
        // Setting a field of a fresh object does not fail.
        let _always = Reflect::set(&wanted, &(*name).into(), &(*value).into());
    }
    date.to_locale_string(&region::tag(language()), &wanted).into()
}

/// A day something is due, seen from `today`: "Today", "Tomorrow", "Monday", "March 9", "Since March 9".
pub fn due(due: NaiveDate, today: NaiveDate) -> String {
    match (due - today).num_days() {
        i64::MIN..0 => t::common::due_since(date(due)),
        0 => t::common::today().to_owned(),
        1 => t::common::due_tomorrow().to_owned(),
        2..7 => weekday(due),
        _ => capital(&date(due)),
    }
}

/// "Sunday, November 22", with the year where it is not this one.
pub fn date_full(date: NaiveDate) -> String {
    if date.year() == today().year() {
        return date_long(date);
    }
    let options = [("weekday", "long"), ("year", "numeric"), ("month", "long"), ("day", "numeric")];
    capital(&show(date, &options))
}
