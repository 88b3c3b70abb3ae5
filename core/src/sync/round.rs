//! What happens between calls: own changes become items, and what arrived is weighed and applied.

use std::collections::BTreeMap;

use super::folding::Folding;
use super::known::Known;
use super::{Ground, account, base, grants, keys, repair, take};
use crate::crdt::{self, DocId, Docs};
use crate::crypto::{DeviceId, Refusal};
use crate::error::{Error, Result};
use crate::fault;

use crate::space::epochs::Choice;
use crate::space::roster::Roster;
use crate::space::{Draft, ItemId, Kind, SpaceId, WriterId, snapshot};
use crate::store::spaces::{ItemRow, ItemState};
use crate::store::{Store, Tx};

/// Own changes turned into items in one transaction.
const BATCH: u32 = 200;
/// Without a living epoch, others than the remover wait a random time up to this before they open one, milliseconds.
const OPEN_SPREAD: u32 = 60_000;
const OPEN_AT: &str = "space.open-at";

/// What weighing changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Documents.
    pub data: bool,
    /// Epochs became readable: there are mailboxes to read.
    pub epochs: bool,
    /// This device was signed out by another one.
    pub signed_out: bool,
}

/// Turns what was saved into items, and does what is due.
pub fn prepare(
    store: &mut Store,
    host: &impl Ground,
    kept: &mut Option<Known>,
    folding: &mut Folding,
    now: i64,
) -> Result<()> {
    let ready = store.read(|tx| Ok::<_, Error>(keys::has_account(tx)? && !keys::signed_out(tx)?))?;
    let done = if ready { steps(store, host, kept, folding, now) } else { Ok(()) };
    if done.is_err() {
        *kept = None;
    }
    done
}

fn steps(
    store: &mut Store,
    host: &impl Ground,
    kept: &mut Option<Known>,
    folding: &mut Folding,
    now: i64,
) -> Result<()> {
    store.tx(|tx| {
        let known = Known::current(kept, tx)?;
        open_if_due(tx, host, known, now)?;
        grants::give_if_due(tx, host, known, now)
    })?;
    fault::point()?;
    while store.tx(|tx| seal_some(tx, now))? {
        fault::point()?;
    }
    fault::point()?;
    store.tx(|tx| repair::prepare(tx, host, Known::current(kept, tx)?, now))?;
    fault::point()?;
    store.tx(|tx| folding.step(tx, host, Known::current(kept, tx)?, now))
}

/// Signs the oldest own changes. The item, its place in the queue and the end of the intent are one transaction,
/// so that a crash neither loses a change nor signs it twice. True if there may be more.
fn seal_some(tx: &Tx<'_>, now: i64) -> Result<bool> {
    let Some(epoch) = keys::write_epoch(tx)? else { return Ok(false) };
    let intents = tx.intents(BATCH)?;
    for intent in &intents {
        let writer = WriterId::from_slice(&crdt::inspect(&intent.bytes)?.writer)?;
        let draft = Draft {
            kind: Kind::Change,
            key: intent.document.clone().into_bytes(),
            body: intent.bytes.clone(),
        };
        match keys::write(tx, &epoch, writer, draft, now) {
            Err(error) if error.code == Refusal::Oversized.code() => {
                let mailbox = keys::of_epoch(tx, &epoch)?.mailbox();
                tx.set_aside(mailbox, 0, error.code, &intent.bytes)?;
            }
            written => drop(written?),
        }
        tx.intent_done(intent.seq)?;
    }
    Ok(intents.len() == BATCH as usize)
}

/// Weighs what is not weighed yet, applies what counts, and finds the epoch to write to.
pub fn weigh(
    store: &mut Store,
    docs: &mut Docs,
    host: &impl Ground,
    kept: &mut Option<Known>,
    now: i64,
) -> Result<Change> {
    let mut all = Change::default();
    // What one round finds (a carried item, an entry that entitles someone) may let more count.
    for _ in 0..16 {
        fault::point()?;
        let round = store.tx(|tx| once(tx, docs, host, kept, now));
        if round.is_err() {
            docs.forget_all();
            *kept = None;
        }
        let (change, progress) = round?;
        all.data |= change.data;
        all.epochs |= change.epochs;
        all.signed_out |= change.signed_out;
        if !progress {
            break;
        }
    }
    Ok(all)
}

