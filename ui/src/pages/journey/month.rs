//! A month of days, each week a wire: sprouts, nodes, an open ring for a return to use.

use chrono::{Datelike, Months, NaiveDate};
use leptos::prelude::*;
use trellis_api_types::checkin::Mood;
use trellis_api_types::journey::JourneyGet;
use trellis_api_types::today::DayMark;

use crate::components::{Icon, icon, mood_words, sprout};
use crate::i18n::t;
use crate::{fmt, region, state::load};

/// The section. `month` is the first day of the month shown; `first` the first day there is to see.
#[component]
pub fn MonthSection(
    month: RwSignal<NaiveDate>,
    first: Signal<NaiveDate>,
    today: Signal<NaiveDate>,
    /// The day that the page is about.
    #[prop(optional_no_strip)]
    chosen: Option<NaiveDate>,
) -> impl IntoView {
    let loaded = load(move || JourneyGet { from: month.get(), to: last_day(month.get()).min(today.get()) });
    let days = move || loaded.get().and_then(Result::ok).map(|j| j.days).unwrap_or_default();
    view! {
        <section class="block" aria-labelledby="month">
            <div class="head">
                <h2 id="month" aria-live="polite">{move || fmt::month(month.get())}</h2>
                <Turn month first today />
            </div>
            <div class="panel">
                {move || view! { <Weekdays month=today.get() /> }}
                {move || view! { <Days month=month.get() days=days() today=today.get() chosen /> }}
                {move || view! { <Key returned=days().iter().any(|d| d.returned) /> }}
            </div>
        </section>
    }
}

#[component]
fn Turn(month: RwSignal<NaiveDate>, first: Signal<NaiveDate>, today: Signal<NaiveDate>) -> impl IntoView {
    let earlier =
        move || month.get().checked_sub_months(Months::new(1)).filter(|m| *m >= first_of(first.get()));
    let later = move || month.get().checked_add_months(Months::new(1)).filter(|m| *m <= today.get());
    view! {
        <div class="acts tight">
            <TurnTo month to=Signal::derive(earlier) mark=Icon::CARET_LEFT_BOLD label=t::journey::previous() />
            <TurnTo month to=Signal::derive(later) mark=Icon::CARET_RIGHT_BOLD label=t::journey::next() />
        </div>
    }
}

/// A button that stays in reach of the keyboard also where there is no further month.
#[component]
fn TurnTo(
    month: RwSignal<NaiveDate>,
    to: Signal<Option<NaiveDate>>,
    mark: Icon,
    label: &'static str,
) -> impl IntoView {
    let turn = move |_| {
        if let Some(to) = to.get() {
            month.set(to);
        }
    };
    view! {
        <button class="icon-btn" type="button" aria-label=label aria-disabled=move || to.get().is_none().to_string() on:click=turn>
            {icon(mark)}
        </button>
    }
}

#[component]
fn Weekdays(month: NaiveDate) -> impl IntoView {
    let week = month.iter_days().skip_while(|d| d.weekday() != region::first_weekday()).take(7);
    let letters =
        week.map(|day| view! { <span class="dow">{fmt::weekday_letter(day)}</span> }).collect_view();
    view! { <div class="month" aria-hidden="true">{letters}</div> }
}

#[component]
fn Days(month: NaiveDate, days: Vec<DayMark>, today: NaiveDate, chosen: Option<NaiveDate>) -> impl IntoView {
    let column = month.weekday().days_since(region::first_weekday()) + 1;
    let mark = |date: NaiveDate| days.iter().find(|d| d.date == date);
    let cells = month
        .iter_days()
        .take_while(|d| d.month() == month.month())
        .map(|date| {
            let place = (date == month).then(|| format!("grid-column-start:{column}"));
            view! { <li style=place>{cell(date, mark(date), today, chosen)}</li> }
        })
        .collect_view();
    view! { <ol class="month" aria-label=t::journey::month_list(fmt::month(month))>{cells}</ol> }
}

fn cell(date: NaiveDate, mark: Option<&DayMark>, today: NaiveDate, chosen: Option<NaiveDate>) -> AnyView {
    let number = date.day();
    match mark {
        Some(mark) => {
            let class = if date == today { "day now" } else { "day" };
            view! {
                <a class=class href=format!("/day/{date}") aria-current=(chosen == Some(date)).then_some("date") aria-label=day_label(mark, today)>
                    {glyph(mark)}
                    <span>{number}</span>
                </a>
            }
            .into_any()
        }
        None => view! {
            <span class="day"><span class="gap"></span><span>{number}</span></span>
        }
        .into_any(),
    }
}

fn glyph(mark: &DayMark) -> AnyView {
    match (mark.mood, mark.returned) {
        (Some(mood), false) => sprout(mood).into_any(),
        (Some(mood), true) => {
            view! { <span class="both">{sprout(mood)}<span class="ring"></span></span> }.into_any()
        }
        (None, true) => view! { <span class="ring"></span> }.into_any(),
        (None, false) => view! { <span class="dot"></span> }.into_any(),
    }
}

fn day_label(mark: &DayMark, today: NaiveDate) -> String {
    let date = fmt::date(mark.date);
    let label = match (mark.mood, mark.returned) {
        (Some(mood), false) => t::journey::day_mood(date, mood_words(mood)),
        (Some(mood), true) => t::journey::day_returned_mood(date, mood_words(mood)),
        (None, true) => t::journey::day_returned(date),
        (None, false) => t::journey::day_none(date),
    };
    if mark.date == today { t::journey::day_today(label) } else { label }
}

#[component]
fn Key(returned: bool) -> impl IntoView {
    let moods = [Mood::VeryLow, Mood::Okay, Mood::Great]
        .map(|mood| view! { <span>{sprout(mood)}{mood_words(mood)}</span> })
        .collect_view();
    view! {
        <p class="key">
            {moods}
            <span><i class="no-check-in"></i>{t::journey::key_none()}</span>
            {returned.then(|| view! { <span><i class="returned"></i>{t::journey::key_returned()}</span> })}
        </p>
    }
}

/// First day of this day's month.
pub fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn last_day(first: NaiveDate) -> NaiveDate {
    first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(first)
}
