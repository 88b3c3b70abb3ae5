//! Epoch secrets on their way to devices that nobody thought of when the epoch was opened, or that could not open what they
//! were given.

use std::collections::{BTreeMap, BTreeSet};

use crate::crypto::DeviceId;
use crate::crypto::grant::Sealed;
use crate::error::Result;
use crate::space::epochs::{Known as Opened, between};
use crate::space::open::LateGrant;
use crate::space::{Device, Draft, EpochId, EpochKey, Kind};
use crate::store::SpaceTx;
use crate::store::spaces::ItemRow;
use crate::sync::epochs::key_requests::{self, Asked};
use crate::sync::epochs::room::Room;
use crate::sync::space_state::Known;
use crate::sync::{Ground, allowance, keys, writing};

/// Whoever can grant waits a random time up to this first, milliseconds: one grant is enough.
pub const SPREAD: u32 = 60_000;
const GIVE_AT: &str = "space.grant-at";
/// Most grants that one account is given again on one day, beside those of the epoch that is written to.
const AGAIN_A_DAY: u64 = 32;
/// Most grants a day of epochs that one account opened, to devices that were not thought of then, beside those of the epoch that is
/// written to.
const FIRST_A_DAY: u64 = 1024;
/// Most times a day that one device is told what it lacks to go on, and that those of one account are: none takes the turns of all.
const CATCH_UPS_A_DAY: (u64, u64) = (4, 16);
/// Most times that this device gives one device the key of one epoch.
const AGAIN: usize = 3;
/// Most grants at once; the others follow after another wait.
const MOST: usize = 64;

/// An epoch that an entitled device was not given, or asks for again.
struct Lack {
    key: EpochKey,
    parents: Vec<EpochId>,
    device: Device,
    again: bool,
    /// The epoch in which the device asked for whatever is written to now.
    behind: Option<EpochId>,
}

/// Opens every grant for this device, in valid openings and in counting late grants. True if one was new.
pub fn read(tx: &SpaceTx<'_>, known: &Known, now: i64) -> Result<bool> {
    let (device, space) = (keys::device(tx)?, keys::space(tx));
    let (me, agree, mut room) = (device.id(), device.agree_key(), Room::new(tx, known)?);
    let mut found = false;
    let valid = known.epochs.valid(known.roster());
    for (epoch, opened) in &valid {
        if !room.is_for(epoch, &opened.signer) {
            continue;
        }
        // Another opening of the same device under the same id promises the same secret.
        let mut openings = known.epochs.opens_of(epoch);
        if let Some(secret) = openings.find_map(|opened| opened.open.secret_for(space, &me, &agree).ok()) {
            let key = EpochKey { opener: opened.signer, secret };
            found |= room.take(*epoch, opened.signer) && keys::learn_epoch(tx, &key, now)?;
        }
    }
    for late in known.grants(tx)?.into_iter().map(|(_, given)| &given.late) {
        let epoch = late.epoch(&space);
        // Of an epoch that nobody opened there may be any number.
        if valid.contains_key(&epoch)
            && room.is_for(&epoch, &late.opener)
            && let Ok(secret) = late.secret_for(space, &me, &agree)
        {
            let key = EpochKey { opener: late.opener, secret };
            found |= room.take(epoch, late.opener) && keys::learn_epoch(tx, &key, now)?;
        }
    }
    key_requests::note(tx, known, now)?;
    Ok(found)
}

