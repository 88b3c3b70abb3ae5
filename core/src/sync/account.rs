//! The account behind the personal space: starting it, letting devices in, signing them out.

use std::collections::BTreeSet;

use trellis_api_types::devices::Device as Shown;

use super::keys;
use crate::crypto::pairing::Request;
use crate::crypto::{DeviceId, Phrase, Secret};
use crate::error::{Error, Result};
use crate::platform::Entropy;
use crate::space::authority::{self, Ledger};
use crate::space::device_log::DeviceLog;
use crate::space::epochs::Epochs;
use crate::space::open::{Base, LateGrant, OpenDraft};
use crate::space::roster::Roster;
use crate::space::welcome::{MAX_EPOCHS, Welcome};
use crate::space::{Device, Draft, EpochId, EpochSecret, ItemId, Kind, Mark, SpaceId, WriterId};
use crate::store::Tx;
use crate::store::spaces::EpochRow;

/// Starts the account of a first device: paper, device, first epoch. Call in the transaction that makes the database.
pub fn found(tx: &Tx<'_>, entropy: &dyn Entropy, phrase: &Phrase, name: &str, now: i64) -> Result<()> {
    let device = keys::device_or_new(tx, entropy)?;
    let log = DeviceLog::create(phrase, device.public())?;
    keys::set_account(tx, &log.account())?;
    keys::set_owner(tx, &Secret::random(entropy))?;
    keys::set_beacon(tx, phrase.beacon().secret())?;
    open_epoch(tx, entropy, &log, Vec::new(), Vec::new(), now)?;
    log.entries().try_for_each(|entry| publish_entry(tx, entry.bytes(), now))?;
    set_name(tx, name, now)
}

/// Makes this install's keys and its writer. Call when the database is made.
pub fn install(tx: &Tx<'_>, entropy: &dyn Entropy) -> Result<()> {
    keys::device_or_new(tx, entropy).map(drop)
}

/// A fresh writer of this install's device: after a restore, or when another copy may be writing.
pub fn fresh_writer(tx: &Tx<'_>, entropy: &dyn Entropy) -> Result<[u8; 16]> {
    Ok(WriterId::fresh(&keys::device(tx)?.id(), entropy).0)
}

/// Whether this device belongs to an account; one that is still joining does not.
pub fn exists(tx: &Tx<'_>) -> Result<bool> {
    keys::has_account(tx)
}

/// Tells the other devices a new name; while joining it is told on arrival.
pub fn rename(tx: &Tx<'_>, name: &str, now: i64) -> Result<()> {
    if keys::write_epoch(tx)?.is_some() { set_name(tx, name, now) } else { Ok(()) }
}

/// Seals the database key to the paper, for a device that was signed out. Only the 24 words open it again.
pub fn seal_to_paper(tx: &Tx<'_>, entropy: &dyn Entropy, key: &[u8; 32]) -> Result<Option<Vec<u8>>> {
    let paper = log(tx)?.state().paper;
    Ok(paper.map(|paper| paper.seal_database_key(&Secret::new(*key), entropy)).transpose()?)
}

/// Whether another device signed this one out.
pub fn is_signed_out(tx: &Tx<'_>) -> Result<bool> {
    keys::signed_out(tx)
}

/// Whether this device was signed out and has not yet done what that asks for.
pub fn sign_out_due(tx: &Tx<'_>) -> Result<bool> {
    keys::sign_out_due(tx)
}

/// What a sign-out asks for is done.
pub fn sign_out_done(tx: &Tx<'_>) -> Result<()> {
    keys::set_signed_out(tx, true)
}

/// The device log by all entries that are known.
pub fn log(tx: &Tx<'_>) -> Result<DeviceLog> {
    let space = keys::space(tx)?;
    let mut log = DeviceLog::new(keys::account(tx)?);
    for row in tx.items_of_kind(Kind::DeviceLog.into())? {
        let item = keys::verified(space, &row)?;
        if let Err(refusal) = log.insert(&item.item().body) {
            tracing::warn!(code = refusal.code(), "an entry of the device log was refused");
        }
    }
    Ok(log)
}

