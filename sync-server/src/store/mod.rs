//! What a relay keeps, behind a trait: memory and SQLite pass the same contract suite (`tests/relay/contract.rs`).

mod memory;
mod sqlite;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use subtle::ConstantTimeEq;
use trellis_protocol::{Cursor, EnvelopeId, ErrorCode, MailboxId};

pub use memory::MemoryStore;
pub use sqlite::{Keeping, Purged, SqliteStore, Tools, Usage};

pub use crate::metrics::Commits;

/// Told of each mailbox that grew and of its newest place, once that is durable and whoever asked for it may be gone.
pub type Grown = Arc<dyn Fn(MailboxId, u64) + Send + Sync>;

/// A store failed. Nothing of the call was kept or acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database could not be read or written, or is full.
    #[error("the database refused: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The disk failed for many calls at once.
    #[error("the database refused: {0}")]
    Broken(String),
    /// The database's file cannot be opened.
    #[error("the file cannot be opened: {0}")]
    File(std::io::Error),
    /// There is a file where one is to be made.
    #[error("the file {0} exists already")]
    Exists(String),
    /// Another process serves the same database.
    #[error("another relay serves this database: stop it first")]
    InUse,
    /// The database cannot keep a write-ahead log where it lies.
    #[error("the database works with a journal of mode {0}, not wal: put it on a local disk")]
    NoWal(String),
    /// The disk is nearly full.
    #[error("less of the disk is free than `min-free`, or the database is as large as `max-database` allows")]
    NoRoom,
    /// The database was made by a newer version of the relay.
    #[error("the database has schema {found}, this relay knows {known}: use a newer trellis-relay")]
    NewerSchema {
        /// Schema number in the file.
        found: i64,
        /// Newest schema number this relay knows.
        known: i64,
    },
    /// The database was made by an older version of the relay.
    #[error(
        "the database has schema {found}, this relay needs {known}: let `trellis-relay serve` bring it forward first"
    )]
    OlderSchema {
        /// Schema number in the file.
        found: i64,
        /// Schema number this relay needs.
        known: i64,
    },
    /// Nobody has used any mailbox lately, by this machine's clock: it may be wrong.
    #[error(
        "by the clock of this machine, no mailbox was used for a while, or some were used in times to come: is it right?"
    )]
    Clock,
    /// The store is closed or its writer is gone.
    #[error("the store is closed")]
    Closed,
}

/// Answer of a store, later.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;
/// What a call did, or the code by which it was refused.
pub type Verdict<T> = Result<T, ErrorCode>;

/// The operator's limits on one mailbox.
#[derive(Clone, Copy, Debug)]
pub struct MailboxLimits {
    /// Most envelopes kept.
    pub envelopes: u64,
    /// Most bytes kept.
    pub bytes: u64,
}

impl MailboxLimits {
    /// Nothing more is kept.
    pub(crate) const NOTHING: Self = Self { envelopes: 0, bytes: 0 };

    /// Whether one more envelope of `len` bytes fits beside what is there.
    pub(crate) fn admit(self, envelopes: u64, bytes: u64, len: usize) -> bool {
        envelopes < self.envelopes && bytes.saturating_add(len as u64) <= self.bytes
    }
}

/// How a new mailbox is paid for.
#[derive(Clone, Copy, Debug)]
pub enum Admission {
    /// Anyone may create.
    Open,
    /// One use of the creation token with this SHA-256.
    Token([u8; 32]),
    /// Nobody may create; an existing mailbox is still recognised.
    Closed,
}

/// What [`Store::create`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// It is new.
    New,
    /// It was there, under the same owner.
    Already,
}

/// One envelope to append.
#[derive(Clone, Debug)]
pub struct NewEnvelope {
    /// SHA-256 of `bytes`.
    pub id: EnvelopeId,
    /// The envelope.
    pub bytes: Box<[u8]>,
}

/// What a reader wants back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// Only where the mailbox stands.
    Nothing,
    /// At most so many envelopes after the cursor, if the cursor stands.
    Envelopes(u32),
    /// At most so many ids after `cursor.seq`, whatever its hash.
    Ids(u32),
}

