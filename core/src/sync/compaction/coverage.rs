//! The snapshot that the current epoch starts from: what it stands for, and what it lacks.

use std::collections::{BTreeMap, BTreeSet};

use crate::crdt::{self, DocId, chunk};
use crate::error::Result;
use crate::space::epochs::descends;
use crate::space::held::Held;
use crate::space::open::Base;
use crate::space::snapshot::{self, Snapshot, contents};
use crate::space::{DeviceId, EpochId, ItemId, Kind, VerifiedItem};
use crate::store::SpaceTx;
use crate::store::spaces::{ItemRow, ItemState};
use crate::sync::epochs::rotation;
use crate::sync::space_state::Known;
use crate::sync::{Ground, keys};

/// Whoever holds what a snapshot lacks waits a random time up to this before publishing it, milliseconds.
pub const PUBLISH_SPREAD: u32 = 60_000;
/// Most items published at once.
const PUBLISH_MOST: usize = 512;

/// A whole snapshot under the current epoch.
struct Standing {
    epoch: EpochId,
    snapshot: Snapshot,
    /// Its epoch and those that follow it.
    since: BTreeSet<EpochId>,
    /// Epochs it stands for: all others that are known to be valid.
    before: BTreeSet<EpochId>,
    /// Those of them that it follows. Others began beside it: they are to be read first.
    past: BTreeSet<EpochId>,
}

/// The whole snapshots of one id, by whoever made one.
pub fn whole(tx: &SpaceTx<'_>, id: &[u8]) -> Result<Vec<(DeviceId, Snapshot)>> {
    let whole = Snapshot::assemble(&parts(tx, id)?).into_iter();
    Ok(whole.map(|((maker, _), snapshot)| (maker, snapshot)).collect())
}

fn parts(tx: &SpaceTx<'_>, id: &[u8]) -> Result<Vec<VerifiedItem>> {
    let rows = tx.items_about(Kind::Snapshot.into(), id)?;
    let rows = rows.iter().filter(|row| row.state == ItemState::Counts);
    rows.map(|row| keys::verified(tx, row)).collect()
}

/// The changes inside a snapshot's documents. Error: `document-damaged`.
pub fn changes_by_document(whole: &Snapshot) -> Result<Vec<(DocId, Vec<Vec<u8>>)>> {
    let named = |key: &[u8]| std::str::from_utf8(key).ok().and_then(|name| name.parse::<DocId>().ok());
    let known = whole.documents.iter().filter_map(|(key, bytes)| Some((named(key)?, bytes)));
    known.map(|(id, bytes)| Ok((id, crdt::changes_in(bytes)?))).collect()
}

/// Once `new` items may bring a snapshot, or something that it lacks.
pub fn follow(tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, new: &[ItemRow], now: i64) -> Result<()> {
    let telling = [Kind::Snapshot, Kind::Open, Kind::Carry];
    let before: BTreeSet<[u8; 16]> =
        tx.mailboxes()?.into_iter().filter(|row| row.stood_for > 0).map(|row| row.epoch).collect();
    let tells = |row: &ItemRow| telling.contains(&Kind::from(row.kind)) || before.contains(&row.epoch);
    if new.iter().any(tells) { settle(tx, host, known, now) } else { Ok(()) }
}

/// Notes what the current snapshot stands for, by what it really holds, and plans to publish what it lacks.
pub fn settle(tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
    let Some(base) = find(tx, known)? else { return Ok(()) };
    let name = setting(tx, "base");
    let moved = tx.setting(&name)?.is_none_or(|kept| kept != base.epoch.0);
    // An own one stands once others can read it.
    if moved && tx.is_kind_outgoing(&base.epoch.0, Kind::Snapshot.into())? {
        return Ok(());
    }
    stand(tx, &base, moved, now)?;
    tx.set_setting(&name, &base.epoch.0)?;
    let lacks = judge(tx, &base, moved)?;
    plan(tx, host, !lacks.is_empty(), now)
}