/// All `open`s that are known.
pub fn epochs(tx: &Tx<'_>) -> Result<Epochs> {
    let (space, mut epochs) = (keys::space(tx)?, Epochs::default());
    for row in tx.items_of_kind(Kind::Open.into())? {
        if let Err(refusal) = epochs.insert(&keys::verified(space, &row)?) {
            tracing::warn!(code = refusal.code(), "an opening was refused");
        }
    }
    Ok(epochs)
}

/// Opens an epoch over `parents` for everyone entitled, and writes to it from now on.
pub fn open_epoch(
    tx: &Tx<'_>,
    entropy: &dyn Entropy,
    log: &DeviceLog,
    parents: Vec<EpochId>,
    cuts: Vec<Mark>,
    now: i64,
) -> Result<EpochId> {
    let (space, epoch) = (keys::space(tx)?, EpochId::random(entropy));
    let secret = EpochSecret::random(entropy);
    let relays = super::status::relay(tx)?.map(|relay| relay.address).into_iter().collect();
    let (authority, recipients) = (log.authority_heads(), log.state().recipients());
    let base = Base::Parent;
    let draft = OpenDraft { space, epoch, parents, authority, relays, cuts, base, recipients };
    let open = draft.build(&secret, entropy)?;
    keys::add_epoch(tx, space, epoch, &secret, now)?;
    keys::set_write_epoch(tx, &epoch)?;
    write(tx, open.draft(), now)?;
    Ok(epoch)
}

/// Writes an item into the epoch of the moment.
pub fn write(tx: &Tx<'_>, draft: Draft, now: i64) -> Result<()> {
    let epoch =
        keys::write_epoch(tx)?.ok_or_else(|| Error::new("no-epoch", "no epoch to write to").retry())?;
    keys::write(tx, &epoch, keys::writer(tx)?, draft, now).map(drop)
}

fn publish_entry(tx: &Tx<'_>, bytes: &[u8], now: i64) -> Result<()> {
    write(tx, Draft { kind: Kind::DeviceLog, key: Vec::new(), body: bytes.to_vec() }, now)
}

/// Tells the other devices what this one is called.
pub fn set_name(tx: &Tx<'_>, name: &str, now: i64) -> Result<()> {
    let key = keys::own_device(tx)?.to_vec();
    write(tx, Draft { kind: Kind::DeviceName, key, body: name.as_bytes().to_vec() }, now)
}

/// Lets a device in: enters it into the log, grants it the epochs, and answers with what it starts from.
pub fn admit(tx: &Tx<'_>, entropy: &dyn Entropy, request: &Request, now: i64) -> Result<Vec<u8>> {
    let mut log = log(tx)?;
    let device = Device { id: request.device, agree: request.agree };
    let entry = log.add(device, &keys::device(tx)?)?;
    publish_entry(tx, entry.bytes(), now)?;
    grant_missing(tx, entropy, &device, now)?;
    Ok(welcome(tx, &log)?.encode().to_vec())
}

fn welcome(tx: &Tx<'_>, log: &DeviceLog) -> Result<Welcome> {
    let epoch = |row: EpochRow| (EpochId(row.id), EpochSecret::new(Secret::new(row.secret)));
    let (write, mut epochs) = (keys::write_epoch(tx)?, tx.epochs()?);
    epochs.sort_by_key(|row| (Some(row.id) != write, std::cmp::Reverse(row.known_at)));
    Ok(Welcome {
        account: keys::account(tx)?,
        entries: log.entries().map(|entry| entry.bytes().to_vec()).collect(),
        epochs: epochs.into_iter().take(MAX_EPOCHS).map(epoch).collect(),
        relays: super::status::relay(tx)?.map(|relay| relay.address).into_iter().collect(),
        owner: keys::owner(tx)?,
        beacon: keys::beacon(tx)?,
    })
}

