//! What readers do: check cursors and page through mailboxes.

use rusqlite::{Connection, OptionalExtension, params};
use trellis_protocol::{Cursor, EnvelopeId};

use super::rows::{self, MailboxRow};
use crate::store::{Budget, Done, Entry, Want, Work};

/// Reads what each work wants; `done` holds what the writer already did for it, or nothing at all.
pub(super) fn read(
    db: &Connection,
    work: &[Work],
    done: Vec<Option<Done>>,
    budget: usize,
) -> rusqlite::Result<Vec<Option<Done>>> {
    let mut budget = Budget::new(budget);
    let mut done = done.into_iter();
    work.iter().map(|work| read_one(db, work, done.next().flatten(), &mut budget)).collect()
}

fn read_one(
    db: &Connection,
    work: &Work,
    done: Option<Done>,
    budget: &mut Budget,
) -> rusqlite::Result<Option<Done>> {
    let Some(row) = rows::find(db, &work.mailbox)? else { return Ok(None) };
    let stands = row.stands(db, work.cursor)?;
    let (most, bodies) = match work.want {
        Want::Envelopes(most) if stands => (most, true),
        Want::Ids(most) => (most, false),
        Want::Envelopes(_) | Want::Nothing => (0, false),
    };
    let (entries, reached) = page(db, &row, work.cursor, most, bodies, budget)?;
    let more = most > 0 && waits(db, &row, reached.seq)?;
    let at = if most > 0 && !more { row.head } else { reached };
    let (appended, grew) = done.map(|done| (done.appended, done.grew)).unwrap_or_default();
    Ok(Some(Done { appended, grew, stands, entries, more, at, head: row.head }))
}

fn waits(db: &Connection, row: &MailboxRow, seq: u64) -> rusqlite::Result<bool> {
    if seq >= row.head.seq {
        return Ok(false);
    }
    let after = row.after(seq);
    let mut query = db.prepare_cached("SELECT 1 FROM envelope WHERE place BETWEEN ?1 AND ?2 LIMIT 1")?;
    Ok(query.query_row([after.start(), after.end()], |_| Ok(())).optional()?.is_some())
}

fn page(
    db: &Connection,
    mailbox: &MailboxRow,
    from: Cursor,
    most: u32,
    bodies: bool,
    budget: &mut Budget,
) -> rusqlite::Result<(Vec<Entry>, Cursor)> {
    let (mut entries, mut at) = (Vec::new(), from);
    if most == 0 {
        return Ok((entries, at));
    }
    let sql = if bodies {
        "SELECT place, id, hash, body FROM envelope WHERE place BETWEEN ?1 AND ?2 ORDER BY place LIMIT ?3"
    } else {
        "SELECT place, id, hash, NULL FROM envelope WHERE place BETWEEN ?1 AND ?2 ORDER BY place LIMIT ?3"
    };
    let mut query = db.prepare_cached(sql)?;
    let after = mailbox.after(from.seq);
    let mut rows = query.query(params![after.start(), after.end(), most])?;
    while let Some(row) = rows.next()? {
        let bytes: Option<Vec<u8>> = row.get(3)?;
        if !budget.take(bytes.as_ref().map_or(0, Vec::len)) {
            break;
        }
        at = Cursor { seq: rows::seq_in(row.get(0)?), hash: row.get(2)? };
        entries.push(Entry { seq: at.seq, id: EnvelopeId(row.get(1)?), bytes });
    }
    Ok((entries, at))
}
