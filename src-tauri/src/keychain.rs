//! The system's keychain, where keys rest when the person chose it.

use trellis_core::error::{Error, Result};
use trellis_core::platform::Keychain;

/// The keychain of the desktop; phones answer that there is none.
pub struct SystemKeychain {
    /// Tells the entries of one data folder from those of another.
    #[cfg(desktop)]
    folder: String,
}

#[cfg(desktop)]
impl SystemKeychain {
    /// For the data in `folder`.
    pub fn new(folder: &std::path::Path) -> Self {
        Self { folder: folder.display().to_string() }
    }

    fn entry(&self, name: &str) -> Result<keyring::Entry> {
        keyring::Entry::new("Trellis", &format!("{name} {}", self.folder)).map_err(refused)
    }
}

#[cfg(desktop)]
impl Keychain for SystemKeychain {
    fn keychain_available(&self) -> bool {
        keyring::Entry::store_status().is_ok()
    }

    fn keychain_get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self.entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(secret)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(e) => Err(refused(e)),
        }
    }

    fn keychain_set(&self, name: &str, secret: &[u8]) -> Result<()> {
        self.entry(name)?.set_secret(secret).map_err(refused)
    }

    fn keychain_delete(&self, name: &str) -> Result<()> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(e) => Err(refused(e)),
        }
    }
}

/// Only the kind of the refusal: its words may name folders.
#[cfg(desktop)]
fn refused(error: keyring::Error) -> Error {
    let kind = match error {
        keyring::Error::NoStorageAccess(_) => "locked",
        keyring::Error::NoDefaultStore => "absent",
        _ => "failed",
    };
    Error::new("keychain-refused", kind)
}

#[cfg(mobile)]
impl SystemKeychain {
    /// For the data in `folder`.
    pub fn new(_folder: &std::path::Path) -> Self {
        Self {}
    }
}

#[cfg(mobile)]
impl Keychain for SystemKeychain {
    fn keychain_available(&self) -> bool {
        false
    }

    fn keychain_get(&self, _name: &str) -> Result<Option<Vec<u8>>> {
        Err(absent())
    }

    fn keychain_set(&self, _name: &str, _secret: &[u8]) -> Result<()> {
        Err(absent())
    }

    fn keychain_delete(&self, _name: &str) -> Result<()> {
        Err(absent())
    }
}

#[cfg(mobile)]
fn absent() -> Error {
    Error::new("keychain-refused", "absent")
}
