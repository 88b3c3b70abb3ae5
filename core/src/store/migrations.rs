//! Numbered migrations: forward only, one file each, one transaction each.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::Result;

/// In order; the position is the version it leads to. Never edit one that was released.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_documents.sql"),
    include_str!("migrations/0002_spaces.sql"),
    include_str!("migrations/0003_snapshots.sql"),
    include_str!("migrations/0004_item_space.sql"),
    include_str!("migrations/0005_shared.sql"),
    include_str!("migrations/0006_indexes.sql"),
    include_str!("migrations/0007_drafts.sql"),
    include_str!("migrations/0008_boards.sql"),
    include_str!("migrations/0009_openers.sql"),
    include_str!("migrations/0010_requests.sql"),
    include_str!("migrations/0011_forks.sql"),
    include_str!("migrations/0012_acked.sql"),
    include_str!("migrations/0013_waiting.sql"),
];

/// Version this build writes and the newest it reads.
pub const LATEST: u32 = STEPS.len() as u32;

/// Brings a database from `version` to [`LATEST`].
pub fn run(conn: &mut Connection, version: u32) -> Result<()> {
    run_to(conn, version, LATEST)
}

/// Brings a database from `version` to `to`, step by step.
pub fn run_to(conn: &mut Connection, version: u32, to: u32) -> Result<()> {
    for (next, sql) in (1..=to).zip(STEPS).skip(version as usize) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", next)?;
        tx.commit()?;
    }
    Ok(())
}
