//! Signed out by another device: the key of what is here is left to the paper alone.

use trellis_api_types::app::{AppErase, AppLock};

use super::device::Screen;
use super::lockfile::{LockFile, MARKER, signed_out};
use super::{App, DATABASE, locked_plan};
use crate::crypto::Phrase;
use crate::error::{Error, Result};
use crate::fault;
use crate::platform::{DatabaseKey, Host};
use crate::sync::devices;

/// The key, sealed to the paper.
const PAPER_KEY: &str = "key-for-paper";

impl<H: Host> App<H> {
    /// Seals what is here if its person has the 24 words on paper, and locks. Whatever interrupts it, the next
    /// opening goes on with it.
    pub(super) fn seal_away(&mut self) -> Result<()> {
        if self.session()?.shared_settings()?.paper_confirmed {
            match self.key_to_paper() {
                Ok(false) => {}
                // Whatever is left to do, nothing stays open: the next opening goes on with it.
                sealed => {
                    self.session = None;
                    return sealed.map(drop);
                }
            }
        }
        self.session()?.store.tx(devices::sign_out_done)?;
        self.app_lock(AppLock {})
    }

    /// Goes on with what was interrupted. Error: `signed-out`.
    pub(super) fn seal_if_due(&mut self) -> Result<()> {
        if !self.session()?.store.read(devices::sign_out_due)? {
            return Ok(());
        }
        self.seal_away()?;
        Err(signed_out())
    }

    /// Leaves the key to the paper: first the sealed one is on disk, then the others go, and only then the database says that
    /// all is done. False if there is no paper.
    fn key_to_paper(&mut self) -> Result<bool> {
        let (session, host) = self.parts()?;
        let key = session.key.clone();
        let Some(sealed) = session.store.read(|tx| devices::seal_to_paper(tx, host, &key.0))? else {
            return Ok(false);
        };
        fault::point()?;
        host.write(PAPER_KEY, &sealed)?;
        fault::point()?;
        locked_plan::remove(host)?;
        fault::point()?;
        let missing = || Error::new("key-missing", "the lock file is gone");
        LockFile::read(host)?.ok_or_else(missing)?.drop_key(host)?;
        fault::point()?;
        session.store.tx(devices::sign_out_done)?;
        Ok(true)
    }

    /// Erases what a signed-out device holds: the first start is next. A cut in the middle leaves a device that starts
    /// again as well, for the lock file says first that nothing here counts. Errors: `not-signed-out`, `file-io`.
    pub fn app_erase(&mut self, AppErase {}: AppErase) -> Result<()> {
        let mut file = self.lock_file()?;
        if !file.signed_out && !self.is_signed_out()? {
            return Err(Error::new("not-signed-out", "this device still has its place"));
        }
        (self.session, self.broken, self.watch) = (None, None, None);
        file.ready = false;
        file.write(&self.host)?;
        locked_plan::remove(&self.host)?;
        if self.host.keychain_available() {
            file.forget_in_keychain(&self.host)?;
        }
        self.host.remove_database(DATABASE)?;
        [PAPER_KEY, MARKER].iter().try_for_each(|name| self.host.remove(name))?;
        Screen { reminder: None, ..Screen::read(&self.host, self.system) }.write(&self.host)?;
        LockFile::remove(&self.host)
    }

    fn is_signed_out(&mut self) -> Result<bool> {
        let Some(session) = &mut self.session else { return Ok(false) };
        session.store.read(devices::is_signed_out)
    }

    /// The key by the 24 words. Errors: `signed-out` without words, `phrase-mismatch`.
    pub(super) fn key_by_paper(&self, words: Option<&str>) -> Result<DatabaseKey> {
        let words = words.filter(|words| !words.trim().is_empty()).ok_or_else(signed_out)?;
        let sealed = self.host.read(PAPER_KEY)?.ok_or_else(signed_out)?;
        let wrong = || Error::new("phrase-mismatch", "not the words of this account");
        let phrase = Phrase::parse(words).map_err(|_| wrong())?;
        let key = phrase.open_database_key(&sealed).map_err(|_| wrong())?;
        Ok(DatabaseKey(*key.expose()))
    }
}
