//! What happens between calls: own changes become items, and what arrived is weighed and applied.

use std::collections::BTreeMap;

use crate::sync::compaction::coverage;
use crate::sync::compaction::job::Folding;
use crate::sync::epochs::{grants, rotation};
use crate::sync::ingest::response;
use crate::sync::space_state::{Kept, Known};
use crate::sync::{Ground, anti_entropy, keys, shared, writing};
use shared::sharing::Days;
use trellis_protocol::ids::EnvelopeId;

use crate::crdt::{self, DocId, Docs};
use crate::crypto::DeviceId;
use crate::error::{Error, Result};
use crate::fault;
use crate::space::{Draft, ItemId, Kind, SpaceId, WriterId, snapshot};
use crate::store::documents::Intent;
use crate::store::items::Waiting;
use crate::store::spaces::{ItemRow, ItemState};
use crate::store::{SpaceTx, Store};

/// Own changes turned into items in one transaction.
const BATCH: u32 = 200;

/// What weighing changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Documents.
    pub data: bool,
    /// Somebody asks this person for help.
    pub help: bool,
    /// Epochs became readable: there are mailboxes to read.
    pub epochs: bool,
    /// This device was signed out by another one.
    pub signed_out: bool,
}

/// Turns what was saved into items, and does what is due, space by space.
pub fn prepare(
    store: &mut Store,
    docs: &mut Docs,
    host: &impl Ground,
    kept: &mut Kept,
    folding: &mut Folding,
    now: i64,
) -> Result<()> {
    let spaces = store.read(|tx| if keys::signed_out(tx)? { Ok(Vec::new()) } else { keys::spaces(tx) })?;
    for space in spaces {
        let done = if store.read(|tx| keys::is_personal(tx, &space))? {
            steps(store, host, space, kept, folding, now)
        } else {
            shared_steps(store, docs, host, space, kept, now)
        };
        let_go(store, docs, kept, &space, done)?;
    }
    Ok(())
}

/// What a failed step taught is forgotten. A shared space where something fails is left alone, so that no member's doing stops
/// the exchange of the others; what fails for want of room or of the database is no member's doing.
fn let_go<T: Default>(
    store: &mut Store,
    docs: &mut Docs,
    kept: &mut Kept,
    space: &SpaceId,
    done: Result<T>,
) -> Result<T> {
    let Err(error) = done else { return done };
    kept.forget(space);
    docs.forget_all();
    if is_of_this_device(&error) || store.read(|tx| keys::is_personal(tx, space))? {
        return Err(error);
    }
    tracing::warn!(code = error.code, "a shared space is left alone");
    Ok(T::default())
}

fn is_of_this_device(error: &Error) -> bool {
    error.is_unwritable() || error.code == "database-busy"
}

/// In a shared space nothing is written without a place in it.
fn shared_steps(
    store: &mut Store,
    docs: &mut Docs,
    host: &impl Ground,
    space: SpaceId,
    kept: &mut Kept,
    now: i64,
) -> Result<()> {
    store.tx(|tx| keep_up(&tx.within(space.0), docs, host, kept, now))?;
    let own = DeviceId(store.read(keys::own_device)?);
    if !store.read(|tx| Ok::<_, Error>(kept.current(&tx.within(space.0))?.has_place(&own)))? {
        return Ok(());
    }
    fault::point()?;
    store.tx(|tx| {
        let here = &tx.within(space.0);
        let known = kept.current(here)?;
        rotation::open_if_due(here, host, known, now)?;
        rotation::carry_if_due(here, known, now)?;
        grants::give_if_due(here, host, known, now)
    })?;
    fault::point()?;
    store.tx(|tx| {
        let here = &tx.within(space.0);
        shared::board::convert(here, docs, kept.current(here)?.members()?, now)
    })?;
    fault::point()?;
    store.tx(|tx| {
        let here = &tx.within(space.0);
        anti_entropy::prepare(here, host, kept.current(here)?, now)
    })
}

/// Compares a space with the account's device log, where either has grown.
fn keep_up(tx: &SpaceTx<'_>, docs: &mut Docs, host: &impl Ground, kept: &mut Kept, now: i64) -> Result<()> {
    let own = kept.current(&keys::personal(tx)?)?.own_log()?.clone();
    let known = kept.current(tx)?;
    let compared = (own.entries().count(), known.authority_to);
    if known.compared != compared {
        shared::keep_up(tx, host, known, &own, now)?;
        known.compared = (compared.0, known.authority_to);
        shared::keep_keys(tx, docs)?;
    }
    Ok(())
}

