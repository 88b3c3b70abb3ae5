//! Epochs, mailboxes and items.

use rusqlite::{OptionalExtension, Row};
use trellis_protocol::Cursor;
use trellis_protocol::ids::{EnvelopeId, MailboxId};

use super::Tx;
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
    /// Another item stands at its place; kept as proof.
    Forked = 3,
    /// It counts, but this version cannot read it.
    Unread = 4,
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
    /// When it became known here, milliseconds since 1970.
    pub known_at: i64,
}

const ITEM: &str =
    "SELECT n, id, epoch, envelope, device, writer, seq, lamport, kind, key, signed, state FROM item";
const MAILBOX: &str =
    "SELECT id, epoch, created, seq, hash, listed, read_at, stood_for, trimmed FROM mailbox";

impl Tx<'_> {
    /// Keeps an epoch and its mailbox; one that is known stays as it is. True if it was new.
    pub fn add_epoch(&self, epoch: &EpochRow, mailbox: MailboxId) -> Result<bool> {
        let sql = "INSERT OR IGNORE INTO epoch (id, space, secret, known_at) VALUES (?1, ?2, ?3, ?4)";
        let new =
            self.conn.prepare_cached(sql)?.execute((epoch.id, epoch.space, epoch.secret, epoch.known_at))?;
        let sql = "INSERT OR IGNORE INTO mailbox (id, epoch) VALUES (?1, ?2)";
        self.conn.prepare_cached(sql)?.execute((mailbox.0, epoch.id))?;
        Ok(new > 0)
    }

    /// All epochs whose secrets are here.
    pub fn epochs(&self) -> Result<Vec<EpochRow>> {
        let sql = "SELECT id, space, secret, known_at FROM epoch ORDER BY known_at, id";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map((), |row| {
            Ok(EpochRow { id: row.get(0)?, space: row.get(1)?, secret: row.get(2)?, known_at: row.get(3)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
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
        }
        Ok(())
    }

    /// Another relay was chosen: nothing is known of its mailboxes.
    pub fn forget_relay(&self) -> Result<()> {
        let sql = "UPDATE mailbox SET created = 0, seq = 0, hash = zeroblob(32), listed = NULL, read_at = 0";
        self.conn.execute(sql, ())?;
        self.conn.execute("DELETE FROM listed", ())?;
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
                   WHERE epoch = (SELECT epoch FROM mailbox WHERE id = ?1) AND covered = 0 AND NOT EXISTS
                   (SELECT 1 FROM listed WHERE mailbox = ?1 AND listed.envelope = item.envelope)";
        Ok(self.conn.prepare_cached(sql)?.execute((mailbox.0, device, now, later))?)
    }

    /// Keeps an item that came at `now`. None if it is known.
    pub fn add_item(&self, item: &ItemRow, now: i64) -> Result<Option<i64>> {
        let sql = "INSERT OR IGNORE INTO item
                   (id, epoch, envelope, device, writer, seq, lamport, kind, key, signed, state, came_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let mut insert = self.conn.prepare_cached(sql)?;
        let (seq, lamport) = (item.seq as i64, item.lamport as i64);
        let row = rusqlite::params![
            item.id,
            item.epoch,
            item.envelope.0,
            item.device,
            item.writer,
            seq,
            lamport,
            item.kind,
            item.key,
            item.signed,
            item.state as i64,
            now
        ];
        Ok((insert.execute(row)? > 0).then(|| self.conn.last_insert_rowid()))
    }

    /// Whether an envelope of that id is kept, read or set aside.
    pub fn knows_envelope(&self, id: EnvelopeId) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM item WHERE envelope = ?1)
                   OR EXISTS (SELECT 1 FROM set_aside WHERE envelope = ?1)";
        Ok(self.conn.prepare_cached(sql)?.query_row([id.0], |row| row.get(0))?)
    }

    /// Items not weighed yet, and those that did not count so far, in the order they came.
    pub fn items_to_weigh(&self) -> Result<Vec<ItemRow>> {
        self.items("WHERE state IN (0, 2) ORDER BY n", ())
    }

    /// Items of one kind that were not refused their place, in the order they came.
    pub fn items_of_kind(&self, kind: u16) -> Result<Vec<ItemRow>> {
        self.items("WHERE kind = ?1 AND state <> 3 ORDER BY n", [kind])
    }

    /// Every item, in the order they came.
    #[cfg(test)]
    pub fn all_items(&self) -> Result<Vec<ItemRow>> {
        self.items("ORDER BY n", ())
    }

    /// One item.
    pub fn item(&self, n: i64) -> Result<Option<ItemRow>> {
        Ok(self.items("WHERE n = ?1", [n])?.into_iter().next())
    }

    /// Items of one writer from `from` to `to`.
    pub fn items_between(&self, writer: &[u8; 16], from: u64, to: u64) -> Result<Vec<ItemRow>> {
        self.items("WHERE writer = ?1 AND seq BETWEEN ?2 AND ?3", (writer, from as i64, to as i64))
    }

    /// The item at one place of a writer's chain.
    pub fn item_at(&self, writer: &[u8; 16], seq: u64) -> Result<Option<ItemRow>> {
        let found = self.items("WHERE writer = ?1 AND seq = ?2 AND state <> 3", (writer, seq as i64))?;
        Ok(found.into_iter().next())
    }

    /// The last item of one writer.
    pub fn last_of_writer(&self, writer: &[u8; 16]) -> Result<Option<ItemRow>> {
        let found = self.items("WHERE writer = ?1 AND state <> 3 ORDER BY seq DESC LIMIT 1", [writer])?;
        Ok(found.into_iter().next())
    }

    /// The last item of each writer that was accepted here.
    pub fn accepted_heads(&self) -> Result<Vec<ItemRow>> {
        let sql = "WHERE state IN (1, 4) AND seq = (SELECT max(seq) FROM item AS other
                   WHERE other.writer = item.writer AND other.state IN (1, 4)) GROUP BY writer ORDER BY writer";
        self.items(sql, ())
    }

    /// The last item of each writer.
    pub fn writer_heads(&self) -> Result<Vec<ItemRow>> {
        let sql =
            "WHERE state <> 3 AND seq = (SELECT max(seq) FROM item AS other WHERE other.writer = item.writer)
                   GROUP BY writer ORDER BY writer";
        self.items(sql, ())
    }

    /// Writers with a gap in their chain: the place before the gap, and the last place known.
    pub fn writer_gaps(&self) -> Result<Vec<([u8; 16], u64, u64)>> {
        let sql = "WITH chain AS (SELECT writer, seq FROM item UNION SELECT writer, seq FROM covered)
                   SELECT writer, min(seq), (SELECT max(seq) FROM item WHERE item.writer = chain.writer) FROM chain
                   WHERE NOT EXISTS (SELECT 1 FROM item WHERE item.writer = chain.writer AND item.seq = chain.seq + 1)
                   AND seq >= (SELECT coalesce(max(seq), 0) FROM covered WHERE covered.writer = chain.writer)
                   GROUP BY writer";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map((), |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)? as u64, row.get::<_, Option<i64>>(2)?.unwrap_or(0) as u64))
        })?;
        let all: Vec<([u8; 16], u64, u64)> = rows.collect::<rusqlite::Result<_>>()?;
        let mut gaps: Vec<_> = all.into_iter().filter(|(_, whole, last)| whole < last).collect();
        gaps.extend(self.headless()?);
        Ok(gaps)
    }

    /// Writers of whom not even the first item is here.
    fn headless(&self) -> Result<Vec<([u8; 16], u64, u64)>> {
        let sql = "SELECT writer, max(seq) FROM item GROUP BY writer HAVING min(seq) > 1 AND min(seq) >
                   1 + (SELECT coalesce(max(seq), 0) FROM covered WHERE covered.writer = item.writer)";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map((), |row| Ok((row.get(0)?, 0, row.get::<_, i64>(1)? as u64)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// When something of a device came last, if anything did.
    pub fn seen_at(&self, device: &[u8; 32]) -> Result<Option<i64>> {
        let sql = "SELECT max(came_at) FROM item WHERE device = ?1";
        Ok(self.conn.prepare_cached(sql)?.query_row([device], |row| row.get(0))?)
    }

    /// The newest item of one kind by a device.
    pub fn newest_of_kind(&self, device: &[u8; 32], kind: u16) -> Result<Option<ItemRow>> {
        let rest = "WHERE device = ?1 AND kind = ?2 AND state = 1 ORDER BY lamport DESC, id DESC LIMIT 1";
        Ok(self.items(rest, (device, kind))?.into_iter().next())
    }

    /// The last place of each writer that holds an item of this kind, without the writers of `except`.
    pub fn last_of_kind(&self, kind: u16, except: Option<&[u8; 32]>) -> Result<Vec<([u8; 16], u64)>> {
        let sql = "SELECT writer, max(seq) FROM item WHERE kind = ?1 AND state = 1 AND device IS NOT ?2 GROUP BY writer";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map((kind, except), |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The highest logical time of any item.
    pub fn lamport(&self) -> Result<u64> {
        let sql = "SELECT coalesce(max(lamport), 0) FROM item";
        Ok(self.conn.prepare_cached(sql)?.query_row((), |row| row.get::<_, i64>(0))? as u64)
    }

    /// Notes whether an item counts.
    pub fn set_item_state(&self, n: i64, state: ItemState) -> Result<()> {
        self.conn.prepare_cached("UPDATE item SET state = ?2 WHERE n = ?1")?.execute((n, state as i64))?;
        Ok(())
    }

    /// How many items do not count yet or cannot be read.
    pub fn waiting_count(&self) -> Result<u32> {
        let sql = "SELECT count(*) FROM item WHERE state IN (0, 2, 4)";
        Ok(self.conn.prepare_cached(sql)?.query_row((), |row| row.get(0))?)
    }

    /// How many items are kept.
    pub fn item_count(&self) -> Result<u32> {
        Ok(self.conn.prepare_cached("SELECT count(*) FROM item")?.query_row((), |row| row.get(0))?)
    }

    pub(super) fn items(&self, rest: &str, params: impl rusqlite::Params) -> Result<Vec<ItemRow>> {
        let mut query = self.conn.prepare_cached(&format!("{ITEM} {rest}"))?;
        Ok(query.query_map(params, item_row)?.collect::<rusqlite::Result<_>>()?)
    }
}

fn mailbox_row(row: &Row<'_>) -> rusqlite::Result<MailboxRow> {
    let cursor = Cursor { seq: row.get::<_, i64>(3)? as u64, hash: row.get(4)? };
    let listed = row.get::<_, Option<i64>>(5)?.map(|n| n as u64);
    let (id, epoch) = (MailboxId(row.get(0)?), row.get(1)?);
    let (created, read_at, stood_for) = (row.get(2)?, row.get(6)?, row.get(7)?);
    let trimmed = row.get::<_, i64>(8)? as u64;
    Ok(MailboxRow { id, epoch, created, cursor, listed, read_at, stood_for, trimmed })
}

fn item_row(row: &Row<'_>) -> rusqlite::Result<ItemRow> {
    Ok(ItemRow {
        n: row.get(0)?,
        id: row.get(1)?,
        epoch: row.get(2)?,
        envelope: EnvelopeId(row.get(3)?),
        device: row.get(4)?,
        writer: row.get(5)?,
        seq: row.get::<_, i64>(6)? as u64,
        lamport: row.get::<_, i64>(7)? as u64,
        kind: row.get(8)?,
        key: row.get(9)?,
        signed: row.get(10)?,
        state: match row.get::<_, i64>(11)? {
            1 => ItemState::Counts,
            2 => ItemState::Waits,
            3 => ItemState::Forked,
            4 => ItemState::Unread,
            _ => ItemState::New,
        },
    })
}
