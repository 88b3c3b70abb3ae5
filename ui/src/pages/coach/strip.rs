//! Two weeks of urge at a glance: a bar is an urge, a dot a day without a check-in. Words go with it.

use leptos::prelude::*;
use trellis_api_types::coach::CaseRow;

use crate::i18n::t;

/// Width of a day.
const STEP: f64 = 8.0;
/// Where bars stand.
const GROUND: f64 = 26.0;

/// The picture and its words; nothing where no urge is shared.
pub fn strip(row: &CaseRow) -> Option<impl IntoView + use<>> {
    row.urges.iter().any(Option::is_some).then(|| {
        let days = row.urges.iter().zip(&row.checked_in).enumerate();
        let marks = days.filter_map(|(at, (urge, checked))| mark(at, *urge, *checked)).collect_view();
        view! {
            <svg class="strip" viewBox="0 0 112 28" aria-hidden="true">{marks}</svg>
            <span class="unseen">{words(row)}</span>
        }
    })
}

/// A day's mark; none for a check-in that says nothing about urge.
fn mark(at: usize, urge: Option<u8>, checked: bool) -> Option<AnyView> {
    let left = f64::from(u8::try_from(at).unwrap_or(u8::MAX)) * STEP;
    match urge {
        Some(urge) => {
            let tall = f64::from(urge.min(10)).mul_add(2.2, 2.4);
            Some(view! { <rect x=left + 1.5 y=GROUND - tall width="5" height=tall rx="2.2" /> }.into_any())
        }
        None if checked => None,
        None => Some(view! { <circle class="no" cx=left + 4.0 cy=GROUND - 1.0 r="1.6" /> }.into_any()),
    }
}

/// "Last urge 8 of 10. No check-in on 2 of 14 days."
fn words(row: &CaseRow) -> String {
    let last = row.urges.iter().rev().flatten().next().map(t::coach::strip_last);
    let without = row.checked_in.iter().filter(|checked| !**checked).count();
    let none = (without > 0).then(|| t::coach::strip_none(without));
    last.into_iter().chain(none).collect::<Vec<_>>().join(" ")
}

/// What the picture means; once under the list.
pub fn key() -> impl IntoView {
    view! {
        <p class="key strip-key">
            <span>
                <svg class="strip" viewBox="0 0 24 14" aria-hidden="true">
                    <rect x="1" y="8" width="5" height="6" rx="2" />
                    <rect x="9" y="2" width="5" height="12" rx="2" />
                    <circle class="no" cx="20" cy="12" r="1.6" />
                </svg>
                {t::coach::strip_key()}
            </span>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use trellis_api_types::coach::{CaseRow, Reason};
    use trellis_api_types::people::{Person, Role};
    use trellis_api_types::settings::Language;

    use super::words;
    use crate::i18n::set_language;

    fn row(urges: &[Option<u8>], checked_in: &[bool]) -> CaseRow {
        let person = Person {
            account: "a".into(),
            name: "Amara".into(),
            role: Role::Participant,
            leads: false,
            me: false,
            blocked: false,
            phone: String::new(),
            may_remove: false,
            may_promote: false,
            may_demote: false,
        };
        CaseRow {
            space: "s".into(),
            person,
            reasons: vec![Reason::Steady],
            last_checkin: None,
            quiet_days: None,
            urges: urges.to_vec(),
            checked_in: checked_in.to_vec(),
            next_call: None,
            tries: 0,
            steps_due: 0,
            keep_calling: false,
            no_consent: false,
        }
    }

    #[test]
    fn the_last_urge_and_the_days_without_a_check_in_are_said() {
        set_language(Language::En);
        let row = row(&[Some(3), None, Some(8), None], &[true, false, true, true]);
        assert_eq!(words(&row), "Last urge 8 of 10. No check-in on 1 of 14 days.");
    }
}
