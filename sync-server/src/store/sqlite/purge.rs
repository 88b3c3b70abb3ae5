//! Dropping mailboxes that nobody has come back to, also while a relay serves.

use std::sync::RwLock;
use std::time::{Duration, Instant};

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use trellis_protocol::MailboxId;

use super::journal::Journal;
use super::pen::{Pen, SLICE_BYTES};
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

/// Mailboxes that are dropped in one transaction.
const MOST: u32 = 64;
/// Least time that others have between two of them.
const PAUSE: Duration = Duration::from_millis(10);

/// Counts the mailboxes in which nobody wrote or read for more than so many quarters of a year, and drops them unless this is a
/// trial. Error: `Clock`, unless the caller is sure of it.
pub(super) fn purge(
    db: &mut Connection,
    quarters: u32,
    trial: bool,
    sure: bool,
) -> Result<Purged, StoreError> {
    let now = rows::this_quarter(db)?;
    let (mut after, mut purged) = (None, Purged::default());
    if !sure {
        check_clock(db, now)?;
    }
    loop {
        let start = Instant::now();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (some, mut room) = (quiet(&tx, (now, quarters), after)?, SLICE_BYTES as u64);
        if some.is_empty() {
            return Ok(purged);
        }
        for (id, bytes) in some {
            let (dropped, left) = if trial { (bytes, false) } else { drop_some(&tx, &id)? };
            purged.bytes += dropped;
            // The rest of it goes with the next transaction.
            if left {
                break;
            }
            purged.mailboxes += 1;
            after = Some(id);
            room = room.saturating_sub(dropped);
            if room == 0 && !trial {
                break;
            }
        }
        tx.commit()?;
        std::thread::sleep(start.elapsed().max(PAUSE));
    }
}

/// A clock that is years ahead would drop everything: in a relay that is used, something was used in the quarters before this one.
fn check_clock(db: &Connection, now: i64) -> Result<(), StoreError> {
    let one = |sql: &str| db.query_row(sql, [now], |row| row.get::<_, bool>(0));
    let to_come = one("SELECT EXISTS (SELECT 1 FROM mailbox WHERE quarter > ?1)")?;
    let old = one("SELECT EXISTS (SELECT 1 FROM mailbox WHERE quarter < ?1 - 2)")?;
    let lately = one("SELECT EXISTS (SELECT 1 FROM mailbox WHERE quarter BETWEEN ?1 - 2 AND ?1 - 1)")?;
    if to_come || old && !lately { Err(StoreError::Clock) } else { Ok(()) }
}

/// The next mailboxes that are quiet, with the bytes in each.
fn quiet(
    tx: &Transaction<'_>,
    (now, quarters): (i64, u32),
    after: Option<MailboxId>,
) -> rusqlite::Result<Vec<(MailboxId, u64)>> {
    let sql = format!("SELECT id, bytes FROM mailbox WHERE {QUIET} AND id > ?4 ORDER BY id LIMIT ?5");
    let after = after.map(|id| id.0.to_vec()).unwrap_or_default();
    let row = |row: &rusqlite::Row<'_>| Ok((MailboxId(row.get(0)?), row.get(1)?));
    tx.prepare_cached(&sql)?.query_map(params![now, quarters, EMPTY, after, MOST], row)?.collect()
}

/// Drops a mailbox, or as much of it as one transaction takes. Returns how many bytes went, and whether anything is left.
fn drop_some(tx: &Transaction<'_>, id: &MailboxId) -> rusqlite::Result<(u64, bool)> {
    let Some(row) = rows::find(tx, id)? else { return Ok((0, false)) };
    let nothing = RwLock::new(Journal::default());
    let left = Pen::new(tx, &nothing).delete(id, &row.owner)?.unwrap_or(false);
    let rest = if left { rows::find(tx, id)?.map_or(0, |row| row.bytes) } else { 0 };
    Ok((row.bytes.saturating_sub(rest), left))
}