/// Brings what this person shares up to date in every space. Call only right after everything was read. False if a space
/// waits for keys that somebody who lost their place does not get.
pub fn share(store: &mut Store, docs: &mut Docs, kept: &mut Kept, days: Days, now: i64) -> Result<bool> {
    let mut all = true;
    for space in store.read(shared::list)? {
        let shared = store.tx(|tx| {
            let here = &tx.within(space.0);
            if rotation::is_stale(here)? {
                all = false;
                return Ok(false);
            }
            shared::sharing::reconcile(here, docs, kept.current(here)?.members()?, days, now)
        });
        let_go(store, docs, kept, &space, shared)?;
        fault::point()?;
    }
    Ok(all)
}

/// Everything was read for the first time since the start.
pub fn end_first_look(store: &mut Store, docs: &mut Docs, host: &impl Ground, kept: &mut Kept) -> Result<()> {
    let writers = store.read(keys::unlooked)?;
    let mut all = true;
    for space in store.read(shared::list)? {
        let said = store.tx(|tx| {
            let here = &tx.within(space.0);
            shared::say_again(here, host, kept.current(here)?, &writers, host.now_ms()).map(|()| true)
        });
        all &= let_go(store, docs, kept, &space, said)?;
    }
    // What could not be said again is tried at the next start.
    store.tx(|tx| keys::end_first_look(tx, all))
}

/// Saved documents stand in the personal space only, and so do snapshots.
fn steps(
    store: &mut Store,
    host: &impl Ground,
    space: SpaceId,
    kept: &mut Kept,
    folding: &mut Folding,
    now: i64,
) -> Result<()> {
    store.tx(|tx| {
        let here = &tx.within(space.0);
        let known = kept.current(here)?;
        rotation::open_if_due(here, host, known, now)?;
        rotation::carry_if_due(here, known, now)?;
        grants::give_if_due(here, host, known, now)
    })?;
    fault::point()?;
    while store.tx(|tx| seal_some(&tx.within(space.0), now))? {
        fault::point()?;
    }
    fault::point()?;
    store.tx(|tx| {
        let here = &tx.within(space.0);
        anti_entropy::prepare(here, host, kept.current(here)?, now)
    })?;
    fault::point()?;
    store.tx(|tx| {
        let here = &tx.within(space.0);
        folding.step(here, host, kept.current(here)?, now)
    })
}

/// Signs the oldest own changes. The item, its place in the queue and the end of the intent are one transaction,
/// so that a crash neither loses a change nor signs it twice. True if there may be more.
fn seal_some(tx: &SpaceTx<'_>, now: i64) -> Result<bool> {
    // Somebody lost their place: what was saved waits for keys that they do not get.
    if rotation::is_stale(tx)? {
        return Ok(false);
    }
    let Some(epoch) = keys::write_epoch(tx)? else { return Ok(false) };
    let intents = tx.intents(BATCH)?;
    for intent in &intents {
        match seal_one(tx, &epoch, intent, now) {
            Err(error) if is_of_this_device(&error) => return Err(error),
            // One that cannot go out keeps the others from nothing.
            Err(error) => {
                tracing::warn!(code = error.code, "an own change was set aside");
                let mailbox = keys::of_epoch(tx, &epoch)?.mailbox();
                tx.set_aside(mailbox, 0, error.code, EnvelopeId::of(&intent.bytes), &intent.bytes)?;
            }
            Ok(()) => {}
        }
        tx.intent_done(intent.seq)?;
    }
    Ok(intents.len() == BATCH as usize)
}

fn seal_one(tx: &SpaceTx<'_>, epoch: &[u8; 16], intent: &Intent, now: i64) -> Result<()> {
    let writer = WriterId::from_slice(&crdt::inspect(&intent.bytes)?.writer)?;
    let (key, body) = (intent.document.as_bytes().to_vec(), intent.bytes.clone());
    writing::write(tx, epoch, writer, Draft { kind: Kind::Change, key, body }, now).map(drop)
}

/// Weighs what is not weighed yet, applies what counts, and finds the epoch to write to. `now` is by this device's clock,
/// then by the one that all go by.
pub fn weigh(
    store: &mut Store,
    docs: &mut Docs,
    host: &impl Ground,
    kept: &mut Kept,
    now: (i64, i64),
) -> Result<Change> {
    let mut all = Change::default();
    for space in store.read(keys::spaces)? {
        // What one round finds (a carried item, an entry that entitles someone) may let more count.
        for _ in 0..16 {
            fault::point()?;
            let round = store.tx(|tx| once(&tx.within(space.0), docs, host, kept, now));
            let (change, progress) = let_go(store, docs, kept, &space, round)?;
            all.add(change);
            if !progress {
                break;
            }
        }
    }
    Ok(all)
}

impl Change {
    fn add(&mut self, other: Self) {
        self.data |= other.data;
        self.help |= other.help;
        self.epochs |= other.epochs;
        self.signed_out |= other.signed_out;
    }
}

