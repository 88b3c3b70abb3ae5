//! This device's place in the personal space, as the encrypted database keeps it.

use trellis_protocol::Token;
use trellis_protocol::ids::{EnvelopeId, MailboxId};

use crate::crdt::chunk;
use crate::crypto::{DeviceId, Secret, codec};
use crate::error::{Error, Result};
use crate::platform::Entropy;
use crate::space::authority::Fact;
use crate::space::knock::{BellKeys, Knock};
use crate::space::record::{Content, Record};
use crate::space::{
    AccountId, Carried, DeviceKeys, EpochId, EpochKey, EpochKeys, EpochSecret, Item, ItemId, Kind, Mark,
    SpaceId, VerifiedItem, WriterId, owner_token as token_of,
};
use crate::store::spaces::{EpochRow, ItemRow, ItemState};
use crate::store::{SpaceTx, Tx};

const ACCOUNT: &str = "space.account";
const DEVICE: &str = "space.device";
const BEACON: &str = "space.beacon";
const OWNER: &str = "space.owner";
const WRITE: &str = "space.write";
const SIGNED_OUT: &str = "space.signed-out";
/// A call for help that is older goes out without a knock, milliseconds.
const KNOCKS: i64 = 24 * 3_600_000;
/// Writer of this install, which is also the actor of its changes.
pub const WRITER: &str = "space.writer";
/// Writer of before this opening, while nobody knows whether this copy of the database is the newest.
const WRITER_BEFORE: &str = "space.writer-before";

/// Writers of openings that have not looked at the relay yet, one after the other.
const UNLOOKED: &str = "space.unlooked";

/// Whether this device has an account.
pub fn has_account(tx: &Tx<'_>) -> Result<bool> {
    Ok(tx.setting(ACCOUNT)?.is_some())
}

/// The account.
pub fn account(tx: &Tx<'_>) -> Result<AccountId> {
    Ok(AccountId(fixed(tx, ACCOUNT)?))
}

/// Keeps the account.
pub fn set_account(tx: &Tx<'_>, account: &AccountId) -> Result<()> {
    tx.set_setting(ACCOUNT, &account.0)
}

/// This transaction as the personal space sees it.
pub fn personal<'a>(tx: &Tx<'a>) -> Result<SpaceTx<'a>> {
    Ok(tx.within(SpaceId::personal(&account(tx)?).0))
}

/// The spaces that this device has keys of.
pub fn spaces(tx: &Tx<'_>) -> Result<Vec<SpaceId>> {
    Ok(tx.spaces()?.into_iter().map(SpaceId).collect())
}

/// Whether it is the personal space.
pub fn is_personal(tx: &Tx<'_>, space: &SpaceId) -> Result<bool> {
    Ok(*space == SpaceId::personal(&account(tx)?))
}

/// The space that a transaction is about.
pub fn space(tx: &SpaceTx<'_>) -> SpaceId {
    SpaceId(tx.space)
}

/// Name of a device value that belongs to one space.
pub fn name(tx: &SpaceTx<'_>, what: &str) -> String {
    format!("{what}.{}", space(tx))
}

/// This device's private keys, made at the first call, with a writer of its own.
pub fn device_or_new(tx: &Tx<'_>, entropy: &dyn Entropy) -> Result<DeviceKeys> {
    if tx.setting(DEVICE)?.is_none() {
        let keys = DeviceKeys::random(entropy);
        let (sign, agree) = keys.secrets();
        tx.set_setting(DEVICE, &[sign.expose().as_slice(), agree.expose()].concat())?;
        tx.set_setting(WRITER, &WriterId::fresh(&keys.id(), entropy).0)?;
    }
    device(tx)
}

/// This device's private keys.
pub fn device(tx: &Tx<'_>) -> Result<DeviceKeys> {
    let kept = tx.setting(DEVICE)?.ok_or_else(|| lost(DEVICE))?;
    let (sign, agree) = kept.split_at_checked(32).ok_or_else(|| lost(DEVICE))?;
    Ok(DeviceKeys::new(Secret::from_slice(sign)?, Secret::from_slice(agree)?))
}

