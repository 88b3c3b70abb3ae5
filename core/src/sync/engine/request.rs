//! Building the next request from what is stored, within the limits.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::bytes::ByteVec;
use sha2::{Digest, Sha256};
use trellis_api_types::Millis;
use trellis_api_types::sync::RelayChoice;
use trellis_protocol::Cursor;
use trellis_protocol::ids::MailboxId;
use trellis_protocol::limits::{MAX_MAILBOXES, MAX_PAGE};
use trellis_protocol::wire::{CreateMailbox, Listen, ListenMailbox, MailboxSync, SyncRequest};

use crate::error::Result;
use crate::store::Tx;
use crate::store::spaces::{EpochRow, MailboxRow};
use crate::sync::compaction::job;
use crate::sync::engine::effects::{Purpose, Visit};
use crate::sync::engine::pace::Pace;
use crate::sync::engine::turns::Turns;
use crate::sync::{keys, relay_choice};
use crate::transport::Call;

/// Most envelopes appended to one mailbox in one request.
const MOST: u32 = 256;
const WEEK: i64 = 7 * 24 * 3_600_000;
const MONTH: i64 = 30 * 24 * 3_600_000;

/// When a call is asked for.
pub struct When<'a> {
    /// This device's clock.
    pub now: Millis,
    /// Running time.
    pub running: i64,
    /// It is time to look at the relay.
    pub look: bool,
    /// How much goes in one call.
    pub pace: Pace,
    /// Whose turn it is.
    pub turns: &'a Turns,
}

/// The next call, if any: exchanging with the mailboxes whose turn it is, what is written to first and then what was read
/// longest ago; then making those that are missing, so that a relay that makes none keeps nothing from being exchanged.
pub fn next(tx: &Tx<'_>, relay: &RelayChoice, when: &When<'_>) -> Result<Option<(Call, Purpose)>> {
    let When { now, running, look, pace, turns } = *when;
    let mut room = Room { left: pace.bytes(), is_empty: true };
    let (mut mailboxes, mut visits, mut lacking) = (Vec::new(), Vec::new(), None);
    let (current, mut all) = (Current::read(tx)?, tx.mailboxes()?);
    all.sort_by_key(|row| (!current.is_personal(row), !current.is_written(row), row.read_at));
    // A new device first reads the mailbox that is written to: its snapshot may stand for the others. If the relay does not
    // give that one, the others are read all the same.
    let entering: BTreeSet<[u8; 32]> = all
        .iter()
        .filter(|row| current.is_written(row) && row.created && row.read_at == 0 && !turns.is_visited(row.id))
        .filter_map(|row| current.space_of(row))
        .collect();
    for row in all {
        let due = !tx.outgoing(&row.epoch, now, 1)?.is_empty();
        if !row.created && (due || current.is_written(&row)) && turns.may_make(row.id, running) {
            lacking = lacking.or(Some(row.id));
        }
        let enters = current.space_of(&row).is_some_and(|space| entering.contains(&space));
        let early = enters && row.read_at == 0 && !current.is_written(&row);
        let open = !turns.is_visited(row.id);
        let worth = row.listed.is_some() || !early && worth_a_look(&row, current.of(&row), now);
        let looked_at = look && open && worth;
        // One that is gone and not needed here is asked for again with each look: others may have made it again.
        let wanted =
            if row.created { due || looked_at } else { !due && !current.is_written(&row) && looked_at };
        if wanted && visits.len() < MAX_MAILBOXES && room.left > 0 {
            let (ask, visit) = visit(tx, &row, now, &mut room)?;
            mailboxes.push(ask);
            visits.push(visit);
        }
    }
    if visits.is_empty() {
        let folded = if keys::has_account(tx)? { job::to_create(&keys::personal(tx)?)? } else { None };
        let id = lacking.or(folded.filter(|id| turns.may_make(*id, running)));
        return id.map(|id| create(tx, relay, id)).transpose();
    }
    Ok(Some((Call::Sync(SyncRequest { mailboxes, max_bytes: pace.most_back() }), Purpose::Exchange(visits))))
}

/// What is left of one call.
struct Room {
    left: usize,
    is_empty: bool,
}

impl Room {
    /// Takes an envelope if it has room, or is the first one. Nothing more goes once one had none.
    fn takes(&mut self, bytes: usize) -> bool {
        let fits = bytes <= self.left || self.is_empty;
        self.left = if fits { self.left.saturating_sub(bytes) } else { 0 };
        self.is_empty = false;
        fits
    }
}

/// The current epoch in each space, and the space of each epoch.
struct Current {
    personal: Option<[u8; 32]>,
    write: BTreeMap<[u8; 32], EpochRow>,
    spaces: BTreeMap<[u8; 16], [u8; 32]>,
}

