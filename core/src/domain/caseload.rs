//! Who a coach looks after first. Each reason is a plain fact; there is no score, and nobody is ranked against anybody.

use std::cmp::Reverse;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};
use trellis_api_types::coach::{CallLog, CaseRow, Caseload, Outcome, Reason};
use trellis_api_types::people::Person;
use trellis_api_types::{Id, Millis};

/// Days of the line of urges.
const SHOWN: u64 = 14;
/// Days after a return to use in which a coach keeps calling: fifteen weeks.
const KEEP_CALLING: u64 = 105;
/// Check-ins that are looked at for a rise, and those before that they are held against.
const RECENT: usize = 3;
const BEFORE: usize = 7;
/// A mean so much above the one before is a rise.
const RISE: u32 = 2;
/// A single urge from here on speaks for itself.
const HIGH: u8 = 7;

/// A check-in as far as it was shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    /// Day it is about.
    pub date: NaiveDate,
    /// Time of day.
    pub time: NaiveTime,
    /// Urge, 0 to 10.
    pub urge: Option<u8>,
    /// Told of a return to use.
    pub used: bool,
}

/// What is known of one person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Check-ins, in any order.
    pub checkins: Vec<Told>,
    /// When they asked for help: the last day only, and while it is not over.
    pub asked_at: Option<Millis>,
    /// Day on which anything of theirs came first.
    pub first_heard: Option<NaiveDate>,
    /// Day on which anything of theirs came last.
    pub last_heard: Option<NaiveDate>,
    /// Days that open steps of open goals are due.
    pub steps: Vec<NaiveDate>,
    /// Mondays of the weeks of which an update came.
    pub weeks: Vec<NaiveDate>,
    /// The coach's calls, in any order.
    pub calls: Vec<CallLog>,
    /// Gone quiet after so many days.
    pub quiet_after: u32,
    /// A weekly update is asked for.
    pub weekly: bool,
}

/// A row and its place: the first reason, and since when it is so (the earlier comes first).
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The row.
    pub row: CaseRow,
    since: Option<i64>,
}

/// The row of one person. `no_consent`: nothing of theirs is shared now.
pub fn row(facts: &Facts, today: NaiveDate, space: Id, person: Person, no_consent: bool) -> Placed {
    let mut checkins = facts.checkins.clone();
    checkins.sort_unstable();
    let facts = &Facts { checkins, ..facts.clone() };
    let reasons = facts.reasons(today);
    let since = reasons.first().and_then(|reason| facts.since(*reason, today));
    let row = CaseRow {
        space,
        person,
        reasons,
        last_checkin: facts.checkins.last().map(|told| told.date),
        quiet_days: facts.quiet_days(today),
        urges: shown(today).map(|day| facts.urge_of(day)).collect(),
        checked_in: shown(today).map(|day| facts.on(day).next().is_some()).collect(),
        next_call: facts.next_call(),
        tries: facts.tries(),
        steps_due: count(facts.steps_due(today).count()),
        keep_calling: facts.keep_calling(today),
        no_consent,
    };
    Placed { row, since }
}

/// Everyone by reason, then by how long it is so; the names decide where that is equal.
pub fn caseload(mut cases: Vec<Placed>, today: NaiveDate) -> Caseload {
    let name = |case: &Placed| (case.row.person.name.to_lowercase(), case.row.space.clone());
    cases.sort_by_cached_key(|case| {
        (case.row.reasons.first().copied(), case.since.is_none(), case.since, name(case))
    });
    let mut due: Vec<&Placed> =
        cases.iter().filter(|case| case.row.next_call.is_some_and(|next| next <= today)).collect();
    due.sort_by_cached_key(|case| (case.row.next_call, name(case)));
    let calls = due.into_iter().map(|case| case.row.space.clone()).collect();
    Caseload { rows: cases.into_iter().map(|case| case.row).collect(), calls }
}

