//! Noticing what is missing, asking for it, answering others, and saying what is here.

use std::collections::{BTreeMap, BTreeSet};

use crate::crdt::Docs;
use crate::error::Result;
use crate::space::open::{Base, Open};
use crate::space::repair::{Heads, MAX_HEADS, Need};
use crate::space::snapshot;
use crate::space::{DeviceId, EpochId, ItemId, Kind, Mark, VerifiedItem, WriterId};
use crate::store::SpaceTx;
use crate::store::spaces::{ItemRow, ItemState};
use crate::sync::compaction::{coverage, job};
use crate::sync::epochs::{grants, key_requests, rotation};
use crate::sync::space_state::Known;
use crate::sync::{Ground, allowance, keys, writing};

/// Heads are told at most this often, milliseconds; each is an envelope to everybody.
const HEADS_QUIET: i64 = 60_000;
/// And at least this often.
const HEADS_WEEKLY: i64 = 7 * 24 * 3_600_000;
/// A gap is asked for at most this often, milliseconds.
const NEED_QUIET: i64 = 3_600_000;
/// So often that time is doubled for one writer.
const NEED_DOUBLED: u32 = 9;
/// Whoever holds others' items waits a random time up to this before repeating them, milliseconds.
const ANSWER_SPREAD: u32 = 60_000;
/// Most items repeated for one question at once.
const ANSWER_MOST: u32 = 512;
/// Most questions of one device that wait for their answer.
const QUESTIONS: usize = 64;
const HEADS_AT: &str = "space.heads-at";
const NEED_AT: &str = "space.need-at";

/// Does what is due: answers, questions, heads, and an opening's way into its parents' mailboxes.
pub(super) fn prepare(tx: &SpaceTx<'_>, host: &impl Ground, known: &mut Known, now: i64) -> Result<()> {
    if spread_openings(tx, known, now)? {
        coverage::settle(tx, host, known, now)?;
    }
    coverage::publish_if_due(tx, host, known, now)?;
    answer(tx, known, now)?;
    ask(tx, known, now)?;
    key_requests::ask_if_due(tx, known, now)?;
    tell_heads(tx, known, now)
}

/// When something here is due, if anything is.
pub(super) fn next_time(tx: &SpaceTx<'_>, now: i64) -> Result<Option<i64>> {
    let heads = if heads_differ(tx)? { at(tx, HEADS_AT)?.map(|last| last + HEADS_QUIET) } else { None };
    let answers = tx.questions()?.into_iter().map(|(_, due)| (due, ANSWER_SPREAD.into()));
    let due = [
        heads.map(|at| (at, HEADS_QUIET)),
        rotation::open_at(tx)?.map(|at| (at, rotation::OPEN_SPREAD.into())),
        rotation::beside_at(tx)?.map(|at| (at, rotation::KEY_WAIT.0 + i64::from(rotation::KEY_WAIT.1))),
        grants::give_at(tx)?.map(|at| (at, grants::SPREAD.into())),
        key_requests::next_time(tx)?.map(|at| (at, key_requests::PATIENCE)),
        coverage::publish_at(tx)?.map(|at| (at, coverage::PUBLISH_SPREAD.into())),
    ];
    // A time that a wrong clock set is now.
    let waits = due.into_iter().flatten().chain(answers);
    let times = waits.map(|(at, longest)| if keys::is_due(at, now, longest) { at.min(now) } else { at });
    Ok(times.chain(job::next_time(tx, now)?).min())
}

/// Once an opening is durable in its own mailbox, with the snapshot it starts from, it goes into every parent's, where
/// the others find it; where a parent cannot be read here, into those before it that can. Also one that lost to another device's opening meanwhile: what was written under it is to be
/// read. True if one went on that starts from a snapshot.
fn spread_openings(tx: &SpaceTx<'_>, known: &Known, now: i64) -> Result<bool> {
    let (own, mut based) = (keys::own_device(tx)?, false);
    let openings = tx.items_of_kind(Kind::Open.into())?;
    for first in openings.iter().filter(|row| row.device == own && row.key == row.epoch) {
        if !tx.is_outgoing(first.n)? && !job::is_under_way(tx, &first.epoch)? {
            based |= spread(tx, known, first, &openings, now)?;
        }
    }
    Ok(based)
}

