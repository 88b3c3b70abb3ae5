//! What whoever runs a relay does with its database, also beside the relay that serves it. Nothing is made or brought forward.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{BUSY, file, migrations, rows};
use crate::store::StoreError;

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
        if copy.exists() {
            return Err(StoreError::File(std::io::ErrorKind::AlreadyExists.into()));
        }
        let mut unsorted = copy.as_os_str().to_owned();
        unsorted.push(".unsorted");
        let unsorted = PathBuf::from(unsorted);
        let copied = self.copy(&unsorted, copy);
        // What lies in it is in the order of coming.
        let _gone = std::fs::remove_file(&unsorted);
        copied
    }

    fn copy(&self, unsorted: &Path, copy: &Path) -> Result<(), StoreError> {
        into(&self.connection, unsorted)?;
        // Opening it puts what the journals hold where it stays; the second copy lays all of it in order.
        let sorted = file::open(unsorted, 0)?;
        into(&sorted, copy)?;
        drop(sorted);
        File::open(copy).and_then(|file| file.sync_all()).map_err(StoreError::File)
    }

    /// Lets the creation token with the SHA-256 `hash` make `uses` mailboxes more.
    pub fn grant(&self, hash: [u8; 32], uses: u32) -> Result<(), StoreError> {
        Ok(rows::grant(&self.connection, &hash, uses)?)
    }
}

fn into(connection: &Connection, copy: &Path) -> Result<(), StoreError> {
    Ok(connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()]).map(drop)?)
}
