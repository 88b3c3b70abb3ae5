//! When a line answers.

use chrono::{Datelike, Days, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Deserializer, de::Error};

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// Hours on some days of the week, in the line's own time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Days: 1 is Monday, 7 is Sunday.
    pub days: Vec<u8>,
    /// From this minute of the day.
    #[serde(deserialize_with = "minute")]
    pub from: u16,
    /// Until this one, not included.
    #[serde(deserialize_with = "minute")]
    pub to: u16,
}

fn minute<'de, D: Deserializer<'de>>(from: D) -> Result<u16, D::Error> {
    let text = String::deserialize(from)?;
    let parts =
        text.split_once(':').and_then(|(h, m)| Some((h.parse::<u16>().ok()?, m.parse::<u16>().ok()?)));
    let minute =
        parts.filter(|(hour, minute)| *hour <= 24 && *minute < 60).map(|(hour, minute)| hour * 60 + minute);
    minute.filter(|minute| *minute <= DAY).ok_or_else(|| D::Error::custom("not an hour"))
}

/// When it opens next; None while it is open, and where it never closes.
pub fn opens(spans: &[Span], now: NaiveDateTime) -> Option<NaiveDateTime> {
    if spans.is_empty() {
        return None;
    }
    let minute =
        u16::try_from(now.signed_duration_since(now.date().and_time(NaiveTime::MIN)).num_minutes()).ok()?;
    let today = day(now);
    let open = |span: &Span| span.days.contains(&today) && (span.from..span.to).contains(&minute);
    if spans.iter().any(open) {
        return None;
    }
    let starts = (0..=7).flat_map(|ahead| spans.iter().filter_map(move |span| start(span, now, ahead)));
    starts.filter(|start| *start > now).min()
}

fn day(at: NaiveDateTime) -> u8 {
    u8::try_from(at.weekday().number_from_monday()).unwrap_or_default()
}

fn start(span: &Span, now: NaiveDateTime, ahead: u64) -> Option<NaiveDateTime> {
    let midnight = now.date().checked_add_days(Days::new(ahead))?.and_time(NaiveTime::MIN);
    span.days.contains(&day(midnight)).then(|| midnight + chrono::TimeDelta::minutes(span.from.into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn office() -> Vec<Span> {
        serde_json::from_str(
            r#"[{"days":[1,2,3,4,5],"from":"09:30","to":"17:30"},{"days":[6],"from":"09:00","to":"24:00"}]"#,
        )
        .unwrap()
    }

    #[test]
    fn a_line_that_is_always_there_never_opens() {
        assert_eq!(opens(&[], at("2026-11-27T03:00:00")), None);
    }

    #[test]
    fn a_closed_line_says_when_it_opens() {
        // 2026-11-27 is a Friday.
        for (now, opens_at) in [
            ("2026-11-27T09:29:59", Some("2026-11-27T09:30:00")),
            ("2026-11-27T09:30:00", None),
            ("2026-11-27T17:29:59", None),
            ("2026-11-27T17:30:00", Some("2026-11-28T09:00:00")),
            ("2026-11-28T23:59:59", None),
            ("2026-11-29T12:00:00", Some("2026-11-30T09:30:00")),
        ] {
            assert_eq!(opens(&office(), at(now)), opens_at.map(at), "{now}");
        }
    }

    #[test]
    fn what_is_no_hour_is_refused() {
        for wrong in ["9", "25:00", "24:01", "09:60", "x:y"] {
            let span = format!(r#"{{"days":[1],"from":"{wrong}","to":"24:00"}}"#);
            assert!(serde_json::from_str::<Span>(&span).is_err(), "{wrong}");
        }
    }
}
