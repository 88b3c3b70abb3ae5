//! The account behind the personal space: starting it, letting devices in, signing them out.

use trellis_api_types::devices::Device as Shown;

use crate::crypto::pairing::Request;
use crate::crypto::{DeviceId, Phrase, Secret};
use crate::error::{Error, Result};
use crate::platform::Entropy;
use crate::space::device_log::{self, DeviceLog};
use crate::space::open::LateGrant;
use crate::space::welcome::{MAX_EPOCHS, Welcome};
use crate::space::{Device, Draft, Kind, WriterId};
use crate::store::{SpaceTx, Tx};
use crate::sync::epochs::rotation::{Opening, rotate, write};
use crate::sync::keys;
use crate::sync::space_state::{Known, own_log};

/// Starts the account of a first device: paper, device, first epoch. Call in the transaction that makes the database.
pub fn found(tx: &Tx<'_>, entropy: &dyn Entropy, phrase: &Phrase, name: &str, now: i64) -> Result<()> {
    let device = keys::device_or_new(tx, entropy)?;
    let log = DeviceLog::create(phrase, device.public())?;
    keys::set_account(tx, &log.account())?;
    keys::set_owner(tx, &Secret::random(entropy))?;
    keys::set_beacon(tx, phrase.beacon().secret())?;
    let here = &keys::personal(tx)?;
    Opening::light(entropy, Vec::new(), Vec::new()).open(here, entropy, &log, now)?;
    log.entries().try_for_each(|entry| publish_entry(here, entry.bytes(), now))?;
    set_name(here, name, now)
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
    if !keys::has_account(tx)? {
        return Ok(());
    }
    let here = &keys::personal(tx)?;
    if keys::write_epoch(here)?.is_some() { set_name(here, name, now) } else { Ok(()) }
}

/// Seals the database key to the paper, for a device that was signed out. Only the 24 words open it again.
pub fn seal_to_paper(tx: &Tx<'_>, entropy: &dyn Entropy, key: &[u8; 32]) -> Result<Option<Vec<u8>>> {
    let paper = own_log(tx)?.state().paper;
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

fn publish_entry(tx: &SpaceTx<'_>, bytes: &[u8], now: i64) -> Result<()> {
    write(tx, Draft { kind: Kind::DeviceLog, key: Vec::new(), body: bytes.to_vec() }, now)
}

/// Tells the other devices what this one is called.
pub fn set_name(tx: &SpaceTx<'_>, name: &str, now: i64) -> Result<()> {
    let key = keys::own_device(tx)?.to_vec();
    write(tx, Draft { kind: Kind::DeviceName, key, body: name.as_bytes().to_vec() }, now)
}

/// Lets a device in: enters it into the log, grants it the epochs, and answers with what it starts from.
pub fn admit(tx: &Tx<'_>, entropy: &dyn Entropy, request: &Request, now: i64) -> Result<Vec<u8>> {
    let (here, mut log) = (&keys::personal(tx)?, own_log(tx)?);
    let device = Device { id: request.device, agree: request.agree };
    let entry = log.add(device, &keys::device(tx)?)?;
    publish_entry(here, entry.bytes(), now)?;
    grant_missing(here, entropy, &device, now)?;
    Ok(welcome(here, &log.sent(Some(entry.id())))?.encode().to_vec())
}

/// What lets a device in. The rest of the device log is in the mailboxes.
fn welcome(tx: &SpaceTx<'_>, log: &[&device_log::Entry]) -> Result<Welcome> {
    Ok(Welcome {
        account: keys::account(tx)?,
        entries: log.iter().map(|entry| entry.bytes().to_vec()).collect(),
        epochs: keys::keys_to_hand_over(tx)?.into_iter().take(MAX_EPOCHS).collect(),
        relays: crate::sync::relay_choice::relay(tx)?.map(|relay| relay.address).into_iter().collect(),
        owner: keys::owner(tx)?,
        beacon: keys::beacon(tx)?,
    })
}

/// Becomes a device of the account that let this one in. What there is comes with the next exchange.
pub fn enter(tx: &Tx<'_>, entropy: &dyn Entropy, bytes: &[u8], name: &str, now: i64) -> Result<()> {
    let device = keys::device_or_new(tx, entropy)?;
    let welcome = Welcome::read(bytes, &device.id())?;
    keys::set_account(tx, &welcome.account)?;
    keys::set_owner(tx, &welcome.owner)?;
    keys::set_beacon(tx, &welcome.beacon)?;
    let here = &keys::personal(tx)?;
    for key in &welcome.epochs {
        keys::learn_epoch(here, key, now)?;
    }
    if let Some(newest) = welcome.epochs.first() {
        keys::set_write_epoch(here, &newest.id(&keys::space(here)))?;
    }
    set_name(here, name, now)
}

/// Grants every epoch that is known here to one device.
fn grant_missing(tx: &SpaceTx<'_>, entropy: &dyn Entropy, device: &Device, now: i64) -> Result<()> {
    let space = keys::space(tx);
    let keys = tx.epochs()?.iter().filter_map(keys::key_of).collect::<Vec<_>>();
    keys.iter()
        .try_for_each(|key| write(tx, LateGrant::build(space, key, device, entropy)?.draft(&space), now))
}

/// Signs a device out: the log says so, and what is written from now on is under a key that it does not get.
pub fn sign_out(tx: &Tx<'_>, entropy: &dyn Entropy, id: DeviceId, now: i64) -> Result<()> {
    if id.0 == keys::own_device(tx)? {
        return Err(Error::new("own-device", "this device is not signed out from here"));
    }
    let here = &keys::personal(tx)?;
    let entry = own_log(tx)?.revoke(id, &keys::device(tx)?)?;
    publish_entry(here, entry.bytes(), now)?;
    keys::set_owner(tx, &Secret::random(entropy))?;
    rotate(here, entropy, &Known::read(here)?, now)?;
    publish_entry(here, entry.bytes(), now)
}

/// Own devices as the person sees them, this one first.
pub fn devices(tx: &Tx<'_>) -> Result<Vec<Shown>> {
    if !keys::has_account(tx)? {
        return Ok(Vec::new());
    }
    let (here, own, state) = (&keys::personal(tx)?, keys::own_device(tx)?, own_log(tx)?.state());
    let active = state.active.keys().map(|id| shown(here, id, &own, false));
    let gone = state.gone.iter().map(|id| shown(here, id, &own, true));
    let mut all = active.chain(gone).collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|device| (!device.this, device.signed_out));
    Ok(all)
}

fn shown(tx: &SpaceTx<'_>, id: &DeviceId, own: &[u8; 32], signed_out: bool) -> Result<Shown> {
    let this = id.0 == *own;
    let seen_at = if this { None } else { tx.seen_at(&id.0)? };
    let up_to_date = this || crate::sync::anti_entropy::has_everything(tx, &id.0)?;
    Ok(Shown { id: id.to_string(), name: name(tx, id)?, this, seen_at, up_to_date, signed_out })
}

/// What a device calls itself, empty before it said so.
fn name(tx: &SpaceTx<'_>, id: &DeviceId) -> Result<String> {
    let Some(row) = tx.newest_of_kind(&id.0, Kind::DeviceName.into())? else { return Ok(String::new()) };
    let item = keys::verified(tx, &row)?;
    Ok(String::from_utf8_lossy(&item.item().body).chars().take(64).collect())
}
