//! The first start: a key, a database, and what a new person begins with.

use trellis_api_types::app::{AppStart, Lock};
use trellis_api_types::settings::{Language, Pathway, SettingsEdit};

use super::device::{Device, Screen};
use super::lockfile::LockFile;
use super::phrase::PAPER;
use super::session::{Session, writer};
use super::{App, DATABASE};
use crate::crdt::{DocId, Docs, write_settings};
use crate::crypto::Phrase;
use crate::domain::{tags, validate};
use crate::error::{Error, Result};
use crate::platform::{DatabaseKey, Host};
use crate::store::{Expect, Store, Tx};
use crate::sync::devices;

impl<H: Host> App<H> {
    /// First start on a first device. Errors: `already-started`, `weak-passphrase`, `weak-code`, `keychain-refused`, `bad-date`, `too-long`.
    pub fn app_start(&mut self, args: AppStart) -> Result<()> {
        let AppStart { language, name, lock, recovery_start, aims, pathway } = args;
        let edits = [
            validate::tidy(SettingsEdit::Name(name)),
            SettingsEdit::RecoveryStart(recovery_start),
            SettingsEdit::Tags(tags::offered(language, pathway, &aims)),
            SettingsEdit::TracksMedication(pathway == Pathway::Medication),
            SettingsEdit::Pathway(pathway),
            SettingsEdit::Aims(aims),
        ];
        let today = self.today();
        edits.iter().try_for_each(|edit| validate::settings(edit, today))?;
        let phrase = Phrase::random(&self.host);
        self.create(language, &lock, |tx, docs, host| {
            tx.set_setting(PAPER, phrase.secret().expose())?;
            let name = Device::read(tx)?.device_name;
            devices::found(tx, host, &phrase, &name, host.now_ms())?;
            docs.edit(tx, DocId::Settings, |edit| edits.iter().try_for_each(|one| write_settings(edit, one)))
                .map(drop)
        })
    }

    /// Makes the database of a new device, fills it in one transaction, and leaves the app open.
    ///
    /// Nothing counts until the lock file says so at the very end: a start that was cut off begins again.
    pub(crate) fn create(
        &mut self,
        language: Language,
        lock: &Lock,
        fill: impl FnOnce(&Tx<'_>, &mut Docs, &H) -> Result<()>,
    ) -> Result<()> {
        let mut file = self.create_unfinished(language, lock, fill)?;
        file.ready = true;
        file.write(&self.host)
    }

    /// As [`Self::create`], but it does not count yet: a restart begins again.
    pub(super) fn create_unfinished(
        &mut self,
        language: Language,
        lock: &Lock,
        fill: impl FnOnce(&Tx<'_>, &mut Docs, &H) -> Result<()>,
    ) -> Result<LockFile> {
        self.check_new(lock)?;
        let key = DatabaseKey(self.host.bytes());
        let file = LockFile::new(&self.host, &key, lock)?;
        file.write(&self.host)?;
        self.host.remove_database(DATABASE)?;
        let mut store = Store::open(self.host.open_database(DATABASE)?, &key, Expect::New)?;
        store.tx(|tx| {
            devices::install(tx, &self.host)?;
            Device::new(language).write(tx)?;
            fill(tx, &mut Docs::new(writer(tx)?), &self.host)
        })?;
        let country = Screen::read(&self.host, self.system).country;
        Screen { country, ..Screen::new(language) }.write(&self.host)?;
        self.opened(Session::new(store, key, &self.host)?)?;
        Ok(file)
    }

    fn check_new(&mut self, lock: &Lock) -> Result<()> {
        if !matches!(self.closed_phase(), Ok(trellis_api_types::app::Phase::First)) || self.is_open() {
            return Err(Error::new("already-started", "something is stored here"));
        }
        validate::lock(lock)
    }
}