/// This device's public name, zeros before it has one.
pub fn own_device(tx: &Tx<'_>) -> Result<[u8; 32]> {
    if tx.setting(DEVICE)?.is_none() {
        return Ok([0; 32]);
    }
    Ok(device(tx)?.id().0)
}

/// The writer of this install.
pub fn writer(tx: &Tx<'_>) -> Result<WriterId> {
    Ok(WriterId(fixed(tx, WRITER)?))
}

/// The database was opened. Whatever lies in its folder can be an older copy, so until everything was read from the relay
/// nothing is written under a name that was used before.
pub fn begin_opening(tx: &Tx<'_>, entropy: &dyn Entropy) -> Result<()> {
    if !has_account(tx)? || crate::sync::relay_choice::relay(tx)?.is_none() {
        return Ok(());
    }
    // A name that was not used here may have been used on the copy that this one was made of.
    if is_used(tx, &writer(tx)?)? {
        tx.set_setting(WRITER_BEFORE, &writer(tx)?.0)?;
    }
    set_fresh_writer(tx, entropy)?;
    note_unlooked(tx)
}

/// The folder was put back or copied: the writer of before is not gone back to, and what is said under the one of now may have
/// to be said again.
pub fn begin_on_a_copy(tx: &Tx<'_>) -> Result<()> {
    forget_writer_before(tx)?;
    if has_account(tx)? { note_unlooked(tx) } else { Ok(()) }
}

fn note_unlooked(tx: &Tx<'_>) -> Result<()> {
    tx.set_setting(UNLOOKED, &[unlooked(tx)?.as_flattened(), &writer(tx)?.0].concat())
}

/// Writers of this opening, and of those before that did not get to their first look: what was written under them was written
/// on a copy that may have been an older one.
pub fn unlooked(tx: &Tx<'_>) -> Result<Vec<[u8; 16]>> {
    let kept = tx.setting(UNLOOKED)?.unwrap_or_default();
    Ok(kept.as_chunks().0.to_vec())
}

/// The writer of before is not gone back to: another copy may be writing under it.
fn forget_writer_before(tx: &Tx<'_>) -> Result<()> {
    tx.remove_setting(WRITER_BEFORE)
}

/// Everything was read, and nothing of one's own was missing here: this copy is the newest one. Without need no new name
/// stays.
pub fn end_first_look(tx: &Tx<'_>, all_said: bool) -> Result<()> {
    if all_said {
        tx.remove_setting(UNLOOKED)?;
    }
    let Some(before) = tx.setting(WRITER_BEFORE)? else { return Ok(()) };
    tx.remove_setting(WRITER_BEFORE)?;
    if is_used(tx, &writer(tx)?)? { Ok(()) } else { tx.set_setting(WRITER, &before) }
}

/// Whether anything was made or signed under a writer.
fn is_used(tx: &Tx<'_>, writer: &WriterId) -> Result<bool> {
    for space in spaces(tx)? {
        if tx.within(space.0).last_of_writer(&writer.0)?.is_some() {
            return Ok(true);
        }
    }
    let intents = tx.intents(u32::MAX)?;
    Ok(intents.iter().any(|it| chunk::facts(&it.bytes).is_ok_and(|facts| facts.actor == writer.0)))
}

fn set_fresh_writer(tx: &Tx<'_>, entropy: &dyn Entropy) -> Result<()> {
    tx.set_setting(WRITER, &WriterId::fresh(&device(tx)?.id(), entropy).0)
}

/// Own items that the database lacks: it is an older copy. What comes next is written under a fresh name.
pub fn check_own_writer(tx: &SpaceTx<'_>, entropy: &dyn Entropy, row: &ItemRow) -> Result<()> {
    if row.device == own_device(tx)? { is_older(tx, entropy, &WriterId(row.writer)) } else { Ok(()) }
}

