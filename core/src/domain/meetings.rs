//! When a space meets next.

use chrono::{Datelike, Days, Months, NaiveDate};
use chrono_tz::Tz;
use trellis_api_types::Millis;
use trellis_api_types::circle::{Meeting, MonthWeek};

use super::zone;

/// Meetings to come, the next one first. One that comes again stands under its next day; one that does not is left out once
/// its day is over, where it takes place.
pub fn to_come(meetings: Vec<Meeting>, today: NaiveDate, now: Millis) -> Vec<Meeting> {
    let mut meetings: Vec<Meeting> =
        meetings.into_iter().filter_map(|meeting| coming(meeting, today, now)).collect();
    meetings.sort_by(|a, b| (a.date, a.time, &a.title).cmp(&(b.date, b.time, &b.title)));
    meetings
}

fn coming(meeting: Meeting, today: NaiveDate, now: Millis) -> Option<Meeting> {
    let zone: Option<Tz> = zone::named(&meeting.zone);
    let there = zone.and_then(|zone| zone::day(zone, now)).unwrap_or(today);
    let date = next(&meeting, there)?;
    let at = zone.and_then(|zone| zone::instant(zone, date.and_time(meeting.time)));
    Some(Meeting { date, at, ..meeting })
}

fn next(meeting: &Meeting, today: NaiveDate) -> Option<NaiveDate> {
    let passed = u64::try_from((today - meeting.date).num_days()).unwrap_or(0);
    match (meeting.every_month, u64::from(meeting.every_days)) {
        _ if meeting.date >= today => Some(meeting.date),
        (Some(week), _) => next_of_month(meeting.date, week, today),
        (None, 0) => None,
        (None, every) => meeting.date.checked_add_days(Days::new(passed.div_ceil(every) * every)),
    }
}

/// Every month has one of each; so it is this month's or the next one's.
fn next_of_month(first: NaiveDate, week: MonthWeek, today: NaiveDate) -> Option<NaiveDate> {
    let months = [today, today.checked_add_months(Months::new(1))?];
    months.into_iter().filter_map(|month| of_month(first, week, month)).find(|day| *day >= today)
}

fn of_month(like: NaiveDate, week: MonthWeek, month: NaiveDate) -> Option<NaiveDate> {
    let nth = |n| NaiveDate::from_weekday_of_month_opt(month.year(), month.month(), like.weekday(), n);
    match week {
        MonthWeek::First => nth(1),
        MonthWeek::Second => nth(2),
        MonthWeek::Third => nth(3),
        MonthWeek::Fourth => nth(4),
        MonthWeek::Last => nth(5).or_else(|| nth(4)),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveTime};

    use super::*;

    fn meeting(id: &str, date: &str, every_days: u8) -> Meeting {
        Meeting {
            id: id.into(),
            title: id.into(),
            date: date.parse().unwrap(),
            time: NaiveTime::MIN,
            place: String::new(),
            every_days,
            every_month: None,
            zone: String::new(),
            at: None,
        }
    }

    fn instant(text: &str) -> Millis {
        DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn meetings_that_come_again_move_on_and_others_go() {
        let all = vec![
            meeting("weekly", "2026-01-06", 7),
            meeting("today", "2026-03-03", 7),
            meeting("over", "2026-03-02", 0),
            meeting("once", "2026-03-04", 0),
            meeting("daily", "2026-03-02", 1),
        ];
        let to_come = to_come(all, day("2026-03-04"), 0);
        let shown: Vec<_> = to_come.iter().map(|m| (m.id.as_str(), m.date.to_string())).collect();
        let expected = [
            ("daily", "2026-03-04"),
            ("once", "2026-03-04"),
            ("today", "2026-03-10"),
            ("weekly", "2026-03-10"),
        ];
        assert_eq!(shown, expected.map(|(id, date)| (id, date.to_owned())));
    }

    #[test]
    fn a_weekday_of_the_month_is_found_in_each_month() {
        let monthly = |date: &str, week| Meeting { every_month: Some(week), ..meeting("m", date, 0) };
        let next = |date, week, today| next(&monthly(date, week), day(today)).unwrap().to_string();
        // The first Monday.
        assert_eq!(next("2026-01-05", MonthWeek::First, "2026-01-06"), "2026-02-02");
        assert_eq!(next("2026-01-05", MonthWeek::First, "2026-02-02"), "2026-02-02");
        assert_eq!(next("2026-01-05", MonthWeek::First, "2026-12-31"), "2027-01-04");
        // The last Friday: the fifth, and the fourth where there are four.
        assert_eq!(next("2026-01-30", MonthWeek::Last, "2026-01-31"), "2026-02-27");
        assert_eq!(next("2026-01-30", MonthWeek::Last, "2026-05-01"), "2026-05-29");
        assert_eq!(MonthWeek::of(day("2026-02-27")), [MonthWeek::Fourth, MonthWeek::Last]);
        assert_eq!(MonthWeek::of(day("2026-01-30")), [MonthWeek::Last]);
        assert_eq!(MonthWeek::of(day("2026-01-05")), [MonthWeek::First]);
    }

    #[test]
    fn a_meeting_keeps_its_zone_through_summer_time() {
        let seven = NaiveTime::from_hms_opt(19, 0, 0).unwrap();
        let denver = Meeting { zone: "America/Denver".into(), time: seven, ..meeting("m", "2026-03-03", 7) };
        let at = |now: &str| {
            let shown = to_come(vec![denver.clone()], day("2026-01-01"), instant(now)).remove(0);
            (shown.date.to_string(), shown.at.unwrap())
        };
        assert_eq!(at("2026-03-01T12:00:00Z"), ("2026-03-03".into(), instant("2026-03-04T02:00:00Z")));
        assert_eq!(at("2026-03-09T12:00:00Z"), ("2026-03-10".into(), instant("2026-03-11T01:00:00Z")));
        // It is still Tuesday there.
        assert_eq!(at("2026-03-11T04:00:00Z"), ("2026-03-10".into(), instant("2026-03-11T01:00:00Z")));
        let unknown = Meeting { zone: "Mars/Olympus".into(), ..denver };
        assert_eq!(to_come(vec![unknown], day("2026-03-10"), 0)[0].at, None);
    }
}
