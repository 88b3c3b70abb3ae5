//! Mood line over urge bars on one time axis, each with its own scale. Days without a check-in are
//! dotted over, never drawn as zero.

use leptos::prelude::*;

use super::span::Point;
use crate::{fmt, i18n::t};

const LEFT: f64 = 56.0;
const WIDE: f64 = 280.0;
/// Where the middle mood lies, and how far apart moods are.
const OKAY: f64 = 58.0;
const MOOD_STEP: f64 = 19.0;
/// Where an urge of none lies, and how far apart urges are.
const FOOT: f64 = 200.0;
const URGE_STEP: f64 = 6.0;
/// Height of the bar of an urge of none, so that it differs from no answer.
const LEAST_BAR: f64 = 2.0;

/// The picture. `title` and `says` are read to those who do not see it.
#[component]
pub fn Chart(points: Vec<Point>, title: String, says: String) -> impl IntoView {
    let line = mood_line(&points);
    let now = points.last().and_then(|p| p.mood).map(mood_y);
    view! {
        <svg class="chart" viewBox="0 0 344 224" role="img" aria-labelledby="chart-title chart-says">
            <title id="chart-title">{title}</title>
            <desc id="chart-says">{says}</desc>
            <path class="grid" d="M56 20H336M56 58H336M56 96H336M56 140H336M56 170H336" />
            {scales()}
            <path class="mood gap" d=line.gaps />
            <path class="mood" d=line.drawn />
            {now.map(|y| view! { <circle class="pt" cx=LEFT + WIDE cy=y r="4.5" /> })}
            {bars(&points)}
            <path class="base" d="M54 200.5H338" />
            {ticks(&points)}
        </svg>
    }
}

fn scales() -> impl IntoView {
    let words = [
        (24, t::journey::axis_great()),
        (62, t::journey::axis_okay()),
        (100, t::journey::axis_low()),
        (144, "10"),
        (174, "5"),
        (204, "0"),
    ];
    words.map(|(y, word)| view! { <text x="0" y=y>{word}</text> }).into_iter().collect_view()
}

fn bars(points: &[Point]) -> impl IntoView + use<> {
    let count = points.len();
    let width = (WIDE / count.max(1) as f64 * 0.7).clamp(1.5, 5.5);
    let bar = |(n, point): (usize, &Point)| {
        let high = (point.urge? * URGE_STEP).max(LEAST_BAR);
        let left = across(n, count) - width / 2.0;
        Some(
            view! { <rect class="urge" x=left y=FOOT - high width=width height=high rx=width.min(high) / 2.0 /> },
        )
    };
    points.iter().enumerate().filter_map(bar).collect_view()
}

fn ticks(points: &[Point]) -> impl IntoView + use<> {
    let count = points.len();
    let tick = |quarter: usize| {
        let n = quarter * count / 4;
        let day = points.get(n)?.from;
        Some(view! { <text x=across(n, count) y="218">{fmt::date_short(day)}</text> })
    };
    (0..4).filter_map(tick).collect_view()
}

fn across(n: usize, count: usize) -> f64 {
    LEFT + WIDE * n as f64 / count.saturating_sub(1).max(1) as f64
}

fn mood_y(points: f64) -> f64 {
    OKAY - (points - 3.0) * MOOD_STEP
}

/// Paths of the mood line: over days with a check-in, and over the gaps between them.
struct Line {
    drawn: String,
    gaps: String,
}

fn mood_line(points: &[Point]) -> Line {
    let known: Vec<_> = points
        .iter()
        .enumerate()
        .filter_map(|(n, p)| Some((n, across(n, points.len()), mood_y(p.mood?))))
        .collect();
    let mut line = Line { drawn: String::new(), gaps: String::new() };
    let mut before: Option<(usize, f64, f64)> = None;
    for (n, x, y) in known {
        match before {
            Some((last, ..)) if last + 1 == n => line.drawn += &format!("L{x:.1} {y:.1}"),
            // A round cap makes a dot of a day that stands alone.
            _ => line.drawn += &format!("M{x:.1} {y:.1}L{x:.1} {y:.1}"),
        }
        if let Some((last, from_x, from_y)) = before
            && last + 1 < n
        {
            line.gaps += &format!("M{from_x:.1} {from_y:.1}L{x:.1} {y:.1}");
        }
        before = Some((n, x, y));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn points(moods: &[Option<f64>]) -> Vec<Point> {
        let day = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        moods.iter().map(|&mood| Point { from: day, to: day, mood, urge: None, checked: 0 }).collect()
    }

    #[test]
    fn a_missing_day_is_bridged_by_dots_and_not_by_the_line() {
        let line = mood_line(&points(&[Some(3.0), Some(5.0), None, Some(1.0)]));
        assert_eq!(line.drawn, "M56.0 58.0L56.0 58.0L149.3 20.0M336.0 96.0L336.0 96.0");
        assert_eq!(line.gaps, "M149.3 20.0L336.0 96.0");
    }

    #[test]
    fn no_check_ins_draw_nothing() {
        let line = mood_line(&points(&[None, None]));
        assert!(line.drawn.is_empty() && line.gaps.is_empty());
    }
}
