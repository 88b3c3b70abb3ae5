//! The safety plan on the lock screen, for those who want it there.
//!
//! It is sealed under a key of its own, which lies in the keychain where there is one and else in a file beside it:
//! whoever can open this person's files can then read the safety plan, and nothing more. The screens say so before
//! it is allowed; disallowing removes copy and key.

use trellis_api_types::app::{LockKind, SafetyPlanLocked};
use trellis_api_types::safety::{SafetyGet, SafetyPlan};

use super::App;
use super::lockfile::LockFile;
use crate::crdt::DocId;
use crate::crypto::{Secret, sealed};
use crate::error::{Error, Result};
use crate::platform::Host;

const COPY: &str = "plan.bin";
const KEY: &str = "plan.key";
const PURPOSE: &str = "trellis/v1/safety plan on the lock screen";

/// Whether a copy may be shown.
pub fn exists(host: &impl Host) -> bool {
    host.read(COPY).is_ok_and(|copy| copy.is_some())
}

impl<H: Host> App<H> {
    /// Name of what [`Self::safety_plan_locked`] asks the keychain for, if it does.
    pub fn plan_in_keychain(&self) -> Option<String> {
        let asked = exists(&self.host) && self.host.read(KEY).is_ok_and(|key| key.is_none());
        if asked { keychain_name(&self.host).ok().flatten() } else { None }
    }

    /// The safety plan without unlocking. Error: `not-allowed`.
    pub fn safety_plan_locked(&mut self, SafetyPlanLocked {}: SafetyPlanLocked) -> Result<SafetyPlan> {
        let not_allowed = || Error::new("not-allowed", "there is no copy for the lock screen");
        let copy = self.host.read(COPY)?.ok_or_else(not_allowed)?;
        let key = kept_key(&self.host)?.ok_or_else(not_allowed)?;
        let plan = sealed::open(&key, PURPOSE, &copy)?;
        serde_json::from_slice(&plan).map_err(|_| Error::new("not-allowed", "the copy cannot be read"))
    }

    /// Call after a document changed, also by another device: what is copied from it follows.
    /// The change itself is saved by then, so a copy that cannot be written is only logged.
    pub fn document_changed(&mut self, id: DocId) {
        if id == DocId::Safety
            && let Err(e) = self.refresh_locked_plan()
        {
            tracing::warn!(code = e.code, "the copy for the lock screen was not written");
        }
    }

    /// Writes the copy if it is allowed, removes it if it is not.
    pub(super) fn refresh_locked_plan(&mut self) -> Result<()> {
        if !self.session()?.device()?.safety_plan_on_lock {
            return remove(&self.host);
        }
        let plan = self.safety_get(SafetyGet {})?;
        let bytes = serde_json::to_vec(&plan).map_err(|_| Error::new("too-long", "the safety plan"))?;
        let key = key(&self.host)?;
        self.host.write(COPY, &sealed::seal(&key, PURPOSE, &bytes, &self.host)?)
    }
}

/// Removes copy and key.
pub fn remove(host: &impl Host) -> Result<()> {
    if host.read(COPY)?.is_none() && host.read(KEY)?.is_none() {
        return Ok(());
    }
    host.remove(COPY)?;
    host.remove(KEY)?;
    match keychain_name(host)? {
        Some(name) if host.keychain_available() => host.keychain_delete(&name),
        _ => Ok(()),
    }
}

fn key(host: &impl Host) -> Result<Secret> {
    if let Some(key) = kept_key(host)? {
        return Ok(key);
    }
    let key = Secret::random(host);
    match keychain_name(host)? {
        Some(name) => host.keychain_set(&name, key.expose())?,
        None => host.write(KEY, key.expose())?,
    }
    Ok(key)
}

fn kept_key(host: &impl Host) -> Result<Option<Secret>> {
    if let Some(bytes) = host.read(KEY)? {
        return Ok(Some(Secret::from_slice(&bytes)?));
    }
    let Some(name) = keychain_name(host)? else { return Ok(None) };
    Ok(host.keychain_get(&name)?.map(|bytes| Secret::from_slice(&bytes)).transpose()?)
}

/// The keychain is used for the copy only where it is already needed to open the database.
fn keychain_name(host: &impl Host) -> Result<Option<String>> {
    let lock = LockFile::read(host)?.filter(|lock| lock.kind() != LockKind::Passphrase);
    Ok(lock.map(|lock| format!("plan-{}", lock.install)))
}
