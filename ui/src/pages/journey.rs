//! The way come so far: figures, calendar, charts, milestones.

mod chart;
mod heat;
mod listed;
mod milestones;
mod month;
mod mood_and_urge;
mod say;
mod span;
mod start_sheet;
mod trend;
mod vine;
mod wall;

use chrono::NaiveDate;
use leptos::prelude::*;
use trellis_api_types::journey::{self, JourneyGet};

use crate::components::{Icon, Page, Show, TopBar, icon, part, shown};
use crate::state::{load, state};
use crate::{fmt, i18n::t};
use heat::Heat;
use milestones::Milestones;
pub(super) use milestones::length_words;
pub use month::{MonthSection, first_of};
use mood_and_urge::MoodAndUrge;
use span::{Span, days_before};
use start_sheet::StartSheet;
use wall::{Invite, Wall};

/// A year and the rest of its first week.
const DAYS_BACK: u64 = 370;

/// What the person turned to, kept while stored data changes.
#[derive(Clone, Copy)]
struct Turned {
    month: RwSignal<NaiveDate>,
    span: RwSignal<Span>,
    start: RwSignal<bool>,
}

/// The page.
#[component]
pub fn Journey() -> impl IntoView {
    let today = fmt::today();
    let turned = Turned {
        month: RwSignal::new(first_of(today)),
        span: RwSignal::default(),
        start: RwSignal::new(false),
    };
    let loaded = load(move || JourneyGet { from: days_before(today, DAYS_BACK), to: today });
    view! {
        <Page title=t::journey::title()>
            <TopBar />
            <h1 class="unseen">{t::journey::title()}</h1>
            {shown(loaded, move |journey| way(journey, turned))}
            <StartSheet open=turned.start />
        </Page>
    }
}

fn way(journey: Signal<journey::Journey>, turned: Turned) -> impl IntoView {
    let today = part(journey, |journey| journey.today);
    let figures = part(journey, |journey| journey.figures.clone());
    let days = part(journey, |journey| journey.days.clone());
    let state = state();
    let family = Memo::new(move |_| state.for_family());
    let wall = move || match figures.get() {
        _ if family.get() => view! { <p class="second">{t::journey::family()}</p> }.into_any(),
        Some(figures) => view! { <Wall figures today=today.get() /> }.into_any(),
        None => view! { <Invite on_choose=Callback::new(move |()| turned.start.set(true)) /> }.into_any(),
    };
    let milestones =
        move || view! { <Milestones milestones=journey.with(|j| j.milestones.clone()) today=today.get() /> };
    view! {
        {wall}
        <div class="cols even">
            <MonthSection month=turned.month first=part(journey, first_day) today />
            <MoodAndUrge days span=turned.span />
            {move || view! { <Heat days=days.get() /> }}
            {milestones}
        </div>
        <Show when=move || !family.get()>
            <p class="sync foot-sync">
                {icon(Icon::INFO)}
                <span>{t::journey::stays()} " " <a id="log-return" href="/checkin?returned">{t::journey::log_return()}</a></span>
            </p>
        </Show>
    }
}

/// The first day that there is something to see of.
pub fn first_day(journey: &journey::Journey) -> NaiveDate {
    let start = journey.figures.as_ref().map(|figures| figures.start);
    [start, journey.first_checkin].into_iter().flatten().min().unwrap_or(journey.today)
}
