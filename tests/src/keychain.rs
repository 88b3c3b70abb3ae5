//! A keychain that outlives the process, as the system's does, without its prompts.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use trellis_core::error::Error;
use trellis_core::platform::Keychain;
use trellis_core::{Result, native};

/// Secrets as files of a folder.
pub struct FolderKeychain(pub PathBuf);

/// The system of a device without a screen.
pub type Host = native::Native<FolderKeychain>;

impl Keychain for FolderKeychain {
    fn keychain_available(&self) -> bool {
        true
    }

    fn keychain_get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        Ok(fs::read(self.0.join(name)).ok())
    }

    fn keychain_set(&self, name: &str, secret: &[u8]) -> Result<()> {
        fs::write(self.0.join(name), secret).map_err(|_| Error::new("keychain-refused", "could not write"))
    }

    fn keychain_delete(&self, name: &str) -> Result<()> {
        match fs::remove_file(self.0.join(name)) {
            Err(why) if why.kind() != ErrorKind::NotFound => {
                Err(Error::new("keychain-refused", "could not delete"))
            }
            _ => Ok(()),
        }
    }
}
