//! When the writer puts in order what lies in the order of coming: in a journal, in the pages of mailboxes, and in the
//! write-ahead log. None of them holds it for longer than `mixing-seconds`.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior};

use super::writer::{Desk, Emptying, LOOK, lock, read};
use super::{lay, rows};

/// How long the write-ahead log waits for a reader before it is emptied another time.
const READERS: Duration = Duration::from_millis(50);
/// How long it is not noted which mailboxes were read.
const QUIET: Duration = Duration::from_secs(3600);
/// How soon at the latest the write-ahead log is emptied again, where somebody was reading.
const AGAIN: Duration = Duration::from_secs(60);
/// More than anybody waits, and little enough to be counted from now.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// When each has to be in order at the latest; `None` where it is.
pub(super) struct Due {
    /// The journal that fills.
    journal: Option<Instant>,
    /// The rows of mailboxes and creation tokens.
    rows: Option<Instant>,
    /// How far these are laid in the order of their keys, while that goes on.
    laid: Option<Vec<u8>>,
    /// The write-ahead log.
    log: Option<Instant>,
    /// When it is noted which mailboxes were read.
    stamp: Instant,
}

impl Due {
    /// What a relay finds when it starts: rows and a log as the one before it may have left them.
    pub(super) fn at_start() -> Self {
        let now = Some(Instant::now());
        Self { journal: None, rows: now, laid: None, log: now, stamp: after(QUIET) }
    }

    /// Notes that rows of mailboxes were written. To lay all of them takes a while, so it is not begun more than once a second.
    pub(super) fn touched(&mut self, mixing: Duration) {
        self.rows.get_or_insert(after(mixing.max(LOOK)));
    }
}

fn after(time: Duration) -> Instant {
    Instant::now() + time.min(LONGEST)
}

fn is_over(due: Option<Instant>) -> bool {
    due.is_some_and(|due| due <= Instant::now())
}

impl Desk {
    /// Notes that something was committed: it lies in the write-ahead log, and perhaps in a journal.
    pub(super) fn committed(&mut self) {
        let by = after(self.mixing);
        self.due.log.get_or_insert(by);
        self.due.journal = self.is_filling().then(|| self.due.journal.unwrap_or(by));
    }

    /// How long nothing has to be done.
    pub(super) fn pause(&self) -> Duration {
        let full = self.state.full.load(Ordering::Relaxed);
        if !self.is_sorted() || self.due.laid.is_some() && !full {
            return Duration::ZERO;
        }
        let Due { journal, rows, log, stamp, .. } = self.due;
        let rows = rows.map(|rows| if full { rows.max(after(LOOK)) } else { rows });
        let first = [journal, rows, log].into_iter().flatten().fold(stamp, Instant::min);
        first.saturating_duration_since(Instant::now())
    }

    /// Does some of what there is to do, while nobody waits.
    pub(super) fn tidy(&mut self) {
        if self.is_sorted() {
            self.look(&mut None);
        } else if let Err(error) = self.transact(&mut [], Emptying::Slice) {
            tracing::error!(%error, "what came cannot be moved to where it stays");
            std::thread::sleep(LOOK);
        }
        self.keep_order();
    }

    /// Does what is due.
    pub(super) fn keep_order(&mut self) {
        if self.due.stamp <= Instant::now() {
            self.stamp();
        }
        if read(&self.journal).is_full() || is_over(self.due.journal) {
            self.turn_over();
        }
        // While a journal is emptied, rows and the log fill with what is moved: their turn comes after that.
        if !self.is_sorted() {
            return;
        }
        // To lay all of them takes room for a while.
        let full = self.state.full.load(Ordering::Relaxed);
        if !full && (self.due.laid.is_some() || is_over(self.due.rows)) {
            self.lay();
        }
        if self.due.laid.is_none() && is_over(self.due.log) {
            self.checkpoint();
        }
    }

    pub(super) fn is_sorted(&self) -> bool {
        read(&self.journal).is_sorted()
    }

    fn is_filling(&self) -> bool {
        !read(&self.journal).filling().rows.is_empty()
    }

    /// Begins to empty the journal that is full. What the other one still holds goes first, whoever waits: neither grows without
    /// end.
    fn turn_over(&mut self) {
        while !self.is_sorted() {
            if let Err(error) = self.transact(&mut [], Emptying::Slice) {
                tracing::error!(%error, "what came cannot be moved to where it stays");
                return;
            }
        }
        self.stamp();
        self.swap();
    }

    fn swap(&mut self) {
        self.due.journal = None;
        self.journal.write().unwrap_or_else(PoisonError::into_inner).swap();
    }

    /// Lays some mailboxes in the order of their keys, and has the log emptied once that is done with all of them. Returns whether
    /// there is more to lay now.
    fn lay(&mut self) -> bool {
        let from = self.due.laid.take();
        if from.is_none() {
            self.due.rows = None;
        }
        let laid = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|tx| {
            let last = lay::lay_some(&tx, &from.unwrap_or_default())?;
            tx.commit().map(|()| last)
        });
        self.committed();
        match laid {
            Ok(Some(last)) => self.due.laid = Some(last),
            Ok(None) => self.due.log = Some(Instant::now()),
            Err(error) => {
                tracing::warn!(%error, "mailboxes are laid in order a little later");
                self.due.rows = Some(after(AGAIN));
            }
        }
        self.due.laid.is_some()
    }

    /// Writes down which mailboxes were read in this quarter.
    fn stamp(&mut self) {
        self.due.stamp = after(QUIET);
        let read = std::mem::take(&mut *lock(&self.state.read));
        if !read.is_empty() {
            let all = |db: &Connection| read.iter().try_for_each(|n| rows::stamp(db, *n));
            let stamped = self.connection.transaction().and_then(|tx| all(&tx).and_then(|()| tx.commit()));
            if let Err(error) = stamped {
                // They are read again.
                tracing::warn!(%error, "what was read in this quarter is not noted");
            }
            self.due.touched(self.mixing);
        }
        // Also what another program wrote meanwhile, such as `trellis-relay token`, lies in the log.
        self.committed();
    }

    /// Everything that came goes to where it stays. What cannot go there now goes at the next start.
    pub(super) fn finish(mut self) {
        self.stamp();
        for _ in 0..2 {
            while !self.is_sorted() && self.transact(&mut [], Emptying::Slice).is_ok() {}
            if !self.is_sorted() {
                return;
            }
            self.swap();
        }
        // It may have been at it, and mailboxes were made behind where it was.
        self.due.laid = None;
        self.checkpoint();
        while self.lay() {}
        self.checkpoint();
    }

    /// Empties the write-ahead log: it holds everything in the order of coming. A reader may be in the way; then it is emptied a little
    /// later.
    pub(super) fn checkpoint(&mut self) {
        let db = &self.connection;
        let busy = db
            .busy_timeout(READERS)
            .and_then(|()| db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get::<_, bool>(0)));
        let _as_before = db.busy_timeout(super::BUSY);
        let again = after(self.mixing.clamp(LOOK, AGAIN));
        self.due.log = Some(again).filter(|_| !matches!(busy, Ok(false)));
        match busy {
            Ok(false) => {}
            Ok(true) => tracing::info!("the write-ahead log is emptied a little later: somebody reads"),
            Err(error) => tracing::warn!(%error, "the write-ahead log was not emptied"),
        }
    }
}