fn once(
    tx: &SpaceTx<'_>,
    docs: &mut Docs,
    host: &impl Ground,
    kept: &mut Kept,
    (now, shared_now): (i64, i64),
) -> Result<(Change, bool)> {
    let mut change = Change::default();
    let (rows, waiting) = (tx.items_to_weigh()?, tx.waiting_items()?);
    if rows.is_empty() && waiting.is_empty() {
        return Ok((try_again(tx, docs, now)?, false));
    }
    let known = kept.current(tx)?;
    let entitled = known.roster().entitled();
    if rows.is_empty() && !waiting.iter().any(|item| entitled.contains_key(&DeviceId(item.device))) {
        return Ok((try_again(tx, docs, now)?, false));
    }
    let mut progress = unpack(tx, &rows, now)?;
    known.follow(tx)?;
    let counting = counting(tx, known, &rows, &waiting)?;
    progress |= !counting.is_empty();
    counting.iter().try_for_each(|row| settle(tx, row))?;
    change.data = apply(tx, docs, &counting)?;
    if keys::is_personal(tx, &keys::space(tx))? {
        change.data |= anti_entropy::apply_snapshots(tx, docs, host, &counting)?;
        change.epochs = change.data && shared::enter_known(tx, docs, now)?;
    } else {
        let mut keys = shared::records::keys_in(counting.iter());
        if counting.iter().any(|row| Kind::from(row.kind).is_authority()) {
            keys.extend(tx.unnamed_records()?);
        }
        shared::records::index(tx, known.members()?, keys)?;
        change.data |= !counting.is_empty() | known.has_turned()?;
        change.help = shared::records::asks_for_help(tx, docs, known.members()?, &counting, shared_now)?;
    }
    anti_entropy::heard(tx, host, known, &counting, now)?;
    change.epochs |= grants::read(tx, known, now)?;
    rotation::choose(tx, host, known, now)?;
    grants::plan(tx, host, known, &counting, now)?;
    carry_on(tx, known, &rows)?;
    coverage::follow(tx, host, known, &counting, now)?;
    change.signed_out = is_signed_out(tx, known)?;
    if change.signed_out {
        keys::set_signed_out(tx, false)?;
    }
    Ok((change, progress))
}

/// Where nothing new counts, it may be the turn of changes that wait.
fn try_again(tx: &SpaceTx<'_>, docs: &mut Docs, now: i64) -> Result<Change> {
    let data = apply(tx, docs, &[])?;
    let epochs = data && shared::enter_known(tx, docs, now)?;
    Ok(Change { data, epochs, ..Change::default() })
}

/// Whether the account has just let this device go.
fn is_signed_out(tx: &SpaceTx<'_>, known: &Known) -> Result<bool> {
    let own = DeviceId(keys::own_device(tx)?);
    let gone = known.own_log().is_ok_and(|log| log.state().gone.contains(&own));
    Ok(gone && !keys::signed_out(tx)?)
}

/// Keeps the items inside carries and snapshots like any other.
fn unpack(tx: &SpaceTx<'_>, rows: &[ItemRow], now: i64) -> Result<bool> {
    let mut found = false;
    let containers = [Kind::Carry.into(), Kind::Snapshot.into()];
    for row in rows.iter().filter(|row| row.state == ItemState::New && containers.contains(&row.kind)) {
        let container = keys::verified(tx, row)?;
        for carried in snapshot::contents(container.item()).unwrap_or_default() {
            let Ok(item) = carried.verify(keys::space(tx)).and_then(response::own_author) else { continue };
            found |= keys::keep_inner(tx, &item, now)?;
        }
    }
    Ok(found)
}

/// The items among `rows`, and among those that wait, that count. As long as everyone who signed is entitled, that is all of them; the
/// whole ledger is judged only when somebody is not.
fn counting(
    tx: &SpaceTx<'_>,
    known: &mut Known,
    rows: &[ItemRow],
    waiting: &[Waiting],
) -> Result<Vec<ItemRow>> {
    let entitled = known.roster().entitled();
    let is_entitled = |device: &[u8; 32]| entitled.contains_key(&DeviceId(*device));
    let (mut counting, doubtful): (Vec<ItemRow>, Vec<ItemRow>) =
        rows.iter().cloned().partition(|row| is_entitled(&row.device));
    let (fine, hopeless): (Vec<&Waiting>, Vec<&Waiting>) =
        waiting.iter().partition(|item| is_entitled(&item.device));
    counting.extend(fetch(tx, fine.into_iter())?);
    counting.sort_by_key(|row| row.n);
    if doubtful.is_empty() && (counting.is_empty() || hopeless.is_empty()) {
        return Ok(counting);
    }
    let judged = known.judge(tx)?;
    let counts = |id: &[u8; 32]| judged.counting.contains(&ItemId(*id));
    let upheld = fetch(tx, hopeless.into_iter().filter(|item| counts(&item.id)))?;
    let (fine, later): (Vec<ItemRow>, Vec<ItemRow>) = doubtful.into_iter().partition(|row| counts(&row.id));
    later.iter().try_for_each(|row| tx.set_item_state(row.n, ItemState::Waits))?;
    let mut late: Vec<ItemRow> = upheld.into_iter().chain(fine).collect();
    late.sort_by_key(|row| row.n);
    counting.extend(late);
    Ok(counting)
}

