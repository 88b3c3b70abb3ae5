//! Locking and unlocking.

use trellis_api_types::app::{AppClose, AppHide, AppLock, AppUnlock, LockChange};

use super::device::Screen;
use super::lockfile::{LockFile, MARKER};
use super::session::Session;
use super::{App, DATABASE, locked_plan};
use crate::crdt::DocId;
use crate::domain::validate;
use crate::error::{Error, Result};
use crate::platform::{DatabaseKey, Host};
use crate::store::{Expect, Store};
use crate::sync::devices;
use crate::sync::keys::begin_on_a_copy;

/// Written and removed again, to see whether the folder takes anything.
const PROBE: &str = "room";

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
            file.forget_leftover(&self.host);
            return self.seal_if_due();
        }
        opened.inspect_err(|e| self.broken = (!e.retry).then(|| e.clone()))
    }

    /// Name of what [`Self::app_unlock`] asks the keychain for, if it does.
    pub fn key_in_keychain(&self) -> Option<String> {
        if self.is_open() { None } else { LockFile::read(&self.host).ok()??.name_in_keychain() }
    }

    /// Where nothing can be written, it opens to read.
    fn open_database(&self, key: DatabaseKey) -> Result<Session> {
        if self.host.database_size(DATABASE)?.is_none() {
            return Err(Error::new("database-missing", "the database file is gone"));
        }
        let opened = self.host.open_database(DATABASE);
        let store = match opened.and_then(|conn| Store::open(conn, &key, Expect::Existing)) {
            Err(e) if e.is_unwritable() => self.open_to_read(&key).map_err(|_| e)?,
            opened => opened?,
        };
        Session::new(store, key, &self.host)
    }

    fn open_to_read(&self, key: &DatabaseKey) -> Result<Store> {
        Store::open_to_read(self.host.open_database_to_read(DATABASE)?, key)
    }

    /// Without a fresh marker nothing is written: an earlier state that is put back later would not be noticed.
    pub(super) fn opened(&mut self, mut session: Session) -> Result<()> {
        match renew_marker(&self.host, &mut session) {
            Err(e) if e.is_unwritable() => {
                tracing::warn!(code = e.code, "opened to read only");
                session.store.hold();
            }
            done => done?,
        }
        self.watch = None;
        self.session = Some(session);
        self.touch();
        Ok(())
    }

    /// Whether what is open can be changed.
    pub fn is_writable(&self) -> bool {
        self.session.as_ref().is_none_or(|session| session.store.is_writable())
    }

    /// What is open to read only is tried again: there may be room by now.
    pub(super) fn try_to_write(&mut self) {
        if let Err(e) = self.write_again() {
            tracing::debug!(code = e.code, "still to read only");
        }
    }

    fn write_again(&mut self) -> Result<()> {
        let Some(mut session) = self.session.take_if(|session| !session.store.is_writable()) else {
            return Ok(());
        };
        let room = has_room(&self.host);
        if room.is_ok() && !session.store.is_file_writable() {
            let key = session.key.clone();
            drop(session);
            session = self.open_database(key)?;
        }
        if room.is_ok() {
            session.store.release();
            return self.opened(session);
        }
        self.session = Some(session);
        room
    }

    /// Locks now.
    pub fn app_lock(&mut self, AppLock {}: AppLock) -> Result<()> {
        if self.is_open() {
            self.document_changed(DocId::Safety);
            self.watch = self.begin_watch();
        }
        self.session = None;
        Ok(())
    }

    /// Locks if the person chose that hiding does, or if what they chose cannot be read; hiding itself is the shell's.
    pub fn app_hide(&mut self, AppHide {}: AppHide) -> Result<()> {
        let stays = |session: &mut Session| session.device().is_ok_and(|device| !device.hide_locks);
        if self.session.as_mut().is_none_or(stays) { Ok(()) } else { self.app_lock(AppLock {}) }
    }

    /// Keeps whether closing the window leaves the app in the tray; closing itself is the shell's.
    pub fn app_close(&self, AppClose { stays }: AppClose) -> Result<()> {
        Screen { stays: Some(stays), ..Screen::read(&self.host, self.system) }.write(&self.host)
    }

    /// The person touched the screen or a key.
    pub fn touch(&mut self) {
        self.touched = self.host.running_ms();
    }

    /// Locks if nothing was touched for as long as the person chose. True if it locked now.
    pub fn lock_if_idle(&mut self) -> Result<bool> {
        let now = self.host.running_ms();
        let Some(session) = &mut self.session else { return Ok(false) };
        // Where the choice cannot be read, it locks.
        let minutes = session.device().map_or(1, |device| device.auto_lock_minutes);
        let after = i64::from(minutes) * 60_000;
        let idle = after > 0 && now - self.touched >= after;
        if idle { self.app_lock(AppLock {}).map(|()| true) } else { Ok(false) }
    }

    /// Changes the lock; it failed only if the one before still stands. Errors: `wrong-passphrase`, `try-later`, `weak-passphrase`, `weak-code`, `keychain-refused`, `disk-full`.
    pub fn lock_change(&mut self, LockChange { proof, lock }: LockChange) -> Result<()> {
        let key = self.session()?.key.clone();
        self.prove(proof.as_deref())?;
        validate::lock(&lock)?;
        locked_plan::remove(&self.host)?;
        let changed = self.lock_file()?.change(&self.host, &key, &lock);
        // Whichever lock it is now, the copy of the safety plan comes back under it.
        self.document_changed(DocId::Safety);
        changed
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

/// Whether the folder takes a small file.
pub(super) fn has_room(host: &impl Host) -> Result<()> {
    host.write(PROBE, &[0; 65_536])?;
    host.remove(PROBE)
}

fn renew_marker(host: &impl Host, session: &mut Session) -> Result<()> {
    let (inside, outside) = (session.read(|tx, _| tx.setting(MARKER))?, marker(host)?);
    if inside != outside {
        let writer = session.read(|tx, _| devices::fresh_writer(tx, host))?;
        session.set_writer(writer)?;
        session.tx(|tx, _| begin_on_a_copy(tx))?;
    }
    let fresh: [u8; 16] = host.bytes();
    host.write(MARKER, &fresh)?;
    let written = marker(host)?.unwrap_or_default();
    session.tx(|tx, _| tx.set_setting(MARKER, &written))
}

/// The marker of the folder, with what a copy of the folder does not have.
fn marker(host: &impl Host) -> Result<Option<Vec<u8>>> {
    let Some(random) = host.read(MARKER)? else { return Ok(None) };
    Ok(Some([random, host.file_identity(MARKER)?].concat()))
}
