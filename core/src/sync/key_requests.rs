//! Asking again for an epoch's secret. Whoever opens an epoch, or grants it later, can hand one device something that it cannot
//! open, and nobody else sees that: so the device says so, where the others read, and each of them that can gives it.

use std::collections::BTreeMap;

use super::grants::Room;
use super::known::Known;
use super::{keys, opening};
use crate::crypto::DeviceId;
use crate::error::Result;
use crate::space::epochs::Choice;
use crate::space::{Draft, EpochId, Kind};
use crate::store::SpaceTx;

/// How long something may be on its way before it is asked for, milliseconds.
pub const PATIENCE: i64 = 10 * 60_000;
/// The same is asked for at most this often, milliseconds, and so often this is doubled.
const QUIET: i64 = 3_600_000;
const DOUBLED: u32 = 9;
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
    if !waited || keys::write_epoch(tx)?.is_none() {
        return Ok(());
    }
    let own = keys::own_device(tx)?;
    for epoch in missing(tx, known)? {
        let (times, last) = tx.asked_about(&own, Kind::KeyRequest.into(), &epoch.0)?;
        if times == 0 || keys::has_passed(last, now, QUIET << times.min(DOUBLED)) {
            tracing::info!(%epoch, "asking for the key of an epoch");
            opening::write(
                tx,
                Draft { kind: Kind::KeyRequest, key: epoch.0.to_vec(), body: Vec::new() },
                now,
            )?;
        }
    }
    tx.set_setting(&keys::name(tx, LACKS_SINCE), &now.to_le_bytes())
}

/// What each device asks for, and the row of the last time it did. Whoever has written in an epoch since can open it.
pub fn asked(tx: &SpaceTx<'_>, known: &Known) -> Result<BTreeMap<(EpochId, DeviceId), i64>> {
    let mut asked = BTreeMap::new();
    for (n, request) in known.requests(tx)? {
        if !tx.has_written_in(&request.epoch.0, &request.by.0)? {
            asked.insert((request.epoch, request.by), n);
        }
    }
    Ok(asked)
}

/// Epochs that are open to this device by what is known, without their secret: the one to write to first.
fn missing(tx: &SpaceTx<'_>, known: &Known) -> Result<Vec<EpochId>> {
    let own = DeviceId(keys::own_device(tx)?);
    if !known.roster().entitled().contains_key(&own) {
        return Ok(Vec::new());
    }
    let (room, valid) = (Room::new(tx, known)?, known.epochs.valid(known.roster()));
    let lacks = valid.iter().filter(|(epoch, opened)| room.is_for(epoch, &opened.signer));
    let mut missing: Vec<EpochId> = lacks.map(|(epoch, _)| *epoch).collect();
    let choice = known.epochs.choose(known.roster());
    missing.sort_by_key(|epoch| Choice::Write(*epoch) != choice);
    missing.truncate(MOST);
    Ok(missing)
}

fn since(tx: &SpaceTx<'_>) -> Result<Option<i64>> {
    let kept = tx.setting(&keys::name(tx, LACKS_SINCE))?;
    Ok(kept.and_then(|kept| kept.try_into().ok()).map(i64::from_le_bytes))
}
