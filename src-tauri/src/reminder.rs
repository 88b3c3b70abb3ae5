//! The daily notice, in words that tell a stranger nothing.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;
use trellis_api_types::settings::Language;

use crate::words::Words;

/// The day for which the notice was given last, and its hour then.
#[derive(Debug, Default)]
pub struct Given(Option<(NaiveTime, NaiveDate)>);

impl Given {
    /// Whether the clock came to `hour` between two looks, by a day for which no notice was given: once a day, also when the
    /// clock goes back or is in another zone.
    pub fn is_due(&mut self, before: NaiveDateTime, now: NaiveDateTime, hour: NaiveTime) -> bool {
        let today = now.date();
        let day = if now.time() >= hour { today } else { today.pred_opt().unwrap_or(today) };
        let again = self.0.is_some_and(|(then, given)| then == hour && given >= day);
        let due = day.and_time(hour) > before && !again;
        if due {
            self.0 = Some((hour, day));
        }
        due
    }
}

/// Shows the daily notice.
pub fn show(app: &AppHandle, language: Language) {
    say(app, &Words::of(language).notice);
}

/// Somebody waits for this person; who and why stands inside only.
pub fn show_waiting(app: &AppHandle, language: Language) {
    say(app, &Words::of(language).waiting);
}

fn say(app: &AppHandle, words: &str) {
    if let Err(error) = app.notification().builder().title("Trellis").body(words).show() {
        tracing::warn!(%error, "notice");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn due(given: &mut Given, before: &str, now: &str, hour: &str) -> bool {
        given.is_due(at(before), at(now), hour.parse().unwrap())
    }

    #[test]
    fn the_notice_comes_once_a_day() {
        let given = &mut Given::default();
        assert!(!due(given, "2026-03-01T19:59:50", "2026-03-01T19:59:55", "20:00:00"));
        assert!(due(given, "2026-03-01T19:59:55", "2026-03-01T20:00:00", "20:00:00"));
        assert!(!due(given, "2026-03-01T20:00:00", "2026-03-01T20:00:05", "20:00:00"));
        assert!(due(given, "2026-03-02T19:59:59", "2026-03-02T20:00:04", "20:00:00"));
    }

    #[test]
    fn after_sleep_it_comes_once_and_then_at_its_hour() {
        let given = &mut Given::default();
        assert!(due(given, "2026-12-30T10:00:00", "2027-01-01T07:00:00", "20:00:00"));
        assert!(due(given, "2027-01-01T19:59:59", "2027-01-01T20:00:04", "20:00:00"));
    }

    #[test]
    fn an_hour_that_does_not_exist_comes_with_the_next_minute() {
        let given = &mut Given::default();
        assert!(due(given, "2026-03-08T01:59:58", "2026-03-08T03:00:03", "02:30:00"));
    }

    #[test]
    fn an_hour_that_comes_twice_is_told_once() {
        let given = &mut Given::default();
        assert!(due(given, "2026-11-01T01:29:58", "2026-11-01T01:30:03", "01:30:00"));
        assert!(!due(given, "2026-11-01T01:59:58", "2026-11-01T01:00:03", "01:30:00"));
        assert!(!due(given, "2026-11-01T01:29:58", "2026-11-01T01:30:03", "01:30:00"));
        // Berlin at eight, New York at eight of the same day; then Honolulu, where it is the day before.
        assert!(due(given, "2026-11-02T19:59:58", "2026-11-02T20:00:03", "20:00:00"));
        assert!(!due(given, "2026-11-02T20:00:03", "2026-11-02T14:00:08", "20:00:00"));
        assert!(!due(given, "2026-11-02T19:59:58", "2026-11-02T20:00:03", "20:00:00"));
        assert!(!due(given, "2026-11-01T19:59:58", "2026-11-01T20:00:03", "20:00:00"));
        assert!(due(given, "2026-11-03T19:59:58", "2026-11-03T20:00:03", "20:00:00"));
    }

    #[test]
    fn another_hour_of_the_same_day_is_told_too() {
        let given = &mut Given::default();
        assert!(due(given, "2026-03-01T19:59:55", "2026-03-01T20:00:00", "20:00:00"));
        assert!(due(given, "2026-03-01T20:59:55", "2026-03-01T21:00:00", "21:00:00"));
    }
}
