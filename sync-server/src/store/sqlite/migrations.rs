//! The schema's versions. They only go forward; a file from a newer relay is refused and left as it is.

use rusqlite::{Connection, TransactionBehavior};

use crate::store::StoreError;

const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/0001_mailboxes.sql"),
    include_str!("../../../migrations/0002_journal.sql"),
    include_str!("../../../migrations/0003_quarter.sql"),
];

/// Brings the database to the newest schema, each step in its own transaction.
pub(super) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = MIGRATIONS.len() as i64;
    if found > known || found < 0 {
        return Err(StoreError::NewerSchema { found, known });
    }
    for (version, step) in (1i64..).zip(MIGRATIONS).skip(found as usize) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Whether the database has exactly the schema of this version.
pub(super) fn check(connection: &Connection) -> Result<(), StoreError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = MIGRATIONS.len() as i64;
    match found.cmp(&known) {
        std::cmp::Ordering::Less => Err(StoreError::OlderSchema { found, known }),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(StoreError::NewerSchema { found, known }),
    }
}
