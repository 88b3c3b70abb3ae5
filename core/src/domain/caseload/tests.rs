use proptest::prelude::*;
use trellis_api_types::coach::ContactRole;
use trellis_api_types::people::Role;

use super::*;

/// A Thursday.
fn today() -> NaiveDate {
    "2026-03-05".parse().unwrap()
}

fn ago(days: u64) -> NaiveDate {
    today().checked_sub_days(Days::new(days)).unwrap()
}

fn told(days: u64, urge: Option<u8>) -> Told {
    Told { date: ago(days), time: NaiveTime::MIN, urge, used: false }
}

/// Urges, the newest of today, one a day.
fn urges(newest_first: &[u8]) -> Vec<Told> {
    newest_first.iter().zip(0..).map(|(urge, days)| told(days, Some(*urge))).collect()
}

fn heard(days: u64) -> Facts {
    Facts { first_heard: Some(ago(60)), last_heard: Some(ago(days)), quiet_after: 7, ..Facts::default() }
}

fn call(at: Millis, outcome: Outcome, next: Option<NaiveDate>) -> CallLog {
    CallLog { id: at.to_string(), at, outcome, need: String::new(), role: ContactRole::Coach, next }
}

fn person(name: &str) -> Person {
    Person {
        account: name.into(),
        name: name.into(),
        role: Role::Participant,
        leads: false,
        me: false,
        blocked: false,
        phone: String::new(),
        may_remove: false,
        may_promote: false,
        may_demote: false,
    }
}

fn place(name: &str, facts: &Facts) -> Placed {
    row(facts, today(), name.into(), person(name), false)
}

fn reasons(facts: &Facts) -> Vec<Reason> {
    place("Ana", facts).row.reasons
}

#[test]
fn somebody_has_gone_quiet_on_the_day_that_was_set_for_them() {
    assert_eq!(reasons(&heard(6)), [Reason::Steady]);
    assert_eq!(reasons(&heard(7)), [Reason::GoneQuiet]);
    assert_eq!(reasons(&Facts { quiet_after: 3, ..heard(3) }), [Reason::GoneQuiet]);
    assert_eq!(reasons(&Facts { last_heard: None, ..heard(0) }), [Reason::Steady]);
    assert_eq!(place("Ana", &heard(9)).row.quiet_days, Some(9));
}

#[test]
fn an_urge_rises_by_two_over_the_seven_before_or_is_high_itself() {
    let rises = |urges: Vec<Told>| reasons(&Facts { checkins: urges, ..heard(0) }) == [Reason::UrgeRising];
    assert!(rises(urges(&[5, 5, 5, 3, 3, 3, 3, 3, 3, 3])));
    assert!(!rises(urges(&[5, 5, 4, 3, 3, 3, 3, 3, 3, 3])), "less than two");
    assert!(!rises(urges(&[5, 5, 5, 3, 3, 3, 3, 3, 3])), "too few to hold it against");
    assert!(rises(urges(&[7])));
    assert!(!rises(urges(&[6, 9])), "a high one that is over");
    assert!(rises(vec![told(0, None), told(1, Some(8))]), "what was not told does not hide it");
}

#[test]
fn calls_and_steps_are_due_on_their_day() {
    let agreed = |next| Facts { calls: vec![call(1, Outcome::Message, Some(next))], ..heard(0) };
    assert_eq!(reasons(&agreed(today())), [Reason::CallDue]);
    assert_eq!(reasons(&agreed(today().succ_opt().unwrap())), [Reason::Steady]);
    let later = Facts {
        calls: vec![call(2, Outcome::Reached, None), call(1, Outcome::Message, Some(today()))],
        ..heard(0)
    };
    assert_eq!(reasons(&later), [Reason::Steady], "the newest call says when the next one is");
    let steps = Facts { steps: vec![ago(1), today(), today().succ_opt().unwrap()], ..heard(0) };
    let row = place("Ana", &steps).row;
    assert_eq!((row.reasons, row.steps_due), (vec![Reason::StepDue], 2));
}

#[test]
fn tries_are_counted_since_somebody_was_reached() {
    let calls = [Outcome::NoAnswer, Outcome::Reached, Outcome::Message, Outcome::NoAnswer];
    let calls = calls.into_iter().zip(1..).map(|(outcome, at)| call(at, outcome, None)).collect();
    assert_eq!(place("Ana", &Facts { calls, ..heard(0) }).row.tries, 2);
}

#[test]
fn an_update_is_missed_on_wednesday_if_it_was_asked_for() {
    let wednesday = ago(1);
    let missed = |facts: &Facts, day| facts.reasons(day).contains(&Reason::UpdateMissed);
    let asked = Facts { weekly: true, ..heard(0) };
    assert!(missed(&asked, wednesday) && missed(&asked, today()));
    assert!(!missed(&asked, ago(2)) && !missed(&heard(0), today()));
    let last_week = "2026-02-23".parse().unwrap();
    assert!(!missed(&Facts { weeks: vec![last_week], ..asked.clone() }, today()));
    assert!(!missed(&Facts { first_heard: Some(ago(2)), ..asked }, today()), "came this week");
}

