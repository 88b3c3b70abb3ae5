//! Epoch secrets on their way to devices that nobody thought of when the epoch was opened.

use std::collections::BTreeSet;

use super::known::Known;
use super::{Ground, keys};
use crate::crypto::{DeviceId, Secret};
use crate::error::Result;
use crate::space::epochs::Known as Opened;
use crate::space::open::LateGrant;
use crate::space::{Device, EpochId, EpochSecret, Kind};
use crate::store::SpaceTx;
use crate::store::spaces::{EpochRow, ItemRow};

/// Whoever can grant waits a random time up to this first, milliseconds: one grant is enough.
const SPREAD: u32 = 60_000;
const GIVE_AT: &str = "space.grant-at";

/// An epoch that an entitled device was not given.
struct Lack {
    epoch: EpochId,
    secret: EpochSecret,
    parents: Vec<EpochId>,
    device: Device,
}

/// Opens every grant for this device, in valid openings and in counting late grants. True if one was new.
pub fn read(tx: &SpaceTx<'_>, known: &Known, now: i64) -> Result<bool> {
    let (device, space) = (keys::device(tx)?, keys::space(tx));
    let (me, key, mut found) = (device.id(), device.agree_key(), false);
    let held: Vec<[u8; 16]> = tx.epochs()?.into_iter().map(|row| row.id).collect();
    let valid = known.epochs.valid(known.roster());
    for (epoch, opened) in valid.iter().filter(|(epoch, _)| !held.contains(&epoch.0)) {
        if let Ok(secret) = opened.open.secret_for(space, &me, &key) {
            found |= keys::learn_epoch(tx, *epoch, &secret, now)?;
        }
    }
    for late in known.grants(tx)?.into_iter().filter(|late| !held.contains(&late.epoch.0)) {
        let promised = valid.get(&late.epoch).is_none_or(|opened| opened.open.commitment == late.commitment);
        if promised && let Ok(secret) = late.secret_for(space, &me, &key) {
            found |= keys::learn_epoch(tx, late.epoch, &secret, now)?;
        }
    }
    Ok(found)
}

/// Once `new` items say something about who has what: notes when to give what somebody lacks.
pub fn plan(tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, new: &[ItemRow], now: i64) -> Result<()> {
    if !new.iter().any(|row| Kind::from(row.kind).is_authority()) {
        return Ok(());
    }
    if lacking(tx, known)?.is_empty() {
        tx.remove_setting(&keys::name(tx, GIVE_AT))
    } else if give_at(tx)?.is_none() {
        tx.set_setting(&keys::name(tx, GIVE_AT), &(now + keys::luck(host, SPREAD)).to_le_bytes())
    } else {
        Ok(())
    }
}

/// When something is to be given, if anything is.
pub fn give_at(tx: &SpaceTx<'_>) -> Result<Option<i64>> {
    Ok(tx.setting(&keys::name(tx, GIVE_AT))?.and_then(|kept| kept.try_into().ok()).map(i64::from_le_bytes))
}

/// Gives what is still lacking. Each grant goes where the device can read it, into the mailboxes of the epoch's
/// parents, and where the others see that it was given.
pub fn give_if_due(tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
    if give_at(tx)?.is_none_or(|at| !keys::is_due(at, now, SPREAD.into())) {
        return Ok(());
    }
    tx.remove_setting(&keys::name(tx, GIVE_AT))?;
    let (Some(write), writer) = (keys::write_epoch(tx)?, keys::writer(tx)?) else { return Ok(()) };
    let held: BTreeSet<EpochId> = tx.epochs()?.into_iter().map(|row| EpochId(row.id)).collect();
    for lack in lacking(tx, known)? {
        let draft = LateGrant::build(keys::space(tx), lack.epoch, &lack.secret, &lack.device, host)?.draft();
        let parents = lack.parents.into_iter().filter(|parent| held.contains(parent));
        for target in parents.chain([EpochId(write)]).collect::<BTreeSet<_>>() {
            keys::write(tx, &target.0, writer, draft.clone(), now)?;
        }
    }
    Ok(())
}

fn lacking(tx: &SpaceTx<'_>, known: &Known) -> Result<Vec<Lack>> {
    let given: BTreeSet<(EpochId, DeviceId)> =
        known.grants(tx)?.into_iter().map(|late| (late.epoch, late.grant.device)).collect();
    let (valid, entitled) = (known.epochs.valid(known.roster()), known.roster().entitled());
    let mut lacking = Vec::new();
    for row in tx.epochs()? {
        let Some(opened) = valid.get(&EpochId(row.id)) else { continue };
        let without = entitled.values().filter(|device| {
            !opened.is_held_by(&device.id) && !given.contains(&(EpochId(row.id), device.id))
        });
        lacking.extend(without.map(|device| lack(&row, opened, device)));
    }
    Ok(lacking)
}

fn lack(row: &EpochRow, opened: &Opened, device: &Device) -> Lack {
    let (epoch, secret) = (EpochId(row.id), EpochSecret::new(Secret::new(row.secret)));
    Lack { epoch, secret, parents: opened.open.parents.clone(), device: *device }
}
