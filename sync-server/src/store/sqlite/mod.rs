//! Mailboxes in one SQLite file: one writer thread that commits many calls at once, a few readers beside it.
//!
//! What comes is appended to a journal, one insert each, and moved later, sorted by mailbox, to where it stays. That is
//! fast, and it leaves no trace of what came together.

mod calls;
mod file;
mod journal;
mod lay;
mod migrations;
mod mover;
mod moving;
mod order;
mod page;
mod pen;
mod purge;
mod readers;
mod rows;
mod tools;
mod writer;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use trellis_protocol::{EnvelopeId, ErrorCode, MailboxId};

use super::{
    Admission, Answer, Commits, Created, Done, Figures, Grown, MailboxLimits, ROW, Store, StoreError,
    Verdict, Want, Work,
};
use journal::Journal;
use order::Due;
use pen::Pen;
pub use purge::Purged;
use readers::Readers;
pub use tools::{Tools, Usage};
use writer::{Desk, State, Writer};

/// How long a connection waits for another process, such as `trellis-relay token`.
const BUSY: Duration = Duration::from_secs(5);

/// How a store is kept.
#[derive(Clone, Debug)]
pub struct Keeping {
    /// The operator's limits on one mailbox.
    pub limits: MailboxLimits,
    /// Most bytes of the file, 0 for what the disk holds.
    pub max_bytes: u64,
    /// Bytes of the disk that are left free.
    pub min_free: u64,
    /// How long what came may lie in the order of coming.
    pub mixing: Duration,
    /// Told of each transaction.
    pub commits: Commits,
}

/// A [`Store`] in a SQLite file (WAL, `synchronous=FULL`).
pub struct SqliteStore {
    limits: MailboxLimits,
    journal: Arc<RwLock<Journal>>,
    state: Arc<State>,
    writer: Writer,
    readers: Arc<Readers>,
    path: PathBuf,
    _lock: std::fs::File,
}

impl SqliteStore {
    /// Opens or makes the database. Error: `InUse` if another relay serves it.
    pub fn open(path: &Path, keeping: &Keeping, grown: Grown) -> Result<Self, StoreError> {
        let lock = file::lock(path)?;
        let connection = file::open(path, keeping.max_bytes)?;
        let (journal, state) = (Arc::new(RwLock::new(Journal::default())), Arc::new(State::default()));
        let desk = Desk {
            connection,
            journal: journal.clone(),
            grown,
            state: state.clone(),
            mixing: keeping.mixing,
            min_free: (keeping.min_free, folder(path)),
            max_bytes: keeping.max_bytes,
            commits: keeping.commits.clone(),
            due: Due::at_start(),
        };
        // Whether there is room is known before anybody asks.
        desk.look(&mut None);
        let (limits, readers) = (keeping.limits, Readers::new(path));
        let (writer, path) = (Writer::start(desk)?, path.to_owned());
        Ok(Self { limits, journal, state, writer, readers, path, _lock: lock })
    }

    fn write<T: Send + 'static>(
        &self,
        act: impl Fn(&mut Pen<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send + 'static {
        self.write_large(ROW, act)
    }

    /// The same for what takes as much of a transaction as calls of this weight.
    fn write_large<T: Send + 'static>(
        &self,
        weight: usize,
        act: impl Fn(&mut Pen<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send + 'static {
        let run = self.writer.run((), weight, move |pen, ()| act(pen));
        async move { run.await.map(|((), answer)| answer) }
    }

    async fn append(&self, work: Vec<Work>) -> Result<(Vec<Work>, Vec<Option<Done>>), StoreError> {
        let (limits, state) = (self.limits, self.state.clone());
        let weight = work.iter().map(Work::weight).sum();
        let append = move |pen: &mut Pen<'_>, work: &Vec<Work>| {
            if !state.full.load(Ordering::Relaxed) {
                return pen.append(work, limits);
            }
            // What is there already is still recognised.
            let mut done = pen.append(work, MailboxLimits::NOTHING)?;
            done.iter_mut().flatten().for_each(no_room);
            Ok(done)
        };
        self.writer.run(work, weight, append).await
    }
}

/// Where the disk has no room, no mailbox is to blame.
fn no_room(done: &mut Done) {
    for verdict in done.appended.iter_mut().filter(|verdict| **verdict == Err(ErrorCode::MailboxFull)) {
        *verdict = Err(ErrorCode::Storage);
    }
}