fn once(
    tx: &Tx<'_>,
    docs: &mut Docs,
    host: &impl Ground,
    kept: &mut Option<Known>,
    now: i64,
) -> Result<(Change, bool)> {
    let mut change = Change::default();
    let rows = if keys::has_account(tx)? { tx.items_to_weigh()? } else { Vec::new() };
    if rows.is_empty() {
        return Ok((change, false));
    }
    let known = Known::current(kept, tx)?;
    let entitled = known.log.entitled();
    let hopeless =
        |row: &ItemRow| row.state == ItemState::Waits && !entitled.contains_key(&DeviceId(row.device));
    if rows.iter().all(hopeless) {
        return Ok((change, false));
    }
    let mut progress = unpack(tx, known.space, &rows, now)?;
    known.follow(tx)?;
    let counting = counting(tx, known, &rows)?;
    progress |= !counting.is_empty();
    for row in &counting {
        settle(tx, row)?;
    }
    change.data = apply(tx, docs, known.space, &counting)?;
    change.data |= repair::apply_snapshots(tx, docs, host, known.space, &counting)?;
    repair::heard(tx, host, known.space, &counting, now)?;
    change.epochs = grants::read(tx, known, now)?;
    choose(tx, host, known, now)?;
    grants::plan(tx, host, known, &counting, now)?;
    carry_on(tx, known, &counting, now)?;
    base::follow(tx, host, known, &counting, now)?;
    let gone = known.log.state().gone.contains(&DeviceId(keys::own_device(tx)?));
    change.signed_out = gone && !keys::signed_out(tx)?;
    if change.signed_out {
        keys::set_signed_out(tx, false)?;
    }
    Ok((change, progress))
}

/// Keeps the items inside carries and snapshots like any other.
fn unpack(tx: &Tx<'_>, space: SpaceId, rows: &[ItemRow], now: i64) -> Result<bool> {
    let mut found = false;
    let containers = [Kind::Carry.into(), Kind::Snapshot.into()];
    for row in rows.iter().filter(|row| row.state == ItemState::New && containers.contains(&row.kind)) {
        let container = keys::verified(space, row)?;
        for carried in snapshot::contents(container.item()).unwrap_or_default() {
            let Ok(item) = carried.verify(space).and_then(take::own_author) else { continue };
            found |= keys::keep_inner(tx, &item, now)?;
        }
    }
    Ok(found)
}

/// The items among `rows` that count. As long as everyone who signed is entitled, that is all of them; the whole
/// ledger is judged only when somebody is not.
fn counting(tx: &Tx<'_>, known: &mut Known, rows: &[ItemRow]) -> Result<Vec<ItemRow>> {
    let entitled = known.log.entitled();
    let (mut counting, doubtful): (Vec<ItemRow>, Vec<ItemRow>) =
        rows.iter().cloned().partition(|row| entitled.contains_key(&DeviceId(row.device)));
    if doubtful.iter().any(|row| row.state == ItemState::New) || !counting.is_empty() && !doubtful.is_empty()
    {
        let judged = known.judge(tx)?;
        let (fine, waiting) = doubtful.into_iter().partition(|row| judged.counting.contains(&ItemId(row.id)));
        counting.extend::<Vec<ItemRow>>(fine);
        let waiting: Vec<ItemRow> = waiting;
        waiting.iter().try_for_each(|row| tx.set_item_state(row.n, ItemState::Waits))?;
    }
    Ok(counting)
}

