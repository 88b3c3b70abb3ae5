//! One thread owns the writing connection: it commits whatever calls have gathered, many in one transaction, and keeps
//! what came in order (`order.rs`).

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::calls::{Call, Job, Queue};
use super::journal::{FULL_BYTES, FULL_ROWS, Journal};
use super::order::Due;
use super::pen::Pen;
use super::rows::{self, MailboxRow};
use crate::store::{Commits, Grown, StoreError};

/// Weight that is moved or cleared in one transaction while nobody waits.
const IDLE: usize = 1024 * 1024;
/// How often the free disk is looked at.
pub(super) const LOOK: Duration = Duration::from_secs(1);

/// How much a transaction empties of the journal that is sealed.
pub(super) enum Emptying {
    Nothing,
    /// As much as it takes to keep up with what comes.
    KeepUp,
    /// As much as goes while nobody waits.
    Slice,
}

/// What the writer works with.
pub(super) struct Desk {
    pub(super) connection: Connection,
    pub(super) journal: Arc<RwLock<Journal>>,
    pub(super) grown: Grown,
    pub(super) state: Arc<State>,
    /// How long what came may lie in the order of coming.
    pub(super) mixing: Duration,
    /// Bytes of the disk that are left free, and a path on it.
    pub(super) min_free: (u64, PathBuf),
    /// Most bytes of the database, 0 for what the disk holds.
    pub(super) max_bytes: u64,
    /// Told of each transaction.
    pub(super) commits: Commits,
    /// When all of it has to be in order.
    pub(super) due: Due,
}

/// What others may know of the writer.
#[derive(Default)]
pub(super) struct State {
    /// The last transaction failed.
    pub(super) failed: AtomicBool,
    /// The disk is nearly full.
    pub(super) full: AtomicBool,
    /// No more calls are taken.
    pub(super) closed: AtomicBool,
    /// Calls that wait or run.
    pub(super) waiting: AtomicUsize,
    /// The quarter of a year that it is.
    quarter: AtomicI64,
    /// Numbers of mailboxes that were read in this quarter, and whose rows do not say so. They are written all at once, sorted: one
    /// call reads the mailboxes of one device.
    pub(super) read: Mutex<BTreeSet<i64>>,
}

impl State {
    /// Notes that a mailbox was read.
    pub(super) fn used(&self, row: &MailboxRow) {
        if row.quarter < self.quarter.load(Ordering::Relaxed) {
            lock(&self.read).insert(row.n);
        }
    }
}

