//! What whoever runs a relay does with its database, also beside the relay that serves it. Nothing is made or brought forward.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::purge::{self, Purged};
use super::{BUSY, file, folder, migrations, rows};
use crate::store::StoreError;

/// How much a database holds, without names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Mailboxes.
    pub mailboxes: u64,
    /// Envelopes, but for those that came lately.
    pub envelopes: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Envelopes that came lately and are not sorted yet.
    pub lately: u64,
    /// Bytes of the file.
    pub file: u64,
    /// Bytes of it that are free for what comes.
    pub spare: u64,
    /// Mailboxes that creation tokens may still make.
    pub uses: u64,
    /// Mailboxes in which nothing was ever written.
    pub unused: u64,
    /// Mailboxes that nobody wrote to or read for more than a year, and for more than two.
    pub quiet: [u64; 2],
    /// Mailboxes that are empty, under 64 KiB, under 1 MiB, under 16 MiB, and larger.
    pub sizes: [u64; 5],
}

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [empty, small, middle, large, huge] = self.sizes;
        writeln!(f, "mailboxes            {}", self.mailboxes)?;
        writeln!(f, "  empty, or unsorted {empty}")?;
        writeln!(f, "  under 64 KiB       {small}")?;
        writeln!(f, "  under 1 MiB        {middle}")?;
        writeln!(f, "  under 16 MiB       {large}")?;
        writeln!(f, "  larger             {huge}")?;
        let [year, two] = self.quiet;
        writeln!(f, "  never written to   {}", self.unused)?;
        writeln!(f, "  quiet for a year   {year}")?;
        writeln!(f, "  quiet for two      {two}")?;
        writeln!(f, "envelopes            {}", self.envelopes)?;
        writeln!(f, "  not sorted yet     {}", self.lately)?;
        writeln!(f, "bytes of envelopes   {}", self.bytes)?;
        writeln!(f, "bytes of the file    {}", self.file)?;
        writeln!(f, "  free in it         {}", self.spare)?;
        writeln!(f, "creation uses left   {}", self.uses)
    }
}

/// An existing database.
pub struct Tools {
    connection: Connection,
}