/// More was written under this writer than is here.
fn is_older(tx: &SpaceTx<'_>, entropy: &dyn Entropy, known: &WriterId) -> Result<()> {
    if tx.setting(WRITER_BEFORE)?.is_some_and(|before| before == known.0) {
        tracing::warn!("own items came back that were not here: the writer of before is not used again");
        return forget_writer_before(tx);
    }
    if *known != writer(tx)? {
        return Ok(());
    }
    tracing::warn!("own items came back that were not here: going on under a fresh writer");
    set_fresh_writer(tx, entropy)?;
    note_unlooked(tx)
}

/// A snapshot knows own items that the database lacks: the same.
pub fn check_own_place(tx: &SpaceTx<'_>, entropy: &dyn Entropy, mark: &Mark) -> Result<()> {
    let here = tx.last_of_writer(&mark.writer.0)?.is_some_and(|last| last.seq >= mark.seq);
    if here { Ok(()) } else { is_older(tx, entropy, &mark.writer) }
}

/// Secret behind the owner tokens of new mailboxes.
pub fn owner(tx: &Tx<'_>) -> Result<Secret> {
    Ok(Secret::new(fixed(tx, OWNER)?))
}

/// Keeps the secret behind the owner tokens.
pub fn set_owner(tx: &Tx<'_>, owner: &Secret) -> Result<()> {
    tx.set_setting(OWNER, owner.expose())
}

/// Secret behind the paper's beacon.
pub fn beacon(tx: &Tx<'_>) -> Result<Secret> {
    Ok(Secret::new(fixed(tx, BEACON)?))
}

/// Keeps the secret behind the paper's beacon.
pub fn set_beacon(tx: &Tx<'_>, beacon: &Secret) -> Result<()> {
    tx.set_setting(BEACON, beacon.expose())
}

/// Owner token with which a mailbox is made.
pub fn owner_token(tx: &Tx<'_>, mailbox: MailboxId) -> Result<Token> {
    Ok(token_of(&owner(tx)?, &mailbox))
}

/// The relay has made a mailbox, under the owner secret of now.
pub fn made(tx: &Tx<'_>, mailbox: MailboxId) -> Result<()> {
    tx.set_mailbox_owner(mailbox, owner(tx)?.expose())?;
    tx.set_created(mailbox, true)
}

/// Owner token under which a mailbox was made, as far as that is known here.
pub fn owner_token_of(tx: &Tx<'_>, mailbox: MailboxId) -> Result<Token> {
    let then = tx.mailbox_owner(mailbox)?.map(Secret::new);
    Ok(token_of(&then.map_or_else(|| owner(tx), Ok)?, &mailbox))
}

/// The epoch to write to.
pub fn write_epoch(tx: &SpaceTx<'_>) -> Result<Option<[u8; 16]>> {
    let kept = tx.setting(&name(tx, WRITE))?;
    kept.map(|kept| kept.try_into().map_err(|_| lost(WRITE))).transpose()
}

/// Keeps the epoch to write to.
pub fn set_write_epoch(tx: &SpaceTx<'_>, epoch: &EpochId) -> Result<()> {
    tx.set_setting(&name(tx, WRITE), &epoch.0)
}

/// Keeps the secret of an epoch that another device opened, and whose mailbox it made. True if it was not here.
pub fn learn_epoch(tx: &SpaceTx<'_>, key: &EpochKey, now: i64) -> Result<bool> {
    let new = add_epoch(tx, key, now)?;
    if new {
        made(tx, key.secret.keys(space(tx), key.id(&space(tx))).mailbox())?;
    }
    Ok(new)
}

/// Keeps an epoch's secret. True if it was not here.
pub fn add_epoch(tx: &SpaceTx<'_>, key: &EpochKey, now: i64) -> Result<bool> {
    let id = key.id(&space(tx));
    let (secret, opener) = (*key.secret.secret().expose(), Some(key.opener.0));
    let row = EpochRow { id: id.0, space: tx.space, secret, known_at: now, opener };
    tx.add_epoch(&row, key.secret.keys(space(tx), id).mailbox())
}

