//! Signed out by another device: the key of what is here is left to the paper alone.

use trellis_api_types::app::AppLock;

use super::{App, locked_plan, lockfile::LockFile};
use crate::crypto::Phrase;
use crate::error::{Error, Result};
use crate::platform::{DatabaseKey, Host};
use crate::sync::account;

/// The key, sealed to the paper.
const PAPER_KEY: &str = "key-for-paper";

impl<H: Host> App<H> {
    /// Seals what is here if its person has the 24 words on paper, and locks. Whatever interrupts it, the next
    /// opening goes on with it.
    pub(super) fn seal_away(&mut self) -> Result<()> {
        if self.session()?.shared_settings()?.paper_confirmed && self.key_to_paper()? {
            self.session = None;
            return Ok(());
        }
        self.session()?.store.tx(account::sign_out_done)?;
        self.app_lock(AppLock {})
    }

    /// Goes on with what was interrupted. Error: `signed-out`.
    pub(super) fn seal_if_due(&mut self) -> Result<()> {
        if !self.session()?.store.read(account::sign_out_due)? {
            return Ok(());
        }
        self.seal_away()?;
        Err(signed_out())
    }

    /// Leaves the key to the paper: first the sealed one is on disk, then the others go. False if there is no paper.
    fn key_to_paper(&mut self) -> Result<bool> {
        let (session, host) = self.parts()?;
        let key = session.key.clone();
        let Some(sealed) = session.store.read(|tx| account::seal_to_paper(tx, host, &key.0))? else {
            return Ok(false);
        };
        host.write(PAPER_KEY, &sealed)?;
        locked_plan::remove(host)?;
        session.store.tx(account::sign_out_done)?;
        let missing = || Error::new("key-missing", "the lock file is gone");
        LockFile::read(host)?.ok_or_else(missing)?.drop_key(host)?;
        Ok(true)
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

/// What is here opens with the paper only.
pub(super) fn signed_out() -> Error {
    Error::new("signed-out", "another device signed this one out")
}