#[test]
fn a_return_to_use_means_fifteen_weeks_of_calling() {
    let used = |days| Facts { checkins: vec![Told { used: true, ..told(days, None) }], ..heard(0) };
    assert!(place("Ana", &used(104)).row.keep_calling);
    assert!(!place("Ana", &used(105)).row.keep_calling);
    assert_eq!(reasons(&used(0)), [Reason::Steady], "it is no reason of its own");
}

#[test]
fn the_last_fourteen_days_are_shown_with_the_last_urge_of_each() {
    let evening = Told { time: NaiveTime::from_hms_opt(20, 0, 0).unwrap(), ..told(0, Some(2)) };
    let row = place(
        "Ana",
        &Facts { checkins: vec![evening, told(0, Some(5)), told(13, None), told(14, Some(9))], ..heard(0) },
    )
    .row;
    assert_eq!((row.urges.len(), row.urges[13], row.urges[0]), (14, Some(2), None));
    assert_eq!((row.checked_in[0], row.checked_in[1], row.checked_in[13]), (true, false, true));
    assert_eq!(row.last_checkin, Some(today()));
}

#[test]
fn the_list_goes_by_reason_and_then_by_how_long_it_is_so() {
    let due = |days| Facts { calls: vec![call(1, Outcome::Message, Some(ago(days)))], ..heard(0) };
    let asked = |at| Facts { asked_at: Some(at), ..due(2) };
    let cases = [
        ("steady", heard(1)),
        ("Call 1", due(1)),
        ("quiet 8", heard(8)),
        ("call 3", due(3)),
        ("help 2", asked(2)),
        ("quiet 30", heard(30)),
        ("help 1", asked(1)),
    ];
    let list = caseload(cases.iter().map(|(name, facts)| place(name, facts)).collect(), today());
    let names: Vec<_> = list.rows.iter().map(|row| row.space.as_str()).collect();
    assert_eq!(names, ["help 1", "help 2", "quiet 30", "quiet 8", "call 3", "Call 1", "steady"]);
    assert_eq!(list.calls, ["call 3", "help 1", "help 2", "Call 1"]);
    assert_eq!(list.rows[0].reasons, [Reason::AskedForHelp, Reason::CallDue]);
}

fn facts() -> impl Strategy<Value = Facts> {
    let checkin = (0..40u64, proptest::option::of(0..=10u8), any::<bool>());
    let checkin = checkin.prop_map(|(days, urge, used)| Told { used, ..told(days, urge) });
    let step = (-5..20i64).prop_map(|days| today() - chrono::Duration::days(days));
    let asked = proptest::option::of(0..5i64);
    (
        proptest::collection::vec(checkin, 0..15),
        asked,
        proptest::option::of(0..30u64),
        proptest::collection::vec(step, 0..3),
        any::<bool>(),
    )
        .prop_map(|(checkins, asked_at, last, steps, weekly)| Facts {
            checkins,
            asked_at,
            last_heard: last.map(ago),
            steps,
            weekly,
            ..heard(0)
        })
}

proptest! {
    /// Whatever comes in whatever order: everyone is there once, by the first reason that holds, and help comes first.
    #[test]
    fn the_order_is_one_of_reasons(all in proptest::collection::vec(facts(), 1..12), turn in any::<prop::sample::Index>()) {
        let placed: Vec<Placed> = all.iter().enumerate().map(|(n, facts)| place(&n.to_string(), facts)).collect();
        let mut turned = placed.clone();
        turned.rotate_left(turn.index(placed.len()));
        let list = caseload(placed, today());
        prop_assert_eq!(&list, &caseload(turned, today()));
        prop_assert_eq!(list.rows.len(), all.len());
        prop_assert!(list.rows.is_sorted_by_key(|row| row.reasons[0]));
        for row in &list.rows {
            prop_assert!(row.reasons.is_sorted_by(|a, b| a < b));
            prop_assert_eq!(row.reasons == [Reason::Steady], row.reasons.contains(&Reason::Steady));
            prop_assert_eq!((row.urges.len(), row.checked_in.len()), (14, 14));
            prop_assert!(row.urges.iter().zip(&row.checked_in).all(|(urge, checked)| urge.is_none() || *checked));
            let asked = all[row.space.parse::<usize>().unwrap()].asked_at.is_some();
            prop_assert_eq!(asked, row.reasons[0] == Reason::AskedForHelp);
        }
    }

    /// The order in which check-ins came says nothing.
    #[test]
    fn check_ins_may_come_in_any_order(facts in facts(), turn in any::<prop::sample::Index>()) {
        let mut other = facts.clone();
        if !other.checkins.is_empty() {
            let by = turn.index(other.checkins.len());
            other.checkins.rotate_left(by);
        }
        prop_assert_eq!(place("Ana", &facts), place("Ana", &other));
    }
}
