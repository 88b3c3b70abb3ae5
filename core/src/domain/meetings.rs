//! When a space meets next.

use chrono::{Days, NaiveDate};
use trellis_api_types::circle::Meeting;

/// Meetings to come, the next one first. One that comes again stands under its next day; one that does not is left out once
/// its day is over.
pub fn to_come(meetings: Vec<Meeting>, today: NaiveDate) -> Vec<Meeting> {
    let mut meetings: Vec<Meeting> = meetings
        .into_iter()
        .filter_map(|meeting| Some(Meeting { date: next(&meeting, today)?, ..meeting }))
        .collect();
    meetings.sort_by(|a, b| (a.date, a.time, &a.title).cmp(&(b.date, b.time, &b.title)));
    meetings
}

fn next(meeting: &Meeting, today: NaiveDate) -> Option<NaiveDate> {
    let passed = u64::try_from((today - meeting.date).num_days()).unwrap_or(0);
    match u64::from(meeting.every_days) {
        _ if meeting.date >= today => Some(meeting.date),
        0 => None,
        every => meeting.date.checked_add_days(Days::new(passed.div_ceil(every) * every)),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;

    fn meeting(id: &str, date: &str, every_days: u8) -> Meeting {
        let (time, place) = (NaiveTime::MIN, String::new());
        Meeting { id: id.into(), title: id.into(), date: date.parse().unwrap(), time, place, every_days }
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
        let to_come = to_come(all, "2026-03-04".parse().unwrap());
        let shown: Vec<_> = to_come.iter().map(|m| (m.id.as_str(), m.date.to_string())).collect();
        let expected = [
            ("daily", "2026-03-04"),
            ("once", "2026-03-04"),
            ("today", "2026-03-10"),
            ("weekly", "2026-03-10"),
        ];
        assert_eq!(shown, expected.map(|(id, date)| (id, date.to_owned())));
    }
}
