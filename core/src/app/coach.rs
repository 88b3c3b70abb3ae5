//! A coach's view of the people who agreed to it.

use chrono::{DateTime, NaiveDate, TimeDelta};
use trellis_api_types::Millis;
use trellis_api_types::checkin::Use;
use trellis_api_types::circle::{Entry, What};
use trellis_api_types::coach::{
    Case, CaseGet, CaseSave, Caseload, CaseloadGet, SupervisionGet, SupervisionLog, SupervisionSave,
};
use trellis_api_types::command::Saved;
use trellis_api_types::people::Person;
use trellis_api_types::plan::{GoalState, StepState};
use trellis_api_types::sharing::{ConsentVersion, GoalChoice};

use super::circle::{self, Clock};
use super::{App, Session, names, people, sharing};
use crate::crdt::{
    CaseNotes, DocId, Docs, read_case, read_people, read_supervision, write_case, write_supervision,
};
use crate::domain::caseload::{self, Facts, Placed, Told};
use crate::domain::validate;
use crate::error::{Error, Result};
use crate::platform::Host;
use crate::space::members::{Members, Role, SpaceKind, State};
use crate::space::record::{Content, Standing};
use crate::space::{AccountId, SpaceId};
use crate::store::SpaceTx;
use crate::store::records::Pick;
use crate::sync::shared;
use crate::sync::shared::records;
use crate::sync::space_state::Known;

/// Most check-ins of a space that the list looks at: some for each day of fifteen weeks, of both.
const CHECKINS: u32 = 500;
/// Most goals, and weekly updates.
const OTHERS: u32 = 100;
/// Most entries that one person's page shows.
const ENTRIES: usize = 400;

/// When the list is looked at.
#[derive(Clone, Copy)]
struct Moment {
    today: NaiveDate,
    clock: Clock,
    /// The local time minus UTC.
    offset: TimeDelta,
}

impl Moment {
    fn day_of(&self, at: Millis) -> Option<NaiveDate> {
        let utc = DateTime::from_timestamp_millis(at.min(self.clock.now))?.naive_utc();
        Some(utc.checked_add_signed(self.offset)?.date())
    }
}

impl<H: Host> App<H> {
    /// The caseload.
    pub fn caseload_get(&mut self, CaseloadGet {}: CaseloadGet) -> Result<Caseload> {
        let moment = self.moment()?;
        let cases =
            self.session()?.cases(|tx, docs, known, case| Ok(placed(tx, docs, known, case, moment)?.0))?;
        Ok(caseload::caseload(cases, moment.today))
    }

    /// One person. Error: `not-found`.
    pub fn case_get(&mut self, CaseGet { space }: CaseGet) -> Result<Case> {
        let moment = self.moment()?;
        let session = self.session()?;
        let id = session.space(&space)?;
        session.look(&id, |tx, docs, known| {
            let other = coached(tx, docs, &known.members()?.state())?.ok_or_else(missing)?;
            let entries = entries(tx, known.members()?, &other.account)?;
            let (placed, consents, notes) = placed(tx, docs, known, other, moment)?;
            let CaseNotes { calls, notes, quiet_after, weekly } = notes;
            Ok(Case { row: placed.row, consents, entries, calls, notes, quiet_after, weekly })
        })
    }

    /// One change of what is kept about somebody. Errors: `not-found`, `empty-text`, `too-long`, `bad-date`, `bad-number`,
    /// `bad-id`.
    pub fn case_save(&mut self, CaseSave { space, edit: change }: CaseSave) -> Result<Saved> {
        validate::case(&change)?;
        let (session, host) = self.parts()?;
        let name = session.space(&space)?.to_string();
        let undo = session.edit(host, DocId::Coach, |edit| write_case(edit, &name, &change))?;
        Ok(Saved { undo })
    }

    /// The log of supervision, and the names that the screen points out in it.
    pub fn supervision_get(&mut self, SupervisionGet {}: SupervisionGet) -> Result<SupervisionLog> {
        let session = self.session()?;
        let names = session.names()?;
        let entries = session.read(|tx, docs| Ok(read_supervision(docs.get(tx, DocId::Coach)?)))?;
        Ok(SupervisionLog { entries, names })
    }

    /// One change of the log. Errors: `too-long`, `bad-date`, `bad-number`, `bad-id`.
    pub fn supervision_save(&mut self, SupervisionSave { edit: change }: SupervisionSave) -> Result<Saved> {
        validate::supervision(&change, self.today())?;
        let (session, host) = self.parts()?;
        let undo = session.edit(host, DocId::Coach, |edit| write_supervision(edit, &change))?;
        Ok(Saved { undo })
    }

    fn moment(&mut self) -> Result<Moment> {
        let (clock, local) = (self.clock()?, self.host.local());
        let utc = DateTime::from_timestamp_millis(self.host.now_ms()).unwrap_or_default().naive_utc();
        Ok(Moment { today: local.date(), clock, offset: local - utc })
    }
}

