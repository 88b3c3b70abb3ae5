//! Dropping mailboxes that nobody has come back to, also while a relay serves.

use std::sync::RwLock;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use trellis_protocol::MailboxId;

use super::journal::Journal;
use super::pen::Pen;
use super::rows;
use crate::store::StoreError;

/// Quarters of a year after which a mailbox goes in which nothing was ever written.
const EMPTY: i64 = 1;
/// Mailboxes with envelopes in a journal were used a moment ago, whatever their rows say.
const QUIET: &str = "(head = 0 AND ?1 - quarter > ?3 OR ?1 - quarter > ?2) AND n NOT IN
    (SELECT place >> 32 FROM journal_0 UNION SELECT place >> 32 FROM journal_1)";

/// What was dropped, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Mailboxes.
    pub mailboxes: u64,
    /// Bytes of their envelopes.
    pub bytes: u64,
}

/// Counts the mailboxes in which nobody wrote or read for more than so many quarters of a year, and drops them unless this is a
/// trial. Error: `Clock`.
pub(super) fn purge(db: &mut Connection, quarters: u32, trial: bool) -> Result<Purged, StoreError> {
    let now = rows::this_quarter(db)?;
    check_clock(db, now)?;
    let mut purged = Purged::default();
    for (id, bytes) in quiet(db, now, quarters)? {
        if trial || drop_quiet(db, &id, (now, quarters))? {
            purged.mailboxes += 1;
            purged.bytes += bytes;
        }
    }
    Ok(purged)
}

/// A clock that is years ahead would drop everything: in a relay that is used, something was used lately.
fn check_clock(db: &Connection, now: i64) -> Result<(), StoreError> {
    let newest: Option<i64> = db.query_row("SELECT max(quarter) FROM mailbox", (), |row| row.get(0))?;
    if newest.is_some_and(|newest| now - newest > 1) { Err(StoreError::Clock) } else { Ok(()) }
}

fn quiet(db: &Connection, now: i64, quarters: u32) -> rusqlite::Result<Vec<(MailboxId, u64)>> {
    let mut query = db.prepare(&format!("SELECT id, bytes FROM mailbox WHERE {QUIET}"))?;
    let row = |row: &rusqlite::Row<'_>| Ok((MailboxId(row.get(0)?), row.get(1)?));
    query.query_map(params![now, quarters, EMPTY], row)?.collect()
}

/// Drops a mailbox, some of it at a time so that nobody waits long. Returns whether it is gone: one that is used again stays.
fn drop_quiet(db: &mut Connection, id: &MailboxId, (now, quarters): (i64, u32)) -> rusqlite::Result<bool> {
    let mut first = true;
    loop {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let still = if first { is_quiet(&tx, id, (now, quarters))? } else { !is_in_journal(&tx, id)? };
        let left = if still { drop_some(&tx, id)? } else { None };
        tx.commit()?;
        match left {
            Some(true) => first = false,
            Some(false) => return Ok(true),
            None => return Ok(false),
        }
    }
}

/// Whether anything is left; `None` if there is no such mailbox.
fn drop_some(tx: &Transaction<'_>, id: &MailboxId) -> rusqlite::Result<Option<bool>> {
    let Some(row) = rows::find(tx, id)? else { return Ok(None) };
    let nothing = RwLock::new(Journal::default());
    Ok(Pen::new(tx, &nothing).delete(id, &row.owner)?.ok())
}

fn is_quiet(tx: &Transaction<'_>, id: &MailboxId, (now, quarters): (i64, u32)) -> rusqlite::Result<bool> {
    let sql = format!("SELECT 1 FROM mailbox WHERE {QUIET} AND id = ?4");
    let row = tx.query_row(&sql, params![now, quarters, EMPTY, id.0], |_| Ok(())).optional()?;
    Ok(row.is_some())
}

fn is_in_journal(tx: &Transaction<'_>, id: &MailboxId) -> rusqlite::Result<bool> {
    let Some(row) = rows::find(tx, id)? else { return Ok(false) };
    let sql = "SELECT EXISTS (SELECT 1 FROM journal_0 WHERE place >> 32 = ?1)
               OR EXISTS (SELECT 1 FROM journal_1 WHERE place >> 32 = ?1)";
    tx.query_row(sql, [row.n], |row| row.get(0))
}
