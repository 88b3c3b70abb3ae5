//! When a call for help is news.

use trellis_api_types::Millis;

/// How long a call for help is news.
const DAY: Millis = 24 * 60 * 60 * 1000;
/// No clock that is right shows an earlier time: 2026-01-01.
const EARLIEST: Millis = 1_767_225_600_000;

/// When it was asked: by the asker's clock, unless that is plainly wrong; but no later than it came.
pub fn asked_at(at: Millis, came: Millis) -> Millis {
    if at >= EARLIEST { came.min(at) } else { came }
}

/// Whether a call for help is less than a day old.
pub fn is_news(asked: Millis, now: Millis) -> bool {
    now.saturating_sub(asked) < DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_plainly_wrong_hides_no_call() {
        let now = EARLIEST + 100 * DAY;
        for (at, news) in [(now, true), (now - DAY, false), (0, true), (i64::MIN, true), (i64::MAX, true)] {
            assert_eq!(is_news(asked_at(at, now), now), news, "{at}");
        }
    }
}