/// Becomes a device of the account that let this one in. What there is comes with the next exchange.
pub fn enter(tx: &Tx<'_>, entropy: &dyn Entropy, bytes: &[u8], name: &str, now: i64) -> Result<()> {
    let device = keys::device_or_new(tx, entropy)?;
    let welcome = Welcome::read(bytes, &device.id())?;
    let space = SpaceId::personal(&welcome.account);
    keys::set_account(tx, &welcome.account)?;
    keys::set_owner(tx, &welcome.owner)?;
    keys::set_beacon(tx, &welcome.beacon)?;
    for (epoch, secret) in &welcome.epochs {
        keys::learn_epoch(tx, space, *epoch, secret, now)?;
    }
    if let Some((newest, _)) = welcome.epochs.first() {
        keys::set_write_epoch(tx, newest)?;
    }
    set_name(tx, name, now)
}

/// Grants every epoch that is known here to one device.
fn grant_missing(tx: &Tx<'_>, entropy: &dyn Entropy, device: &Device, now: i64) -> Result<()> {
    let space = keys::space(tx)?;
    for row in tx.epochs()? {
        let secret = EpochSecret::new(Secret::new(row.secret));
        write(tx, LateGrant::build(space, EpochId(row.id), &secret, device, entropy)?.draft(), now)?;
    }
    Ok(())
}

/// Signs a device out: the log says so, and what is written from now on is under a key that it does not get.
pub fn sign_out(tx: &Tx<'_>, entropy: &dyn Entropy, id: DeviceId, now: i64) -> Result<()> {
    if id.0 == keys::own_device(tx)? {
        return Err(Error::new("own-device", "this device is not signed out from here"));
    }
    let mut log = log(tx)?;
    let entry = log.revoke(id, &keys::device(tx)?)?;
    publish_entry(tx, entry.bytes(), now)?;
    keys::set_owner(tx, &Secret::random(entropy))?;
    rotate(tx, entropy, &log, now)?;
    publish_entry(tx, entry.bytes(), now)
}

/// Opens a new epoch over those that nobody may write to any more.
pub fn rotate(tx: &Tx<'_>, entropy: &dyn Entropy, log: &DeviceLog, now: i64) -> Result<()> {
    let parents = match epochs(tx)?.choose(log) {
        crate::space::epochs::Choice::OpenOver(parents) if !parents.is_empty() => parents,
        _ => return Ok(()),
    };
    let cuts = cuts(tx, log)?;
    open_epoch(tx, entropy, log, parents, cuts, now).map(drop)
}

/// The last item of each writer without a place that was accepted here before it was known to have lost it.
fn cuts(tx: &Tx<'_>, log: &DeviceLog) -> Result<Vec<Mark>> {
    let (space, mut ledger, mut accepted) = (keys::space(tx)?, Ledger::default(), BTreeSet::new());
    for row in tx.accepted_heads()? {
        accepted.insert(ItemId(row.id));
        ledger.insert(&keys::verified(space, &row)?)?;
    }
    Ok(authority::cuts(&ledger, &accepted, log))
}

/// Own devices as the person sees them, this one first.
pub fn devices(tx: &Tx<'_>) -> Result<Vec<Shown>> {
    if !keys::has_account(tx)? {
        return Ok(Vec::new());
    }
    let (own, state) = (keys::own_device(tx)?, log(tx)?.state());
    let active = state.active.keys().map(|id| shown(tx, id, &own, false));
    let gone = state.gone.iter().map(|id| shown(tx, id, &own, true));
    let mut all = active.chain(gone).collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|device| (!device.this, device.signed_out));
    Ok(all)
}

fn shown(tx: &Tx<'_>, id: &DeviceId, own: &[u8; 32], signed_out: bool) -> Result<Shown> {
    let this = id.0 == *own;
    let seen_at = if this { None } else { tx.seen_at(&id.0)? };
    let up_to_date = this || super::repair::has_everything(tx, &id.0)?;
    Ok(Shown { id: id.to_string(), name: name(tx, id)?, this, seen_at, up_to_date, signed_out })
}

/// What a device calls itself, empty before it said so.
fn name(tx: &Tx<'_>, id: &DeviceId) -> Result<String> {
    let Some(row) = tx.newest_of_kind(&id.0, Kind::DeviceName.into())? else { return Ok(String::new()) };
    let item = keys::verified(keys::space(tx)?, &row)?;
    Ok(String::from_utf8_lossy(&item.item().body).chars().take(64).collect())
}