impl Tools {
    /// Opens it. Errors: those of the database, `OlderSchema`, `NewerSchema`.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY)?;
        migrations::check(&connection)?;
        Ok(Self { connection })
    }

    /// Copies all there is into a new file, sorted by mailbox, while a relay goes on serving. It takes about as much of the disk
    /// twice as the file holds. Error: `File` if there is a file already.
    pub fn backup(&self, copy: &Path) -> Result<(), StoreError> {
        file::make(copy).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => StoreError::Exists(copy.display().to_string()),
            _ => StoreError::File(error),
        })?;
        let unsorted = beside(copy, ".unsorted");
        // One that was killed left it.
        let copied = forget(&unsorted)
            .and_then(|()| file::make(&unsorted))
            .map_err(StoreError::File)
            .and_then(|_| self.copy(&unsorted, copy));
        // What lies in it is in the order of coming.
        let forgotten = forget(&unsorted).map_err(StoreError::File);
        let done = copied.and(forgotten);
        if done.is_err() {
            let _gone = std::fs::remove_file(copy);
        }
        done
    }

    fn copy(&self, unsorted: &Path, copy: &Path) -> Result<(), StoreError> {
        into(&self.connection, unsorted)?;
        // Opening it puts what the journals hold where it stays; the second copy lays all of it in order.
        let sorted = file::open(unsorted, 0)?;
        into(&sorted, copy)?;
        drop(sorted);
        File::open(copy)
            .and_then(|file| file.sync_all())
            .and_then(|()| sync_names(copy))
            .map_err(StoreError::File)
    }

    /// Puts a copy where a database is or is to be. What is there goes only once the copy was found to be whole. Errors: `InUse` while
    /// a relay serves it, those of [`Self::open`] for the copy.
    pub fn restore(copy: &Path, database: &Path) -> Result<(), StoreError> {
        let _lock = file::lock(database)?;
        let faults = Self::open(copy)?.check()?;
        if !faults.is_empty() {
            return Err(StoreError::Broken(faults.join("; ")));
        }
        // What was acknowledged last may lie in the log of the database that goes: it is whole until the copy takes its place.
        if let Ok(before) = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE) {
            let _tried = before.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()));
        }
        put_in_place(copy, database).map_err(StoreError::File)
    }

    /// What is wrong with it, if anything is.
    pub fn check(&self) -> Result<Vec<String>, StoreError> {
        let mut query = self.connection.prepare("PRAGMA integrity_check(20)")?;
        let found: Vec<String> = query.query_map((), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut faults: Vec<String> = found.into_iter().filter(|line| line != "ok").collect();
        let wrong: i64 = self.connection.query_row(
            "SELECT count(*) FROM mailbox WHERE (envelopes, bytes) IS NOT
             (SELECT count(*), coalesce(sum(length(body)), 0) FROM envelope WHERE envelope.mailbox = mailbox.n)",
            (),
            |row| row.get(0),
        )?;
        if wrong > 0 {
            faults.push(format!("{wrong} mailboxes hold something else than they count"));
        }
        Ok(faults)
    }

    /// How much there is.
    pub fn usage(&self) -> Result<Usage, StoreError> {
        let one = |sql: &str| self.connection.query_row(sql, (), |row| row.get::<_, u64>(0));
        let mut query = self.connection.prepare(
            "SELECT CASE WHEN bytes = 0 THEN 0 WHEN bytes < 65536 THEN 1 WHEN bytes < 1048576 THEN 2
             WHEN bytes < 16777216 THEN 3 ELSE 4 END AS class, count(*) FROM mailbox GROUP BY class",
        )?;
        let mut sizes = [0; 5];
        for class in query.query_map((), |row| Ok((row.get::<_, usize>(0)?, row.get::<_, u64>(1)?)))? {
            let (class, count) = class?;
            sizes.get_mut(class).into_iter().for_each(|of_class| *of_class = count);
        }
        Ok(Usage {
            mailboxes: one("SELECT count(*) FROM mailbox")?,
            envelopes: one("SELECT coalesce(sum(envelopes), 0) FROM mailbox")?,
            bytes: one("SELECT coalesce(sum(bytes), 0) FROM mailbox")?,
            lately: one("SELECT (SELECT count(*) FROM journal_0) + (SELECT count(*) FROM journal_1)")?,
            file: one("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
            spare: one("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size")?,
            uses: one("SELECT coalesce(sum(remaining), 0) FROM creation_token")?,
            unused: one("SELECT count(*) FROM mailbox WHERE head = 0 AND n NOT IN
                (SELECT place >> 32 FROM journal_0 UNION SELECT place >> 32 FROM journal_1)")?,
            quiet: [self.quiet_for(4)?, self.quiet_for(8)?],
            sizes,
        })
    }

    /// Drops mailboxes in which nobody wrote or read for more than so many quarters of a year, and those in which nothing was ever
    /// written after one; counts them only, on trial. Error: `Clock`, unless the caller is
    /// `sure` of it.
    pub fn purge(&mut self, quarters: u32, trial: bool, sure: bool) -> Result<Purged, StoreError> {
        // What is dropped is overwritten.
        self.connection.pragma_update_and_check(None, "secure_delete", "on", |_| Ok(()))?;
        purge::purge(&mut self.connection, quarters, trial, sure)
    }

    /// Mailboxes that nobody used for more than so many quarters of a year.
    fn quiet_for(&self, quarters: i64) -> Result<u64, StoreError> {
        let before = rows::this_quarter(&self.connection)? - quarters;
        let sql = "SELECT count(*) FROM mailbox WHERE quarter < ?1";
        Ok(self.connection.query_row(sql, [before], |row| row.get(0))?)
    }

    /// All creation tokens: their hashes and how many uses are left.
    pub fn tokens(&self) -> Result<Vec<([u8; 32], u32)>, StoreError> {
        let mut query =
            self.connection.prepare("SELECT hash, remaining FROM creation_token ORDER BY hash")?;
        let rows = query.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Lets a creation token make nothing more.
    pub fn revoke(&self, hash: &[u8; 32]) -> Result<(), StoreError> {
        Ok(self.connection.execute("DELETE FROM creation_token WHERE hash = ?1", [hash]).map(drop)?)
    }

    /// Lets the creation token with the SHA-256 `hash` make `uses` mailboxes more.
    pub fn grant(&self, hash: [u8; 32], uses: u32) -> Result<(), StoreError> {
        Ok(rows::grant(&self.connection, &hash, uses)?)
    }
}

/// Copies a file beside the database and lets it take the database's place. It belongs to whoever the database belonged to.
fn put_in_place(copy: &Path, database: &Path) -> std::io::Result<()> {
    let beside = beside(database, ".restored");
    let _gone = std::fs::remove_file(&beside);
    let mut placed = file::make(&beside)?;
    if let Ok(before) = database.metadata() {
        file::keep_owner(&placed, &before)?;
        placed.set_permissions(before.permissions())?;
    }
    std::io::copy(&mut File::open(copy)?, &mut placed)?;
    placed.sync_all()?;
    forget_logs(database)?;
    // Should the power go, an old log must not come back beside the copy.
    sync_names(database)?;
    std::fs::rename(&beside, database)?;
    sync_names(database)
}

/// The file beside another one that has its name and this end.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Removes a database with its logs, if there are any of them.
fn forget(database: &Path) -> std::io::Result<()> {
    remove(database)?;
    forget_logs(database)
}

/// What a write-ahead log says belongs to the database that was there before.
fn forget_logs(database: &Path) -> std::io::Result<()> {
    ["-wal", "-shm"].into_iter().try_for_each(|end| remove(&beside(database, end)))
}

/// Removes a file, if there is one.
fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Brings to the disk which files there are beside this one, and under which names.
fn sync_names(path: &Path) -> std::io::Result<()> {
    File::open(folder(path))?.sync_all()
}

fn into(connection: &Connection, copy: &Path) -> Result<(), StoreError> {
    Ok(connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()]).map(drop)?)
}
