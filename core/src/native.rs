//! The host on desktop and mobile: one private folder, the system's clock and randomness.
//!
//! The keychain is passed in, so that the shell chooses it and tests use [`MemoryKeychain`].

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use chrono::NaiveDateTime;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Result};
use crate::platform::{Clock, Entropy, Files, Host, Keychain};

/// The app's folder with the system's clock and randomness. Nobody else may read the folder.
pub struct Native<K> {
    folder: PathBuf,
    keychain: K,
}

impl<K: Keychain> Native<K> {
    /// Makes the folder (0700) if it is missing. Errors: `file-io`, `disk-full`.
    pub fn new(folder: impl Into<PathBuf>, keychain: K) -> Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(io_error)?;
        restrict(&folder, 0o700)?;
        Ok(Self { folder, keychain })
    }

    /// The keychain that was passed in.
    pub fn keychain(&self) -> &K {
        &self.keychain
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl<K> Clock for Native<K> {
    fn now_ms(&self) -> i64 {
        chrono::Utc::now().timestamp_millis()
    }

    fn local(&self) -> NaiveDateTime {
        chrono::Local::now().naive_local()
    }
}

impl<K> Entropy for Native<K> {
    /// # Panics
    /// When the system has no randomness to give: going on without it would make guessable keys.
    fn fill(&self, out: &mut [u8]) {
        if let Err(e) = getrandom::fill(out) {
            panic!("no randomness from the system: {e}");
        }
    }
}

impl<K> Files for Native<K> {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        absent(fs::read(self.folder.join(name)))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let (fresh, kept) = (self.folder.join(format!("{name}.new")), self.folder.join(name));
        let written = private_file(&fresh, true).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&fresh, &kept)?;
            sync_folder(&self.folder)
        });
        written.map_err(io_error)
    }

    fn remove(&self, name: &str) -> Result<()> {
        absent(fs::remove_file(self.folder.join(name)))?;
        sync_folder(&self.folder).map_err(io_error)
    }
}

impl<K: Keychain> Keychain for Native<K> {
    fn keychain_available(&self) -> bool {
        self.keychain.keychain_available()
    }

    fn keychain_get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.keychain.keychain_get(name)
    }

    fn keychain_set(&self, name: &str, secret: &[u8]) -> Result<()> {
        self.keychain.keychain_set(name, secret)
    }

    fn keychain_delete(&self, name: &str) -> Result<()> {
        self.keychain.keychain_delete(name)
    }
}

impl<K: Keychain> Host for Native<K> {
    /// SQLite gives the files beside the database the permissions of the database itself.
    fn open_database(&self, name: &str) -> Result<Connection> {
        let path = self.path(name);
        private_file(&path, false).map_err(io_error)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Connection::open_with_flags(path, flags)?)
    }

    fn database_size(&self, name: &str) -> Result<Option<u64>> {
        Ok(absent(fs::metadata(self.path(name)))?.map(|about| about.len()))
    }

    fn remove_database(&self, name: &str) -> Result<()> {
        ["", "-wal", "-shm", "-journal"].iter().try_for_each(|end| self.remove(&format!("{name}{end}")))
    }
}

/// A keychain that forgets everything with the process: for tests and benchmarks.
#[derive(Default)]
pub struct MemoryKeychain(Mutex<BTreeMap<String, Vec<u8>>>);

impl MemoryKeychain {
    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<String, Vec<u8>>) -> T) -> Result<T> {
        let mut held = self.0.lock().map_err(|_| Error::new("keychain-refused", "poisoned"))?;
        Ok(work(&mut held))
    }
}

impl Keychain for MemoryKeychain {
    fn keychain_available(&self) -> bool {
        true
    }

    fn keychain_get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.with(|held| held.get(name).cloned())
    }

    fn keychain_set(&self, name: &str, secret: &[u8]) -> Result<()> {
        self.with(|held| held.insert(name.to_owned(), secret.to_vec())).map(drop)
    }

    fn keychain_delete(&self, name: &str) -> Result<()> {
        self.with(|held| held.remove(name)).map(drop)
    }
}

impl<T: Keychain + ?Sized> Keychain for std::sync::Arc<T> {
    fn keychain_available(&self) -> bool {
        (**self).keychain_available()
    }

    fn keychain_get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        (**self).keychain_get(name)
    }

    fn keychain_set(&self, name: &str, secret: &[u8]) -> Result<()> {
        (**self).keychain_set(name, secret)
    }

    fn keychain_delete(&self, name: &str) -> Result<()> {
        (**self).keychain_delete(name)
    }
}

fn private_file(path: &Path, truncate: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(truncate);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
    fs::set_permissions(path, mode).map_err(io_error)
}

#[cfg(not(unix))]
fn restrict(_path: &Path, _mode: u32) -> Result<()> {
    Ok(())
}

/// Makes a rename or removal durable; only Unix lets a folder be synced.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn absent<T>(result: io::Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(io_error(e)),
    }
}

/// By kind only: the system's message can hold a path, and with it the person's name.
fn io_error(e: io::Error) -> Error {
    match e.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::new("disk-full", "no room left").retry(),
        kind => Error::new("file-io", kind).retry(),
    }
}
