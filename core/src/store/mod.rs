//! The encrypted database: one owner, one connection, synchronous.
//!
//! Everything goes through [`Store::tx`] or [`Store::read`]; what is written in one `tx` is durable
//! together or not at all.

pub mod checkins;
pub mod documents;
mod drafts;
pub mod items;
mod migrations;
mod queue;
pub mod records;
pub mod rendezvous;
mod snapshots;
pub mod spaces;

use std::ops::Deref;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::error::{Error, Result};
use crate::fault;
use crate::platform::DatabaseKey;

/// Whether the database is being made or has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Made now; an existing one is refused with `database-exists`.
    New,
    /// Has to be there; an empty file counts as damaged.
    Existing,
}

/// Statements kept ready: more than there are.
const STATEMENTS: usize = 256;
/// Pages kept in memory, KiB: each one that is read again is checked and decrypted again.
const CACHE: i64 = 16 * 1024;

/// The open database.
pub struct Store {
    pub(crate) conn: Connection,
    /// Why it is not written to.
    held: Option<Held>,
}

/// Why a database is only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// The file cannot be written.
    File,
    /// Whoever owns it must do something first.
    Owner,
}

/// One transaction. Each room adds its own methods (`impl Tx<'_>`).
pub struct Tx<'a> {
    pub(crate) conn: &'a Connection,
}

/// One transaction as one space sees it: what belongs to a space is asked for here, and never mixed with another's.
pub struct SpaceTx<'a> {
    tx: Tx<'a>,
    /// Id of the space.
    pub space: [u8; 32],
}

impl<'a> Deref for SpaceTx<'a> {
    type Target = Tx<'a>;

    fn deref(&self) -> &Tx<'a> {
        &self.tx
    }
}

impl Store {
    /// Unlocks, checks and updates a database. Nothing is written before all of it was read and found whole.
    ///
    /// Errors: `database-damaged` (also for a wrong key: the two look the same), `database-newer`,
    /// `database-exists`, `database-busy`, `database-settings`, `disk-full`.
    pub fn open(conn: Connection, key: &DatabaseKey, expect: Expect) -> Result<Self> {
        conn.busy_timeout(Duration::ZERO)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        // One plan a statement: with statistics of values compiled in, each new value would plan it again.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        unlock(&conn, key)?;
        let version = check(&conn, expect)?;
        harden(&conn)?;
        let mut store = Self { conn, held: None };
        migrations::run(&mut store.conn, version)?;
        Ok(store)
    }

    /// The same for a file that cannot be written, as it is. An older one would have to be updated first: `read-only`.
    pub fn open_to_read(conn: Connection, key: &DatabaseKey) -> Result<Self> {
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        unlock(&conn, key)?;
        if check(&conn, Expect::Existing)? < migrations::LATEST {
            return Err(Error::read_only());
        }
        conn.pragma_update(None, "cache_size", -CACHE)?;
        Ok(Self { conn, held: Some(Held::File) })
    }

    /// Whether it is written to.
    pub fn is_writable(&self) -> bool {
        self.held.is_none()
    }

    /// Whether the file itself could be written.
    pub fn is_file_writable(&self) -> bool {
        self.held != Some(Held::File)
    }

    /// Refuses to write from here on, with `read-only`.
    pub fn hold(&mut self) {
        self.held = self.held.or(Some(Held::Owner));
    }

    /// Writes again.
    pub fn release(&mut self) {
        self.held = self.held.filter(|held| *held == Held::File);
    }

    /// Runs `work` in one transaction that is durable when this returns `Ok`, and undone on any error. Error: `read-only`.
    pub fn tx<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        if !self.is_writable() {
            return Err(Error::read_only().into());
        }
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::from)?;
        let out = work(&Tx { conn: &tx })?;
        fault::point()?;
        tx.commit().map_err(Error::from)?;
        fault::point()?;
        Ok(out)
    }

    /// Moves what is in the log beside the database into it, so that nothing wiped is left in the log.
    pub fn settle(&self) -> Result<()> {
        Ok(self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))?)
    }

    /// Runs `work` on one consistent view; whatever it writes is undone.
    pub fn read<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Deferred).map_err(Error::from)?;
        work(&Tx { conn: &tx })
    }
}