/// Days of the line of urges, oldest first.
fn shown(today: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    (0..SHOWN).rev().filter_map(move |days| today.checked_sub_days(Days::new(days)))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Facts {
    /// Every reason that holds, in the order of the list; at least [`Reason::Steady`].
    fn reasons(&self, today: NaiveDate) -> Vec<Reason> {
        let quiet = self.quiet_days(today).is_some_and(|days| days >= self.quiet_after);
        let holds = [
            (self.asked_at.is_some(), Reason::AskedForHelp),
            (quiet, Reason::GoneQuiet),
            (self.urge_rises(), Reason::UrgeRising),
            (self.next_call().is_some_and(|next| next <= today), Reason::CallDue),
            (self.steps_due(today).next().is_some(), Reason::StepDue),
            (self.update_missed(today), Reason::UpdateMissed),
        ];
        let mut reasons: Vec<Reason> =
            holds.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect();
        if reasons.is_empty() {
            reasons.push(Reason::Steady);
        }
        reasons
    }

    /// Since when a reason is so, to compare with others of the same reason.
    fn since(&self, reason: Reason, today: NaiveDate) -> Option<i64> {
        let day = |day: NaiveDate| i64::from(day.num_days_from_ce());
        match reason {
            Reason::AskedForHelp => self.asked_at,
            Reason::UrgeRising => self.checkins.last().map(|told| day(told.date)),
            Reason::CallDue => self.next_call().map(day),
            Reason::StepDue => self.steps_due(today).min().map(day),
            Reason::GoneQuiet | Reason::UpdateMissed | Reason::Steady => self.last_heard.map(day),
        }
    }

    fn quiet_days(&self, today: NaiveDate) -> Option<u32> {
        let days = (today - self.last_heard?).num_days();
        Some(u32::try_from(days).unwrap_or(0))
    }

    /// The last urge is high, or the mean of the last three is two above that of the seven before.
    fn urge_rises(&self) -> bool {
        let urges: Vec<u8> = self.checkins.iter().rev().filter_map(|told| told.urge).collect();
        let high = urges.first().is_some_and(|urge| *urge >= HIGH);
        let sum = |part: &[u8]| part.iter().copied().map(u32::from).sum::<u32>();
        let (recent, before) = (urges.get(..RECENT), urges.get(RECENT..RECENT + BEFORE));
        let risen = recent.zip(before).is_some_and(|(recent, before)| {
            let (recent_len, before_len) = (count(RECENT), count(BEFORE));
            sum(recent) * before_len >= sum(before) * recent_len + RISE * recent_len * before_len
        });
        high || risen
    }

    /// As agreed in the newest call.
    fn next_call(&self) -> Option<NaiveDate> {
        self.calls.iter().max_by_key(|call| (call.at, call.id.as_str()))?.next
    }

    fn tries(&self) -> u32 {
        let mut calls: Vec<&CallLog> = self.calls.iter().collect();
        calls.sort_by_key(|call| Reverse((call.at, call.id.as_str())));
        count(calls.into_iter().take_while(|call| call.outcome != Outcome::Reached).count())
    }

    fn steps_due(&self, today: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        self.steps.iter().copied().filter(move |due| *due <= today)
    }

    /// Asked for, and none of last week came by Wednesday; not of a week in which nothing of them was known yet.
    fn update_missed(&self, today: NaiveDate) -> bool {
        let monday = today.week(Weekday::Mon).first_day();
        let Some(last_week) = monday.checked_sub_days(Days::new(7)) else { return false };
        let late = today.weekday().num_days_from_monday() >= Weekday::Wed.num_days_from_monday();
        let known = self.first_heard.is_some_and(|first| first < monday);
        self.weekly && late && known && !self.weeks.contains(&last_week)
    }

    fn keep_calling(&self, today: NaiveDate) -> bool {
        let recent =
            |told: &Told| told.date.checked_add_days(Days::new(KEEP_CALLING)).is_some_and(|end| today < end);
        self.checkins.iter().any(|told| told.used && recent(told))
    }

    fn on(&self, day: NaiveDate) -> impl Iterator<Item = &Told> {
        self.checkins.iter().filter(move |told| told.date == day)
    }

    /// The last one of that day.
    fn urge_of(&self, day: NaiveDate) -> Option<u8> {
        self.on(day).filter_map(|told| told.urge).last()
    }
}

#[cfg(test)]
mod tests;
