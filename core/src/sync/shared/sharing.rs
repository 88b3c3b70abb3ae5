//! The reconciler: what a space holds of one's private records follows them, as far as one's consents allow.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use trellis_api_types::checkin::CheckIn;
use trellis_api_types::work::{Answer, WorkEdit, Worksheet};

use super::{consent, may_write, records, say, unsay};
use crate::crdt::{DocId, Docs, read_checkin, read_people, read_plan, read_settings, read_work, write_work};
use crate::crypto::{Secret, kdf};
use crate::domain::{journey, tags};
use crate::error::Result;
use crate::space::SpaceId;
use crate::space::consent::{Effective, Fields, Given, Source, Step, next, record_key, tells_kept};
use crate::space::members::{Members, SpaceKind};
use crate::space::record::{Content, Day};
use crate::store::records::Pick;
use crate::store::{SpaceTx, Tx};
use crate::sync::keys;

/// Private records by the key of their projection; those that may not be shared have none.
type Wanted = BTreeMap<Vec<u8>, Option<Content>>;

/// Everything that projections are made from.
struct Desk<'a, 'tx> {
    tx: &'a SpaceTx<'tx>,
    docs: &'a mut Docs,
    space: SpaceId,
    blind: Secret,
    effective: Option<Effective>,
    today: NaiveDate,
    meetings: Vec<String>,
    published: &'a BTreeMap<Vec<u8>, Content>,
}

/// Publishes what is to be seen and is not, and takes back what is gone. True if anything was written.
pub fn reconcile(
    tx: &SpaceTx<'_>,
    docs: &mut Docs,
    members: &Members,
    today: NaiveDate,
    now: i64,
) -> Result<bool> {
    if may_write(tx, members).is_err() {
        return Ok(false);
    }
    let silent = is_silent(tx, docs, members)?;
    let ended = silent && end(tx, docs, members, today, now)?;
    let given = consent::own(tx, members)?;
    if given.is_empty() {
        return Ok(ended);
    }
    let blind = kdf::derive(keys::beacon(tx)?.expose(), "projection", b"");
    let effective = if silent { None } else { effective(tx, members, today)? };
    let published = published(tx, members)?;
    let space = keys::space(tx);
    let meetings = read_settings(docs.get(tx, DocId::Settings)?).meetings;
    let mut desk = Desk { tx, docs, space, blind, effective, today, meetings, published: &published };
    let wanted = desk.wanted()?;
    let steps = steps(&wanted, &published, &given);
    for (key, step) in &steps {
        match step {
            Step::Publish(content) => say(tx, members, key.clone(), content.clone(), now)?,
            Step::Tombstone => unsay(tx, members, key.clone(), now)?,
            Step::Keep => {}
        }
    }
    Ok(ended || !steps.is_empty())
}

/// Whether this is a pair whose other one is blocked: nothing may be shared there, whatever was agreed to on another device.
pub fn is_silent(tx: &SpaceTx<'_>, docs: &mut Docs, members: &Members) -> Result<bool> {
    let (state, me) = (members.state(), keys::account(tx)?);
    if state.kind != Some(SpaceKind::Pair) {
        return Ok(false);
    }
    let notes = read_people(docs.get(tx, DocId::People)?);
    let mut others = state.members.keys().filter(|account| **account != me);
    Ok(others.any(|account| notes.of(&account.to_string()).blocked))
}

/// Ends what another device began before it heard of the block, or what a kill left going on. True if anything was written.
fn end(tx: &SpaceTx<'_>, docs: &mut Docs, members: &Members, today: NaiveDate, now: i64) -> Result<bool> {
    let unfollowed = unfollow(tx, docs, &keys::space(tx).to_string())?;
    Ok(consent::stop(tx, members, today, now)? || unfollowed)
}

/// Answers of the step work that are shared in a space do not follow there any more; what it has of them stays. True if there
/// were any.
pub fn unfollow(tx: &Tx<'_>, docs: &mut Docs, space: &str) -> Result<bool> {
    let ends = ends(read_work(docs.get(tx, DocId::Work)?), space);
    let done = docs.edit(tx, DocId::Work, |edit| ends.iter().try_for_each(|end| write_work(edit, end)))?;
    Ok(done.is_some())
}

fn ends(sheets: Vec<Worksheet>, space: &str) -> Vec<WorkEdit> {
    let of_sheet = |Worksheet { id: sheet, answers, .. }: Worksheet| {
        let shared = answers.into_iter().filter(|answer| answer.shared.iter().any(|name| name == space));
        let end = |answer: Answer| (sheet.clone(), answer.id);
        shared.map(end).collect::<Vec<_>>()
    };
    let end = |(sheet, id)| WorkEdit::Share { sheet, id, space: space.to_owned(), on: false };
    sheets.into_iter().flat_map(of_sheet).map(end).collect()
}

/// What this person's consents allow here today.
pub fn effective(tx: &SpaceTx<'_>, members: &Members, today: NaiveDate) -> Result<Option<Effective>> {
    Ok(Effective::of(&consent::own(tx, members)?, today.into()))
}

/// What this person's projections say as last published; what the others drop, because its consent had ended, is not.
fn published(tx: &SpaceTx<'_>, members: &Members) -> Result<BTreeMap<Vec<u8>, Content>> {
    let standing = records::standing(tx, members, &Pick::Of(&keys::account(tx)?.0))?;
    let projections = standing.into_iter().filter(|it| it.content.basis().is_some());
    Ok(projections.map(|it| (it.key, it.content)).collect())
}