/// Keeps the secret of an epoch of an earlier version, from one's own devices.
pub fn learn_older(tx: &SpaceTx<'_>, id: EpochId, secret: &EpochSecret, now: i64) -> Result<bool> {
    let row = EpochRow {
        id: id.0,
        space: tx.space,
        secret: *secret.secret().expose(),
        known_at: now,
        opener: None,
    };
    let mailbox = secret.keys(space(tx), id).mailbox();
    let new = tx.add_epoch(&row, mailbox)?;
    if new {
        made(tx, mailbox)?;
    }
    Ok(new)
}

/// The key of an epoch as it is handed to others; none for one of an earlier version.
pub fn key_of(row: &EpochRow) -> Option<EpochKey> {
    let opener = DeviceId(row.opener?);
    Some(EpochKey { opener, secret: EpochSecret::new(Secret::new(row.secret)) })
}

/// Keys of all epochs for somebody who comes in, the one to write to first, then the newest.
pub fn keys_to_hand_over(tx: &SpaceTx<'_>) -> Result<Vec<EpochKey>> {
    let (write, mut rows) = (write_epoch(tx)?, tx.epochs()?);
    rows.sort_by_key(|row| (Some(row.id) != write, std::cmp::Reverse(row.known_at)));
    Ok(rows.iter().filter_map(key_of).collect())
}

/// Forgets what this device keeps beside a space.
pub fn forget_space(tx: &SpaceTx<'_>) -> Result<()> {
    tx.remove_settings_of(&format!(".{}", space(tx)))
}

/// Whether this space's epoch of that id is known here: what belongs to one space is never written to another.
pub fn knows_epoch(tx: &SpaceTx<'_>, epoch: &EpochId) -> Result<bool> {
    Ok(tx.epoch(&epoch.0)?.is_some_and(|row| row.space == tx.space))
}

/// Keys of an epoch that is known here.
pub fn of_epoch(tx: &Tx<'_>, epoch: &[u8; 16]) -> Result<EpochKeys> {
    let row = tx.epoch(epoch)?.ok_or_else(|| lost("epoch"))?;
    Ok(EpochSecret::new(Secret::new(row.secret)).keys(SpaceId(row.space), EpochId(row.id)))
}

/// Keys of the knocks in an epoch that is known here.
pub fn bell(tx: &Tx<'_>, epoch: &[u8; 16]) -> Result<BellKeys> {
    let row = tx.epoch(epoch)?.ok_or_else(|| lost("epoch"))?;
    Ok(EpochSecret::new(Secret::new(row.secret)).bell(SpaceId(row.space), EpochId(row.id)))
}

/// The knock that goes out with an own call for help of now, sealed.
pub fn knock(tx: &Tx<'_>, row: &ItemRow, now: i64) -> Result<Option<Vec<u8>>> {
    if row.kind != u16::from(Kind::Record) || row.device != own_device(tx)? {
        return Ok(None);
    }
    let Ok(said) = Record::read(&kept(row)?.body) else { return Ok(None) };
    match said.content.known() {
        Some(Content::HelpRequest { to, at, .. }) if now.saturating_sub(*at) < KNOCKS => {
            let knock = Knock::new(said.author, DeviceId(row.device), to.clone(), *at);
            Ok(Some(bell(tx, &row.epoch)?.seal(&knock, &device(tx)?)?))
        }
        _ => Ok(None),
    }
}

/// Keys of the epoch behind a mailbox.
pub fn of_mailbox(tx: &Tx<'_>, mailbox: MailboxId) -> Result<EpochKeys> {
    let row = tx.mailbox(mailbox)?.ok_or_else(|| lost("mailbox"))?;
    of_epoch(tx, &row.epoch)
}

/// A kept item as it was signed.
pub fn verified(tx: &SpaceTx<'_>, row: &ItemRow) -> Result<VerifiedItem> {
    let carried: Carried = codec::decode(&row.signed)?;
    Ok(carried.verify(space(tx))?)
}

/// The same, without checking again what was checked when it was kept.
pub fn trusted(tx: &SpaceTx<'_>, row: &ItemRow) -> Result<VerifiedItem> {
    Ok(codec::decode::<Carried>(&row.signed)?.kept(space(tx))?)
}