/// Once `new` items say something about who has what: notes when to give what somebody lacks.
pub fn plan(tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, new: &[ItemRow], now: i64) -> Result<()> {
    let says = |kind: Kind| kind.is_authority() || kind == Kind::KeyRequest;
    if !new.iter().any(|row| says(Kind::from(row.kind))) {
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
    let Some(write) = keys::write_epoch(tx)?.map(EpochId) else { return Ok(()) };
    let (mut lacking, space) = (lacking(tx, known)?, keys::space(tx));
    // What is said now comes before what was said, whoever lacks it.
    lacking.sort_by_key(|lack| (lack.key.id(&space) != write, lack.again));
    let mut given = 0;
    for lack in lacking {
        if given == MOST {
            let at = now + keys::luck(host, SPREAD);
            return tx.set_setting(&keys::name(tx, GIVE_AT), &at.to_le_bytes());
        }
        if may_give(tx, known, &lack, write, now)? && catch_up(tx, known, &lack, write, now)? {
            give(tx, host, lack, write, now)?;
            given += 1;
        }
    }
    Ok(())
}

/// Whether the day has room for it. Nobody is kept from what is said now by what was said before.
fn may_give(tx: &SpaceTx<'_>, known: &Known, lack: &Lack, write: EpochId, now: i64) -> Result<bool> {
    if lack.key.id(&keys::space(tx)) == write {
        return Ok(true);
    }
    let (name, device, most) = if lack.again {
        ("space.granted", &lack.device.id, AGAIN_A_DAY)
    } else {
        // Whoever opens epochs for few makes the others write the grants for the rest.
        ("space.granted-first", &lack.key.opener, FIRST_A_DAY)
    };
    let account = known.account_of(tx, device)?;
    Ok(allowance::spend(tx, name, &account.0, (&[1], most), now)? > 0)
}

/// Tells a device that is behind what it lacks to go on, as far as the day has room for that. False if it lacks more: without that it
/// could not read the grant, and there are few of them.
fn catch_up(tx: &SpaceTx<'_>, known: &Known, lack: &Lack, write: EpochId, now: i64) -> Result<bool> {
    let Some(from) = lack.behind else { return Ok(true) };
    if !may_catch_up(tx, known, &lack.device.id, now)? {
        return Ok(false);
    }
    let unsaid = unsaid(tx, known, (from, write), &lack.device.id)?;
    let sizes: Vec<u64> = unsaid.iter().map(|draft| draft.body.len() as u64).collect();
    let (account, (name, most)) = (known.account_of(tx, &lack.device.id)?, allowance::REPEATED);
    let fitting = allowance::spend(tx, name, &account.0, (&sizes, most), now)?;
    let (mut said, writer) = (unsaid.into_iter().take(fitting), keys::writer(tx)?);
    said.try_for_each(|draft| writing::write(tx, &from.0, writer, draft, now).map(drop))?;
    Ok(fitting == sizes.len())
}

/// Whether the day has room to tell a device so much: it is more than a grant.
fn may_catch_up(tx: &SpaceTx<'_>, known: &Known, device: &DeviceId, now: i64) -> Result<bool> {
    let (account, (of_device, of_account)) = (known.account_of(tx, device)?, CATCH_UPS_A_DAY);
    let spend = |name, asker, most| allowance::spend(tx, name, asker, (&[1], most), now);
    Ok(spend("space.caught-up-device", &device.0, of_device)? > 0
        && spend("space.caught-up", &account.0, of_account)? > 0)
}

/// Returns what a device needs to know that reads nothing newer than an older epoch, as far as that epoch does not say it yet: who is in
/// the space, and this device's openings from there to the epoch that is written to. The id of an opening follows from who signed it,
/// so each device tells of its own.
fn unsaid(
    tx: &SpaceTx<'_>,
    known: &Known,
    (from, write): (EpochId, EpochId),
    device: &DeviceId,
) -> Result<Vec<Draft>> {
    let (valid, own) = (known.epochs.valid(known.roster()), DeviceId(keys::own_device(tx)?));
    let path = between(&valid, &from, &write);
    let opened = path.iter().filter_map(|epoch| valid.get(epoch)).filter(|opened| opened.signer == own);
    let openings = opened.map(|opened| opened.open.draft());
    let mut drafts: Vec<Draft> = known.authority_for(tx, device)?.into_iter().chain(openings).collect();
    let there = said_in(tx, &from)?;
    drafts.retain(|draft| !there.contains(draft));
    Ok(drafts)
}

fn give(tx: &SpaceTx<'_>, host: &impl Ground, lack: Lack, write: EpochId, now: i64) -> Result<()> {
    let (space, writer) = (keys::space(tx), keys::writer(tx)?);
    let held: BTreeSet<EpochId> = tx.epochs()?.into_iter().map(|row| EpochId(row.id)).collect();
    let draft = LateGrant::build(space, &lack.key, &lack.device, host)?.draft(&space);
    let behind = lack.behind.filter(|epoch| held.contains(epoch));
    let parents = lack.parents.into_iter().filter(|parent| held.contains(parent));
    for target in parents.chain([write]).chain(behind).collect::<BTreeSet<_>>() {
        writing::write(tx, &target.0, writer, draft.clone(), now)?;
    }
    Ok(())
}

/// Returns what an epoch's mailbox says of who is entitled; of openings, what this device says there.
fn said_in(tx: &SpaceTx<'_>, epoch: &EpochId) -> Result<BTreeSet<Draft>> {
    let (mut said, own) = (BTreeSet::new(), keys::own_device(tx)?);
    for kind in [Kind::DeviceLog, Kind::Roster, Kind::Open] {
        let is_said = |row: &&ItemRow| row.epoch == epoch.0 && (kind != Kind::Open || row.device == own);
        for row in tx.items_of_kind(kind.into())?.iter().filter(is_said) {
            said.insert(Draft { kind, key: row.key.clone(), body: keys::kept(row)?.body.to_vec() });
        }
    }
    Ok(said)
}

fn lacking(tx: &SpaceTx<'_>, known: &Known) -> Result<Vec<Lack>> {
    let (space, own) = (keys::space(tx), keys::own_device(tx)?);
    let (mut given, mut mine) = (BTreeSet::new(), BTreeMap::<_, (i64, BTreeSet<&Sealed>)>::new());
    for (n, grant) in known.grants(tx)? {
        let what = (grant.late.epoch(&space), grant.late.grant.device);
        given.insert(what);
        if grant.by.0 == own {
            // One grant goes into several mailboxes.
            let (last, times) = mine.entry(what).or_default();
            *last = n;
            times.insert(&grant.late.grant.sealed);
        }
    }
    let asked = key_requests::asked(tx, known)?;
    let (valid, entitled) = (known.epochs.valid(known.roster()), known.roster().entitled());
    let mut lacking = Vec::new();
    for row in tx.epochs()? {
        let epoch = EpochId(row.id);
        let (Some(opened), Some(key)) = (valid.get(&epoch), keys::key_of(&row)) else { continue };
        for device in entitled.values() {
            let what = (epoch, device.id);
            let (last, times) = mine.get(&what).map_or((0, 0), |(last, times)| (*last, times.len()));
            let asked = asked.get(&what).filter(|asked| last < asked.n && times < AGAIN);
            if asked.is_some() || !opened.is_held_by(&device.id) && !given.contains(&what) {
                lacking.push(lack(&key, opened, device, asked));
            }
        }
    }
    Ok(lacking)
}

fn lack(key: &EpochKey, opened: &Opened, device: &Device, asked: Option<&Asked>) -> Lack {
    let (again, behind) = (asked.is_some(), asked.and_then(|asked| asked.behind));
    Lack { key: key.clone(), parents: opened.open.parents.clone(), device: *device, again, behind }
}
