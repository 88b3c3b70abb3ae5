//! A week on the wire: a sprout for each day with a check-in, a small node for each without.

use leptos::prelude::*;
use trellis_api_types::today::DayMark;

use super::{mood_words, sprout};
use crate::{fmt, i18n::t};

/// Seven days, today last. Each leads to its day.
#[component]
pub fn Week(days: Vec<DayMark>) -> impl IntoView {
    let last = days.len().saturating_sub(1);
    let one = move |(at, day): (usize, DayMark)| {
        let now = at == last;
        let mark = match day.mood {
            Some(mood) => sprout(mood).into_any(),
            None => view! { <span class="dot"></span> }.into_any(),
        };
        view! {
            <li class:now=now>
                <a href=format!("/day/{}", day.date)>
                    {mark}
                    <span aria-hidden="true">{fmt::weekday_letter(day.date)}</span>
                    <span class="unseen">{spoken(&day, now)}</span>
                </a>
            </li>
        }
    };
    view! { <ol class="wire" aria-label=t::today::your_week()>{days.into_iter().enumerate().map(one).collect_view()}</ol> }
}

fn spoken(day: &DayMark, now: bool) -> String {
    let name = if now { t::common::today().to_owned() } else { fmt::weekday(day.date) };
    match day.mood {
        Some(mood) => format!("{name}: {}", mood_words(mood)),
        None if now => format!("{name}: {}", t::common::not_yet()),
        None => format!("{name}: {}", t::common::no_checkin()),
    }
}
