//! Epochs, mailboxes and items.

use rusqlite::{OptionalExtension, Row};
use trellis_protocol::Cursor;
use trellis_protocol::ids::{EnvelopeId, MailboxId};

use super::{SpaceTx, Tx};
use crate::error::Result;

/// An item as it is kept: the raw signed bytes, and what it is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// Row, in the order items came here; 0 before it is kept.
    pub n: i64,
    /// Item id.
    pub id: [u8; 32],
    /// Epoch it was signed for.
    pub epoch: [u8; 16],
    /// Id of its envelope in the epoch's mailbox.
    pub envelope: EnvelopeId,
    /// Device that signed it.
    pub device: [u8; 32],
    /// Writer.
    pub writer: [u8; 16],
    /// Its place in the writer's chain, from 1.
    pub seq: u64,
    /// Logical time.
    pub lamport: u64,
    /// Number of its kind.
    pub kind: u16,
    /// What it is about.
    pub key: Vec<u8>,
    /// Item and signature, as they travel.
    pub signed: Vec<u8>,
    /// Whether it counts.
    pub state: ItemState,
}

/// Whether an item counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemState {
    /// Not weighed yet.
    New = 0,
    /// It counts and was applied.
    Counts = 1,
    /// By what is known now it does not count.
    Waits = 2,
    /// It counts, but this version cannot read it.
    Unread = 4,
    /// It counted; what it said was replaced or taken back, and is erased here.
    Erased = 5,
}

/// A mailbox and how far it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxRow {
    /// Mailbox id.
    pub id: MailboxId,
    /// Epoch whose items travel through it.
    pub epoch: [u8; 16],
    /// Whether the relay has made it.
    pub created: bool,
    /// Read up to here.
    pub cursor: Cursor,
    /// While id lists are compared: the place reached.
    pub listed: Option<u64>,
    /// When it was read last, milliseconds since 1970.
    pub read_at: i64,
    /// Since when a snapshot elsewhere stands for what is in there, milliseconds since 1970; 0 for none.
    pub stood_for: i64,
    /// Up to where this device trimmed it.
    pub trimmed: u64,
    /// Highest place that the relay gave to something of this device.
    pub acked: u64,
}

/// An epoch whose secret is here.
#[derive(Clone, PartialEq, Eq)]
pub struct EpochRow {
    /// Epoch id.
    pub id: [u8; 16],
    /// Space it belongs to.
    pub space: [u8; 32],
    /// Its secret.
    pub secret: [u8; 32],
    /// Device that opened it; none if it is of an earlier version.
    pub opener: Option<[u8; 32]>,
    /// When it became known here, milliseconds since 1970.
    pub known_at: i64,
}

const EPOCH: &str = "SELECT id, space, secret, known_at, opener FROM epoch";
const MAILBOX: &str =
    "SELECT id, epoch, created, seq, hash, listed, read_at, stood_for, trimmed, acked FROM mailbox";

