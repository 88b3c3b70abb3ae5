//! What the days say, computed and never guessed: a change is named only when it stands out
//! from the ordinary ups and downs of the same days.

use chrono::{Datelike, NaiveDate, Weekday};
use trellis_api_types::today::DayMark;

/// Readings each half of a span needs before a course is named.
const LEAST_HALF: usize = 4;
/// Readings a weekday needs before it can be called the hardest.
const LEAST_WEEKDAY: usize = 3;
/// How much stronger, in urge points, the hardest weekday must be than the other days.
const WEEKDAY_STANDS_OUT: f64 = 1.0;

/// Which way a value went from the first half of a span to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// Too few readings to say.
    TooFew,
    /// No change that stands out.
    Steady,
    /// Up a little.
    UpLittle,
    /// Up.
    Up,
    /// Down a little.
    DownLittle,
    /// Down.
    Down,
}

/// From which difference on a change is worth naming, in the value's own points.
#[derive(Clone, Copy)]
pub struct Scale {
    little: f64,
    much: f64,
}

/// Mood points, 1 to 5.
pub const MOOD: Scale = Scale { little: 0.25, much: 0.8 };
/// Urge points, 0 to 10.
pub const URGE: Scale = Scale { little: 0.5, much: 2.0 };

/// Count, mean and variance of some readings.
struct Sample {
    count: f64,
    mean: f64,
    variance: f64,
}

impl Sample {
    fn of(values: impl Iterator<Item = f64>, least: usize) -> Option<Self> {
        let values: Vec<f64> = values.collect();
        if values.len() < least.max(2) {
            return None;
        }
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (count - 1.0);
        Some(Self { count, mean, variance })
    }

    /// Standard error of the difference of two means.
    fn error(&self, other: &Self) -> f64 {
        (self.variance / self.count + other.variance / other.count).sqrt()
    }
}

/// The course of one value since its first reading in the span, days without a reading left out.
pub fn course(days: &[Option<f64>], scale: Scale) -> Course {
    let first = days.iter().position(Option::is_some).unwrap_or(0);
    let days = days.get(first..).unwrap_or(days);
    let (early, late) = days.split_at(days.len() / 2);
    let half = |days: &[Option<f64>]| Sample::of(days.iter().flatten().copied(), LEAST_HALF);
    let (Some(early), Some(late)) = (half(early), half(late)) else { return Course::TooFew };
    let change = late.mean - early.mean;
    if change.abs() < scale.little || change.abs() < 2.0 * early.error(&late) {
        return Course::Steady;
    }
    match (change > 0.0, change.abs() >= scale.much) {
        (true, false) => Course::UpLittle,
        (true, true) => Course::Up,
        (false, false) => Course::DownLittle,
        (false, true) => Course::Down,
    }
}

/// The weekday whose urges stand out from all other days, if one does.
pub fn hardest_weekday(days: &[DayMark]) -> Option<Weekday> {
    let urges: Vec<(Weekday, f64)> =
        days.iter().filter_map(|d| Some((d.date.weekday(), f64::from(d.urge?)))).collect();
    (0..7)
        .filter_map(|n| Weekday::try_from(n).ok())
        .filter_map(|day| Some((day, stands_out(&urges, day)?)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(day, _)| day)
}

fn stands_out(urges: &[(Weekday, f64)], day: Weekday) -> Option<f64> {
    let pick = |same: bool| urges.iter().filter(move |(d, _)| (*d == day) == same).map(|(_, urge)| *urge);
    let on = Sample::of(pick(true), LEAST_WEEKDAY)?;
    let off = Sample::of(pick(false), 2 * LEAST_WEEKDAY)?;
    let more = on.mean - off.mean;
    (more >= WEEKDAY_STANDS_OUT && more >= 2.5 * on.error(&off)).then_some(more)
}

/// The day with the strongest urge; the latest of equals.
pub fn strongest(days: &[DayMark]) -> Option<(NaiveDate, u8)> {
    days.iter()
        .filter_map(|d| Some((d.date, d.urge?)))
        .filter(|(_, urge)| *urge > 0)
        .max_by_key(|(_, urge)| *urge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;

    fn marks(urges: impl Iterator<Item = Option<u8>>) -> Vec<DayMark> {
        let first = NaiveDate::from_ymd_opt(2026, 9, 28).unwrap();
        urges
            .enumerate()
            .map(|(n, urge)| DayMark {
                date: first.checked_add_days(Days::new(n as u64)).unwrap(),
                mood: None,
                urge,
                returned: false,
                count: u16::from(urge.is_some()),
            })
            .collect()
    }

    #[test]
    fn a_clear_rise_is_named_and_noise_is_not() {
        let rise: Vec<_> =
            (0..56).map(|n| Some(if n < 28 { 2.0 } else { 3.0 } + f64::from(n % 2) * 0.5)).collect();
        assert_eq!(course(&rise, MOOD), Course::Up);
        let noise: Vec<_> = (0..56).map(|n| Some(f64::from(n % 5 + 1))).collect();
        assert_eq!(course(&noise, MOOD), Course::Steady);
    }

    #[test]
    fn a_small_fall_is_little_and_a_shaky_one_is_not_named() {
        let fall: Vec<_> = (0..56).map(|n| Some(if n < 28 { 5.0 } else { 4.0 })).collect();
        assert_eq!(course(&fall, URGE), Course::DownLittle);
        let shaky: Vec<_> = [9.0, 0.0, 9.0, 1.0, 0.0, 9.0, 0.0, 8.0].map(Some).to_vec();
        assert_eq!(course(&shaky, URGE), Course::Steady);
    }

    #[test]
    fn few_readings_say_nothing() {
        let few: Vec<_> = (0..56).map(|n| (n % 20 == 0).then_some(3.0)).collect();
        assert_eq!(course(&few, MOOD), Course::TooFew);
    }

    #[test]
    fn missing_days_do_not_count_as_zero() {
        let gaps: Vec<_> = (0..56).map(|n| (n < 28 || n % 3 == 0).then_some(4.0)).collect();
        assert_eq!(course(&gaps, MOOD), Course::Steady);
    }

    #[test]
    fn time_before_the_first_reading_is_left_out() {
        let late: Vec<_> = (0..364).map(|n| (n > 300).then_some(if n < 330 { 2.0 } else { 4.0 })).collect();
        assert_eq!(course(&late, MOOD), Course::Up);
    }

    #[test]
    fn the_weekday_that_stands_out_is_found() {
        let days = marks((0..56).map(|n| Some(if n % 7 == 4 { 7 } else { 2 + n % 2 })));
        assert_eq!(hardest_weekday(&days), Some(Weekday::Fri));
        assert_eq!(hardest_weekday(&marks((0..56).map(|n| Some(n % 3)))), None);
        assert_eq!(hardest_weekday(&marks((0..14).map(|n| Some(if n % 7 == 4 { 9 } else { 1 })))), None);
    }

    #[test]
    fn the_strongest_day_is_never_a_day_without_urge() {
        assert_eq!(strongest(&marks([Some(0), None].into_iter())), None);
        assert_eq!(strongest(&marks([Some(2), Some(6), None].into_iter())).map(|s| s.1), Some(6));
    }
}
