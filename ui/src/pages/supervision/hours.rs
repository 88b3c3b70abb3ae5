//! How long, in words.

use chrono::Datelike;
use leptos::prelude::*;
use trellis_api_types::coach::{Supervision, SupervisionKind};

use crate::i18n::t;

/// "2 hours and 30 minutes".
pub fn in_words(minutes: u32) -> String {
    let counted = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    let (hours, rest) = (counted(minutes / 60), counted(minutes % 60));
    match (hours, rest) {
        (0, rest) => t::supervision::minutes(rest),
        (hours, 0) => t::supervision::hours(hours),
        (hours, rest) => t::supervision::and(t::supervision::hours(hours), t::supervision::minutes(rest)),
    }
}

/// All of a year, and what of it was which.
pub fn year_in_words(entries: &[Supervision], year: i32) -> impl IntoView + use<> {
    let [supervision, training] =
        [SupervisionKind::Supervision, SupervisionKind::Training].map(|kind| of_year(entries, year, kind));
    if supervision + training == 0 {
        return view! { <p class="second">{t::supervision::total_none()}</p> }.into_any();
    }
    view! {
        <div>
            <p class="own">{t::supervision::total(in_words(supervision + training))}</p>
            <p class="second">{t::supervision::parts(in_words(supervision), in_words(training))}</p>
        </div>
    }
    .into_any()
}

fn of_year(entries: &[Supervision], year: i32, kind: SupervisionKind) -> u32 {
    let mine = entries.iter().filter(|entry| entry.on.year() == year && entry.kind == kind);
    mine.map(|entry| entry.minutes).sum()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use trellis_api_types::settings::Language;

    use super::{Supervision, SupervisionKind, in_words, of_year};
    use crate::i18n::set_language;

    #[test]
    fn time_is_said_in_hours_and_minutes() {
        set_language(Language::En);
        assert_eq!(in_words(45), "45 minutes");
        assert_eq!(in_words(61), "1 hour and 1 minute");
        assert_eq!(in_words(120), "2 hours");
        set_language(Language::Es);
        assert_eq!(in_words(90), "1 hora y 30 minutos");
    }

    #[test]
    fn only_the_year_and_the_kind_that_are_asked_for_count() {
        let entry = |year, kind, minutes| Supervision {
            id: String::new(),
            on: NaiveDate::from_ymd_opt(year, 5, 1).unwrap(),
            kind,
            minutes,
            text: String::new(),
        };
        let (with, training) = (SupervisionKind::Supervision, SupervisionKind::Training);
        let all = [entry(2026, with, 60), entry(2026, training, 30), entry(2025, with, 600)];
        assert_eq!((of_year(&all, 2026, with), of_year(&all, 2026, training)), (60, 30));
    }
}