/// What one caller does with one mailbox.
#[derive(Clone, Debug)]
pub struct Work {
    /// Which mailbox.
    pub mailbox: MailboxId,
    /// Where the caller stands.
    pub cursor: Cursor,
    /// What to append, in order.
    pub append: Vec<NewEnvelope>,
    /// What to return.
    pub want: Want,
}

/// One envelope or id as returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Place in the mailbox.
    pub seq: u64,
    /// SHA-256 of the envelope.
    pub id: EnvelopeId,
    /// The envelope; `None` when ids were wanted.
    pub bytes: Option<Vec<u8>>,
}

/// Bytes that a row costs beside the envelope in it: its id, its hash, its places in trees and journals.
pub(crate) const ROW: usize = 256;

impl Work {
    /// Returns what it takes of a transaction. A tiny envelope costs about as much time as a small one.
    pub(crate) fn weight(&self) -> usize {
        ROW + self.append.iter().map(|new| ROW + new.bytes.len()).sum::<usize>()
    }
}

/// What became of a [`Work`] on a mailbox that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// For each appended envelope its place, durable, or why not.
    pub appended: Vec<Verdict<u64>>,
    /// Whether the cursor is a prefix of what is stored.
    pub stands: bool,
    /// What was wanted, oldest first.
    pub entries: Vec<Entry>,
    /// More waits after `entries`.
    pub more: bool,
    /// Where the caller stands after `entries`: the newest position once nothing more waits.
    pub at: Cursor,
    /// The newest position.
    pub head: Cursor,
}

/// How a store is, without names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Mailboxes.
    pub mailboxes: u64,
    /// Bytes of the database file.
    pub database: u64,
    /// Bytes of the write-ahead log beside it.
    pub log: u64,
    /// Bytes of the disk that are free.
    pub free: u64,
    /// Calls that wait for a transaction or are in one.
    pub waiting: u64,
}

/// Mailboxes of envelopes, durable once a call has answered.
///
/// Every call but trimming and deleting is one atomic step; answers of `sync` stand in the order of the work, `None` for a mailbox that does not exist.
pub trait Store: Send + Sync + 'static {
    /// Appends and reads. Returned entries cost at most about `budget` bytes together.
    fn sync(&self, work: Vec<Work>, budget: usize) -> Answer<'_, Vec<Option<Done>>>;
    /// Newest place in each mailbox that exists.
    fn heads(&self, mailboxes: Vec<MailboxId>) -> Answer<'_, Vec<Option<u64>>>;
    /// Makes a mailbox, owned by whoever knows the token with the SHA-256 `owner`.
    fn create(&self, id: MailboxId, owner: [u8; 32], admission: Admission) -> Answer<'_, Verdict<Created>>;
    /// Drops all at or below `before` but `keep`. Places are not given again.
    fn trim(
        &self,
        id: MailboxId,
        owner: [u8; 32],
        before: u64,
        keep: Vec<EnvelopeId>,
    ) -> Answer<'_, Verdict<()>>;
    /// Drops a mailbox with all that is in it.
    fn delete(&self, id: MailboxId, owner: [u8; 32]) -> Answer<'_, Verdict<()>>;
    /// Lets the creation token with the SHA-256 `hash` make `uses` mailboxes more.
    fn grant(&self, hash: [u8; 32], uses: u32) -> Answer<'_, ()>;
    /// Whether the store takes calls now.
    fn ready(&self) -> Answer<'_, ()>;
    /// How the store is.
    fn figures(&self) -> Answer<'_, Figures>;
    /// Finishes what was accepted and takes no more.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// Bytes that an entry takes in an answer beside its envelope.
const ENTRY_OVERHEAD: usize = 48;

/// What is left of an answer's size.
pub(crate) struct Budget(usize);

impl Budget {
    pub(crate) fn new(bytes: usize) -> Self {
        Self(bytes)
    }

    /// Takes what an entry costs, if it is there.
    pub(crate) fn take(&mut self, len: usize) -> bool {
        self.0.checked_sub(len + ENTRY_OVERHEAD).map(|left| self.0 = left).is_some()
    }
}

/// Compares hashes of owner tokens in constant time.
pub(crate) fn owned_by(stored: &[u8; 32], shown: &[u8; 32]) -> Verdict<()> {
    if bool::from(stored.ct_eq(shown)) { Ok(()) } else { Err(ErrorCode::Forbidden) }
}
