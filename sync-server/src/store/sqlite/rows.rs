//! Rows of mailboxes and envelopes in the database.
//!
//! An envelope's key is its place: the mailbox's random number, then its sequence number, 32 bits each.

use std::ops::RangeInclusive;

use rusqlite::{Connection, OptionalExtension, params};
use trellis_protocol::{Cursor, EnvelopeId, MailboxId};

use crate::store::Admission;

/// Bits of a place that number the envelopes of one mailbox.
pub(super) const SEQ_BITS: u32 = 32;
/// Highest sequence number a place can hold.
pub(super) const LAST_SEQ: u64 = (1 << SEQ_BITS) - 1;

/// The quarter of a year that it is now, in SQL.
macro_rules! quarter {
    () => {
        "(CAST(strftime('%Y', 'now') AS INTEGER) * 4 + (CAST(strftime('%m', 'now') AS INTEGER) - 1) / 3)"
    };
}

/// A mailbox's row.
#[derive(Clone)]
pub(super) struct MailboxRow {
    pub(super) n: i64,
    pub(super) owner: [u8; 32],
    pub(super) head: Cursor,
    pub(super) trimmed: Cursor,
    pub(super) envelopes: u64,
    pub(super) bytes: u64,
    /// When it was last used.
    pub(super) quarter: i64,
}

pub(super) fn find(db: &Connection, id: &MailboxId) -> rusqlite::Result<Option<MailboxRow>> {
    let mut query = db.prepare_cached(
        "SELECT n, owner, head, head_hash, trimmed, trimmed_hash, envelopes, bytes, quarter FROM mailbox WHERE id = ?1",
    )?;
    let row = |row: &rusqlite::Row<'_>| {
        Ok(MailboxRow {
            n: row.get(0)?,
            owner: row.get(1)?,
            head: Cursor { seq: row.get(2)?, hash: row.get(3)? },
            trimmed: Cursor { seq: row.get(4)?, hash: row.get(5)? },
            envelopes: row.get(6)?,
            bytes: row.get(7)?,
            quarter: row.get(8)?,
        })
    };
    query.query_row([&id.0], row).optional()
}

impl MailboxRow {
    /// The place of a sequence number.
    pub(super) fn place(&self, seq: u64) -> i64 {
        (self.n << SEQ_BITS) | seq.min(LAST_SEQ) as i64
    }

    /// Places of this mailbox after `seq`.
    pub(super) fn after(&self, seq: u64) -> RangeInclusive<i64> {
        self.place(seq).saturating_add(1)..=self.place(LAST_SEQ)
    }

    /// All places of this mailbox.
    pub(super) fn places(&self) -> RangeInclusive<i64> {
        self.place(0)..=self.place(LAST_SEQ)
    }

    /// Whether a cursor is a prefix of what the mailbox holds or held. `hash_at` finds the hash at a place.
    pub(super) fn stands(
        &self,
        cursor: Cursor,
        hash_at: impl FnOnce(i64) -> rusqlite::Result<Option<[u8; 32]>>,
    ) -> rusqlite::Result<bool> {
        if cursor.seq == 0 || cursor == self.head || cursor == self.trimmed {
            return Ok(true);
        }
        Ok(cursor.seq < self.head.seq && hash_at(self.place(cursor.seq))? == Some(cursor.hash))
    }

    /// Writes all that can change.
    pub(super) fn save(&self, db: &Connection) -> rusqlite::Result<()> {
        let mut update = db.prepare_cached(
            "UPDATE mailbox SET head = ?2, head_hash = ?3, trimmed = ?4, trimmed_hash = ?5, envelopes = ?6, bytes = ?7
             WHERE n = ?1",
        )?;
        let (head, trimmed) = (&self.head, &self.trimmed);
        update.execute(params![
            self.n,
            head.seq,
            head.hash,
            trimmed.seq,
            trimmed.hash,
            self.envelopes,
            self.bytes
        ])?;
        Ok(())
    }

    /// The position at `before`, where trimming up to it leaves a later mark than there is.
    pub(super) fn mark(&self, db: &Connection, before: u64) -> rusqlite::Result<Cursor> {
        if before >= self.head.seq {
            return Ok(self.head);
        }
        let hash = if before > self.trimmed.seq { hash_at(db, self.place(before))? } else { None };
        Ok(hash.map_or(self.trimmed, |hash| Cursor { seq: before, hash }))
    }
}

