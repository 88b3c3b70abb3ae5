//! Entries of the system's keychain, by the name that the core gives them.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error, Result};

const SERVICE: &str = "Trellis";

/// A keychain, connected to for each call: one that came late, or was started again, answers too.
pub type Open = fn() -> Result<Arc<CredentialStore>>;

/// The system's own.
pub fn system() -> Result<Arc<CredentialStore>> {
    #[cfg(target_os = "macos")]
    let store = apple_native_keyring_store::keychain::Store::new()?;
    #[cfg(target_os = "windows")]
    let store = windows_native_keyring_store::Store::new()?;
    #[cfg(not(any(target_os = "macos", target_os = "windows")))]
    let store = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

/// The secret of that name. An entry whose name still tells a folder is found wherever the folder lies now, and renamed.
pub fn get(store: &CredentialStore, name: &str) -> Result<Option<Vec<u8>>> {
    match store.build(SERVICE, name, None)?.get_secret() {
        Ok(secret) => Ok(Some(secret)),
        Err(Error::NoEntry) => rename_older(store, name),
        Err(e) => Err(e),
    }
}

/// Keeps a secret under that name.
pub fn set(store: &CredentialStore, name: &str, secret: &[u8]) -> Result<()> {
    store.build(SERVICE, name, None)?.set_secret(secret)
}

/// Forgets it if it is there, under an older name too.
pub fn delete(store: &CredentialStore, name: &str) -> Result<()> {
    let entry = store.build(SERVICE, name, None)?;
    older(store, name)?.iter().chain([&entry]).try_for_each(|entry| match entry.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(e) => Err(e),
    })
}

fn rename_older(store: &CredentialStore, name: &str) -> Result<Option<Vec<u8>>> {
    let Some(entry) = older(store, name)?.into_iter().next() else { return Ok(None) };
    let secret = entry.get_secret()?;
    set(store, name, &secret)?;
    // Two entries that open the same are no harm: the next look finds the one with the right name.
    if let Err(error) = entry.delete_credential() {
        tracing::warn!(kind = ?std::mem::discriminant(&error), "an older entry stays");
    }
    Ok(Some(secret))
}

/// Entries named with the folder of the data behind the name.
fn older(store: &CredentialStore, name: &str) -> Result<Vec<Entry>> {
    let all = match store.search(&HashMap::from([wanted(name)])) {
        Err(Error::NoEntry | Error::NotSupportedByStore(_)) => Vec::new(),
        found => found?,
    };
    let is_older = |user: String| user.strip_prefix(name).is_some_and(|folder| folder.starts_with(' '));
    Ok(all.into_iter().filter(|entry| user(entry).is_some_and(is_older)).collect())
}

/// What the system's keychain is searched by.
#[cfg(not(target_os = "windows"))]
fn wanted(_name: &str) -> (&'static str, &str) {
    ("service", SERVICE)
}

/// What the system's keychain is searched by.
#[cfg(target_os = "windows")]
fn wanted(name: &str) -> (&'static str, &str) {
    ("pattern", name)
}

fn user(entry: &Entry) -> Option<String> {
    let named = entry.get_specifiers().map(|(_, user)| user);
    named.or_else(|| entry.get_attributes().ok()?.remove("username"))
}
