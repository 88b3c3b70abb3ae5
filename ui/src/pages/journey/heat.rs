//! Urges of half a year, one square a day, a column a week.

use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;
use trellis_api_types::today::DayMark;

use super::say;
use crate::{fmt, i18n::t, region};

/// Weeks shown.
const WEEKS: usize = 26;
/// Days with an answer before the picture says anything.
const LEAST: usize = 21;
/// Days back the first answer must lie, so that the picture is more than the chart.
const LEAST_BACK: usize = 70;

/// The section, once there is enough to see. `days` oldest first, today last.
#[component]
pub fn Heat(days: Vec<DayMark>) -> impl IntoView {
    let days = whole_weeks(&days);
    worth_seeing(days).then(|| shown(days))
}

fn shown(days: &[DayMark]) -> Option<impl IntoView + use<>> {
    let (first, last) = (days.first()?.date, days.last()?.date);
    let label = format!("{} {}", t::journey::heat_label(fmt::date(first), fmt::date(last)), say::urge(days));
    let squares = days.iter().map(|d| view! { <i class=level(d.urge)></i> }).collect_view();
    let months = (0..3).filter_map(|third| Some(fmt::date_short(days.get(third * days.len() / 3)?.date)));
    Some(view! {
        <section class="block" aria-labelledby="heat">
            <div class="head"><h2 id="heat">{t::journey::heat()}</h2></div>
            <div class="panel">
                <div class="heat" role="img" aria-label=label>{squares}</div>
                <p class="key months" aria-hidden="true">
                    {months.map(|m| view! { <span>{m}</span> }).collect_view()}
                    <span>{t::journey::heat_now()}</span>
                </p>
                <Key />
            </div>
        </section>
    })
}

#[component]
fn Key() -> impl IntoView {
    let steps = ["", "h1", "h2", "h3", "h4"].map(|class| view! { <i class=class></i> }).collect_view();
    view! {
        <p class="key">
            <span class="heat-scale">{t::journey::weak()}" "{steps}" "{t::journey::strong()}</span>
            <span><i class="no-check-in"></i>{t::journey::key_none()}</span>
        </p>
    }
}

/// The last weeks, from the first day of a week on.
fn whole_weeks(days: &[DayMark]) -> &[DayMark] {
    let into = days.last().map_or(0, |d| into_week(d.date));
    let shown = (WEEKS - 1) * 7 + into + 1;
    days.get(days.len().saturating_sub(shown)..).unwrap_or(days)
}

/// Days since the first day of the week.
fn into_week(day: NaiveDate) -> usize {
    day.weekday().days_since(region::first_weekday()) as usize
}

fn worth_seeing(days: &[DayMark]) -> bool {
    let answered = days.iter().filter(|d| d.urge.is_some()).count();
    let back = days.iter().position(|d| d.urge.is_some()).map_or(0, |n| days.len() - n);
    answered >= LEAST && back >= LEAST_BACK
}

fn level(urge: Option<u8>) -> &'static str {
    match urge {
        None => "none",
        Some(0) => "",
        Some(1..=2) => "h1",
        Some(3..=4) => "h2",
        Some(5..=6) => "h3",
        Some(_) => "h4",
    }
}