fn steps(wanted: &Wanted, published: &BTreeMap<Vec<u8>, Content>, given: &[Given]) -> Vec<(Vec<u8>, Step)> {
    let all: BTreeSet<&Vec<u8>> = wanted.keys().chain(published.keys()).collect();
    let step = |key: &Vec<u8>| {
        let gone = !wanted.contains_key(key);
        let wanted = wanted.get(key).cloned().flatten();
        (key.clone(), next(wanted, published.get(key), given, gone))
    };
    all.into_iter().map(step).filter(|(_, step)| *step != Step::Keep).collect()
}

impl Desk<'_, '_> {
    fn wanted(&mut self) -> Result<Wanted> {
        let mut wanted = self.checkins()?;
        wanted.extend(self.goals()?);
        wanted.extend(self.milestones()?);
        Ok(wanted)
    }

    fn project(&self, work: impl FnOnce(&Effective, Source<'_>) -> Option<Content>) -> Option<Content> {
        let source = Source { space: &self.space, blind: &self.blind };
        self.effective.as_ref().and_then(|effective| work(effective, source))
    }

    fn checkins(&mut self) -> Result<Wanted> {
        let mut wanted = Wanted::new();
        for row in self.tx.all_checkins()? {
            let key = record_key(&self.space, &row.id);
            let covered =
                self.effective.as_ref().is_some_and(|effective| effective.covers(Day::from(row.date)));
            if !covered && !self.published.contains_key(&key) {
                continue;
            }
            let checkin = read_checkin(self.docs.get(self.tx, row.document.parse()?)?, &row.id);
            if let Some(content) = checkin.map_or(Some(None), |checkin| self.checkin(&key, &checkin)) {
                wanted.insert(key, content);
            }
        }
        Ok(wanted)
    }

    /// The projection of a check-in; `None` where what is published of it is to be taken back, as it says something that
    /// is kept and nothing else may take its place.
    fn checkin(&self, key: &[u8], checkin: &CheckIn) -> Option<Option<Content>> {
        let meeting = tags::meeting(&checkin.tags, &self.meetings);
        let content = self.project(|may, from| may.checkin(checkin, &meeting, from));
        let tells = |published: &Content| tells_kept(published, checkin.kept);
        let taken_back = content.is_none() && self.published.get(key).is_some_and(tells);
        (!taken_back).then_some(content)
    }

    fn goals(&mut self) -> Result<Wanted> {
        let goals = read_plan(self.docs.get(self.tx, DocId::Plan)?).goals;
        let wanted = |goal: &trellis_api_types::plan::Goal| {
            (record_key(&self.space, &goal.id), self.project(|may, from| may.goal(goal, from)))
        };
        Ok(goals.iter().map(wanted).collect())
    }

    /// One that was published stays: that its day moves would tell of a return to use. A later one is published if it lies as
    /// far behind what is told here as the first one does: the days between two would tell of a return that is kept.
    fn milestones(&mut self) -> Result<Wanted> {
        let settings = read_settings(self.docs.get(self.tx, DocId::Settings)?);
        let stays = |(key, content): (&Vec<u8>, &Content)| match content {
            Content::Milestone { on, .. } => Some((key.clone(), self.tells_of(*on).then(|| content.clone()))),
            _ => None,
        };
        let mut wanted: Wanted = self.published.iter().filter_map(stays).collect();
        let Some(start) = settings.recovery_start else { return Ok(wanted) };
        let told = self.told_returns()?;
        let behind = |(on, days): (NaiveDate, u32)| on - journey::day_of(start, &told, days);
        let all = journey::milestones(start, &self.tx.returns()?, &settings.reached, self.today);
        let new =
            all.iter().filter(|it| it.reached && self.tells_of(it.date.into())).map(|it| (it.date, it.days));
        let first = first_since(start, self.published).or_else(|| new.clone().next()).map(behind);
        for (on, days) in new.filter(|it| Some(behind(*it)) == first) {
            let key = record_key(&self.space, &format!("milestone/{days}"));
            let content = || self.project(|may, from| may.milestone(on.into(), days, "", from));
            wanted.entry(key).or_insert_with(content);
        }
        Ok(wanted)
    }

    /// Whether milestones of this day may be told here.
    fn tells_of(&self, on: Day) -> bool {
        self.effective.as_ref().is_some_and(|may| may.allows(Fields::MILESTONES) && may.covers(on))
    }

    /// Days of use that may be told here.
    fn told_returns(&mut self) -> Result<Vec<NaiveDate>> {
        let mut told = BTreeSet::new();
        for row in self.tx.all_checkins()?.into_iter().filter(|row| row.returned) {
            let may = |may: &Effective| may.allows(Fields::USE) && may.covers(row.date.into());
            let checkin = read_checkin(self.docs.get(self.tx, row.document.parse()?)?, &row.id);
            let kept = checkin.is_none_or(|checkin| checkin.kept.all || checkin.kept.used);
            told.extend((!kept && self.effective.as_ref().is_some_and(may)).then_some(row.date));
        }
        Ok(told.into_iter().collect())
    }
}

/// Day and length of the first milestone that was published since this start.
fn first_since(start: NaiveDate, published: &BTreeMap<Vec<u8>, Content>) -> Option<(NaiveDate, u32)> {
    let milestone = |content: &Content| match content {
        Content::Milestone { on, days, .. } => Some((on.date()?, *days)),
        _ => None,
    };
    published.values().filter_map(milestone).filter(|(on, _)| *on >= start).min()
}
