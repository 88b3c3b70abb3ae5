//! The daily notice, in words that tell a stranger nothing.

use chrono::{Duration, NaiveDateTime, NaiveTime};
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;
use trellis_api_types::settings::Language;

use crate::words::Words;

/// The next time the clock shows `hour`, strictly after `now`.
pub fn next(now: NaiveDateTime, hour: NaiveTime) -> NaiveDateTime {
    let today = now.date().and_time(hour);
    if today > now { today } else { today + Duration::days(1) }
}

/// Shows the notice.
pub fn show(app: &AppHandle, language: Language) {
    let words = Words::of(language).notice;
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

    #[test]
    fn the_notice_comes_once_a_day() {
        let hour = NaiveTime::from_hms_opt(20, 0, 0).unwrap();
        assert_eq!(next(at("2026-03-01T19:59:59"), hour), at("2026-03-01T20:00:00"));
        assert_eq!(next(at("2026-03-01T20:00:00"), hour), at("2026-03-02T20:00:00"));
        assert_eq!(next(at("2026-12-31T23:00:00"), hour), at("2027-01-01T20:00:00"));
    }
}
