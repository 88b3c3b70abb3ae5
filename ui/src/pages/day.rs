//! One day: its check-ins, to look at, change, or add one.

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use trellis_api_types::checkin::{CheckIn, CheckInList, Halt, Medication, Use};
use trellis_api_types::journey::JourneyGet;

use super::journey::{MonthSection, first_day, first_of};
use super::missing::Missing;
use crate::components::{
    Empty, Icon, Page, Show, TopBar, icon, icon_class, mood_words, part, rows, shown, sprout,
};
use crate::state::{load, load_when};
use crate::{fmt, i18n::t};

/// `/day/2026-11-22`.
#[component]
pub fn Day() -> impl IntoView {
    let params = use_params_map();
    let date =
        Memo::new(move |_| params.with(|p| p.get("date")).and_then(|text| text.parse::<NaiveDate>().ok()));
    let checkins = load_when(move || date.get().map(|date| CheckInList { from: date, to: date }));
    move || match date.get() {
        None => view! { <Missing /> }.into_any(),
        Some(date) => view! {
            <Page title=fmt::date_long(date) class="day">
                <TopBar back=back(date) />
                {heading(date)}
                <div class="cols">
                    <div>{shown(checkins, move |list| body(date, list))}</div>
                    <div class="beside">{month_beside(date)}</div>
                </div>
            </Page>
        }
        .into_any(),
    }
}

/// The month round the day, where there is room for it.
fn month_beside(date: NaiveDate) -> impl IntoView {
    let journey = load(move || JourneyGet { from: date, to: date });
    shown(journey, move |journey| {
        let (first, today) = (part(journey, first_day), part(journey, |journey| journey.today));
        view! { <MonthSection month=RwSignal::new(first_of(date)) first today chosen=Some(date) /> }
    })
}

/// The week's wire leads here from Today, older days from the journey.
fn back(date: NaiveDate) -> String {
    if (fmt::today() - date).num_days() < 7 { "/".into() } else { "/journey".into() }
}

fn heading(date: NaiveDate) -> impl IntoView {
    let other = |id: &'static str, day: Option<NaiveDate>, label: &'static str, mark: Icon| {
        day.map(|day| {
            view! {
                <a id=id class="icon-btn" href=format!("/day/{day}") aria-label=label>
                    {icon(mark)}
                </a>
            }
        })
    };
    let next = date.succ_opt().filter(|day| *day <= fmt::today());
    view! {
        <div class="title day-title">
            <h1>{fmt::date_full(date)}</h1>
            <span class="days">
                {other("day-before", date.pred_opt(), t::day::before(), Icon::CARET_LEFT_BOLD)}
                {other("day-after", next, t::day::after(), Icon::CARET_RIGHT_BOLD)}
            </span>
        </div>
    }
}

fn body(date: NaiveDate, checkins: Signal<Vec<CheckIn>>) -> impl IntoView {
    if date > fmt::today() {
        return view! { <p class="second">{t::day::to_come()}</p> }.into_any();
    }
    let none = part(checkins, Vec::is_empty);
    view! {
        <Show when=move || none.get() fallback=move || filled(date, checkins)>
            {empty(date)}
        </Show>
    }
    .into_any()
}

fn add_place(date: NaiveDate) -> String {
    if date == fmt::today() { "/checkin".to_owned() } else { format!("/day/{date}/add") }
}

fn empty(date: NaiveDate) -> impl IntoView {
    let (title, words) = if date == fmt::today() {
        (t::day::none_today(), t::today::check_in())
    } else {
        (t::day::none(), t::day::add())
    };
    view! {
        <div class="panel">
            <Empty title text=t::day::none_text()>
                <a id="add-checkin" class="btn main" href=add_place(date)>{words}</a>
            </Empty>
        </div>
    }
}

fn filled(date: NaiveDate, checkins: Signal<Vec<CheckIn>>) -> impl IntoView {
    view! {
        <ul class="list">{rows(checkins, |checkin| checkin.id.clone(), row)}</ul>
        <p class="acts after-list">
            <a id="add-checkin" class="btn" href=add_place(date)>{icon(Icon::PLUS_BOLD)}{t::day::add_another()}</a>
        </p>
    }
}

fn row(checkin: Signal<CheckIn>) -> impl IntoView {
    let place = checkin.with_untracked(|checkin| format!("/checkin/{}", checkin.id));
    view! {
        <li>
            <a class="row topped" href=place>
                {move || inside(checkin.get())}
                <span class="unseen">{t::common::edit()}</span>
                {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
            </a>
        </li>
    }
}

fn inside(checkin: CheckIn) -> impl IntoView {
    let facts = facts(&checkin);
    view! {
        <span class="mark sprouted">{sprout(checkin.mood)}</span>
        <span class="body">
            <span class="name">{format!("{}, {}", mood_words(checkin.mood), fmt::time(checkin.time))}</span>
            {(!facts.is_empty()).then(|| view! { <span class="sub">{facts.join(" · ")}</span> })}
            {words(checkin.note)}
            {words(checkin.learned)}
            {tags(checkin.tags)}
        </span>
    }
}

fn words(text: String) -> impl IntoView {
    (!text.is_empty()).then(|| view! { <span class="second note">{text}</span> })
}

fn tags(tags: Vec<String>) -> impl IntoView {
    let one = |tag: String| view! { <span class="tag">{tag}</span> };
    (!tags.is_empty()).then(|| view! { <span class="tags">{tags.into_iter().map(one).collect_view()}</span> })
}

/// Short answers in one line: urge, HALT, use, medication.
fn facts(checkin: &CheckIn) -> Vec<String> {
    facts_of(checkin.urge, &checkin.halt, checkin.used, checkin.medication)
}

/// As words, as far as they were answered.
pub fn facts_of(
    urge: Option<u8>,
    halt: &[Halt],
    used: Option<Use>,
    medication: Option<Medication>,
) -> Vec<String> {
    let urge = urge.map(|urge| t::day::urge(urge.into()));
    let halt = halt.iter().map(|halt| match halt {
        Halt::Hungry => t::checkin::hungry(),
        Halt::Angry => t::checkin::angry(),
        Halt::Lonely => t::checkin::lonely(),
        Halt::Tired => t::checkin::tired(),
    });
    let used = used.and_then(|used| match used {
        Use::NotUsed => Some(t::day::not_used()),
        Use::Used => Some(t::day::used()),
        Use::RatherNotSay => None,
    });
    let medication = medication.map(|taken| match taken {
        Medication::Taken => t::day::medication_taken(),
        Medication::NotYet => t::day::medication_not_yet(),
        Medication::Skipped => t::day::medication_skipped(),
    });
    urge.into_iter().chain(halt.chain(used).chain(medication).map(str::to_owned)).collect()
}
