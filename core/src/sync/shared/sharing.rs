//! The reconciler: what a space holds of one's private records follows them, as far as one's consents allow.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use trellis_api_types::checkin::CheckIn;

use super::{consent, may_write, records, say, unsay};
use crate::crdt::{DocId, Docs, read_checkin, read_plan, read_settings};
use crate::crypto::{Secret, kdf};
use crate::domain::{journey, tags};
use crate::error::Result;
use crate::space::SpaceId;
use crate::space::consent::{Effective, Fields, Given, Source, Step, next, record_key, tells_kept};
use crate::space::members::Members;
use crate::space::record::{Content, Day};
use crate::store::SpaceTx;
use crate::store::records::Pick;
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
    let given = consent::own(tx, members)?;
    if given.is_empty() || may_write(tx, members).is_err() {
        return Ok(false);
    }
    let blind = kdf::derive(keys::beacon(tx)?.expose(), "projection", b"");
    let effective = effective(tx, members, today)?;
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
    Ok(!steps.is_empty())
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

    /// One that was published stays: that its day moves would tell of a return to use.
    fn milestones(&mut self) -> Result<Wanted> {
        let settings = read_settings(self.docs.get(self.tx, DocId::Settings)?);
        let may = |on: &Day| {
            self.effective.as_ref().is_some_and(|may| may.allows(Fields::MILESTONES) && may.covers(*on))
        };
        let stays = |(key, content): (&Vec<u8>, &Content)| match content {
            Content::Milestone { on, .. } => Some((key.clone(), may(on).then(|| content.clone()))),
            _ => None,
        };
        let mut wanted: Wanted = self.published.iter().filter_map(stays).collect();
        let Some(start) = settings.recovery_start else { return Ok(wanted) };
        let all = journey::milestones(start, &self.tx.returns()?, &settings.reached, self.today);
        for milestone in all.into_iter().filter(|milestone| milestone.reached) {
            let key = record_key(&self.space, &format!("milestone/{}", milestone.days));
            let (on, days) = (Day::from(milestone.date), milestone.days);
            let content = || self.project(|may, from| may.milestone(on, days, "", from));
            wanted.entry(key).or_insert_with(content);
        }
        Ok(wanted)
    }
}
