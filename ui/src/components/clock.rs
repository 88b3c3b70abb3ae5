//! A clock that runs down.

use std::time::Duration;

use leptos::prelude::*;
use trellis_api_types::Millis;

/// Whole seconds until `at`, counted down each second; 0 when over or when there is no `at`.
pub fn seconds_left(at: Signal<Option<Millis>>) -> Signal<u32> {
    let now = RwSignal::new(running());
    let tick = move || now.set(running());
    if let Ok(handle) = set_interval_with_handle(tick, Duration::from_secs(1)) {
        on_cleanup(move || handle.clear());
    }
    // By the clock that nobody can set from here on: setting the other one makes no wait longer.
    let end = Memo::new(move |_| at.get().map(|at| running() + at as f64 - js_sys::Date::now()));
    Signal::derive(move || end.get().map_or(0, |end| until(end, now.get())))
}

/// Milliseconds that the page is open.
fn running() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |clock| clock.now())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
fn until(at: f64, now: f64) -> u32 {
    ((at - now) / 1000.0).ceil().clamp(0.0, 86_400.0) as u32
}

/// `9:42`
pub fn minutes_seconds(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::{minutes_seconds, until};

    #[test]
    fn part_seconds_count_as_whole_and_the_past_as_none() {
        assert_eq!(until(10_000.0, 8_500.0), 2);
        assert_eq!(until(10_000.0, 10_001.0), 0);
        assert_eq!(minutes_seconds(582), "9:42");
        assert_eq!(minutes_seconds(5), "0:05");
    }
}