fn spread(tx: &SpaceTx<'_>, known: &Known, first: &ItemRow, openings: &[ItemRow], now: i64) -> Result<bool> {
    let open = Open::read(&keys::kept(first)?.body)?;
    let mut wrote = false;
    for parent in readable(tx, known, &open.parents)? {
        if !openings.iter().any(|row| row.epoch == parent.0 && row.key == first.key) {
            writing::write(tx, &parent.0, keys::writer(tx)?, open.draft(), now)?;
            wrote = true;
        }
    }
    Ok(wrote && open.base != Base::Parent)
}

/// Those of these epochs whose keys are here; instead of the others the nearest ones before them.
fn readable(tx: &SpaceTx<'_>, known: &Known, epochs: &[EpochId]) -> Result<BTreeSet<EpochId>> {
    let held: BTreeSet<[u8; 16]> = tx.epochs()?.into_iter().map(|row| row.id).collect();
    let (mut found, mut seen, mut next) = (BTreeSet::new(), BTreeSet::new(), epochs.to_vec());
    while let Some(epoch) = next.pop() {
        if held.contains(&epoch.0) {
            found.insert(epoch);
        } else if seen.insert(epoch) {
            next.extend(known.epochs.opens_of(&epoch).flat_map(|known| &known.open.parents));
        }
    }
    Ok(found)
}

/// Says what is here, when something of others came since, and weekly.
fn tell_heads(tx: &SpaceTx<'_>, known: &Known, now: i64) -> Result<()> {
    let last = at(tx, HEADS_AT)?;
    let past = |longest| last.is_none_or(|last| keys::has_passed(last, now, longest));
    let due = past(HEADS_WEEKLY) || past(HEADS_QUIET) && heads_differ(tx)?;
    if !due || known.is_alone() || keys::write_epoch(tx)?.is_none() {
        return Ok(());
    }
    rotation::write(tx, Heads(marks(tx)?).draft(), now)?;
    tx.set_setting(&keys::name(tx, HEADS_AT), &now.to_le_bytes())
}

/// The newest item of each writer that is here, or that a snapshot stands for; of more than can be told those that were
/// heard last.
fn marks(tx: &SpaceTx<'_>) -> Result<Vec<Mark>> {
    let mut heads = tx.writer_heads()?;
    heads.sort_by_key(|row| std::cmp::Reverse(row.n));
    let recent: BTreeSet<[u8; 16]> = heads.iter().map(|row| row.writer).take(MAX_HEADS).collect();
    let held = heads.into_iter().map(|row| (row.writer, row.seq, row.id));
    let mut newest: BTreeMap<[u8; 16], (u64, [u8; 32])> = BTreeMap::new();
    for (writer, seq, id) in tx.all_covered()?.into_iter().chain(held) {
        let mark = newest.entry(writer).or_insert((seq, id));
        *mark = if seq >= mark.0 { (seq, id) } else { *mark };
    }
    if newest.len() > MAX_HEADS {
        newest.retain(|writer, _| recent.contains(writer));
    }
    let mark = |(writer, (seq, id))| Mark { writer: WriterId(writer), seq, id: ItemId(id) };
    Ok(newest.into_iter().map(mark).collect())
}

/// Whether others' changes came after what this device said last. What cannot be told is no reason to tell.
fn heads_differ(tx: &SpaceTx<'_>) -> Result<bool> {
    let own = keys::own_device(tx)?;
    let told = heads_of(tx, &own)?;
    let behind = |(writer, seq): &&([u8; 16], u64)| told.get(writer).is_none_or(|told| told < seq);
    let all = tx.last_of_kind(Kind::Change.into(), Some(&own))?;
    let new: Vec<_> = all.iter().filter(behind).collect();
    if new.is_empty() || told.len() < MAX_HEADS {
        return Ok(!new.is_empty());
    }
    let telling: BTreeSet<[u8; 16]> = marks(tx)?.into_iter().map(|mark| mark.writer.0).collect();
    Ok(new.iter().any(|(writer, _)| telling.contains(writer)))
}

/// Whether a device has said that it holds every change that is here and not its own.
pub fn has_everything(tx: &SpaceTx<'_>, device: &[u8; 32]) -> Result<bool> {
    let told = heads_of(tx, device)?;
    let full = told.len() >= MAX_HEADS;
    let holds = |(writer, seq): &([u8; 16], u64)| told.get(writer).map_or(full, |told| told >= seq);
    Ok(tx.intent_count()? == 0 && tx.last_of_kind(Kind::Change.into(), Some(device))?.iter().all(holds))
}

