//! Mailboxes in one SQLite file: one writer thread that commits many calls at once, a few readers beside it.

mod migrations;
mod page;
mod rows;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rusqlite::{Connection, OpenFlags, Transaction};
use tokio::sync::Semaphore;
use trellis_protocol::{EnvelopeId, MailboxId};

use super::{Admission, Answer, Created, Done, MailboxLimits, Store, StoreError, Verdict, Want, Work};
use writer::Writer;

/// Readers beside the writer. More do not help: reading is bound by the processor.
const READERS: usize = 4;
/// How long a connection waits for another process, such as `trellis-relay token`.
const BUSY: Duration = Duration::from_secs(5);
/// WAL pages after which the writer copies them into the database; the file is reused, not truncated.
const CHECKPOINT_PAGES: u32 = 4000;

/// A [`Store`] in a SQLite file (WAL, `synchronous=FULL`).
pub struct SqliteStore {
    limits: MailboxLimits,
    writer: Writer,
    readers: std::sync::Arc<Readers>,
}

struct Readers {
    path: PathBuf,
    idle: std::sync::Mutex<Vec<Connection>>,
    turns: Semaphore,
}

impl SqliteStore {
    /// Opens or makes the database. `max_bytes` bounds the file's size (0: the disk does).
    pub fn open(path: &Path, limits: MailboxLimits, max_bytes: u64) -> Result<Self, StoreError> {
        let connection = open_writer(path, max_bytes)?;
        let readers = Readers {
            path: path.to_owned(),
            idle: std::sync::Mutex::default(),
            turns: Semaphore::new(READERS),
        };
        Ok(Self { limits, writer: Writer::start(connection)?, readers: readers.into() })
    }

    async fn read<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _turn = self.readers.turns.acquire().await.map_err(|_| StoreError::Closed)?;
        let readers = self.readers.clone();
        tokio::task::spawn_blocking(move || readers.run(act)).await.map_err(|_| StoreError::Closed)?
    }
}

impl Readers {
    fn run<T>(&self, act: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let mut connection = self.take()?;
        let transaction = connection.transaction()?;
        let answer = act(&transaction)?;
        drop(transaction);
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(connection);
        Ok(answer)
    }

    /// Waits for running reads, refuses more, and closes the connections.
    async fn close(&self) {
        if let Ok(turns) = self.turns.acquire_many(READERS as u32).await {
            turns.forget();
        }
        self.turns.close();
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }

    fn take(&self) -> Result<Connection, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        idle.map_or_else(|| open_reader(&self.path), Ok)
    }
}

fn open_writer(path: &Path, max_bytes: u64) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    // What is trimmed or deleted is overwritten, not only unlinked.
    connection.pragma_update_and_check(None, "secure_delete", "on", |_| Ok(()))?;
    migrations::run(&mut connection)?;
    if max_bytes > 0 {
        let page: u64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        connection.pragma_update(None, "max_page_count", (max_bytes / page).max(1))?;
    }
    Ok(connection)
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

impl Store for SqliteStore {
    fn sync(&self, work: Vec<Work>, budget: usize) -> Answer<'_, Vec<Option<Done>>> {
        async move {
            let limits = self.limits;
            let appends = work.iter().any(|one| !one.append.is_empty());
            let wants = work.iter().any(|one| one.want != Want::Nothing);
            let (work, done) = if appends {
                self.writer.run(work, move |tx, work| rows::append(tx, work, limits)).await?
            } else {
                (work, Vec::new())
            };
            if appends && !wants {
                return Ok(done);
            }
            self.read(move |tx| page::read(tx, &work, done, budget)).await
        }
        .boxed()
    }

    fn heads(&self, mailboxes: Vec<MailboxId>) -> Answer<'_, Vec<Option<u64>>> {
        self.read(move |tx| {
            mailboxes.iter().map(|id| Ok(rows::find(tx, id)?.map(|row| row.head.seq))).collect()
        })
        .boxed()
    }

    fn create(&self, id: MailboxId, owner: [u8; 32], admission: Admission) -> Answer<'_, Verdict<Created>> {
        self.write(move |tx| rows::create(tx, &id, &owner, admission))
    }

    fn trim(
        &self,
        id: MailboxId,
        owner: [u8; 32],
        before: u64,
        keep: Vec<EnvelopeId>,
    ) -> Answer<'_, Verdict<()>> {
        let keep = keep.into_iter().collect();
        self.write(move |tx| rows::trim(tx, &id, &owner, before, &keep))
    }

    fn delete(&self, id: MailboxId, owner: [u8; 32]) -> Answer<'_, Verdict<()>> {
        self.write(move |tx| rows::delete(tx, &id, &owner))
    }

    fn grant(&self, hash: [u8; 32], uses: u32) -> Answer<'_, ()> {
        self.write(move |tx| rows::grant(tx, &hash, uses))
    }

    fn ready(&self) -> Answer<'_, ()> {
        self.write(|tx| tx.query_row("SELECT 1", (), |_| Ok(())))
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async move {
            self.readers.close().await;
            // The last connection to go empties the WAL into the database.
            self.writer.close().await;
        }
        .boxed()
    }
}

impl SqliteStore {
    fn write<T: Send + 'static>(
        &self,
        act: impl Fn(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Answer<'_, T> {
        let run = self.writer.run((), move |tx, ()| act(tx));
        async move { run.await.map(|((), answer)| answer) }.boxed()
    }
}