impl Tx<'_> {
    /// Keeps an epoch and its mailbox; one that is known stays as it is. True if it was new.
    pub fn add_epoch(&self, epoch: &EpochRow, mailbox: MailboxId) -> Result<bool> {
        let sql =
            "INSERT OR IGNORE INTO epoch (id, space, secret, known_at, opener) VALUES (?1, ?2, ?3, ?4, ?5)";
        let row = (epoch.id, epoch.space, epoch.secret, epoch.known_at, epoch.opener);
        let new = self.conn.prepare_cached(sql)?.execute(row)?;
        let sql = "INSERT OR IGNORE INTO mailbox (id, epoch) VALUES (?1, ?2)";
        self.conn.prepare_cached(sql)?.execute((mailbox.0, epoch.id))?;
        Ok(new > 0)
    }

    /// The spaces of all epochs.
    pub fn spaces(&self) -> Result<Vec<[u8; 32]>> {
        let mut query = self.conn.prepare_cached("SELECT DISTINCT space FROM epoch ORDER BY space")?;
        Ok(query.query_map((), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// An epoch whose secret is here.
    pub fn epoch(&self, id: &[u8; 16]) -> Result<Option<EpochRow>> {
        let mut query = self.conn.prepare_cached(&format!("{EPOCH} WHERE id = ?1"))?;
        Ok(query.query_row([id], epoch_row).optional()?)
    }

    /// All mailboxes.
    pub fn mailboxes(&self) -> Result<Vec<MailboxRow>> {
        let mut query = self.conn.prepare_cached(&format!("{MAILBOX} ORDER BY id"))?;
        Ok(query.query_map((), mailbox_row)?.collect::<rusqlite::Result<_>>()?)
    }

    /// One mailbox.
    pub fn mailbox(&self, id: MailboxId) -> Result<Option<MailboxRow>> {
        let mut query = self.conn.prepare_cached(&format!("{MAILBOX} WHERE id = ?1"))?;
        Ok(query.query_row([id.0], mailbox_row).optional()?)
    }

    /// Notes that the relay has the mailbox, or has lost it: then reading starts over.
    pub fn set_created(&self, id: MailboxId, created: bool) -> Result<()> {
        let sql = "UPDATE mailbox SET created = ?2 WHERE id = ?1";
        self.conn.prepare_cached(sql)?.execute((id.0, created))?;
        if !created {
            self.set_cursor(id, Cursor::default())?;
            self.set_acked(id, 0)?;
        }
        Ok(())
    }

    /// Another relay was chosen: nothing is known of its mailboxes, and everything is to go there. What it has already
    /// makes the same envelopes again.
    pub fn forget_relay(&self) -> Result<()> {
        let sql = "UPDATE mailbox SET created = 0, seq = 0, hash = zeroblob(32), listed = NULL, read_at = 0, acked = 0";
        self.conn.execute(sql, ())?;
        self.conn.execute("DELETE FROM listed", ())?;
        let sql = "INSERT OR IGNORE INTO outgoing (item, due_at) SELECT n, 0 FROM item WHERE covered = 0 AND state <> 5";
        self.conn.execute(sql, ())?;
        // What the relay before refused, or asked to wait for, is nothing to the next one.
        self.conn.execute("UPDATE outgoing SET due_at = 0, refused = NULL", ())?;
        Ok(())
    }

    /// Moves the cursor.
    pub fn set_cursor(&self, id: MailboxId, cursor: Cursor) -> Result<()> {
        let sql = "UPDATE mailbox SET seq = ?2, hash = ?3 WHERE id = ?1";
        self.conn.prepare_cached(sql)?.execute((id.0, cursor.seq as i64, cursor.hash))?;
        Ok(())
    }

    /// Notes when a mailbox was read to its end.
    pub fn set_read(&self, id: MailboxId, at: i64) -> Result<()> {
        self.conn.prepare_cached("UPDATE mailbox SET read_at = ?2 WHERE id = ?1")?.execute((id.0, at))?;
        Ok(())
    }

    /// Starts (`Some(0)`), continues or ends (`None`) comparing id lists.
    pub fn set_listed(&self, id: MailboxId, at: Option<u64>) -> Result<()> {
        if at.is_none_or(|at| at == 0) {
            self.conn.prepare_cached("DELETE FROM listed WHERE mailbox = ?1")?.execute([id.0])?;
        }
        let sql = "UPDATE mailbox SET listed = ?2 WHERE id = ?1";
        self.conn.prepare_cached(sql)?.execute((id.0, at.map(|n| n as i64)))?;
        Ok(())
    }

    /// Notes the highest place that the relay gave to something of this device.
    pub fn set_acked(&self, id: MailboxId, seq: u64) -> Result<()> {
        let sql = "UPDATE mailbox SET acked = ?2 WHERE id = ?1";
        self.conn.prepare_cached(sql)?.execute((id.0, seq as i64))?;
        Ok(())
    }

    /// Keeps an id that the relay named.
    pub fn add_listed(&self, mailbox: MailboxId, seq: u64, envelope: EnvelopeId) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO listed (mailbox, seq, envelope) VALUES (?1, ?2, ?3)";
        self.conn.prepare_cached(sql)?.execute((mailbox.0, seq as i64, envelope.0))?;
        Ok(())
    }

    /// Ids that the relay named, in its order, and whether each is known here.
    pub fn listed(&self, mailbox: MailboxId) -> Result<Vec<(u64, EnvelopeId, bool)>> {
        let sql = "SELECT seq, envelope, EXISTS (SELECT 1 FROM item WHERE item.envelope = listed.envelope)
                   OR EXISTS (SELECT 1 FROM set_aside WHERE set_aside.envelope = listed.envelope)
                   FROM listed WHERE mailbox = ?1 ORDER BY seq";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map([mailbox.0], |row| {
            Ok((row.get::<_, i64>(0)? as u64, EnvelopeId(row.get(1)?), row.get(2)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Everything of an epoch that the relay did not name has to go there again: own items now, others' at `later`.
    pub fn refill(&self, mailbox: MailboxId, device: &[u8; 32], now: i64, later: i64) -> Result<usize> {
        let sql = "INSERT OR IGNORE INTO outgoing (item, due_at)
                   SELECT n, iif(device = ?2, ?3, ?4) FROM item
                   WHERE epoch = (SELECT epoch FROM mailbox WHERE id = ?1) AND covered = 0 AND state <> 5 AND NOT EXISTS
                   (SELECT 1 FROM listed WHERE mailbox = ?1 AND listed.envelope = item.envelope)";
        Ok(self.conn.prepare_cached(sql)?.execute((mailbox.0, device, now, later))?)
    }
}

impl SpaceTx<'_> {
    /// All epochs whose secrets are here.
    pub fn epochs(&self) -> Result<Vec<EpochRow>> {
        let mut query =
            self.conn.prepare_cached(&format!("{EPOCH} WHERE space = ?1 ORDER BY known_at, id"))?;
        Ok(query.query_map([self.space], epoch_row)?.collect::<rusqlite::Result<_>>()?)
    }
}

fn epoch_row(row: &Row<'_>) -> rusqlite::Result<EpochRow> {
    let (id, space, secret) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(EpochRow { id, space, secret, known_at: row.get(3)?, opener: row.get(4)? })
}

fn mailbox_row(row: &Row<'_>) -> rusqlite::Result<MailboxRow> {
    let cursor = Cursor { seq: row.get::<_, i64>(3)? as u64, hash: row.get(4)? };
    let listed = row.get::<_, Option<i64>>(5)?.map(|n| n as u64);
    let (id, epoch) = (MailboxId(row.get(0)?), row.get(1)?);
    let (created, read_at, stood_for) = (row.get(2)?, row.get(6)?, row.get(7)?);
    let (trimmed, acked) = (row.get::<_, i64>(8)? as u64, row.get::<_, i64>(9)? as u64);
    Ok(MailboxRow { id, epoch, created, cursor, listed, read_at, stood_for, trimmed, acked })
}
