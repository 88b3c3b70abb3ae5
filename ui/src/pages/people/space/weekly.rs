//! The weekly update, for somebody whom a coach follows.

use chrono::{Datelike, Days, NaiveDate};
use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::circle::{Circle, What};
use trellis_api_types::people::{Person, Role};

use super::Here;
use super::edit::Edit;
use crate::components::{Show, part};
use crate::pages::people::names::called;
use crate::{fmt, i18n::t};

/// The panel, where there is a coach to read it.
pub fn weekly(here: Here) -> AnyView {
    let coach = part(here.people, |people| coach(people));
    let week = monday(fmt::today());
    let mine = part(here.circle, move |circle| filled(circle, &here.me(), week));
    let open =
        move |_| here.editor.edit(Edit::Weekly { week, fields: mine.get_untracked().unwrap_or_default() });
    let words = move || {
        let name = coach.get().unwrap_or_default();
        if mine.with(Option::is_some) {
            t::together::weekly_done(name)
        } else {
            t::together::weekly_ask(name)
        }
    };
    let button = move || {
        if mine.with(Option::is_some) { t::together::weekly_change() } else { t::together::weekly_fill() }
    };
    view! {
        <Show when=move || coach.get().is_some() && here.writes.get()>
            <section class="block" aria-labelledby="weekly">
                <div class="panel soft q">
                    <h2 id="weekly">{t::together::weekly()}</h2>
                    <p class="second">{words}</p>
                    <div class="acts"><button id="fill-weekly" class="btn main" type="button" aria-haspopup="dialog" on:click=open>{button}</button></div>
                </div>
            </section>
        </Show>
    }
    .into_any()
}

/// The coach's name, where this person is followed.
fn coach(people: &[Person]) -> Option<String> {
    let followed = people.iter().any(|person| person.me && person.role == Role::Participant);
    people.iter().find(|person| !person.me && person.role == Role::Coach).filter(|_| followed).map(called)
}

fn filled(circle: &Circle, me: &Id, of: NaiveDate) -> Option<Vec<(String, String)>> {
    circle.entries.iter().filter(|entry| entry.account == *me).find_map(|entry| match &entry.what {
        What::Weekly { week, fields } if *week == of => Some(fields.clone()),
        _ => None,
    })
}

fn monday(day: NaiveDate) -> NaiveDate {
    let since = u64::from(day.weekday().num_days_from_monday());
    day.checked_sub_days(Days::new(since)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::{NaiveDate, monday};

    #[test]
    fn a_week_begins_on_its_monday() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap_or_default();
        assert_eq!(monday(day(16)), day(16));
        assert_eq!(monday(day(22)), day(16));
    }
}
