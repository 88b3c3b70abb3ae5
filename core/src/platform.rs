//! What the core asks of the machine it runs on: time, randomness, a few small files, a keychain and a database.

use chrono::NaiveDateTime;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::error::Result;

/// Source of time. A wrong clock is expected: nothing that must hold depends on it.
pub trait Clock {
    /// Milliseconds since 1970, UTC.
    fn now_ms(&self) -> i64;
    /// Milliseconds since some start, for how long something takes: it goes on evenly however the clock is set, and also
    /// while the machine sleeps.
    fn running_ms(&self) -> i64;
    /// The person's local date and time, for which day a check-in belongs to.
    fn local(&self) -> NaiveDateTime;
}

/// Source of randomness for keys, ids and jitter.
pub trait Entropy {
    /// Fills `out` with random bytes fit for keys.
    fn fill(&self, out: &mut [u8]);

    /// Fresh random bytes.
    fn bytes<const N: usize>(&self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }
}

/// The random key of the database, 32 bytes; wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct DatabaseKey(pub [u8; 32]);

impl std::fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseKey(..)")
    }
}

/// Small named files beside the database. Names are neutral and come from the core; there are no folders.
pub trait Files {
    /// Whole content, or none if there is no such file. Error: `file-io`.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>>;
    /// Replaces the file whole or not at all, and durably. Errors: `disk-full`, `file-io`.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<()>;
    /// Removes the file if it is there. Error: `file-io`.
    fn remove(&self, name: &str) -> Result<()>;
}

/// The system's keychain.
pub trait Keychain {
    /// Whether a keychain answers here.
    fn keychain_available(&self) -> bool;
    /// The secret of that name. Error: `keychain-refused`.
    fn keychain_get(&self, name: &str) -> Result<Option<Vec<u8>>>;
    /// Keeps a secret under that name. Error: `keychain-refused`.
    fn keychain_set(&self, name: &str, secret: &[u8]) -> Result<()>;
    /// Forgets it if it is there. Error: `keychain-refused`.
    fn keychain_delete(&self, name: &str) -> Result<()>;
}

/// Everything the core asks of its machine.
pub trait Host: Clock + Entropy + Files + Keychain {
    /// Opens the file of that name as a database, without key or settings: [`crate::store::Store`] sets those.
    fn open_database(&self, name: &str) -> Result<rusqlite::Connection>;
    /// The same where nothing can be written. Nobody else may have it open.
    fn open_database_to_read(&self, name: &str) -> Result<rusqlite::Connection>;
    /// Makes the place where files are kept, for this person only. Errors: `folder-unusable`, `folder-open`.
    fn make_folder(&self) -> Result<()>;
    /// Size of the database file in bytes, none if it is missing.
    fn database_size(&self, name: &str) -> Result<Option<u64>>;
    /// Returns what a file does not share with a copy of it (when and where the system made it), empty if that is unknown.
    fn file_identity(&self, name: &str) -> Result<Vec<u8>>;
    /// Removes the database and what SQLite keeps beside it.
    fn remove_database(&self, name: &str) -> Result<()>;
}
