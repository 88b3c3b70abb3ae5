//! The reconciler: what a space holds of one's private records follows them, as far as one's consents allow.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use trellis_api_types::checkin::CheckIn;

use crate::crdt::{
    DocId, Docs, gone_checkins, gone_goals, read_checkin, read_people, read_plan, read_settings,
};
use crate::crypto::{Secret, kdf};
use crate::domain::{journey, tags};
use crate::error::Result;
use crate::space::SpaceId;
use crate::space::consent::{Effective, Fields, Given, Source, Step, next, record_key, tells_kept};
use crate::space::members::{Members, SpaceKind};
use crate::space::record::{Content, Day};
use crate::store::SpaceTx;
use crate::store::records::Pick;
use crate::sync::keys;
use crate::sync::shared::{consent, may_write, records, say, step_work, unsay};

/// Private records by the key of their projection; those that may not be shared have none.
type Wanted = BTreeMap<Vec<u8>, Option<Content>>;

/// Everything that projections are made from.
struct Desk<'a, 'tx> {
    tx: &'a SpaceTx<'tx>,
    docs: &'a mut Docs,
    space: SpaceId,
    blind: Secret,
    effective: Option<Effective>,
    days: Days,
    meetings: Vec<String>,
    published: &'a BTreeMap<Vec<u8>, Content>,
    /// Keys of what was taken away. Only that is taken back: what is missing here may only not have come yet.
    gone: BTreeSet<Vec<u8>>,
}

/// The local day by the clocks that could be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// By the one that is ahead: sharing ends early rather than late.
    pub latest: NaiveDate,
    /// By the one that is behind: a day is reached late rather than early.
    pub earliest: NaiveDate,
}

impl From<NaiveDate> for Days {
    fn from(day: NaiveDate) -> Self {
        Self { latest: day, earliest: day }
    }
}

/// Publishes what is to be seen and is not, and takes back what is gone. True if anything was written.
pub fn reconcile(tx: &SpaceTx<'_>, docs: &mut Docs, members: &Members, days: Days, now: i64) -> Result<bool> {
    if may_write(tx, members).is_err() {
        return Ok(false);
    }
    let silent = is_silent(tx, docs, members)?;
    let today = days.latest;
    let mut wrote = silent && end(tx, docs, members, today, now)?;
    // To somebody who is blocked nothing is said, not even that.
    wrote |= !silent && step_work::reconcile(tx, docs, members, now)?;
    let given = consent::own(tx, members)?;
    if given.is_empty() {
        return Ok(wrote);
    }
    let blind = kdf::derive(keys::beacon(tx)?.expose(), "projection", b"");
    let effective = if silent { None } else { effective(tx, members, today)? };
    let published = published(tx, members)?;
    let space = keys::space(tx);
    let meetings = read_settings(docs.get(tx, DocId::Settings)?).meetings;
    let gone = BTreeSet::new();
    let mut desk = Desk { tx, docs, space, blind, effective, days, meetings, published: &published, gone };
    let wanted = desk.wanted()?;
    desk.find_gone(&wanted)?;
    let steps = steps(&wanted, &published, &given, &desk.gone);
    // What is taken back comes first, and one record that cannot be shared keeps none of the others from it.
    for (key, _) in steps.iter().filter(|(_, step)| *step == Step::Tombstone) {
        unsay(tx, members, key.clone(), now)?;
        wrote = true;
    }
    for (key, step) in steps {
        if let Step::Publish(content) = step {
            wrote |= publish(tx, members, (key, content), now)?;
        }
    }
    Ok(wrote)
}

/// Publishes a projection. False for one that is no record: another device may write anything into a private document.
fn publish(
    tx: &SpaceTx<'_>,
    members: &Members,
    (key, content): (Vec<u8>, Content),
    now: i64,
) -> Result<bool> {
    match say(tx, members, key, content, now) {
        Err(error) if !error.is_unwritable() => {
            tracing::warn!(code = error.code, "a record cannot be shared");
            Ok(false)
        }
        said => said.map(|()| true),
    }
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
    let unfollowed = step_work::leave(tx, docs, &keys::space(tx).to_string(), false)?;
    Ok(consent::stop(tx, members, today, now)? || unfollowed)
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

fn steps(
    wanted: &Wanted,
    published: &BTreeMap<Vec<u8>, Content>,
    given: &[Given],
    gone: &BTreeSet<Vec<u8>>,
) -> Vec<(Vec<u8>, Step)> {
    let all: BTreeSet<&Vec<u8>> = wanted.keys().chain(published.keys()).collect();
    let step = |key: &Vec<u8>| {
        let wanted = wanted.get(key).cloned().flatten();
        (key.clone(), next(wanted, published.get(key), given, gone.contains(key)))
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
            match checkin.map_or(Some(None), |checkin| self.checkin(&key, &checkin)) {
                Some(content) => drop(wanted.insert(key, content)),
                None => drop(self.gone.insert(key)),
            }
        }
        Ok(wanted)
    }

    /// Notes which of those that are published and not wanted were taken away.
    fn find_gone(&mut self, wanted: &Wanted) -> Result<()> {
        if self.published.keys().all(|key| wanted.contains_key(key) || self.gone.contains(key)) {
            return Ok(());
        }
        let mut ids = gone_goals(self.docs.get(self.tx, DocId::Plan)?);
        for name in self.tx.document_ids()? {
            if let Ok(id @ DocId::Journal(_)) = name.parse() {
                ids.extend(gone_checkins(self.docs.get(self.tx, id)?));
            }
        }
        self.gone.extend(ids.iter().map(|id| record_key(&self.space, id)));
        Ok(())
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

    /// One that was published stays: that its day moves would tell of a return to use. A later one is published if it lies no
    /// further behind what is told here than all before it: the days between two would tell of a return that is kept, or of
    /// a start that was moved because of one.
    fn milestones(&mut self) -> Result<Wanted> {
        let settings = read_settings(self.docs.get(self.tx, DocId::Settings)?);
        let stays = |(key, content): (&Vec<u8>, &Content)| match content {
            Content::Milestone { on, .. } => Some((key.clone(), self.tells_of(*on).then(|| content.clone()))),
            _ => None,
        };
        let mut wanted: Wanted = self.published.iter().filter_map(stays).collect();
        let Some(start) = settings.counted_from() else { return Ok(wanted) };
        let told = self.told_returns()?;
        let behind = |(on, days): (NaiveDate, u32)| on - journey::day_of(start, &told, days);
        let all = journey::milestones(start, &self.tx.returns()?, &settings.reached, self.days.earliest);
        let new =
            all.iter().filter(|it| it.reached && self.tells_of(it.date.into())).map(|it| (it.date, it.days));
        let told_before = before(start, &told, self.published).into_iter().map(behind).min();
        let most = told_before.or_else(|| new.clone().next().map(behind));
        for (on, days) in new.filter(|it| most.is_some_and(|most| behind(*it) <= most)) {
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

/// Days and lengths of the milestones that were published. If a return that is told here began a new journey, only those
/// since then.
fn before(
    start: NaiveDate,
    told: &[NaiveDate],
    published: &BTreeMap<Vec<u8>, Content>,
) -> Vec<(NaiveDate, u32)> {
    let begun = told.iter().any(|day| *day == start || day.succ_opt() == Some(start));
    let milestone = |content: &Content| match content {
        Content::Milestone { on, days, .. } => Some((on.date()?, *days)),
        _ => None,
    };
    published.values().filter_map(milestone).filter(|(on, _)| !begun || *on >= start).collect()
}