/// The nearest epoch with a whole snapshot, from the current epoch back. Nobody makes one for others: in a shared
/// space a snapshot stands for nothing.
fn find(tx: &SpaceTx<'_>, known: &Known) -> Result<Option<Standing>> {
    if !keys::is_personal(tx, &keys::space(tx))? {
        return Ok(None);
    }
    let Some(write) = keys::write_epoch(tx)? else { return Ok(None) };
    let valid = known.epochs.valid(known.roster());
    let (mut next, mut seen) = (vec![EpochId(write)], BTreeSet::new());
    while !next.is_empty() {
        for epoch in std::mem::take(&mut next) {
            let Some(opened) = valid.get(&epoch).filter(|_| seen.insert(epoch)) else { continue };
            if let Some(snapshot) = based_on(tx, opened.signer, opened.open.base)? {
                let follows = |other: &EpochId| *other == epoch || descends(&valid, other, &epoch);
                let (since, before): (BTreeSet<_>, BTreeSet<_>) = valid.keys().copied().partition(follows);
                let past = before.iter().copied().filter(|other| descends(&valid, &epoch, other)).collect();
                return Ok(Some(Standing { epoch, snapshot, since, before, past }));
            }
            next.extend(&opened.open.parents);
        }
    }
    Ok(None)
}

fn based_on(tx: &SpaceTx<'_>, signer: DeviceId, base: Base) -> Result<Option<Snapshot>> {
    let Base::Snapshot(id) = base else { return Ok(None) };
    let found = Snapshot::assemble(&parts(tx, &id)?).remove(&(signer, id));
    Ok(found.filter(|whole| changes_by_document(whole).is_ok()))
}

/// From now on the mailboxes before a snapshot only wait for who was away.
fn stand(tx: &SpaceTx<'_>, base: &Standing, moved: bool, now: i64) -> Result<()> {
    for mailbox in tx.mailboxes()? {
        let epoch = EpochId(mailbox.epoch);
        let read = mailbox.read_at > 0 || base.past.contains(&epoch);
        let since = match mailbox.stood_for {
            _ if !base.before.contains(&epoch) || !read => 0,
            0 => now,
            since => since,
        };
        if moved || since != mailbox.stood_for {
            tx.set_stood_for(&mailbox.epoch, since)?;
        }
    }
    Ok(())
}

/// Notes of each item before the snapshot whether it is held. Answers what is lacking; authority too, though it stays
/// in the old mailboxes for whoever comes back.
fn judge(tx: &SpaceTx<'_>, base: &Standing, all: bool) -> Result<Vec<ItemRow>> {
    let mut rows = Vec::new();
    for epoch in &base.before {
        rows.extend(tx.accepted_in(&epoch.0, all)?);
    }
    let looks_inside =
        |row: &ItemRow| matches!(Kind::from(row.kind), Kind::Change | Kind::Carry | Kind::Snapshot);
    let held = held(tx, base, rows.iter().any(looks_inside))?;
    let (mut lacks, mut older) = (Vec::new(), BTreeMap::new());
    for row in rows {
        let (kind, item) = (Kind::from(row.kind), keys::kept(&row)?);
        let holds = match kind {
            Kind::Snapshot => match older.get(&(row.device, row.key.clone())) {
                Some(holds) => *holds,
                None => {
                    let holds = holds_snapshot(tx, &held, &row)?;
                    older.insert((row.device, row.key.clone()), holds);
                    holds
                }
            },
            _ => held.holds(keys::space(tx), ItemId(row.id), &item),
        };
        tx.set_item_covered(row.n, holds && !kind.is_authority())?;
        if !holds && !kind.is_container() {
            lacks.push(row);
        }
    }
    Ok(lacks)
}

