//! The host on desktop and mobile: one private folder, the system's clock and randomness.
//!
//! The keychain is passed in, so that the shell chooses it and tests use [`MemoryKeychain`].

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDateTime;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use crate::error::{Error, Result};
use crate::platform::{Clock, Entropy, Files, Host, Keychain};

/// The app's folder with the system's clock and randomness. Nobody else may read the folder.
pub struct Native<K> {
    folder: PathBuf,
    keychain: K,
    /// What is read where nothing can be written and a log has to be read too.
    copy: Mutex<Option<TempDir>>,
}

impl<K: Keychain> Native<K> {
    /// Makes the folder (0700) if it is missing. Errors: `folder-unusable`, `folder-open`.
    pub fn new(folder: impl Into<PathBuf>, keychain: K) -> Result<Self> {
        let native = Self::at(folder, keychain);
        make_folder(&native.folder)?;
        Ok(native)
    }

    /// The folder as it is: what is wrong with it shows when it is used.
    pub fn at(folder: impl Into<PathBuf>, keychain: K) -> Self {
        Self { folder: folder.into(), keychain, copy: Mutex::default() }
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

    fn running_ms(&self) -> i64 {
        running_ms()
    }

    fn local(&self) -> NaiveDateTime {
        chrono::Local::now().naive_local()
    }
}

impl<K> Native<K> {
    /// The copy is for this person only, as closed as the database itself, and goes with the host.
    fn open_copy(&self, name: &str) -> Result<Connection> {
        let copy = tempfile::tempdir().map_err(io_error)?;
        for file in [name.to_owned(), format!("{name}-wal")] {
            fs::copy(self.folder.join(&file), copy.path().join(&file)).map_err(io_error)?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(copy.path().join(name), flags)?;
        *self.copy.lock().unwrap_or_else(PoisonError::into_inner) = Some(copy);
        Ok(opened)
    }
}

/// The system's clock that nobody can set. Elsewhere than on Linux the plain one counts sleep too.
#[cfg(unix)]
fn running_ms() -> i64 {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Monotonic;
    let now = std::time::Duration::try_from(rustix::time::clock_gettime(CLOCK)).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}

/// The system's clock that nobody can set.
#[cfg(not(unix))]
fn running_ms() -> i64 {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    i64::try_from(START.elapsed().as_millis()).unwrap_or(i64::MAX)
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

    /// Without a log beside it the file is whole as it stands, and SQLite must not look for a log that it cannot make. With
    /// one, both are read from a copy: SQLite reads a log only where it may write.
    fn open_database_to_read(&self, name: &str) -> Result<Connection> {
        let log = self.path(&format!("{name}-wal"));
        if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            return self.open_copy(name);
        }
        let uri =
            file_uri(&self.path(name)).ok_or_else(|| Error::new("file-io", "a path that is no text"))?;
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        Ok(Connection::open_with_flags(format!("{uri}?immutable=1"), flags)?)
    }

    fn make_folder(&self) -> Result<()> {
        make_folder(&self.folder)
    }

    fn database_size(&self, name: &str) -> Result<Option<u64>> {
        Ok(absent(fs::metadata(self.path(name)))?.map(|about| about.len()))
    }

    fn file_identity(&self, name: &str) -> Result<Vec<u8>> {
        let about = absent(fs::metadata(self.path(name)))?;
        Ok(about.as_ref().map(identity).unwrap_or_default())
    }

    fn remove_database(&self, name: &str) -> Result<()> {
        ["", "-wal", "-shm", "-journal"].iter().try_for_each(|end| self.remove(&format!("{name}{end}")))
    }
}

/// Time of making, where the system keeps it, then the number of the file, where it has one.
fn identity(about: &fs::Metadata) -> Vec<u8> {
    let made = about.created().ok().and_then(|made| made.duration_since(std::time::UNIX_EPOCH).ok());
    let made = made.map(|made| made.as_nanos().to_be_bytes().to_vec()).unwrap_or_default();
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(about).to_be_bytes();
    #[cfg(not(unix))]
    let number: [u8; 0] = [];
    [made.as_slice(), &number].concat()
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

fn make_folder(folder: &Path) -> Result<()> {
    let unusable = |e: io::Error| Error::new("folder-unusable", e.kind()).retry();
    fs::create_dir_all(folder).map_err(unusable)?;
    let about = fs::metadata(folder).map_err(unusable)?;
    restrict(folder, &about)
}

/// Keeps others out. A disk of the kind that knows no owners cannot do that; one that is only read stays as it is.
#[cfg(unix)]
fn restrict(folder: &Path, about: &fs::Metadata) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if about.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    let open = |kind: ErrorKind| Error::new("folder-open", kind).retry();
    match fs::set_permissions(folder, fs::Permissions::from_mode(0o700)) {
        Err(e) if e.kind() == ErrorKind::ReadOnlyFilesystem => Ok(()),
        Err(e) => Err(open(e.kind())),
        // Some disks say yes and do nothing.
        Ok(()) => match fs::metadata(folder).map(|about| about.permissions().mode() & 0o077) {
            Ok(0) => Ok(()),
            _ => Err(open(ErrorKind::Unsupported)),
        },
    }
}

#[cfg(not(unix))]
fn restrict(_folder: &Path, _about: &fs::Metadata) -> Result<()> {
    Ok(())
}

/// The path as SQLite reads it with options behind; none if it is no text.
fn file_uri(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    let text = if cfg!(windows) { format!("/{}", text.replace('\\', "/")) } else { text.to_owned() };
    let mut uri = "file:".to_owned();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b':' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(byte.into())
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    Some(uri)
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