/// What a kept item says. Its signature was checked when it was kept.
pub fn kept(row: &ItemRow) -> Result<Item> {
    Ok(codec::decode::<Carried>(&row.signed)?.unchecked()?)
}

/// What stays of an item that is erased: the id of the one before it in its chain, if there is one.
pub fn before(item: &Item) -> Vec<u8> {
    item.prev.map(|prev| prev.0.to_vec()).unwrap_or_default()
}

/// What is known of an item that was erased. In a database of an earlier version the chain says what came before it.
pub fn fact(tx: &SpaceTx<'_>, row: &ItemRow) -> Result<Fact> {
    let prev = match ItemId::from_slice(&row.signed) {
        Ok(prev) => Some(prev),
        Err(_) => tx.item_at(&row.writer, row.seq.saturating_sub(1))?.map(|row| ItemId(row.id)),
    };
    Ok(Fact { device: DeviceId(row.device), writer: WriterId(row.writer), seq: row.seq, prev })
}

/// The envelope of a kept item: always the same one.
pub fn seal(keys: &EpochKeys, row: &ItemRow) -> Result<Vec<u8>> {
    let carried: Carried = codec::decode(&row.signed)?;
    Ok(keys.seal(&carried.verify(keys.scope().space)?)?)
}

/// An item as it is kept.
pub fn row(item: &VerifiedItem, envelope: EnvelopeId) -> ItemRow {
    let what = item.item();
    ItemRow {
        n: 0,
        id: item.id().0,
        epoch: item.scope().epoch.0,
        envelope,
        device: what.device.0,
        writer: what.writer.0,
        seq: what.seq,
        lamport: what.lamport,
        kind: what.kind.into(),
        key: what.key.to_vec(),
        signed: codec::encode(item.to_carried()),
        state: ItemState::New,
    }
}

/// Keeps an item that came inside another one; without its epoch's keys it cannot be passed on and is left out.
pub fn keep_inner(tx: &SpaceTx<'_>, item: &VerifiedItem, now: i64) -> Result<bool> {
    if !knows_epoch(tx, &item.scope().epoch)? {
        return Ok(false);
    }
    let envelope = EnvelopeId::of(&of_epoch(tx, &item.scope().epoch.0)?.seal(item)?);
    Ok(tx.add_item(&row(item, envelope), now)?.is_some())
}

/// Whether another device signed this one out.
pub fn signed_out(tx: &Tx<'_>) -> Result<bool> {
    Ok(tx.setting(SIGNED_OUT)?.is_some())
}

/// Another device signed this one out; what that asks for is still to be `done`.
pub fn set_signed_out(tx: &Tx<'_>, done: bool) -> Result<()> {
    tx.set_setting(SIGNED_OUT, &[u8::from(done)])
}

/// Whether what a sign-out asks for is still to be done.
pub fn sign_out_due(tx: &Tx<'_>) -> Result<bool> {
    Ok(tx.setting(SIGNED_OUT)?.is_some_and(|kept| kept == [0]))
}

/// A random wait from 0 up to `spread` milliseconds.
pub fn luck(entropy: &impl Entropy, spread: u32) -> i64 {
    let mut random = [0; 4];
    entropy.fill(&mut random);
    i64::from(u32::from_le_bytes(random) % spread.max(1))
}

/// Whether the time has come that was set at most `longest` milliseconds ahead. One that lies further ahead was set by a
/// wrong clock, and is no wait.
pub fn is_due(at: i64, now: i64, longest: i64) -> bool {
    !(1..=longest).contains(&at.saturating_sub(now))
}

/// Whether `longest` milliseconds have gone by since; a time to come was noted by a wrong clock.
pub fn has_passed(since: i64, now: i64, longest: i64) -> bool {
    !(0..longest).contains(&now.saturating_sub(since))
}

fn fixed<const N: usize>(tx: &Tx<'_>, name: &'static str) -> Result<[u8; N]> {
    tx.setting(name)?.and_then(|kept| kept.try_into().ok()).ok_or_else(|| lost(name))
}

fn lost(what: &'static str) -> Error {
    Error::new("space-missing", what)
}
