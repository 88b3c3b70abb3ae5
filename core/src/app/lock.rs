//! Locking and unlocking.

use trellis_api_types::Millis;
use trellis_api_types::app::{AppHide, AppLock, AppUnlock, Lock, LockChange, LockKind};

use super::lockfile::LockFile;
use super::session::Session;
use super::{App, DATABASE, locked_plan};
use crate::crdt::DocId;
use crate::domain::validate;
use crate::error::{Error, Result};
use crate::platform::{DatabaseKey, Host};
use crate::store::{Expect, Store};
use crate::sync::account;

/// The same random bytes in a file and in the database; renewed at each opening. If they part, one of the two was
/// put back to an earlier state, and changes go on under a fresh writer id.
pub(super) const MARKER: &str = "marker";

impl<H: Host> App<H> {
    /// Opens what is locked; after a sign-out, the words of the paper stand in for the passphrase.
    /// Errors: `signed-out`, `phrase-mismatch`, `wrong-passphrase` and `try-later` (both with `retry_at`), `keychain-refused`,
    /// `key-missing`, `wrong-key`, `database-damaged`, `database-newer`, `database-missing`, `database-busy`.
    pub fn app_unlock(&mut self, AppUnlock { passphrase }: AppUnlock) -> Result<()> {
        if self.is_open() {
            return Ok(());
        }
        self.broken = None;
        let mut file = self.lock_file()?;
        let key = if file.signed_out {
            file.drop_key(&self.host)?;
            self.key_by_paper(passphrase.as_deref())?
        } else {
            file.open(&self.host, passphrase.as_deref())?
        };
        let opened = self.open_database(key).and_then(|session| self.opened(session));
        if opened.is_ok() {
            return self.seal_if_due();
        }
        opened.inspect_err(|e| self.broken = (!e.retry).then(|| e.clone()))
    }

    fn open_database(&self, key: DatabaseKey) -> Result<Session> {
        if self.host.database_size(DATABASE)?.is_none() {
            return Err(Error::new("database-missing", "the database file is gone"));
        }
        let store = Store::open(self.host.open_database(DATABASE)?, &key, Expect::Existing)?;
        Session::new(store, key)
    }

    pub(super) fn opened(&mut self, mut session: Session) -> Result<()> {
        renew_marker(&self.host, &mut session)?;
        self.session = Some(session);
        self.touch();
        Ok(())
    }

    /// Locks now.
    pub fn app_lock(&mut self, AppLock {}: AppLock) -> Result<()> {
        if self.is_open() {
            self.document_changed(DocId::Safety);
        }
        self.session = None;
        Ok(())
    }

    /// Locks if the person chose that hiding does; hiding itself is the shell's.
    pub fn app_hide(&mut self, AppHide {}: AppHide) -> Result<()> {
        if self.is_open() && self.session()?.device()?.hide_locks {
            self.app_lock(AppLock {})
        } else {
            Ok(())
        }
    }

    /// The person touched the screen or a key.
    pub fn touch(&mut self) {
        self.touched = self.host.now_ms();
    }

    /// Locks if nothing was touched for as long as the person chose. True if it locked now.
    /// A clock that was put back counts as a touch.
    pub fn lock_if_idle(&mut self) -> Result<bool> {
        let now = self.host.now_ms();
        let Some(session) = &mut self.session else { return Ok(false) };
        let after = Millis::from(session.device()?.auto_lock_minutes) * 60_000;
        self.touched = self.touched.min(now);
        let idle = after > 0 && now - self.touched >= after;
        if idle { self.app_lock(AppLock {}).map(|()| true) } else { Ok(false) }
    }

    /// Changes the lock. Errors: `wrong-passphrase`, `try-later`, `weak-passphrase`, `keychain-refused`, `disk-full`.
    pub fn lock_change(&mut self, LockChange { proof, lock }: LockChange) -> Result<()> {
        let key = self.session()?.key.clone();
        self.prove(proof.as_deref())?;
        if let Lock::Passphrase(passphrase) = &lock {
            validate::passphrase(passphrase)?;
        }
        let mut file = self.lock_file()?;
        let had = file.kind();
        locked_plan::remove(&self.host)?;
        file.keep(&self.host, &key, &lock)?;
        file.write(&self.host)?;
        if had == LockKind::Keychain && file.kind() == LockKind::Passphrase {
            file.forget_in_keychain(&self.host)?;
        }
        self.refresh_locked_plan()
    }

    /// Checks that the person at the screen can open this app; with a keychain the system vouches for that.
    /// Errors: `wrong-passphrase`, `try-later`.
    pub(crate) fn prove(&mut self, proof: Option<&str>) -> Result<()> {
        self.lock_file()?.open(&self.host, proof).map(drop)
    }

    pub(super) fn lock_file(&self) -> Result<LockFile> {
        LockFile::read(&self.host)?.ok_or_else(|| Error::new("key-missing", "the lock file is gone"))
    }
}

fn renew_marker(host: &impl Host, session: &mut Session) -> Result<()> {
    let (inside, outside) = (session.read(|tx, _| tx.setting(MARKER))?, host.read(MARKER)?);
    if inside != outside {
        let writer = session.read(|tx, _| account::fresh_writer(tx, host))?;
        session.set_writer(writer)?;
    }
    let fresh: [u8; 16] = host.bytes();
    session.tx(|tx, _| tx.set_setting(MARKER, &fresh))?;
    host.write(MARKER, &fresh)
}