fn fetch<'a>(tx: &SpaceTx<'_>, waiting: impl Iterator<Item = &'a Waiting>) -> Result<Vec<ItemRow>> {
    waiting.filter_map(|item| tx.item(item.n).transpose()).collect()
}

/// Where somebody lost their place, what was accepted here before that was known and lies beyond the cuts of the openings is
/// repeated for the others. What says so comes in any order, and need not count itself.
fn carry_on(tx: &SpaceTx<'_>, known: &Known, rows: &[ItemRow]) -> Result<()> {
    let says = |row: &ItemRow| row.state == ItemState::New && Kind::from(row.kind).is_authority();
    if rows.iter().any(says) && !known.roster().dropped().is_empty() {
        rotation::carry_later(tx)
    } else {
        Ok(())
    }
}

/// Marks an item as counting. Two at one place of a chain both count.
fn settle(tx: &SpaceTx<'_>, row: &ItemRow) -> Result<()> {
    if tx.items_between(&row.writer, row.seq, row.seq)?.len() > 1 {
        tracing::warn!(seq = row.seq, "a writer signed two items at one place");
    }
    tx.set_item_state(row.n, ItemState::Counts)
}

/// Items and the changes in them.
type Batch = (Vec<i64>, Vec<Vec<u8>>);

/// Hands changes to the documents, in one batch for each document and device, and tries again what waited. A bad one is marked
/// and the rest goes on.
fn apply(tx: &SpaceTx<'_>, docs: &mut Docs, rows: &[ItemRow]) -> Result<bool> {
    let mut changed = false;
    for ((id, device), (rows, changes)) in batches(tx, rows)? {
        let received = docs.receive(tx, id, &device, &changes)?;
        changed |= received.has_changed();
        for (place, code) in received.bad {
            tracing::warn!(code, "a change was set aside");
            rows.get(place).map_or(Ok(()), |n| tx.set_item_state(*n, ItemState::Unread))?;
        }
        received.refused.iter().try_for_each(|hash| set_aside(tx, id, hash))?;
    }
    Ok(changed)
}

/// Marks the item of a change that waited and cannot be used.
fn set_aside(tx: &SpaceTx<'_>, id: DocId, hash: &[u8; 32]) -> Result<()> {
    for row in tx.items_about(Kind::Change.into(), id.to_string().as_bytes())? {
        if row.state == ItemState::Counts && crdt::chunk::hash(&keys::kept(&row)?.body) == *hash {
            tracing::warn!("a change that waited was set aside");
            tx.set_item_state(row.n, ItemState::Unread)?;
        }
    }
    Ok(())
}

fn batches(tx: &SpaceTx<'_>, rows: &[ItemRow]) -> Result<BTreeMap<(DocId, [u8; 32]), Batch>> {
    let mut batches: BTreeMap<_, Batch> = BTreeMap::new();
    let change: u16 = Kind::Change.into();
    for row in rows.iter().filter(|row| row.kind == change) {
        let Some(id) = document(tx, &row.key)? else {
            // A document of a later version: kept and forwarded, read after an update.
            tx.set_item_state(row.n, ItemState::Unread)?;
            continue;
        };
        let (numbers, changes) = batches.entry((id, row.device)).or_default();
        numbers.push(row.n);
        changes.push(keys::kept(row)?.body.to_vec());
    }
    if keys::is_personal(tx, &keys::space(tx))? {
        // Nothing new came for these, and it may be the turn of what waits.
        let waited_for = tx.documents_waited_for()?.into_iter().filter_map(|name| name.parse().ok());
        batches.extend(waited_for.map(|id| ((id, [0; 32]), Batch::default())));
    }
    Ok(batches)
}

/// The document that a change is for. Only one's own devices change documents: in a shared space there are none.
fn document(tx: &SpaceTx<'_>, key: &[u8]) -> Result<Option<DocId>> {
    if !keys::is_personal(tx, &keys::space(tx))? {
        return Ok(None);
    }
    Ok(std::str::from_utf8(key).ok().and_then(|name| name.parse().ok()))
}