/// The sequence number in a place.
pub(super) fn seq_in(place: i64) -> u64 {
    place as u64 & LAST_SEQ
}

/// The number of the mailbox in a place.
pub(super) fn mailbox_in(place: i64) -> i64 {
    place >> SEQ_BITS
}

pub(super) fn hash_at(db: &Connection, place: i64) -> rusqlite::Result<Option<[u8; 32]>> {
    db.prepare_cached("SELECT hash FROM envelope WHERE place = ?1")?
        .query_row([place], |row| row.get(0))
        .optional()
}

pub(super) fn place_of(db: &Connection, mailbox: i64, id: &EnvelopeId) -> rusqlite::Result<Option<i64>> {
    let mut query = db.prepare_cached("SELECT place FROM envelope WHERE mailbox = ?1 AND id = ?2")?;
    query.query_row(params![mailbox, id.0], |row| row.get(0)).optional()
}

/// Puts an envelope where it stays. Returns whether it was not there.
pub(super) fn insert(
    db: &Connection,
    place: i64,
    id: &EnvelopeId,
    hash: &[u8; 32],
    body: &[u8],
) -> rusqlite::Result<bool> {
    let mut insert = db.prepare_cached(
        "INSERT INTO envelope (place, mailbox, id, hash, body) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    )?;
    Ok(insert.execute(params![place, mailbox_in(place), id.0, hash, body])? > 0)
}

/// Notes in a mailbox's row what was moved out of a journal: the newest place, how many envelopes and bytes.
pub(super) fn note_moved(
    db: &Connection,
    (place, hash): (i64, &[u8; 32]),
    envelopes: u64,
    bytes: u64,
) -> rusqlite::Result<()> {
    let mut update = db.prepare_cached(concat!(
        "UPDATE mailbox SET head = ?2, head_hash = ?3, envelopes = envelopes + ?4, bytes = bytes + ?5,
         quarter = max(quarter, ",
        quarter!(),
        ") WHERE n = ?1"
    ))?;
    update.execute(params![mailbox_in(place), seq_in(place), hash, envelopes, bytes]).map(drop)
}

/// Makes a mailbox. Draws numbers until one is free.
pub(super) fn make(db: &Connection, id: &MailboxId, owner: &[u8; 32]) -> rusqlite::Result<()> {
    let sql = concat!(
        "INSERT INTO mailbox (id, n, owner, quarter) VALUES (?1, (random() & 0x7fffffff), ?2, ",
        quarter!(),
        ") ON CONFLICT (n) DO NOTHING"
    );
    let mut insert = db.prepare_cached(sql)?;
    while insert.execute(params![id.0, owner])? == 0 {}
    Ok(())
}

/// The quarter of a year that it is now.
pub(super) fn this_quarter(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached(concat!("SELECT ", quarter!()))?.query_row((), |row| row.get(0))
}

/// Notes that a mailbox is used in this quarter.
pub(super) fn stamp(db: &Connection, n: i64) -> rusqlite::Result<()> {
    let sql = concat!("UPDATE mailbox SET quarter = max(quarter, ", quarter!(), ") WHERE n = ?1");
    db.prepare_cached(sql)?.execute([n]).map(drop)
}

/// Takes one use of a creation token, where one is needed.
pub(super) fn charge(db: &Connection, admission: Admission) -> rusqlite::Result<bool> {
    match admission {
        Admission::Open => Ok(true),
        Admission::Closed => Ok(false),
        Admission::Token(hash) => {
            let sql = "UPDATE creation_token SET remaining = remaining - 1 WHERE hash = ?1 AND remaining > 0";
            Ok(db.execute(sql, [hash])? == 1)
        }
    }
}

pub(super) fn grant(db: &Connection, hash: &[u8; 32], uses: u32) -> rusqlite::Result<()> {
    let sql = "INSERT INTO creation_token (hash, remaining) VALUES (?1, ?2)
               ON CONFLICT (hash) DO UPDATE SET remaining = remaining + excluded.remaining";
    db.execute(sql, params![hash, uses]).map(drop)
}
