//! Spaces of several people: making and entering them, who is in them, what is said there, and what is shared by consent.

mod again;
pub mod board;
pub mod consent;
mod erasing;
mod keyring;
pub mod records;
pub mod sharing;
pub mod step_work;
mod upkeep;

pub use again::say_again;
pub use erasing::erase_replaced;
pub use keyring::{enter_known, keep_keys, space_id};
pub use upkeep::keep_up;

use crate::crdt::{DocId, Docs, KnownSpace, remove_space, write_space};
use crate::error::{Error, Result};
use crate::platform::Entropy;
use crate::space::join::{Joined, Terms};
use crate::space::members::{Act, Entry, Members, Op, Role, SpaceKind};
use crate::space::record::{Content, Record, tombstone};
use crate::space::{AccountId, Draft, Kind, SpaceId};
use crate::store::spaces::EpochRow;
use crate::store::{SpaceTx, Tx};
pub use crate::sync::epochs::rotation::ready;
use crate::sync::epochs::rotation::{Opening, rotate, write};
use crate::sync::keys;
use crate::sync::space_state::Known;

/// Key of everyone's own profile in a space.
const PROFILE: &[u8] = b"profile";

/// A space to be made.
pub struct NewSpace<'a> {
    /// Id that the screen made it with.
    pub made_by: &'a str,
    /// Pair or group.
    pub kind: SpaceKind,
    /// What it is called.
    pub name: &'a str,
    /// What its founder is.
    pub role: Role,
    /// What its founder is called there.
    pub my_name: &'a str,
}

/// The shared spaces that this device has keys of.
pub fn list(tx: &Tx<'_>) -> Result<Vec<SpaceId>> {
    if !keys::has_account(tx)? {
        return Ok(Vec::new());
    }
    let personal = SpaceId::personal(&keys::account(tx)?);
    Ok(keys::spaces(tx)?.into_iter().filter(|space| *space != personal).collect())
}

/// This person's account.
pub fn account(tx: &Tx<'_>) -> Result<AccountId> {
    keys::account(tx)
}

/// Makes a space. Everything is in this transaction; it goes out with the next exchange.
pub fn found(
    tx: &Tx<'_>,
    docs: &mut Docs,
    entropy: &dyn Entropy,
    new: &NewSpace<'_>,
    now: i64,
) -> Result<SpaceId> {
    let log = crate::sync::space_state::own_log(tx)?;
    let key = keys::device(tx)?.sign_key();
    let (members, genesis) = Members::found(new.kind, new.name, new.role, &log, &key, entropy)?;
    let here = &tx.within(members.space().0);
    Opening::light(entropy, Vec::new(), Vec::new()).open(here, entropy, &members, now)?;
    log.entries().try_for_each(|entry| publish_device(here, log.account(), entry.bytes(), now))?;
    publish(here, &genesis, now)?;
    put(here, &members, PROFILE.to_vec(), Content::Profile { name: new.my_name.to_owned() }, now)?;
    let known = KnownSpace { made_by: new.made_by.to_owned(), ..KnownSpace::default() };
    remember(here, docs, known)?;
    Ok(members.space())
}

/// Enters a space that somebody let this person into. What there is comes with the next exchange.
pub fn enter(
    tx: &Tx<'_>,
    docs: &mut Docs,
    joined: &Joined,
    terms: &Terms,
    name: &str,
    now: i64,
) -> Result<SpaceId> {
    let space = joined.members.space();
    let here = &tx.within(space.0);
    for key in &joined.epochs {
        keys::learn_epoch(here, key, now)?;
    }
    let newest = joined.epochs.first().ok_or_else(|| Error::new("no-epoch", "no key came along"))?;
    keys::set_write_epoch(here, &newest.id(&space))?;
    put(here, &joined.members, PROFILE.to_vec(), Content::Profile { name: name.to_owned() }, now)?;
    let asked = i64::from(terms.fields.0);
    remember(here, docs, KnownSpace { asked, purpose: terms.purpose.clone(), ..KnownSpace::default() })?;
    Ok(space)
}

fn remember(here: &SpaceTx<'_>, docs: &mut Docs, known: KnownSpace) -> Result<()> {
    let space = keys::space(here).to_string();
    docs.edit(here, DocId::Spaces, |edit| write_space(edit, &KnownSpace { id: space, ..known }))?;
    keep_keys(here, docs)
}

/// Does something in the roster: lets in, puts out, promotes, goes. Whoever loses their place reads nothing that is
/// written from here on. Errors: `not-entitled`, `space-read-only`.
pub fn act(tx: &SpaceTx<'_>, entropy: &dyn Entropy, known: &mut Known, op: Op, now: i64) -> Result<()> {
    let (account, leaves) = (keys::account(tx)?, op == Op::Leave);
    let entry = known.members_mut()?.author(op, account, &keys::device(tx)?.sign_key())?;
    publish(tx, &entry, now)?;
    if !leaves {
        turn_over(tx, entropy, known, now)?;
    }
    Ok(())
}

