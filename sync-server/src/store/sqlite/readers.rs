//! A few reading connections beside the writer's.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, Transaction};
use tokio::sync::Semaphore;

use super::BUSY;
use crate::store::StoreError;

/// Readers beside the writer. More do not help: reading is bound by the processor.
const READERS: usize = 4;
/// Page cache of each, KiB.
const CACHE: i64 = 4 * 1024;

/// Reading connections, opened when needed.
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    turns: Semaphore,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Arc<Self> {
        Arc::new(Self { path: path.to_owned(), idle: Mutex::default(), turns: Semaphore::new(READERS) })
    }

    /// Runs `act` in a reading transaction on a thread of its own; it begins with the first query.
    pub(super) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _turn = self.turns.acquire().await.map_err(|_| StoreError::Closed)?;
        let readers = self.clone();
        tokio::task::spawn_blocking(move || readers.run(act)).await.map_err(|_| StoreError::Closed)?
    }

    fn run<T>(&self, act: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let mut connection = self.take()?;
        let transaction = connection.transaction()?;
        let answer = act(&transaction)?;
        drop(transaction);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(answer)
    }

    /// Waits for running reads, refuses more, and closes the connections.
    pub(super) async fn close(&self) {
        if let Ok(turns) = self.turns.acquire_many(READERS as u32).await {
            turns.forget();
        }
        self.turns.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn take(&self) -> Result<Connection, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| open(&self.path), Ok)
    }
}

fn open(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "cache_size", -CACHE)?;
    Ok(connection)
}
