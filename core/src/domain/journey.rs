//! Figures of a journey. A return to use today changes the current run and nothing else.
//!
//! Total and runs follow from the log alone: the same check-ins give the same figures, whenever and on whichever device they
//! were written. So a return that is logged for a past day takes that one day out of the total, and parts the run that it
//! lies in. A milestone is an event rather than a sum: once reached, it stays with its day. That cannot be read off the log,
//! as an entry only says when it was edited last; so whoever saves a check-in keeps what it would move ([`outlived`]).

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};
use trellis_api_types::checkin::Mood;
use trellis_api_types::journey::{Figures, Length, Milestone};
use trellis_api_types::today::DayMark;

/// What is marked in the first years, named as in [`Length`]; afterwards every year is.
const EARLY: &[u32] = &[1, 7, 14, 30, 60, 90, 180, 270, 365, 545, 730];
const YEAR: u32 = 365;

/// The four figures on `today`. `returns`: days of use, each once, oldest first; those outside the journey do not count.
///
/// A day counts towards the total once it is over and no use was logged for it, so today's return changes no total.
/// Before its start a journey is zero days long.
pub fn figures(start: NaiveDate, returns: &[NaiveDate], today: NaiveDate) -> Figures {
    let within: Vec<NaiveDate> =
        returns.iter().copied().filter(|day| (start..=today).contains(day)).collect();
    let over = within.iter().filter(|day| **day < today).count();
    let total_days = days(start, today).saturating_sub(u32::try_from(over).unwrap_or(u32::MAX));
    let ends = within.iter().copied().chain([today]);
    let begins = [start].into_iter().chain(within.iter().copied());
    let runs: Vec<u32> = begins.zip(ends).map(|(from, to)| days(from, to)).collect();
    Figures {
        start,
        total_days,
        current_run: runs.last().copied().unwrap_or(0),
        best_run: runs.iter().copied().max().unwrap_or(0),
    }
}

/// Milestones of the total days: those reached by `today`, and the next one, oldest first.
///
/// `kept`: milestones with the day they were reached, which stay so although a return was logged later for a day before.
pub fn milestones(
    start: NaiveDate,
    returns: &[NaiveDate],
    kept: &BTreeMap<u32, NaiveDate>,
    today: NaiveDate,
) -> Vec<Milestone> {
    let mut out = Vec::new();
    for days in marks() {
        let date = day_of(start, returns, days);
        let date = kept.get(&days).map_or(date, |kept| date.min(*kept));
        let reached = date <= today;
        out.push(Milestone { days, date, reached });
        if !reached {
            break;
        }
    }
    out
}

/// What was reached by `before` and would have another day by `after`, or none yet: milestones to keep, with their day.
pub fn outlived(before: &[Milestone], after: &[Milestone]) -> Vec<(u32, NaiveDate)> {
    let stands =
        |old: &Milestone| after.iter().any(|new| new.days == old.days && new.reached && new.date <= old.date);
    let lost = before.iter().filter(|old| old.reached && !stands(old));
    lost.map(|old| (old.days, old.date)).collect()
}

fn marks() -> impl Iterator<Item = u32> {
    EARLY.iter().copied().chain((3..).map(|years| years * YEAR))
}

/// First day on which the total is what the milestone marks, if no use comes in between: by the calendar where it marks
/// months or years, and a day later for each day of use.
pub fn day_of(start: NaiveDate, returns: &[NaiveDate], days: u32) -> NaiveDate {
    let mut date = match Length::of(days) {
        Length::Days(days) => later(start, days),
        Length::Months(months) => months_later(start, months),
        Length::Years(years) => months_later(start, years.saturating_mul(12)),
    };
    for day in returns.iter().filter(|day| **day >= start) {
        if *day < date {
            date = later(date, 1);
        }
    }
    date
}