impl Session {
    /// What `work` finds about each person whom this one coaches.
    fn cases<T>(
        &mut self,
        mut work: impl FnMut(&SpaceTx<'_>, &mut Docs, &mut Known, Person) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut cases = Vec::new();
        for space in self.store.read(shared::list)? {
            let found = self.look(&space, |tx, docs, known| {
                let other = coached(tx, docs, &known.members()?.state())?;
                other.map(|other| work(tx, docs, known, other)).transpose()
            })?;
            cases.extend(found);
        }
        Ok(cases)
    }

    /// What the people whom this one coaches call themselves.
    fn names(&mut self) -> Result<Vec<String>> {
        let mut names = self.cases(|_, _, _, person| Ok(person.name))?;
        names.retain(|name| !name.is_empty());
        names.sort();
        names.dedup();
        Ok(names)
    }
}

/// Whom this person coaches in a space: the other one of a pair that is not over. Nobody who is blocked.
fn coached(tx: &SpaceTx<'_>, docs: &mut Docs, state: &State) -> Result<Option<Person>> {
    let me = shared::account(tx)?;
    let coaches = state.members.get(&me).is_some_and(|member| member.role == Role::Coach);
    if !coaches || state.kind != Some(SpaceKind::Pair) || state.ended {
        return Ok(None);
    }
    let people = people::people(tx, docs, state)?;
    Ok(people.into_iter().find(|person| !person.me && !person.blocked))
}

/// Somebody's row and place, with what they agreed to and what the coach keeps about them.
fn placed(
    tx: &SpaceTx<'_>,
    docs: &mut Docs,
    known: &Known,
    person: Person,
    moment: Moment,
) -> Result<(Placed, Vec<ConsentVersion>, CaseNotes)> {
    let (members, space) = (known.members()?, SpaceId(tx.space).to_string());
    let other = names::account(&person.account)?;
    let notes = read_case(docs.get(tx, DocId::Coach)?, &space);
    let consents = sharing::consents_of(tx, members, &other, moment.today)?;
    let asking = circle::asking(tx, members, &read_people(docs.get(tx, DocId::People)?), moment.clock)?;
    let mut facts = facts(tx, members, &other, moment)?;
    facts.asked_at = asking.iter().filter(|(who, _)| *who == other).map(|(_, at)| *at).max();
    facts.calls.clone_from(&notes.calls);
    (facts.quiet_after, facts.weekly) = (notes.quiet_after, notes.weekly);
    let row = caseload::row(&facts, moment.today, space, person, !consents.iter().any(shares));
    Ok((row, consents, notes))
}

/// What is known of somebody from what they shared.
fn facts(tx: &SpaceTx<'_>, members: &Members, other: &AccountId, moment: Moment) -> Result<Facts> {
    let newest = |numbers: &[i64], most| -> Result<Vec<Standing>> {
        let all = records::standing(tx, members, &Pick::Each(numbers, most))?;
        Ok(all.into_iter().filter(|one| one.author == *other).collect())
    };
    let last = tx.last_written()?.into_iter().find(|(author, _)| *author == other.0);
    let came = newest(&[0], OTHERS)?.first().and_then(|profile| moment.day_of(profile.at));
    Ok(Facts {
        checkins: newest(&[1], CHECKINS)?.iter().filter_map(told).collect(),
        first_heard: came,
        last_heard: last.and_then(|(_, at)| moment.day_of(at)).max(came),
        steps: newest(&[3], OTHERS)?.iter().flat_map(steps).collect(),
        weeks: newest(&[13], OTHERS)?.iter().filter_map(week).collect(),
        ..Facts::default()
    })
}

fn told(one: &Standing) -> Option<Told> {
    match circle::what(&one.content)? {
        What::CheckIn { date, time, urge, used, .. } => {
            Some(Told { date, time, urge, used: used == Some(Use::Used) })
        }
        _ => None,
    }
}

/// Days that the open steps of an open goal are due.
fn steps(one: &Standing) -> Vec<NaiveDate> {
    match circle::what(&one.content) {
        Some(What::Goal { state: GoalState::Open, steps, .. }) => {
            let open = steps.into_iter().filter(|step| step.state != StepState::Done);
            open.filter_map(|step| step.due).collect()
        }
        _ => Vec::new(),
    }
}

fn week(one: &Standing) -> Option<NaiveDate> {
    match &one.content {
        Content::Weekly { week, .. } => week.date(),
        _ => None,
    }
}

fn shares(version: &ConsentVersion) -> bool {
    let terms = version.terms.as_ref().filter(|_| version.stands);
    terms.is_some_and(|terms| !terms.fields.is_empty() || terms.goals != GoalChoice::None)
}

/// What a coach follows: what is shared by consent, and weekly updates. What is said in conversation, and step work, is not.
pub fn is_followed(content: &Content) -> bool {
    content.basis().is_some() || matches!(content, Content::Weekly { .. })
}

/// What somebody shared, newest first, with what was said to it.
fn entries(tx: &SpaceTx<'_>, members: &Members, other: &str) -> Result<Vec<Entry>> {
    let other = names::account(other)?;
    let mut shared = records::standing(tx, members, &Pick::Of(&other.0))?;
    shared.retain(|one| is_followed(&one.content));
    shared.truncate(ENTRIES);
    circle::with_answers(tx, members, shared)
}

fn missing() -> Error {
    Error::new("not-found", "nobody is coached there")
}
