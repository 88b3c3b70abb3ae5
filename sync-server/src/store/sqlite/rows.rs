//! What the writer does to rows. Every function runs inside one transaction.
//!
//! An envelope's key is its place: the mailbox's random number, then its sequence number, 32 bits each.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use rusqlite::{Connection, OptionalExtension, params};
use trellis_protocol::{Cursor, EnvelopeId, ErrorCode, MailboxId};

use crate::store::{Admission, Created, Done, MailboxLimits, NewEnvelope, Verdict, Work, owned_by};

/// Bits of a place that number the envelopes of one mailbox.
const SEQ_BITS: u32 = 32;
/// Highest sequence number a place can hold.
const LAST_SEQ: u64 = (1 << SEQ_BITS) - 1;

/// A mailbox's row.
pub(super) struct MailboxRow {
    n: i64,
    owner: [u8; 32],
    pub(super) head: Cursor,
    pub(super) trimmed: Cursor,
    envelopes: u64,
    bytes: u64,
}

pub(super) fn find(db: &Connection, id: &MailboxId) -> rusqlite::Result<Option<MailboxRow>> {
    let mut query = db.prepare_cached(
        "SELECT n, owner, head, head_hash, trimmed, trimmed_hash, envelopes, bytes FROM mailbox WHERE id = ?1",
    )?;
    let row = |row: &rusqlite::Row<'_>| {
        Ok(MailboxRow {
            n: row.get(0)?,
            owner: row.get(1)?,
            head: Cursor { seq: row.get(2)?, hash: row.get(3)? },
            trimmed: Cursor { seq: row.get(4)?, hash: row.get(5)? },
            envelopes: row.get(6)?,
            bytes: row.get(7)?,
        })
    };
    query.query_row([&id.0], row).optional()
}

impl MailboxRow {
    /// Whether `cursor` is a prefix of what the mailbox holds or held.
    pub(super) fn stands(&self, db: &Connection, cursor: Cursor) -> rusqlite::Result<bool> {
        if cursor.seq == 0 || cursor == self.head || cursor == self.trimmed {
            return Ok(true);
        }
        Ok(cursor.seq < self.head.seq && hash_at(db, self.place(cursor.seq))? == Some(cursor.hash))
    }

    fn place(&self, seq: u64) -> i64 {
        (self.n << SEQ_BITS) | seq.min(LAST_SEQ) as i64
    }

    /// Places of this mailbox after `seq`.
    pub(super) fn after(&self, seq: u64) -> RangeInclusive<i64> {
        self.place(seq).saturating_add(1)..=self.place(LAST_SEQ)
    }