impl Current {
    fn read(tx: &Tx<'_>) -> Result<Self> {
        let (mut write, mut spaces) = (BTreeMap::new(), BTreeMap::new());
        for space in keys::spaces(tx)? {
            let here = tx.within(space.0);
            let now = keys::write_epoch(&here)?;
            for row in here.epochs()? {
                spaces.insert(row.id, space.0);
                if Some(row.id) == now {
                    write.insert(space.0, row);
                }
            }
        }
        let personal = if keys::has_account(tx)? { Some(keys::personal(tx)?.space) } else { None };
        Ok(Self { personal, write, spaces })
    }

    fn is_personal(&self, row: &MailboxRow) -> bool {
        self.personal.is_some() && self.space_of(row) == self.personal
    }

    fn space_of(&self, row: &MailboxRow) -> Option<[u8; 32]> {
        self.spaces.get(&row.epoch).copied()
    }

    fn of(&self, row: &MailboxRow) -> Option<&EpochRow> {
        self.write.get(&self.space_of(row)?)
    }

    fn is_written(&self, row: &MailboxRow) -> bool {
        self.of(row).is_some_and(|write| write.id == row.epoch)
    }
}

/// Whether this look has not visited all mailboxes that are to be.
pub fn is_left(tx: &Tx<'_>, turns: &Turns, now: Millis) -> Result<bool> {
    let current = Current::read(tx)?;
    let left = |row: &MailboxRow| {
        row.created && !turns.is_visited(row.id) && worth_a_look(row, current.of(row), now)
    };
    Ok(tx.mailboxes()?.iter().any(left))
}

/// The mailboxes to listen to, each from where it was read; none before there is one, and none at a relay that is only lent.
pub fn listen(tx: &Tx<'_>) -> Result<Option<Listen>> {
    if relay_choice::is_lent(tx)? {
        return Ok(None);
    }
    let (current, mut mailboxes) = (Current::read(tx)?, Vec::new());
    for row in tx.mailboxes()?.into_iter().filter(|row| row.created && current.is_written(row)) {
        let token = keys::of_epoch(tx, &row.epoch)?.token();
        mailboxes.push(ListenMailbox { token, after: row.cursor.seq });
    }
    mailboxes.extend(crate::sync::joining::pairing::listen(tx)?);
    mailboxes.extend(crate::sync::joining::rendezvous::listen(tx)?);
    Ok((!mailboxes.is_empty()).then_some(Listen { mailboxes }))
}

fn create(tx: &Tx<'_>, relay: &RelayChoice, id: MailboxId) -> Result<(Call, Purpose)> {
    let owner = keys::owner_token(tx, id)?;
    let token = &relay.creation_token;
    let creation_token = (!token.is_empty()).then(|| token.clone());
    let body = CreateMailbox { owner: Sha256::digest(owner.0).into(), creation_token };
    Ok((Call::Create(id, body), Purpose::Create(id)))
}

fn visit(tx: &Tx<'_>, row: &MailboxRow, now: Millis, room: &mut Room) -> Result<(MailboxSync, Visit)> {
    let keys = keys::of_epoch(tx, &row.epoch)?;
    let (mut append, mut items, mut knocks) = (Vec::new(), Vec::new(), Vec::new());
    let outgoing = if row.created { tx.outgoing(&row.epoch, now, MOST)? } else { Vec::new() };
    for item in outgoing {
        let envelope = keys::seal(&keys, &item)?;
        if !room.takes(envelope.len()) {
            break;
        }
        knocks.extend(keys::knock(tx, &item, now)?);
        append.push(ByteVec::from(envelope));
        items.push(item.n);
    }
    // Behind the items, so that the answers to those stand in their order.
    append.extend(knocks.into_iter().map(ByteVec::from));
    let ids = row.listed.is_some();
    let cursor = row.listed.map_or(row.cursor, |seq| Cursor { seq, hash: [0; 32] });
    let ask = MailboxSync { token: keys.token(), cursor, append, max: MAX_PAGE, ids_only: ids };
    Ok((ask, Visit { mailbox: row.id, cursor, items, ids, beside: false, gone: !row.created }))
}

/// Old mailboxes are read for a month, then weekly for a year more: a device that was away may still write there. One
/// that a snapshot stood for when this device came is read a week later, for what nobody else could repeat.
fn worth_a_look(row: &MailboxRow, write: Option<&EpochRow>, now: Millis) -> bool {
    let Some(write) = write.filter(|write| write.id != row.epoch) else { return true };
    if row.read_at == 0 && row.stood_for > 0 {
        return keys::has_passed(row.stood_for, now, WEEK);
    }
    let age = now - write.known_at;
    age < MONTH || age < 14 * MONTH && keys::has_passed(row.read_at, now, WEEK)
}
