//! Why somebody is where they are in the list, in words. Nothing is a score.

use chrono::NaiveDate;
use leptos::prelude::*;
use trellis_api_types::coach::{CaseRow, Reason};

use crate::components::{Icon, icon};
use crate::{fmt, i18n::t};

/// Headings of the list, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Asked for help.
    Help,
    /// Gone quiet.
    Quiet,
    /// Urge rising.
    Rising,
    /// A call, a step or an update is due.
    Due,
    /// None of these.
    Steady,
}

impl Group {
    /// All, in order.
    pub const ALL: [Self; 5] = [Self::Help, Self::Quiet, Self::Rising, Self::Due, Self::Steady];

    /// Where the first reason puts somebody.
    pub fn of(row: &CaseRow) -> Self {
        match row.reasons.first() {
            Some(Reason::AskedForHelp) => Self::Help,
            Some(Reason::GoneQuiet) => Self::Quiet,
            Some(Reason::UrgeRising) => Self::Rising,
            Some(Reason::CallDue | Reason::StepDue | Reason::UpdateMissed) => Self::Due,
            Some(Reason::Steady) | None => Self::Steady,
        }
    }

    /// Its heading.
    pub fn words(self) -> &'static str {
        match self {
            Self::Help => t::coach::help(),
            Self::Quiet => t::coach::quiet(),
            Self::Rising => t::coach::rising(),
            Self::Due => t::coach::due(),
            Self::Steady => t::coach::steady(),
        }
    }

    /// Its icon.
    pub fn mark(self) -> impl IntoView {
        let (class, mark) = match self {
            Self::Help => ("mark lit", Icon::HAND_HEART),
            Self::Quiet => ("mark dusk", Icon::MOON),
            Self::Rising => ("mark clay", Icon::TREND_UP),
            Self::Due => ("mark", Icon::PHONE),
            Self::Steady => ("mark", Icon::CHECK),
        };
        view! { <span class=class>{icon(mark)}</span> }
    }
}

/// Every reason in words, one sentence after the other; empty for somebody steady.
pub fn why(row: &CaseRow) -> String {
    let reasons = row.reasons.iter().filter_map(|reason| reason_words(*reason, row));
    let nothing = row.no_consent.then(|| t::coach::why_nothing().to_owned());
    let keep = row.keep_calling.then(|| t::coach::why_keep().to_owned());
    reasons.chain(nothing).chain(keep).map(|words| words + ".").collect::<Vec<_>>().join(" ")
}

fn reason_words(reason: Reason, row: &CaseRow) -> Option<String> {
    Some(match reason {
        Reason::AskedForHelp => t::coach::why_help().to_owned(),
        Reason::GoneQuiet => quiet(row.quiet_days),
        Reason::UrgeRising => t::coach::why_rising().to_owned(),
        Reason::CallDue => call_due(row),
        Reason::StepDue => t::coach::why_step(usize::try_from(row.steps_due).unwrap_or(usize::MAX)),
        Reason::UpdateMissed => t::coach::why_update().to_owned(),
        Reason::Steady => return None,
    })
}

/// When the next call is, in a word or two; one that is due is for today.
pub fn next_words(day: NaiveDate) -> String {
    match (day - fmt::today()).num_days() {
        ..=0 => t::coach::next_today().to_owned(),
        7.. => fmt::date_short(day),
        _ => fmt::due(day, fmt::today()),
    }
}

fn quiet(days: Option<u32>) -> String {
    match days {
        Some(days) => t::coach::why_quiet(usize::try_from(days).unwrap_or(usize::MAX)),
        None => t::coach::why_quiet_never().to_owned(),
    }
}

/// When the call is due, and how often it was tried.
fn call_due(row: &CaseRow) -> String {
    let due = match row.next_call.filter(|day| *day < fmt::today()) {
        Some(day) => t::coach::why_call(fmt::date(day)),
        None => t::coach::why_call_today().to_owned(),
    };
    match usize::try_from(row.tries).unwrap_or(usize::MAX) {
        0 => due,
        tries => format!("{due}, {}", t::coach::tries(tries)),
    }
}