/// If somebody lost their place, goes on under keys that they do not get, and says there why.
fn turn_over(tx: &SpaceTx<'_>, entropy: &dyn Entropy, known: &mut Known, now: i64) -> Result<()> {
    known.follow(tx)?;
    let before = keys::write_epoch(tx)?;
    rotate(tx, entropy, known, now)?;
    if keys::write_epoch(tx)? == before {
        return Ok(());
    }
    known.follow(tx)?;
    let (logs, entries) = (known.members()?.logs(), known.members()?.entries());
    for log in logs {
        log.entries().try_for_each(|entry| publish_device(tx, log.account(), entry.bytes(), now))?;
    }
    for entry in entries {
        publish(tx, entry, now)?;
    }
    Ok(())
}

fn publish(tx: &SpaceTx<'_>, entry: &Entry, now: i64) -> Result<()> {
    write(tx, Draft { kind: Kind::Roster, key: Vec::new(), body: entry.bytes().to_vec() }, now)
}

fn publish_device(tx: &SpaceTx<'_>, account: AccountId, bytes: &[u8], now: i64) -> Result<()> {
    write(tx, Draft { kind: Kind::DeviceLog, key: account.0.to_vec(), body: bytes.to_vec() }, now)
}

/// Lets somebody in who asked: their devices are made known, then they are added.
pub fn let_in(
    tx: &SpaceTx<'_>,
    entropy: &dyn Entropy,
    known: &mut Known,
    asked: &crate::space::join::Asked,
    now: i64,
) -> Result<Joined> {
    known.members_mut()?.take_log(&asked.log)?;
    let newcomer = asked.request.account;
    asked.log.entries().try_for_each(|entry| publish_device(tx, newcomer, entry.bytes(), now))?;
    if !known.members()?.state().members.contains_key(&newcomer) {
        act(tx, entropy, known, Op::Add { request: asked.request, role: asked.role }, now)?;
    }
    let relays = crate::sync::relay_choice::relay(tx)?.map(|relay| relay.address).into_iter().collect();
    Ok(Joined::of(known.members()?, keys::keys_to_hand_over(tx)?, relays))
}

/// Whether this person may write here now. Errors: `space-ended`, `space-read-only`, `not-entitled`.
pub fn may_write(tx: &SpaceTx<'_>, members: &Members) -> Result<()> {
    let (state, me) = (members.state(), keys::account(tx)?);
    if state.ended {
        return Err(Error::new("space-ended", "nothing more is written here"));
    }
    if state.read_only {
        return Err(Error::new("space-read-only", "an entry of a later version"));
    }
    if state.may(&me, Act::Write) { Ok(()) } else { Err(Error::new("not-entitled", "not a member")) }
}

/// Says something as a record of one's own. Errors: `space-ended`, `space-read-only`, `not-entitled`, `oversized`.
pub fn put(tx: &SpaceTx<'_>, members: &Members, key: Vec<u8>, content: Content, now: i64) -> Result<()> {
    may_write(tx, members)?;
    say(tx, members, key, content, now)
}

fn say(tx: &SpaceTx<'_>, members: &Members, key: Vec<u8>, content: Content, now: i64) -> Result<()> {
    let record = Record::new(keys::account(tx)?, content);
    write(tx, record.draft(key.clone())?, now)?;
    records::index(tx, members, [key])
}

/// Takes back a record of one's own. Errors: as [`put`].
pub fn take_back(tx: &SpaceTx<'_>, members: &Members, key: Vec<u8>, now: i64) -> Result<()> {
    may_write(tx, members)?;
    unsay(tx, members, key, now)
}

fn unsay(tx: &SpaceTx<'_>, members: &Members, key: Vec<u8>, now: i64) -> Result<()> {
    write(tx, tombstone(key.clone()), now)?;
    records::index(tx, members, [key])
}

/// When something of another device came last.
pub fn heard_at(tx: &SpaceTx<'_>) -> Result<Option<i64>> {
    tx.heard_at(&keys::own_device(tx)?)
}

/// Takes a space that is over or was left off one's own devices. Errors: `still-member`, `leave-not-sent`.
pub fn forget(tx: &SpaceTx<'_>, docs: &mut Docs, members: &Members) -> Result<()> {
    let (state, me) = (members.state(), keys::account(tx)?);
    if state.members.contains_key(&me) && !state.ended {
        return Err(Error::new("still-member", "leave it first"));
    }
    if crate::sync::relay_choice::relay(tx)?.is_some() && is_unheard(tx)? {
        return Err(Error::new("leave-not-sent", "the others do not know yet"));
    }
    let id = keys::space(tx).to_string();
    docs.edit(tx, DocId::Spaces, |edit| remove_space(edit, &id))?;
    drop_space(tx, docs)
}

/// Whether something about who is in the space has not gone out.
fn is_unheard(tx: &SpaceTx<'_>) -> Result<bool> {
    let waits = |row: EpochRow| tx.is_kind_outgoing(&row.id, Kind::Roster.into());
    Ok(tx.epochs()?.into_iter().map(waits).collect::<Result<Vec<_>>>()?.contains(&true))
}

fn drop_space(tx: &SpaceTx<'_>, docs: &mut Docs) -> Result<()> {
    crate::sync::joining::code::forget(tx, docs)?;
    tx.drop_drafts_of(&format!("/{}", keys::space(tx)))?;
    docs.remove(tx, DocId::Board(tx.space))?;
    keys::forget_space(tx)?;
    tx.forget()
}
