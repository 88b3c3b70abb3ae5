//! Lays mailboxes and creation tokens in the order of their keys. SQLite puts a row that is new or has grown wherever its page has
//! room, so that a page shows in which order its rows were made and written.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};

/// Mailboxes that are laid in one transaction.
const SLICE: usize = 500;
/// Columns of a mailbox.
const COLUMNS: usize = 10;
/// What the mailboxes' numbers lie in: the index that `UNIQUE` makes.
const NUMBERS: &str = "REINDEX sqlite_autoindex_mailbox_2";

/// Lays the next mailboxes after an id. Returns the last one of them, `None` once there is no more to lay.
pub(super) fn lay_some(db: &Connection, after: &[u8]) -> rusqlite::Result<Option<Vec<u8>>> {
    let rows = next(db, after)?;
    let Some((Value::Blob(last), _)) = rows.last().and_then(|row| row.split_first()) else {
        lay_tokens(db)?;
        return db.execute_batch(NUMBERS).map(|()| None);
    };
    // A page of which all rows go is given back, and what comes in the order of its keys lies in that order.
    db.prepare_cached("DELETE FROM mailbox WHERE id > ?1 AND id <= ?2")?.execute(params![after, last])?;
    let mut insert =
        db.prepare_cached("INSERT INTO mailbox VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?;
    for row in &rows {
        insert.execute(params_from_iter(row))?;
    }
    Ok(Some(last.clone()))
}

fn next(db: &Connection, after: &[u8]) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut query = db.prepare_cached("SELECT * FROM mailbox WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    let all = |row: &Row<'_>| (0..COLUMNS).map(|column| row.get(column)).collect();
    query.query_map(params![after, SLICE as i64], all)?.collect()
}

/// There are a few of them: whoever runs the relay makes them.
fn lay_tokens(db: &Connection) -> rusqlite::Result<()> {
    let mut query = db.prepare_cached("SELECT hash, remaining FROM creation_token ORDER BY hash")?;
    let both = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let all: Vec<(Vec<u8>, i64)> = query.query_map((), both)?.collect::<rusqlite::Result<_>>()?;
    db.execute("DELETE FROM creation_token", ())?;
    let mut insert = db.prepare_cached("INSERT INTO creation_token (hash, remaining) VALUES (?1, ?2)")?;
    all.iter().try_for_each(|(hash, left)| insert.execute(params![hash, left]).map(drop))
}
