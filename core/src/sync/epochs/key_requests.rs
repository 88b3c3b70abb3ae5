//! Asking again for an epoch's secret. Whoever opens an epoch, or grants it later, can hand one device something that it cannot
//! open, and nobody else sees that: so the device says so, where the others read, and each of them that can gives it.

use std::collections::BTreeMap;

use crate::crypto::DeviceId;
use crate::error::Result;
use crate::space::epochs::Choice;
use crate::space::{Draft, EpochId, Kind};
use crate::store::SpaceTx;
use crate::sync::epochs::room::Room;
use crate::sync::epochs::rotation;
use crate::sync::keys;
use crate::sync::space_state::Known;

/// How long something may be on its way before it is asked for, milliseconds.
pub const PATIENCE: i64 = 10 * 60_000;
/// The same is asked for at most this often, milliseconds, and so often this is doubled.
const QUIET: i64 = 3_600_000;
const DOUBLED: u32 = 9;
/// And so often for whatever is written to: about daily in the end.
const DAILY: u32 = 4;
/// Most epochs that are asked for at once.
const MOST: usize = 8;
const LACKS_SINCE: &str = "space.lacks-since";

/// Notes since when an epoch is missing whose opening is here.
pub fn note(tx: &SpaceTx<'_>, known: &Known, now: i64) -> Result<()> {
    let name = keys::name(tx, LACKS_SINCE);
    if missing(tx, known)?.is_empty() {
        tx.remove_setting(&name)
    } else if tx.setting(&name)?.is_none() {
        tx.set_setting(&name, &now.to_le_bytes())
    } else {
        Ok(())
    }
}

/// When something is to be asked for, if anything is missing.
pub fn next_time(tx: &SpaceTx<'_>) -> Result<Option<i64>> {
    Ok(since(tx)?.map(|since| since + PATIENCE))
}

/// Says what was granted and cannot be opened. What nobody answers is asked for more and more rarely.
pub fn ask_if_due(tx: &SpaceTx<'_>, known: &Known, now: i64) -> Result<()> {
    let waited = since(tx)?.is_some_and(|since| keys::has_passed(since, now, PATIENCE));
    let Some(write) = keys::write_epoch(tx)?.filter(|_| waited) else { return Ok(()) };
    let missing = missing(tx, known)?;
    let times: Vec<(u32, i64)> = missing.iter().map(|epoch| times_asked(tx, epoch)).collect::<Result<_>>()?;
    let mut due: Vec<(u32, EpochId)> = missing
        .into_iter()
        .zip(&times)
        .filter(|(_, asked)| is_due(**asked, now))
        .map(|(epoch, asked)| (asked.0, epoch))
        .collect();
    // What was asked for least comes first: nobody takes all turns with epochs whose keys they give to nobody.
    due.sort_by_key(|(times, _)| *times);
    due.truncate(MOST);
    let in_vain = times.len() > MOST || times.iter().any(|(times, _)| *times > 0);
    let (times, last) = times_asked(tx, &EpochId(write))?;
    if in_vain && keys::has_passed(last, now, QUIET << times.min(DAILY)) {
        due.push((0, EpochId(write)));
    }
    due.iter().try_for_each(|(_, epoch)| ask(tx, epoch, now))?;
    tx.set_setting(&keys::name(tx, LACKS_SINCE), &now.to_le_bytes())
}

fn times_asked(tx: &SpaceTx<'_>, epoch: &EpochId) -> Result<(u32, i64)> {
    tx.asked_about(&keys::own_device(tx)?, Kind::KeyRequest.into(), &epoch.0)
}

fn is_due((times, last): (u32, i64), now: i64) -> bool {
    times == 0 || keys::has_passed(last, now, QUIET << times.min(DOUBLED))
}

fn ask(tx: &SpaceTx<'_>, epoch: &EpochId, now: i64) -> Result<()> {
    tracing::info!(%epoch, "asking for the key of an epoch");
    rotation::write(tx, Draft { kind: Kind::KeyRequest, key: epoch.0.to_vec(), body: Vec::new() }, now)
}

/// The last time that a device asked for an epoch.
#[derive(Clone, Copy)]
pub struct Asked {
    /// Row of the request.
    pub n: i64,
    /// The device asks for whatever is written to now, in this older epoch: it may know nothing of what came after it.
    pub behind: Option<EpochId>,
}

/// What each device asks for. Whoever has written in an epoch can open it: asking for that one means the one that is written to here.
pub fn asked(tx: &SpaceTx<'_>, known: &Known) -> Result<BTreeMap<(EpochId, DeviceId), Asked>> {
    let (mut asked, write) = (BTreeMap::new(), keys::write_epoch(tx)?.map(EpochId));
    let opened = write.map(|write| opened_at(tx, &write)).transpose()?.flatten();
    for (n, request) in known.requests(tx)? {
        let is_here = tx.has_written_in(&request.epoch.0, &request.by.0)?;
        if !is_here {
            asked.insert((request.epoch, request.by), Asked { n, behind: None });
        }
        // Who asked before the current epoch was opened was not silenced by it.
        if let Some(write) = write.filter(|write| is_here && *write != request.epoch && opened < Some(n))
            && !tx.has_written_in(&write.0, &request.by.0)?
        {
            asked.insert((write, request.by), Asked { n, behind: Some(request.epoch) });
        }
    }
    Ok(asked)
}

/// The row with which an epoch's opening came first.
fn opened_at(tx: &SpaceTx<'_>, epoch: &EpochId) -> Result<Option<i64>> {
    Ok(tx.items_about(Kind::Open.into(), &epoch.0)?.iter().map(|row| row.n).min())
}

/// Epochs that are open to this device by what is known, without their secret: the one to write to first, then those that claim to be
/// granted to it.
fn missing(tx: &SpaceTx<'_>, known: &Known) -> Result<Vec<EpochId>> {
    let own = DeviceId(keys::own_device(tx)?);
    if !known.roster().entitled().contains_key(&own) {
        return Ok(Vec::new());
    }
    let (room, valid) = (Room::new(tx, known)?, known.epochs.valid(known.roster()));
    let lacks = valid.iter().filter(|(epoch, opened)| room.is_for(epoch, &opened.signer));
    let mut missing: Vec<(EpochId, bool)> =
        lacks.map(|(epoch, opened)| (*epoch, opened.is_held_by(&own))).collect();
    let choice = known.epochs.choose(known.roster());
    missing.sort_by_key(|(epoch, is_mine)| (Choice::Write(*epoch) != choice, !is_mine));
    Ok(missing.into_iter().map(|(epoch, _)| epoch).collect())
}

fn since(tx: &SpaceTx<'_>) -> Result<Option<i64>> {
    let kept = tx.setting(&keys::name(tx, LACKS_SINCE))?;
    Ok(kept.and_then(|kept| kept.try_into().ok()).map(i64::from_le_bytes))
}
