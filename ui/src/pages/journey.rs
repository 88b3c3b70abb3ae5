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

use crate::components::{Icon, Page, TopBar, icon, shown};
use crate::{fmt, i18n::t, state::load};
use heat::Heat;
use milestones::Milestones;
use month::{MonthSection, first_of};
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

fn way(journey: journey::Journey, turned: Turned) -> impl IntoView {
    let today = journey.today;
    let start = journey.figures.as_ref().map(|f| f.start);
    let first = [start, journey.first_checkin].into_iter().flatten().min().unwrap_or(today);
    let wall = match journey.figures {
        Some(figures) => view! { <Wall figures today /> }.into_any(),
        None => view! { <Invite on_choose=Callback::new(move |()| turned.start.set(true)) /> }.into_any(),
    };
    view! {
        {wall}
        <div class="cols even">
            <MonthSection month=turned.month first today />
            <MoodAndUrge days=journey.days.clone() span=turned.span />
            <Heat days=journey.days />
            <Milestones milestones=journey.milestones today />
        </div>
        <p class="sync foot-sync">
            {icon(Icon::INFO)}
            <span>{t::journey::stays()} " " <a href="/checkin">{t::journey::log_return()}</a></span>
        </p>
    }
}
