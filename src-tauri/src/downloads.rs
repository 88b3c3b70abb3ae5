//! Files that are made for the person, in the folder of their downloads.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use trellis_core::error::{Error, Result};

/// Most files of one day.
const MOST: u32 = 1000;

/// Writes a PDF under a name that says nothing: the app's, the day, and a number where that is taken. Nothing is written
/// over, and it is on the disk when this returns. Errors: `disk-full`, `file-io`.
pub fn keep(folder: &Path, day: NaiveDate, bytes: &[u8]) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).map_err(refused)?;
    for number in 1..MOST {
        let path = folder.join(name(day, number));
        match create(&path) {
            Ok(file) => {
                return write(file, folder, bytes).map(|()| path.clone()).inspect_err(|_| drop_file(&path));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(refused(error)),
        }
    }
    Err(Error::new("file-io", "no name is left for today"))
}

fn name(day: NaiveDate, number: u32) -> String {
    if number == 1 { format!("Trellis {day}.pdf") } else { format!("Trellis {day} ({number}).pdf") }
}

/// Nobody else on the machine may read it.
fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn write(mut file: File, folder: &Path, bytes: &[u8]) -> Result<()> {
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(refused)?;
    // Not every system lets a folder be opened; the file itself is on the disk.
    if let Ok(folder) = File::open(folder) {
        folder.sync_all().unwrap_or_else(|error| tracing::warn!(%error, "downloads"));
    }
    Ok(())
}

/// What could not be written whole is not left behind.
fn drop_file(path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        tracing::warn!(kind = ?error.kind(), "downloads");
    }
}

fn refused(error: std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::new("disk-full", "no room left").retry(),
        kind => Error::new("file-io", format!("{kind:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let downloads = folder.path().join("new");
        let day = "2026-03-05".parse().unwrap();
        let [first, second] = [b"one", b"two"].map(|bytes| keep(&downloads, day, bytes).unwrap());
        assert_eq!(first, downloads.join("Trellis 2026-03-05.pdf"));
        assert_eq!(second, downloads.join("Trellis 2026-03-05 (2).pdf"));
        assert_eq!(
            (std::fs::read(first).unwrap(), std::fs::read(second).unwrap()),
            (b"one".into(), b"two".into())
        );
        let file = folder.path().join("file");
        std::fs::write(&file, b"").unwrap();
        assert_eq!(keep(&file, day, b"").unwrap_err().code, "file-io");
    }
}