    fn save(&self, db: &Connection) -> rusqlite::Result<()> {
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

    fn append(
        &mut self,
        db: &Connection,
        new: &NewEnvelope,
        limits: MailboxLimits,
    ) -> rusqlite::Result<Verdict<u64>> {
        let full = !limits.admit(self.envelopes, self.bytes, new.bytes.len()) || self.head.seq >= LAST_SEQ;
        if full {
            return Ok(seq_of(db, self.n, &new.id)?.ok_or(ErrorCode::MailboxFull));
        }
        let next = self.head.then(new.id);
        let mut insert = db.prepare_cached(
            "INSERT INTO envelope (place, mailbox, id, hash, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (mailbox, id) DO NOTHING",
        )?;
        if insert.execute(params![self.place(next.seq), self.n, new.id.0, next.hash, new.bytes])? == 0 {
            return Ok(seq_of(db, self.n, &new.id)?.ok_or(ErrorCode::Internal));
        }
        self.head = next;
        self.envelopes += 1;
        self.bytes += new.bytes.len() as u64;
        Ok(Ok(next.seq))
    }

    /// The position at `before`, where trimming up to it leaves a later mark than there is.
    fn mark(&self, db: &Connection, before: u64) -> rusqlite::Result<Cursor> {
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

fn hash_at(db: &Connection, place: i64) -> rusqlite::Result<Option<[u8; 32]>> {
    db.prepare_cached("SELECT hash FROM envelope WHERE place = ?1")?
        .query_row([place], |row| row.get(0))
        .optional()
}

fn seq_of(db: &Connection, mailbox: i64, id: &EnvelopeId) -> rusqlite::Result<Option<u64>> {
    let mut query = db.prepare_cached("SELECT place FROM envelope WHERE mailbox = ?1 AND id = ?2")?;
    Ok(query.query_row(params![mailbox, id.0], |row| row.get(0)).optional()?.map(seq_in))
}

/// Appends for each work whose mailbox exists; entries stay empty.
pub(super) fn append(
    db: &Connection,
    work: &[Work],
    limits: MailboxLimits,
) -> rusqlite::Result<Vec<Option<Done>>> {
    work.iter().map(|work| append_one(db, work, limits)).collect()
}

fn append_one(db: &Connection, work: &Work, limits: MailboxLimits) -> rusqlite::Result<Option<Done>> {
    let Some(mut row) = find(db, &work.mailbox)? else { return Ok(None) };
    let before = row.head;
    let one = |envelope| row.append(db, envelope, limits);
    let appended = work.append.iter().map(one).collect::<rusqlite::Result<_>>()?;
    let grew = row.head != before;
    if grew {
        row.save(db)?;
    }
    let stands = row.stands(db, work.cursor)?;
    Ok(Some(Done {
        appended,
        grew,
        stands,
        entries: Vec::new(),
        more: false,
        at: work.cursor,
        head: row.head,
    }))
}

pub(super) fn create(
    db: &Connection,
    id: &MailboxId,
    owner: &[u8; 32],
    admission: Admission,
) -> rusqlite::Result<Verdict<Created>> {
    if let Some(row) = find(db, id)? {
        return Ok(owned_by(&row.owner, owner).map(|()| Created::Already).map_err(|_| ErrorCode::Conflict));
    }
    if !charge(db, admission)? {
        return Ok(Err(ErrorCode::CreationClosed));
    }
    insert(db, id, owner)?;
    Ok(Ok(Created::New))
}

/// Draws numbers until one is free.
fn insert(db: &Connection, id: &MailboxId, owner: &[u8; 32]) -> rusqlite::Result<()> {
    let sql = "INSERT INTO mailbox (id, n, owner) VALUES (?1, (random() & 0x7fffffff), ?2) ON CONFLICT (n) DO NOTHING";
    let mut insert = db.prepare_cached(sql)?;
    while insert.execute(params![id.0, owner])? == 0 {}
    Ok(())
}

fn charge(db: &Connection, admission: Admission) -> rusqlite::Result<bool> {
    match admission {
        Admission::Open => Ok(true),
        Admission::Closed => Ok(false),
        Admission::Token(hash) => {
            let sql = "UPDATE creation_token SET remaining = remaining - 1 WHERE hash = ?1 AND remaining > 0";
            Ok(db.execute(sql, [hash])? == 1)
        }
    }
}

fn owned(db: &Connection, id: &MailboxId, owner: &[u8; 32]) -> rusqlite::Result<Verdict<MailboxRow>> {
    let row = find(db, id)?.ok_or(ErrorCode::NotFound);
    Ok(row.and_then(|row| owned_by(&row.owner, owner).map(|()| row)))
}

pub(super) fn trim(
    db: &Connection,
    id: &MailboxId,
    owner: &[u8; 32],
    before: u64,
    keep: &HashSet<EnvelopeId>,
) -> rusqlite::Result<Verdict<()>> {
    let mut row = match owned(db, id, owner)? {
        Ok(row) => row,
        Err(code) => return Ok(Err(code)),
    };
    row.trimmed = row.mark(db, before)?;
    for (place, bytes) in older(db, &row, before, keep)? {
        db.prepare_cached("DELETE FROM envelope WHERE place = ?1")?.execute([place])?;
        row.envelopes = row.envelopes.saturating_sub(1);
        row.bytes = row.bytes.saturating_sub(bytes);
    }
    row.save(db)?;
    Ok(Ok(()))
}

/// Rows at or below `before` that are not to be kept, each with the size of its envelope.
fn older(
    db: &Connection,
    row: &MailboxRow,
    before: u64,
    keep: &HashSet<EnvelopeId>,
) -> rusqlite::Result<Vec<(i64, u64)>> {
    let mut query =
        db.prepare_cached("SELECT place, length(body), id FROM envelope WHERE place BETWEEN ?1 AND ?2")?;
    let mut rows = query.query([row.place(0), row.place(before)])?;
    let mut old = Vec::new();
    while let Some(row) = rows.next()? {
        if !keep.contains(&EnvelopeId(row.get(2)?)) {
            old.push((row.get(0)?, row.get(1)?));
        }
    }
    Ok(old)
}

pub(super) fn delete(db: &Connection, id: &MailboxId, owner: &[u8; 32]) -> rusqlite::Result<Verdict<()>> {
    let row = match owned(db, id, owner)? {
        Ok(row) => row,
        Err(code) => return Ok(Err(code)),
    };
    db.execute("DELETE FROM envelope WHERE place BETWEEN ?1 AND ?2", [row.place(0), row.place(LAST_SEQ)])?;
    db.execute("DELETE FROM mailbox WHERE id = ?1", [id.0])?;
    Ok(Ok(()))
}

pub(super) fn grant(db: &Connection, hash: &[u8; 32], uses: u32) -> rusqlite::Result<()> {
    let sql = "INSERT INTO creation_token (hash, remaining) VALUES (?1, ?2)
               ON CONFLICT (hash) DO UPDATE SET remaining = remaining + excluded.remaining";
    db.execute(sql, params![hash, uses]).map(|_| ())
}