/// What the snapshot and the epochs since hold, where others can read it.
fn held(tx: &SpaceTx<'_>, base: &Standing, inside: bool) -> Result<Held> {
    let mut held = Held::default();
    for carried in &base.snapshot.items {
        held.add(carried.id(keys::space(tx)), &carried.unchecked()?);
    }
    for kind in [Kind::DeviceLog, Kind::Roster, Kind::Open, Kind::Grant, Kind::Carry] {
        let rows = tx.items_of_kind(kind.into())?;
        let since =
            |row: &&ItemRow| row.state == ItemState::Counts && base.since.contains(&EpochId(row.epoch));
        for row in rows.iter().filter(since) {
            if kind == Kind::Carry && tx.is_outgoing(row.n)? {
                continue;
            }
            let item = keys::kept(row)?;
            for carried in contents(&item).unwrap_or_default() {
                held.add(carried.id(keys::space(tx)), &carried.unchecked()?);
            }
            held.add(ItemId(row.id), &item);
        }
    }
    if inside {
        held.changes = hashes(&base.snapshot)?;
    }
    Ok(held)
}

fn hashes(whole: &Snapshot) -> Result<BTreeSet<[u8; 32]>> {
    let documents = changes_by_document(whole)?;
    Ok(documents.iter().flat_map(|(_, changes)| changes).map(|bytes| chunk::hash(bytes)).collect())
}

/// Whether everything in an older snapshot is held by the newer one too.
fn holds_snapshot(tx: &SpaceTx<'_>, held: &Held, part: &ItemRow) -> Result<bool> {
    let older = Snapshot::assemble(&parts(tx, &part.key)?);
    let Some((_, older)) = older.into_iter().find(|((maker, _), _)| maker.0 == part.device) else {
        return Ok(false);
    };
    let items = older.items.iter().all(|carried| {
        carried.unchecked().is_ok_and(|item| held.holds(keys::space(tx), carried.id(keys::space(tx)), &item))
    });
    Ok(items && hashes(&older)?.is_subset(&held.changes))
}

fn plan(tx: &SpaceTx<'_>, host: &impl Ground, lacks: bool, now: i64) -> Result<()> {
    match publish_at(tx)? {
        Some(_) if !lacks => tx.remove_setting(&setting(tx, "publish-at")),
        None if lacks => {
            let at = now + keys::luck(host, PUBLISH_SPREAD);
            tx.set_setting(&setting(tx, "publish-at"), &at.to_le_bytes())
        }
        _ => Ok(()),
    }
}

/// Publishes what the snapshot lacks, unless somebody else has done so meanwhile.
pub fn publish_if_due(tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
    if publish_at(tx)?.is_none_or(|at| !keys::is_due(at, now, PUBLISH_SPREAD.into())) {
        return Ok(());
    }
    tx.remove_setting(&setting(tx, "publish-at"))?;
    let Some(base) = find(tx, known)? else { return Ok(()) };
    let lacks = judge(tx, &base, false)?;
    if base.since.iter().any(|epoch| tx.is_kind_outgoing(&epoch.0, Kind::Carry.into()).unwrap_or(true)) {
        return plan(tx, host, !lacks.is_empty(), now);
    }
    let items = lacks.iter().take(PUBLISH_MOST).map(|row| keys::verified(tx, row));
    let items: Vec<VerifiedItem> = items.collect::<Result<_>>()?;
    tracing::info!(items = items.len(), "publishing what the snapshot lacks");
    snapshot::carry(&items).into_iter().try_for_each(|draft| rotation::write(tx, draft, now))?;
    settle(tx, host, known, now)
}

/// When something has to be published, if anything has to.
pub fn publish_at(tx: &SpaceTx<'_>) -> Result<Option<i64>> {
    Ok(tx.setting(&setting(tx, "publish-at"))?.and_then(|kept| kept.try_into().ok()).map(i64::from_le_bytes))
}

/// Name of what is kept about a space's snapshots.
pub fn setting(tx: &SpaceTx<'_>, what: &str) -> String {
    format!("snapshot.{what}.{}", keys::space(tx))
}