impl<'a> Tx<'a> {
    /// This transaction as one space sees it.
    pub fn within(&self, space: [u8; 32]) -> SpaceTx<'a> {
        SpaceTx { tx: Tx { conn: self.conn }, space }
    }

    /// A device value.
    pub fn setting(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let mut query = self.conn.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
        Ok(query.query_row([name], |row| row.get(0)).optional()?)
    }

    /// Keeps a device value.
    pub fn set_setting(&self, name: &str, value: &[u8]) -> Result<()> {
        let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.conn.prepare_cached(sql)?.execute((name, value))?;
        Ok(())
    }

    /// Forgets a device value.
    pub fn remove_setting(&self, name: &str) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM setting WHERE name = ?1")?.execute([name])?;
        Ok(())
    }

    /// Forgets all device values whose name ends in this.
    pub fn remove_settings_of(&self, end: &str) -> Result<()> {
        let sql = "DELETE FROM setting WHERE substr(name, -length(?1)) = ?1";
        self.conn.prepare_cached(sql)?.execute([end])?;
        Ok(())
    }
}

/// Key first, then the locking mode, then the first read: SQLCipher and the browser need this order.
fn unlock(conn: &Connection, key: &DatabaseKey) -> Result<()> {
    conn.pragma_update(None, "key", format!("x'{}'", hex::encode(key.0)))?;
    conn.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.query_row("SELECT count(*) FROM sqlite_schema", (), |_| Ok(()))?;
    Ok(())
}

/// Refuses what is foreign, damaged or newer, by reading only. Answers the schema version.
fn check(conn: &Connection, expect: Expect) -> Result<u32> {
    let version: u32 = conn.query_row("PRAGMA user_version", (), |row| row.get(0))?;
    match (expect, version) {
        (Expect::New, 0) => return Ok(0),
        (Expect::New, _) => return Err(Error::new("database-exists", "a database is already here")),
        (Expect::Existing, 0) => return Err(Error::new("database-damaged", "empty file")),
        (Expect::Existing, v) if v > migrations::LATEST => {
            return Err(Error::new("database-newer", format!("version {v}, known {}", migrations::LATEST)));
        }
        (Expect::Existing, _) => {}
    }
    let verdict: String = conn.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))?;
    if verdict == "ok" { Ok(version) } else { Err(Error::new("database-damaged", "failed the quick check")) }
}

/// Durability and hygiene, each read back: a setting that did not take must not pass in silence.
fn harden(conn: &Connection) -> Result<()> {
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "secure_delete", "ON")?;
    conn.pragma_update(None, "foreign_keys", "ON")?;
    conn.pragma_update(None, "cache_size", -CACHE)?;
    let cipher: Option<String> = conn.query_row("PRAGMA cipher_version", (), |row| row.get(0)).optional()?;
    let journal: String = conn.query_row("PRAGMA journal_mode", (), |row| row.get(0))?;
    let locking: String = conn.query_row("PRAGMA locking_mode", (), |row| row.get(0))?;
    let [synchronous, secure, temp] = ["synchronous", "secure_delete", "temp_store"]
        .map(|name| conn.query_row(&format!("PRAGMA {name}"), (), |row| row.get::<_, i64>(0)));
    let facts = (cipher.is_some(), journal.as_str(), locking.as_str(), synchronous?, secure?, temp?);
    if facts == (true, "wal", "exclusive", 2, 1, 2) {
        return Ok(());
    }
    Err(Error::new("database-settings", format!("{facts:?}")))
}

#[cfg(test)]
mod tests;