fn heads_of(tx: &SpaceTx<'_>, device: &[u8; 32]) -> Result<BTreeMap<[u8; 16], u64>> {
    let Some(row) = tx.newest_of_kind(device, Kind::Heads.into())? else { return Ok(BTreeMap::new()) };
    // What cannot be read says nothing: a member may write what they like there.
    let Ok(heads) = Heads::read(&keys::kept(&row)?.body) else { return Ok(BTreeMap::new()) };
    Ok(heads.0.into_iter().map(|mark| (mark.writer.0, mark.seq)).collect())
}

/// Takes in what others say they have and what they ask for.
pub(super) fn heard(
    tx: &SpaceTx<'_>,
    host: &impl Ground,
    known: &Known,
    rows: &[ItemRow],
    now: i64,
) -> Result<()> {
    let (own, entitled) = (keys::own_device(tx)?, known.roster().entitled());
    let mut waiting: BTreeMap<[u8; 32], usize> = BTreeMap::new();
    for (question, _) in tx.questions()? {
        tx.item(question)?.into_iter().for_each(|row| *waiting.entry(row.device).or_default() += 1);
    }
    for row in rows.iter().filter(|row| row.device != own && Kind::from(row.kind) == Kind::Need) {
        // One that only counts because it was carried asks nobody: keys to sign it with cost nothing.
        let of_device = waiting.entry(row.device).or_default();
        if *of_device >= QUESTIONS || !entitled.contains_key(&DeviceId(row.device)) {
            continue;
        }
        let Ok(need) = Need::read(&keys::verified(tx, row)?.item().body) else { continue };
        let held = tx.places_between(&need.writer.0, need.from, need.to, 1)?;
        let Some(first) = held.first() else { continue };
        let wait = if first.device == own { 0 } else { keys::luck(host, ANSWER_SPREAD) };
        tx.add_question(row.n, now + wait)?;
        *of_device += 1;
    }
    Ok(())
}

fn due_questions(tx: &SpaceTx<'_>, now: i64) -> Result<Vec<(i64, i64)>> {
    let mut questions = tx.questions()?;
    questions.retain(|(_, due)| keys::is_due(*due, now, ANSWER_SPREAD.into()));
    Ok(questions)
}

/// Repeats what was asked for, unless somebody else has done so meanwhile. Where somebody who lost their place reads along,
/// nothing is repeated.
fn answer(tx: &SpaceTx<'_>, known: &Known, now: i64) -> Result<()> {
    if rotation::is_stale(tx)? {
        return Ok(());
    }
    let own = keys::own_device(tx)?;
    for (question, _) in due_questions(tx, now)? {
        tx.remove_question(question)?;
        let Some(row) = tx.item(question)? else { continue };
        let need = Need::read(&keys::verified(tx, &row)?.item().body)?;
        let mut held = tx.places_between(&need.writer.0, need.from, need.to, ANSWER_MOST)?;
        if held.first().is_some_and(|place| place.device != own) {
            let repeated = repeated(tx, &need, question)?;
            held.retain(|place| !repeated.contains(&ItemId(place.id)));
        }
        let sizes: Vec<u64> = held.iter().map(|place| place.size).collect();
        let (asker, (name, most)) = (known.account_of(tx, &DeviceId(row.device))?, allowance::REPEATED);
        let fitting = allowance::spend(tx, name, &asker.0, (&sizes, most), now)?;
        let rows = held.iter().take(fitting).filter_map(|place| tx.item(place.n).transpose());
        repeat(tx, rows.collect::<Result<Vec<_>>>()?.into_iter(), now)?;
    }
    Ok(())
}

/// What others have repeated of it since the question came.
fn repeated(tx: &SpaceTx<'_>, need: &Need, question: i64) -> Result<BTreeSet<ItemId>> {
    let mut repeated = BTreeSet::new();
    for row in tx.items_of_kind_after(Kind::Carry.into(), question)? {
        if row.state != ItemState::Counts {
            continue;
        }
        for carried in snapshot::contents(&keys::kept(&row)?).unwrap_or_default() {
            let asked = carried.unchecked().is_ok_and(|item| item.writer == need.writer);
            repeated.extend(asked.then(|| carried.id(keys::space(tx))));
        }
    }
    Ok(repeated)
}

/// Carries and snapshot parts are too large to be carried; sent again as they are they make the same envelope.
fn repeat(tx: &SpaceTx<'_>, rows: impl Iterator<Item = ItemRow>, now: i64) -> Result<()> {
    let (whole, loose): (Vec<_>, Vec<_>) = rows.partition(|row| Kind::from(row.kind).is_container());
    whole.iter().try_for_each(|row| tx.add_outgoing(row.n, now))?;
    let loose = loose.iter().map(|row| keys::verified(tx, row)).collect::<Result<Vec<VerifiedItem>>>()?;
    snapshot::carry(&loose).into_iter().try_for_each(|draft| rotation::write(tx, draft, now))
}

