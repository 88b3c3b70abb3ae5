//! A week on the wire: a sprout for each day with a check-in, a small node for each without.

use leptos::prelude::*;
use trellis_api_types::checkin::Mood;
use trellis_api_types::today::DayMark;

use super::{mood_words, part, rows, sprout};
use crate::{fmt, i18n::t};

/// Seven days, today last. Each leads to its day.
#[component]
pub fn Week(days: Signal<Vec<DayMark>>) -> impl IntoView {
    let last = part(days, |days| days.last().map(|day| day.date));
    let one = move |day: Signal<DayMark>| {
        let date = day.with_untracked(|day| day.date);
        let now = move || last.get() == Some(date);
        view! {
            <li class:now=now>
                <a href=format!("/day/{date}")>
                    {move || mark(day.with(|day| day.mood))}
                    <span aria-hidden="true">{fmt::weekday_letter(date)}</span>
                    <span class="unseen">{move || day.with(|day| spoken(day, now()))}</span>
                </a>
            </li>
        }
    };
    view! { <ol class="wire" aria-label=t::today::your_week()>{rows(days, |day| day.date.to_string(), one)}</ol> }
}

fn mark(mood: Option<Mood>) -> AnyView {
    match mood {
        Some(mood) => sprout(mood).into_any(),
        None => view! { <span class="dot"></span> }.into_any(),
    }
}

fn spoken(day: &DayMark, now: bool) -> String {
    let name = if now { t::common::today().to_owned() } else { fmt::weekday(day.date) };
    match day.mood {
        Some(mood) => format!("{name}: {}", mood_words(mood)),
        None if now => format!("{name}: {}", t::common::not_yet()),
        None => format!("{name}: {}", t::common::no_checkin()),
    }
}
