//! The database file: opened by one relay at a time, brought to the newest schema, and sorted out after a crash.

use std::collections::BTreeMap;
use std::fs::{File, Metadata, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use trellis_protocol::EnvelopeId;

use super::journal::Row;
use super::{BUSY, folder, migrations, moving, rows};
use crate::store::StoreError;

/// WAL pages after which the writer copies them into the database; the file is reused, not truncated.
const CHECKPOINT_PAGES: u32 = 4000;
/// Bytes of the WAL that stay after it was larger.
const WAL: i64 = 64 * 1024 * 1024;
/// Page cache of the writer, KiB.
const CACHE: i64 = 64 * 1024;
/// Rows that are moved in one transaction after a crash.
const SLICE: usize = 4096;

/// Holds a database for this process. Error: `InUse`.
pub(super) fn lock(path: &Path) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = held(&PathBuf::from(name)).map_err(StoreError::File)?;
    file.try_lock().map_err(|_| StoreError::InUse)?;
    Ok(file)
}

/// Only who runs the relay reads its files.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

/// Makes an empty file that only who runs the relay reads. Error: there is one.
pub(super) fn make(path: &Path) -> std::io::Result<File> {
    let file = private().create_new(true).open(path)?;
    keep_owner(&file, &folder(path).metadata()?)?;
    Ok(file)
}

/// Opens a file, and makes it if there is none.
fn held(path: &Path) -> std::io::Result<File> {
    match make(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => private().open(path),
        made => made,
    }
}

/// Gives a file that root has made to the owner of `model`: the relay runs as somebody else and could not open it.
pub(super) fn keep_owner(file: &File, model: &Metadata) -> std::io::Result<()> {
    if file.metadata()?.uid() != 0 {
        return Ok(());
    }
    fchown(file, Some(model.uid()), Some(model.gid()))
}

/// Opens or makes a database for writing.
pub(super) fn open(path: &Path, max_bytes: u64) -> Result<Connection, StoreError> {
    held(path).map_err(StoreError::File)?;
    let mut connection = Connection::open(path)?;
    prepare(&connection)?;
    migrations::run(&mut connection)?;
    recover(&mut connection)?;
    if max_bytes > 0 {
        let page: u64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        connection.pragma_update(None, "max_page_count", (max_bytes / page).max(1))?;
    }
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY)?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::NoWal(mode));
    }
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", -CACHE)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update_and_check(None, "journal_size_limit", WAL, |_| Ok(()))?;
    // What is trimmed or deleted is overwritten, not only unlinked.
    connection.pragma_update_and_check(None, "secure_delete", "on", |_| Ok(()))?;
    Ok(())
}

/// Moves what the journals held when the relay was stopped by force to where it stays. What had been moved already is known
/// by the newest place of its mailbox.
fn recover(connection: &mut Connection) -> Result<(), StoreError> {
    let mut all = BTreeMap::new();
    for sql in
        ["SELECT n, place, id, hash, body FROM journal_0", "SELECT n, place, id, hash, body FROM journal_1"]
    {
        let mut query = connection.prepare(sql)?;
        let mut found = query.query(())?;
        while let Some(row) = found.next()? {
            let body: Vec<u8> = row.get(4)?;
            let kept =
                Row { n: row.get(0)?, id: EnvelopeId(row.get(2)?), hash: row.get(3)?, body: body.into() };
            all.insert(row.get::<_, i64>(1)?, kept);
        }
    }
    let all: Vec<(i64, Row)> = all.into_iter().collect();
    for slice in all.chunks(SLICE) {
        let transaction = connection.transaction()?;
        let mut left = Vec::new();
        for (place, row) in slice {
            if is_new(&transaction, *place)? {
                left.push((*place, row));
            }
        }
        moving::move_rows(&transaction, left.into_iter())?;
        transaction.commit()?;
    }
    if !all.is_empty() {
        connection.execute_batch("BEGIN; DELETE FROM journal_0; DELETE FROM journal_1; COMMIT")?;
    }
    Ok(())
}

fn is_new(db: &Connection, place: i64) -> rusqlite::Result<bool> {
    let mut query = db.prepare_cached("SELECT count(*) FROM mailbox WHERE n = ?1 AND head < ?2")?;
    let newer: i64 = query.query_row((rows::mailbox_in(place), rows::seq_in(place)), |row| row.get(0))?;
    Ok(newer > 0)
}

/// Writes something and takes it back, so that the disk is asked.
pub(super) fn probe(db: &Connection) -> rusqlite::Result<()> {
    db.execute("INSERT INTO creation_token (hash, remaining) VALUES (zeroblob(1), 0)", ())?;
    db.execute("DELETE FROM creation_token WHERE hash = zeroblob(1)", ()).map(drop)
}