/// Asks for what is known to exist and is not here.
fn ask(tx: &SpaceTx<'_>, known: &mut Known, now: i64) -> Result<()> {
    let asked = at(tx, NEED_AT)?.is_some_and(|last| !keys::has_passed(last, now, NEED_QUIET));
    if asked || keys::write_epoch(tx)?.is_none() {
        return Ok(());
    }
    let last = tx.last_item()?;
    if known.whole_to == Some(last) {
        return Ok(());
    }
    let missing = missing(tx, known)?;
    if missing.is_empty() {
        known.whole_to = Some(last);
        return Ok(());
    }
    // What nobody has answered is asked for more and more rarely: a member may claim what does not exist.
    let own = keys::own_device(tx)?;
    let due = |need: &&Need| {
        let asked = tx.asked_about(&own, Kind::Need.into(), &need.writer.0);
        asked.map_or(true, |(times, last)| {
            times == 0 || keys::has_passed(last, now, NEED_QUIET << times.min(NEED_DOUBLED))
        })
    };
    let missing: Vec<&Need> = missing.iter().filter(due).collect();
    tracing::info!(gaps = missing.len(), "asking for what is missing");
    missing.iter().take(16).try_for_each(|need| rotation::write(tx, need.draft(), now))?;
    tx.set_setting(&keys::name(tx, NEED_AT), &now.to_le_bytes())
}

/// Gaps inside the chains, and what others say they have beyond their ends.
fn missing(tx: &SpaceTx<'_>, known: &Known) -> Result<Vec<Need>> {
    let (mut claims, mut told, mut turns) = (Vec::new(), BTreeSet::new(), BTreeMap::<_, usize>::new());
    for gap in tx.writer_gaps()? {
        let device = tx.last_of_writer(&gap.0)?.map_or([0; 32], |row| row.device);
        let turn = turns.entry(device).or_default();
        told.insert(gap.0);
        claims.push((*turn, gap));
        *turn += 1;
    }
    for device in known.roster().entitled().keys() {
        for (writer, seq) in heads_of(tx, &device.0)? {
            let have = tx.last_of_writer(&writer)?.map_or(0, |row| row.seq).max(tx.covered(&writer)?);
            if have < seq && told.insert(writer) {
                let turn = turns.entry(device.0).or_default();
                claims.push((*turn, (writer, have, seq)));
                *turn += 1;
            }
        }
    }
    // One of each device, then the second of each: nobody's gaps and claims take the turn of another's.
    claims.sort_by_key(|(turn, _)| *turn);
    let need = |(writer, whole, last): ([u8; 16], u64, u64)| Need {
        writer: WriterId(writer),
        from: whole + 1,
        to: last.min(whole.saturating_add(crate::space::repair::MAX_NEED)),
    };
    Ok(claims.into_iter().map(|(_, end)| need(end)).collect())
}

/// Takes the saved documents in of snapshots that became whole.
pub(super) fn apply_snapshots(
    tx: &SpaceTx<'_>,
    docs: &mut Docs,
    host: &impl Ground,
    rows: &[ItemRow],
) -> Result<bool> {
    let parts = rows.iter().filter(|row| Kind::from(row.kind) == Kind::Snapshot);
    let ids: BTreeSet<&[u8]> = parts.map(|row| row.key.as_slice()).collect();
    let mut changed = false;
    let whole = ids.into_iter().map(|id| coverage::whole(tx, id)).collect::<Result<Vec<_>>>()?;
    for (maker, whole) in whole.into_iter().flatten() {
        let Ok(changes) = coverage::changes_by_document(&whole) else {
            tracing::warn!("a snapshot cannot be read");
            continue;
        };
        for (id, changes) in &changes {
            changed |= docs.receive(tx, *id, &maker.0, changes)?.has_changed();
        }
        for mark in &whole.covers {
            keys::check_own_place(tx, host, mark)?;
            tx.set_covered(&(mark.writer.0, mark.seq, mark.id.0))?;
        }
    }
    Ok(changed)
}

fn at(tx: &SpaceTx<'_>, name: &str) -> Result<Option<i64>> {
    Ok(tx.setting(&keys::name(tx, name))?.and_then(|kept| kept.try_into().ok()).map(i64::from_le_bytes))
}