/// What was accepted here of a device that lost its place, beyond the cut of an opening, is repeated for the others:
/// nobody un-accepts.
fn carry_on(tx: &Tx<'_>, known: &mut Known, new: &[ItemRow], now: i64) -> Result<()> {
    let opened = new.iter().any(|row| Kind::from(row.kind) == Kind::Open);
    if !opened || known.log.state().gone.is_empty() || keys::write_epoch(tx)?.is_none() {
        return Ok(());
    }
    let judged = known.judge(tx)?;
    let mut lost = Vec::new();
    for (n, _) in tx.accepted_ids()?.into_iter().filter(|(_, id)| !judged.counting.contains(&ItemId(*id))) {
        let row = tx.item(n)?;
        lost.extend(row.map(|row| keys::verified(known.space, &row)).transpose()?);
    }
    snapshot::carry(&lost).into_iter().try_for_each(|draft| account::write(tx, draft, now))
}

/// Marks an item as counting. Of two at one place of a chain the lower id stands; the other is kept as proof.
fn settle(tx: &Tx<'_>, row: &ItemRow) -> Result<()> {
    let rivals = tx.items_between(&row.writer, row.seq, row.seq)?;
    let lowest = rivals.iter().map(|rival| rival.id).min();
    for rival in rivals.iter().filter(|rival| rival.state != ItemState::New || rival.n == row.n) {
        let state = if Some(rival.id) == lowest { ItemState::Counts } else { ItemState::Forked };
        if rivals.len() > 1 {
            tracing::warn!(seq = row.seq, "a writer signed two items at one place");
        }
        tx.set_item_state(rival.n, state)?;
    }
    Ok(())
}

/// Hands changes to the documents, in one batch a document. A bad one is marked and the rest goes on.
fn apply(tx: &Tx<'_>, docs: &mut Docs, space: SpaceId, rows: &[ItemRow]) -> Result<bool> {
    let mut batches: BTreeMap<DocId, Vec<(i64, Vec<u8>)>> = BTreeMap::new();
    let change: u16 = Kind::Change.into();
    for row in rows.iter().filter(|row| row.kind == change) {
        let id = std::str::from_utf8(&row.key).ok().and_then(|name| name.parse().ok());
        match id {
            Some(id) => batches.entry(id).or_default().push((row.n, body(space, row)?)),
            // A document of a later version: kept and forwarded, read after an update.
            None => tx.set_item_state(row.n, ItemState::Unread)?,
        }
    }
    let mut changed = false;
    for (id, batch) in batches {
        let (rows, bytes): (Vec<i64>, Vec<Vec<u8>>) = batch.into_iter().unzip();
        let received = docs.receive(tx, id, &bytes)?;
        changed |= !received.kept.is_empty();
        for (place, code) in received.bad {
            tracing::warn!(code, "a change was set aside");
            rows.get(place).map_or(Ok(()), |n| tx.set_item_state(*n, ItemState::Unread))?;
        }
    }
    Ok(changed)
}

fn body(space: SpaceId, row: &ItemRow) -> Result<Vec<u8>> {
    Ok(keys::verified(space, row)?.item().body.to_vec())
}

/// Finds the epoch to write to; with none alive, one is opened after a random wait.
fn choose(tx: &Tx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
    match known.epochs.choose(&known.log) {
        Choice::Write(epoch) => {
            tx.remove_setting(OPEN_AT)?;
            if tx.epochs()?.iter().any(|row| row.id == epoch.0) {
                keys::set_write_epoch(tx, &epoch)?;
            }
            Ok(())
        }
        Choice::OpenOver(parents) if parents.is_empty() || tx.setting(OPEN_AT)?.is_some() => Ok(()),
        Choice::OpenOver(_) => {
            let at = now + keys::luck(host, OPEN_SPREAD);
            tx.set_setting(OPEN_AT, &at.to_le_bytes())
        }
    }
}

fn open_if_due(tx: &Tx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
    let Some(at) = open_at(tx)? else { return Ok(()) };
    if now < at {
        return Ok(());
    }
    tx.remove_setting(OPEN_AT)?;
    account::rotate(tx, host, known, now)
}

/// When an epoch has to be opened, if one has to.
pub fn open_at(tx: &Tx<'_>) -> Result<Option<i64>> {
    Ok(tx.setting(OPEN_AT)?.and_then(|kept| kept.try_into().ok()).map(i64::from_le_bytes))
}
