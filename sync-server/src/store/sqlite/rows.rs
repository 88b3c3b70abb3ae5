//! What the writer does to rows. Every function runs inside one transaction.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};
use trellis_protocol::{Cursor, EnvelopeId, ErrorCode, MailboxId};

use crate::store::{Admission, Created, Done, MailboxLimits, NewEnvelope, Verdict, Work, owned_by};

/// A mailbox's row.
pub(super) struct MailboxRow {
    pub(super) n: i64,
    pub(super) owner: [u8; 32],
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
        Ok(cursor.seq < self.head.seq && hash_at(db, self.n, cursor.seq)? == Some(cursor.hash))
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
        if !limits.admit(self.envelopes, self.bytes, new.bytes.len()) {
            return Ok(place_of(db, self.n, &new.id)?.ok_or(ErrorCode::MailboxFull));
        }
        let next = self.head.then(new.id);
        let mut insert = db.prepare_cached(
            "INSERT INTO envelope (mailbox, seq, id, hash, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (mailbox, id) DO NOTHING",
        )?;
        if insert.execute(params![self.n, next.seq, new.id.0, next.hash, new.bytes])? == 0 {
            return Ok(place_of(db, self.n, &new.id)?.ok_or(ErrorCode::Internal));
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
        let hash = if before > self.trimmed.seq { hash_at(db, self.n, before)? } else { None };
        Ok(hash.map_or(self.trimmed, |hash| Cursor { seq: before, hash }))
    }
}

fn hash_at(db: &Connection, mailbox: i64, seq: u64) -> rusqlite::Result<Option<[u8; 32]>> {
    db.prepare_cached("SELECT hash FROM envelope WHERE mailbox = ?1 AND seq = ?2")?
        .query_row(params![mailbox, seq], |row| row.get(0))
        .optional()
}

fn place_of(db: &Connection, mailbox: i64, id: &EnvelopeId) -> rusqlite::Result<Option<u64>> {
    db.prepare_cached("SELECT seq FROM envelope WHERE mailbox = ?1 AND id = ?2")?
        .query_row(params![mailbox, id.0], |row| row.get(0))
        .optional()
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
    if row.head != before {
        row.save(db)?;
    }
    let stands = row.stands(db, work.cursor)?;
    Ok(Some(Done { appended, stands, entries: Vec::new(), more: false, at: work.cursor, head: row.head }))
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
    db.prepare_cached("INSERT INTO mailbox (id, owner) VALUES (?1, ?2)")?.execute(params![id.0, owner])?;
    Ok(Ok(Created::New))
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
    for (n, bytes) in older(db, row.n, before, keep)? {
        db.prepare_cached("DELETE FROM envelope WHERE n = ?1")?.execute([n])?;
        row.envelopes = row.envelopes.saturating_sub(1);
        row.bytes = row.bytes.saturating_sub(bytes);
    }
    row.save(db)?;
    Ok(Ok(()))
}

/// Rows at or below `before` that are not to be kept, each with the size of its envelope.
fn older(
    db: &Connection,
    mailbox: i64,
    before: u64,
    keep: &HashSet<EnvelopeId>,
) -> rusqlite::Result<Vec<(i64, u64)>> {
    let mut query =
        db.prepare_cached("SELECT n, length(body), id FROM envelope WHERE mailbox = ?1 AND seq <= ?2")?;
    let before = before.min(i64::MAX as u64);
    let mut rows = query.query(params![mailbox, before])?;
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
    db.execute("DELETE FROM envelope WHERE mailbox = ?1", [row.n])?;
    db.execute("DELETE FROM mailbox WHERE n = ?1", [row.n])?;
    Ok(Ok(()))
}

pub(super) fn grant(db: &Connection, hash: &[u8; 32], uses: u32) -> rusqlite::Result<()> {
    let sql = "INSERT INTO creation_token (hash, remaining) VALUES (?1, ?2)
               ON CONFLICT (hash) DO UPDATE SET remaining = remaining + excluded.remaining";
    db.execute(sql, params![hash, uses]).map(|_| ())
}