/// Handle to the writer thread.
pub(super) struct Writer {
    jobs: Mutex<Option<Sender<Box<dyn Job>>>>,
    state: Arc<State>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(desk: Desk) -> Result<Self, StoreError> {
        let ((jobs, inbox), state) = (channel(), desk.state.clone());
        // Without its writer a relay can do nothing; whoever runs it starts it again.
        let work = move || {
            let serve = std::panic::AssertUnwindSafe(|| desk.serve(&inbox));
            if std::panic::catch_unwind(serve).is_err() {
                std::process::abort();
            }
        };
        let thread = std::thread::Builder::new().name("relay-writer".into()).spawn(work);
        let thread = thread.map_err(|_| StoreError::Closed)?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), state, thread: Mutex::new(Some(thread)) })
    }

    /// Runs `act` on `input`, which has this weight, in one of the next transactions and gives both back once it is durable.
    pub(super) fn run<I: Send + 'static, T: Send + 'static>(
        &self,
        input: I,
        weight: usize,
        act: impl Fn(&mut Pen<'_>, &I) -> rusqlite::Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<(I, T), StoreError>> + Send + 'static {
        let (reply, answer) = oneshot::channel();
        let state = self.state.clone();
        state.waiting.fetch_add(1, Ordering::Relaxed);
        let call = Box::new(Call { input, weight, act, result: None, state, reply });
        let sent = lock(&self.jobs).as_ref().is_some_and(|jobs| jobs.send(call).is_ok());
        async move {
            if !sent {
                return Err(StoreError::Closed);
            }
            answer.await.map_err(|_| StoreError::Closed)?
        }
    }

    /// Takes no more calls and waits until the accepted ones are durable.
    pub(super) async fn close(&self) {
        lock(&self.jobs).take();
        let thread = lock(&self.thread).take();
        if let Some(thread) = thread {
            let _ = tokio::task::spawn_blocking(|| thread.join()).await;
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    fn serve(mut self, inbox: &Receiver<Box<dyn Job>>) {
        let (mut queue, mut looked) = (Queue::default(), None);
        loop {
            if queue.is_empty() {
                match inbox.recv_timeout(self.pause()) {
                    Ok(job) => queue.push(job),
                    Err(RecvTimeoutError::Timeout) => {
                        self.tidy();
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            inbox.try_iter().for_each(|job| queue.push(job));
            self.look(&mut looked);
            self.work(queue.group());
            self.keep_order();
        }
        self.finish();
    }

    fn work(&mut self, mut group: Vec<Box<dyn Job>>) {
        let outcome = self.transact(&mut group, Emptying::KeepUp);
        self.state.failed.store(outcome.is_err(), Ordering::Relaxed);
        match outcome {
            Ok(()) => group.into_iter().for_each(|job| job.answer(Ok(()))),
            // A disk that fails would fail for each of them.
            Err(error) if is_broken(&error) => {
                group.into_iter().for_each(|job| job.answer(Err(StoreError::Broken(error.to_string()))));
            }
            Err(_) => group.into_iter().for_each(|job| self.work_alone(job)),
        }
    }

    /// After a group failed, each call stands for itself, so that one cannot take the others down.
    fn work_alone(&mut self, mut job: Box<dyn Job>) {
        let outcome = self.transact(std::slice::from_mut(&mut job), Emptying::Nothing);
        self.state.failed.store(outcome.is_err(), Ordering::Relaxed);
        job.answer(outcome.map_err(StoreError::from));
    }

    /// Runs calls and empties some of a journal in one transaction, and tells who listens once it is durable.
    pub(super) fn transact(
        &mut self,
        group: &mut [Box<dyn Job>],
        emptying: Emptying,
    ) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let changes = transaction.total_changes();
        let (mut pen, start, calls) = (Pen::new(&transaction, &self.journal), Instant::now(), group.len());
        for job in group {
            job.run(&mut pen)?;
        }
        match emptying {
            _ if read(&self.journal).is_sorted() => {}
            Emptying::Nothing => {}
            Emptying::KeepUp => pen.keep_up()?,
            Emptying::Slice => pen.empty_some(IDLE)?,
        }
        let mut staged = pen.staged;
        // What only came to a journal wrote into no mailbox's row.
        let touched = transaction.total_changes() - changes > staged.came.len() as u64;
        transaction.commit()?;
        self.commits.note(calls, start.elapsed());
        let (grew, before) = (std::mem::take(&mut staged.grew), self.is_sorted());
        self.journal.write().unwrap_or_else(PoisonError::into_inner).absorb(staged);
        self.committed();
        if touched {
            self.due.touched(self.mixing);
        }
        grew.into_iter().for_each(|(mailbox, seq)| (self.grown)(mailbox, seq));
        if !before && self.is_sorted() {
            self.checkpoint();
        }
        Ok(())
    }

    /// Looks at how much room there is: of the disk now and then, of the file each time where that has a limit.
    pub(super) fn look(&self, looked: &mut Option<Instant>) {
        if self.max_bytes == 0 && looked.is_some_and(|at| at.elapsed() < LOOK) {
            return;
        }
        *looked = Some(Instant::now());
        let quarter = rows::this_quarter(&self.connection).unwrap_or_default();
        self.state.quarter.store(quarter, Ordering::Relaxed);
        let (least, place) = &self.min_free;
        let disk = *least > 0 && super::free(place).is_some_and(|free| free < *least);
        let file = self.max_bytes > 0 && self.used().is_ok_and(|used| used > self.max_bytes / 4 * 3);
        let journal = read(&self.journal);
        // What comes could not be moved for long: it does not grow without end.
        let stuck =
            journal.filling().rows.len() >= 4 * FULL_ROWS || journal.filling().bytes >= 4 * FULL_BYTES;
        self.state.full.store(disk || file || stuck, Ordering::Relaxed);
    }

    /// Bytes of the file that hold something, with what is in the journals once more: that has to be moved. A quarter of a limit is
    /// kept for moving, trimming and deleting.
    fn used(&self) -> rusqlite::Result<u64> {
        let ask = |name| self.connection.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
        let pages = ask("page_count")?.saturating_sub(ask("freelist_count")?);
        let journal = read(&self.journal);
        Ok(pages * ask("page_size")? + (journal.sealed().bytes + journal.filling().bytes) as u64)
    }
}

pub(super) fn read(journal: &RwLock<Journal>) -> std::sync::RwLockReadGuard<'_, Journal> {
    journal.read().unwrap_or_else(PoisonError::into_inner)
}

/// Whether each call of a group would fail alike: the disk fails, or another program holds the database.
fn is_broken(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseCorrupt, SystemIoFailure};
    matches!(error.sqlite_error_code(), Some(SystemIoFailure | DatabaseCorrupt | DatabaseBusy))
}
