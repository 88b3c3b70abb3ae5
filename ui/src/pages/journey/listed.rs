//! The chart as a table: every day of a month, every week of longer spans, newest first.

use leptos::prelude::*;
use trellis_api_types::today::DayMark;

use super::span::{Point, Span, nearest_mood};
use super::trend::strongest;
use crate::components::mood_words;
use crate::{fmt, i18n::t};

/// The table.
#[component]
pub fn Listed(days: Vec<DayMark>, span: Span) -> impl IntoView {
    let (unit, first) = match span {
        Span::Month => (1, t::journey::col_day()),
        Span::Weeks | Span::Year => (7, t::journey::col_week()),
    };
    let begun = |days: &[DayMark]| days.iter().any(|d| d.count > 0);
    let rows = days.chunks(unit).skip_while(|days| !begun(days)).collect::<Vec<_>>();
    let rows = rows.into_iter().rev().filter_map(row).collect_view();
    view! {
        <table class="listed">
            <thead>
                <tr>
                    <th scope="col">{first}</th>
                    <th scope="col">{t::journey::mood()}</th>
                    <th scope="col">{t::journey::urge()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row(days: &[DayMark]) -> Option<impl IntoView + use<>> {
    let point = Point::of(days)?;
    let mood = point.mood.map(|m| mood_words(nearest_mood(m))).unwrap_or(t::journey::key_none());
    let unanswered = if point.checked > 0 { t::journey::no_answer() } else { "" };
    let urge = point.urge.map_or_else(|| unanswered.to_owned(), |u| urge_words(u, days.len() > 1));
    Some(view! {
        <tr>
            <th scope="row">{fmt::date(point.from)}{aside(days.len() > 1, t::journey::checked_of(point.checked, days.len()))}</th>
            <td>{mood}</td>
            <td>{urge}{peak(days)}</td>
        </tr>
    })
}

/// Whole for one day, to a tenth for the mean of several.
fn urge_words(urge: f64, mean: bool) -> String {
    if mean { format!("{urge:.1}") } else { format!("{urge:.0}") }
}

/// For several days: when the urge was strongest.
fn peak(days: &[DayMark]) -> Option<impl IntoView + use<>> {
    let (day, urge) = strongest(days)?;
    aside(days.len() > 1, t::journey::strongest_on(usize::from(urge), fmt::weekday_inside(day)))
}

fn aside(shown: bool, words: String) -> Option<impl IntoView + use<>> {
    shown.then(|| view! { <small>{words}</small> })
}