fn folder(path: &Path) -> PathBuf {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// Bytes that are free on a disk for whoever is not root.
fn free(place: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(place).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

impl Store for SqliteStore {
    fn sync(&self, work: Vec<Work>, budget: usize) -> Answer<'_, Vec<Option<Done>>> {
        async move {
            let appends = work.iter().any(|one| !one.append.is_empty());
            let wants = work.iter().any(|one| one.want != Want::Nothing);
            let (work, done) = if appends { self.append(work).await? } else { (work, Vec::new()) };
            if appends && !wants {
                return Ok(done);
            }
            let (journal, state) = (self.journal.clone(), self.state.clone());
            let lately = || page::from_journals(&journal, &work, budget, &state);
            if !appends && let Some(done) = lately() {
                return Ok(done);
            }
            let read = move |tx: &rusqlite::Transaction<'_>| {
                page::read(Some(tx), &work, page::recent(&journal, &work), done, (budget, &state))
            };
            self.readers.read(read).await
        }
        .boxed()
    }

    fn heads(&self, mailboxes: Vec<MailboxId>) -> Answer<'_, Vec<Option<u64>>> {
        let journal = self.journal.clone();
        let read = move |tx: &rusqlite::Transaction<'_>| {
            let recent: Vec<_> = mailboxes.iter().map(|id| page::head(&journal, id)).collect();
            let both = mailboxes.iter().zip(recent);
            both.map(|(id, recent)| Ok(rows::find(tx, id)?.map(|row| row.head.seq.max(recent.unwrap_or(0)))))
                .collect()
        };
        async move { self.readers.read(read).await }.boxed()
    }

    fn create(&self, id: MailboxId, owner: [u8; 32], admission: Admission) -> Answer<'_, Verdict<Created>> {
        let full = self.state.full.load(Ordering::Relaxed);
        // What is there already is still recognised.
        let admission = if full { Admission::Closed } else { admission };
        let create = self.write(move |pen| pen.create(&id, &owner, admission));
        let refused =
            move |code| if full && code == ErrorCode::CreationClosed { ErrorCode::Storage } else { code };
        async move { Ok(create.await?.map_err(refused)) }.boxed()
    }

    fn trim(
        &self,
        id: MailboxId,
        owner: [u8; 32],
        before: u64,
        keep: Vec<EnvelopeId>,
    ) -> Answer<'_, Verdict<()>> {
        let keep: Arc<HashSet<EnvelopeId>> = Arc::new(keep.into_iter().collect());
        async move {
            let mut from = None;
            loop {
                let keep = keep.clone();
                let act = move |pen: &mut Pen<'_>| pen.trim((&id, &owner), before, &keep, from);
                let slice = self.write_large(pen::SLICE_BYTES, act);
                match slice.await? {
                    Ok(Some(next)) => from = Some(next),
                    Ok(None) => return Ok(Ok(())),
                    Err(code) => return Ok(Err(code)),
                }
            }
        }
        .boxed()
    }

    fn delete(&self, id: MailboxId, owner: [u8; 32]) -> Answer<'_, Verdict<()>> {
        async move {
            loop {
                let act = move |pen: &mut Pen<'_>| pen.delete(&id, &owner);
                match self.write_large(pen::SLICE_BYTES, act).await? {
                    Ok(true) => {}
                    Ok(false) => return Ok(Ok(())),
                    Err(code) => return Ok(Err(code)),
                }
            }
        }
        .boxed()
    }

    fn grant(&self, hash: [u8; 32], uses: u32) -> Answer<'_, ()> {
        self.write(move |pen| rows::grant(pen.db(), &hash, uses)).boxed()
    }

    fn ready(&self) -> Answer<'_, ()> {
        async move {
            if self.state.closed.load(Ordering::Relaxed) {
                return Err(StoreError::Closed);
            }
            if self.state.full.load(Ordering::Relaxed) {
                // There may be room by now: the writer looks when it has something to do.
                self.write(|_| Ok(())).await?;
            }
            if self.state.full.load(Ordering::Relaxed) {
                return Err(StoreError::NoRoom);
            }
            if self.state.failed.load(Ordering::Relaxed) {
                // It is known to have failed: only then is something written to find out whether it does still.
                return self.write(|pen| file::probe(pen.db())).await;
            }
            Ok(())
        }
        .boxed()
    }

    fn figures(&self) -> Answer<'_, Figures> {
        async move {
            let count = |tx: &rusqlite::Transaction<'_>| {
                tx.query_row("SELECT count(*) FROM mailbox", (), |row| row.get::<_, u64>(0))
            };
            let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
            let mut log = self.path.clone().into_os_string();
            log.push("-wal");
            Ok(Figures {
                mailboxes: self.readers.read(count).await?,
                database: size(&self.path),
                log: size(Path::new(&log)),
                free: free(&folder(&self.path)).unwrap_or_default(),
                waiting: self.state.waiting.load(Ordering::Relaxed) as u64,
            })
        }
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async move {
            self.state.closed.store(true, Ordering::Relaxed);
            self.readers.close().await;
            // The last connection to go empties the WAL into the database.
            self.writer.close().await;
        }
        .boxed()
    }
}
