//! Milestones: the next one, then those passed. Days on a way, not prizes.

use chrono::NaiveDate;
use leptos::prelude::*;
use trellis_api_types::audience::About;
use trellis_api_types::journey::{Length, Milestone};

use crate::components::{Icon, icon};
use crate::pages::audience::SeenBy;
use crate::{fmt, i18n::t};

/// Shown before the rest is folded away.
const SHOWN: usize = 4;

/// The section; nothing while there are none.
#[component]
pub fn Milestones(milestones: Vec<Milestone>, today: NaiveDate) -> impl IntoView {
    let mut rows: Vec<_> = milestones.into_iter().rev().map(move |m| row(&m, today)).collect();
    let earlier = rows.split_off(SHOWN.min(rows.len()));
    (!rows.is_empty()).then(|| {
        view! {
            <section class="block" aria-labelledby="milestones">
                <div class="head"><h2 id="milestones">{t::journey::milestones()}</h2></div>
                <SeenBy about=Signal::derive(|| About::Milestones) />
                <ul class="list leads">{rows}</ul>
                {(!earlier.is_empty())
                    .then(|| {
                        view! {
                            <details>
                                <summary>{t::journey::earlier()}</summary>
                                <ul class="list leads">{earlier}</ul>
                            </details>
                        }
                    })}
            </section>
        }
    })
}

fn row(milestone: &Milestone, today: NaiveDate) -> impl IntoView + use<> {
    let (class, mark) = match (milestone.reached, milestone.date == today) {
        (true, true) => ("mark lit", Icon::SUN_HORIZON),
        (true, false) => ("mark", Icon::CHECK),
        (false, _) => ("mark dusk", Icon::PATH),
    };
    view! {
        <li class="row">
            <span class=class>{icon(mark)}</span>
            <span class="body">
                <span class="name">{length_words(milestone.days)}</span>
                <span class="sub">{when(milestone, today)}</span>
            </span>
        </li>
    }
}

/// "90 days", "6 months", "2 years": how a milestone is called, also where it is shared.
pub fn length_words(days: u32) -> String {
    match Length::of(days) {
        Length::Days(days) => t::journey::days(days as usize),
        Length::Months(months) => t::journey::milestone_months(months as usize),
        Length::Years(years) => t::journey::milestone_years(years as usize),
    }
}

fn when(milestone: &Milestone, today: NaiveDate) -> String {
    match (milestone.reached, milestone.date == today) {
        (true, true) => t::journey::milestone_today().to_owned(),
        (true, false) => fmt::capital(&fmt::date(milestone.date)),
        (false, _) => t::journey::milestone_next(fmt::date(milestone.date)),
    }
}