/// The same day of a later month; its last one where that month is too short, as for the leaves of the journey.
fn months_later(date: NaiveDate, months: u32) -> NaiveDate {
    date.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

fn later(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}

fn days(from: NaiveDate, to: NaiveDate) -> u32 {
    (to - from).num_days().max(0).try_into().unwrap_or(u32::MAX)
}

/// What one check-in says about its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Day it is about.
    pub date: NaiveDate,
    /// Mood.
    pub mood: Mood,
    /// Urge, 0 to 10.
    pub urge: Option<u8>,
    /// A return to use.
    pub returned: bool,
}

/// Every day from `from` to `to`, oldest first, with what its check-ins say. `marks`: oldest first, from `from` on.
pub fn day_marks(from: NaiveDate, to: NaiveDate, marks: impl IntoIterator<Item = Mark>) -> Vec<DayMark> {
    let mut marks = marks.into_iter().peekable();
    let all = from.iter_days().take_while(|date| *date <= to);
    all.map(|date| {
        let mut mark = DayMark { date, mood: None, urge: None, returned: false, count: 0 };
        while let Some(row) = marks.next_if(|row| row.date <= date) {
            add(&mut mark, &row);
        }
        mark
    })
    .collect()
}

fn add(mark: &mut DayMark, row: &Mark) {
    mark.mood = Some(row.mood);
    mark.urge = mark.urge.max(row.urge);
    mark.returned |= row.returned;
    mark.count = mark.count.saturating_add(1);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn day(n: u32) -> NaiveDate {
        later(NaiveDate::from_ymd_opt(2020, 2, 20).unwrap(), n)
    }

    fn on(today: u32, returns: &[u32]) -> Figures {
        let returns: Vec<_> = returns.iter().map(|n| day(*n)).collect();
        figures(day(0), &returns, day(today))
    }

    #[test]
    fn a_journey_with_one_return() {
        let Figures { total_days, current_run, best_run, .. } = on(10, &[4]);
        assert_eq!((total_days, current_run, best_run), (9, 6, 6));
        let Figures { total_days, current_run, best_run, .. } = on(5, &[4]);
        assert_eq!((total_days, current_run, best_run), (4, 1, 4));
    }

    #[test]
    fn the_first_day_is_zero_and_the_future_is_zero() {
        assert_eq!(on(0, &[]).total_days, 0);
        assert_eq!(figures(day(3), &[], day(0)).total_days, 0);
    }

    #[test]
    fn milestones_end_with_the_next_one() {
        let marks: Vec<_> = of(day(0), &[], day(31)).into_iter().map(|m| (m.days, m.reached)).collect();
        assert_eq!(marks, [(1, true), (7, true), (14, true), (30, true), (60, false)]);
        let years = of(day(0), &[], day(365 * 5 + 2));
        assert_eq!(years.iter().rev().map(|m| m.days).take(2).collect::<Vec<_>>(), [6 * 365, 5 * 365]);
    }

    fn of(start: NaiveDate, returns: &[NaiveDate], today: NaiveDate) -> Vec<Milestone> {
        milestones(start, returns, &BTreeMap::new(), today)
    }

    fn reached_on(start: &str, days: u32, returns: &[NaiveDate]) -> String {
        day_of(start.parse().unwrap(), returns, days).to_string()
    }

    #[test]
    fn years_and_months_go_by_the_calendar_and_days_by_days() {
        assert_eq!(reached_on("2016-03-01", 10 * YEAR, &[]), "2026-03-01");
        assert_eq!(reached_on("2016-02-29", YEAR, &[]), "2017-02-28");
        assert_eq!(reached_on("2016-02-29", 4 * YEAR, &[]), "2020-02-29");
        assert_eq!(reached_on("2025-03-10", 180, &[]), "2025-09-10");
        assert_eq!(reached_on("2025-05-31", 270, &[]), "2026-02-28");
        assert_eq!(reached_on("2025-03-10", 545, &[]), "2026-09-10");
        assert_eq!(reached_on("2025-03-10", 90, &[]), "2025-06-08");
        let returned = "2017-05-05".parse().unwrap();
        assert_eq!(reached_on("2016-03-01", 10 * YEAR, &[returned]), "2026-03-02");
    }

    fn journey() -> impl Strategy<Value = (Vec<NaiveDate>, u32)> {
        (prop::collection::btree_set(0u32..900, 0..20), 0u32..1000)
            .prop_map(|(returns, today)| (returns.into_iter().map(day).collect(), today))
    }

    /// Days counted one by one: what the figures mean.
    fn counted(returns: &[NaiveDate], today: u32) -> (u32, u32, u32) {
        let used: BTreeSet<_> = returns.iter().collect();
        let (mut total, mut run, mut best) = (0, 0, 0);
        for n in 0..=today {
            if n > 0 {
                run += 1;
                best = best.max(run);
            }
            if used.contains(&day(n)) {
                run = 0;
            } else if n < today {
                total += 1;
            }
        }
        (total, run, best)
    }

    proptest! {
        #[test]
        fn figures_agree_with_counting_day_by_day((returns, today) in journey()) {
            let f = figures(day(0), &returns, day(today));
            prop_assert_eq!((f.total_days, f.current_run, f.best_run), counted(&returns, today));
        }

        #[test]
        fn a_return_today_changes_only_the_current_run((mut returns, today) in journey()) {
            returns.retain(|date| *date < day(today));
            let before = figures(day(0), &returns, day(today));
            let marks = of(day(0), &returns, day(today));
            returns.push(day(today));
            let after = figures(day(0), &returns, day(today));
            prop_assert_eq!(Figures { current_run: 0, ..before }, after);
            let reached = |marks: Vec<Milestone>| marks.into_iter().filter(|m| m.reached).collect::<Vec<_>>();
            prop_assert_eq!(reached(marks), reached(of(day(0), &returns, day(today))));
        }

        #[test]
        fn a_milestone_stands_on_the_day_its_total_is_reached((returns, today) in journey()) {
            for mark in of(day(0), &returns, day(today)).into_iter().filter(|mark| mark.reached) {
                let total = |date| figures(day(0), &returns, date).total_days;
                let marked = u32::try_from((day_of(day(0), &[], mark.days) - day(0)).num_days()).unwrap();
                prop_assert_eq!(total(mark.date), marked);
                prop_assert_eq!(total(mark.date.pred_opt().unwrap()), marked - 1);
            }
        }

        #[test]
        fn a_milestone_once_reached_stays_with_its_day((returns, today) in journey(), logged in prop::collection::vec(0u32..1000, 1..6)) {
            let (mut returns, mut kept) = (returns, BTreeMap::new());
            let first = milestones(day(0), &returns, &kept, day(today));
            for late in logged.into_iter().map(day).filter(|late| *late <= day(today)) {
                let before = milestones(day(0), &returns, &kept, day(today));
                returns.push(late);
                returns.sort();
                returns.dedup();
                kept.extend(outlived(&before, &of(day(0), &returns, day(today))));
            }
            let last = milestones(day(0), &returns, &kept, day(today));
            for mark in first.iter().filter(|mark| mark.reached) {
                prop_assert!(last.contains(mark), "{mark:?} in {last:?}");
            }
        }

        #[test]
        fn a_return_that_is_logged_late_takes_one_day_out_of_the_total((returns, today) in journey(), late in 0u32..1000) {
            prop_assume!(late < today && !returns.contains(&day(late)));
            let with = { let mut all = returns.clone(); all.push(day(late)); all.sort(); all };
            let (before, after) = (figures(day(0), &returns, day(today)), figures(day(0), &with, day(today)));
            prop_assert_eq!(after.total_days, before.total_days - 1);
            prop_assert!(after.best_run <= before.best_run && after.best_run * 2 >= before.best_run.saturating_sub(1));
        }
    }
}
