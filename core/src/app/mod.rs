//! The app's use cases, one method for each command of the contract, named like it. All answer at once.

mod audience;
mod checkins;
mod circle;
mod coach;
mod device;
mod devices;
mod drafts;
mod exchange;
mod joining;
mod journey;
mod lock;
mod locked_plan;
mod lockfile;
mod names;
mod papers;
mod people;
mod phrase;
mod plan;
mod session;
mod settings;
mod sharing;
mod signed_out;
mod start;
mod today;
mod undo;
mod work;

use chrono::NaiveDate;
use trellis_api_types::app::{AppStatus, CountryChoose, Phase, Status};
use trellis_api_types::settings::Language;

pub use session::Session;

use crate::domain::validate;
use crate::error::{Error, Result};
use crate::platform::Host;
use device::Screen;
use lockfile::LockFile;

use crate::sync::watch::Watch;

/// Name of the database.
const DATABASE: &str = "store";

/// The app on one device: locked, or open with its [`Session`].
pub struct App<H> {
    host: H,
    system: Language,
    system_country: Option<String>,
    session: Option<Session>,
    /// Why the last opening failed, where another try is no help.
    broken: Option<Error>,
    /// When somebody was here last, in running time.
    touched: i64,
    /// What a locked app still asks the relay.
    watch: Option<Watch>,
}

impl<H: Host> App<H> {
    /// The app on this host, locked. `system`: the system's language, shown until one is chosen.
    pub fn new(host: H, system: Language) -> Self {
        Self { host, system, system_country: None, session: None, broken: None, touched: 0, watch: None }
    }

    /// In this country as the system has it, until another is chosen.
    #[must_use]
    pub fn in_country(self, country: Option<String>) -> Self {
        Self { system_country: country, ..self }
    }

    /// The machine it runs on.
    pub fn host(&self) -> &H {
        &self.host
    }

    /// What is open. Error: `locked`.
    pub fn session(&mut self) -> Result<&mut Session> {
        self.try_to_write();
        self.session.as_mut().ok_or_else(locked)
    }

    /// What is open, beside the machine it runs on. Error: `locked`.
    pub fn parts(&mut self) -> Result<(&mut Session, &H)> {
        self.try_to_write();
        Ok((self.session.as_mut().ok_or_else(locked)?, &self.host))
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.session.is_some()
    }

    /// What can be shown now. The shell adds the tray and the link.
    pub fn app_status(&mut self, AppStatus {}: AppStatus) -> Result<Status> {
        let screen = Screen::read(&self.host, self.system);
        Ok(Status {
            phase: self.phase(),
            language: screen.language,
            country: self.country(),
            theme: screen.theme,
            text_size: screen.text_size,
            reminder: screen.reminder,
            keychain: self.host.keychain_available(),
            tray: false,
            stays: screen.stays,
            link: None,
            read_only: !self.is_writable(),
            folder: None,
        })
    }

    /// As chosen, or as the system has it.
    fn country(&self) -> Option<String> {
        Screen::read(&self.host, self.system).country.or_else(|| self.system_country.clone())
    }

    /// Chooses the country; kept in the open, since lines to call are shown while locked. Error: `bad-country`.
    pub fn country_choose(&mut self, CountryChoose { country }: CountryChoose) -> Result<()> {
        validate::country(&country)?;
        Screen { country: Some(country), ..Screen::read(&self.host, self.system) }.write(&self.host)
    }

    fn phase(&mut self) -> Phase {
        let found = self.name().and_then(|name| match name {
            Some(name) => Ok(Phase::Ready { name }),
            None => self.closed_phase(),
        });
        found.unwrap_or_else(|e| Phase::Broken(e.into()))
    }

    fn name(&mut self) -> Result<Option<String>> {
        let Some(session) = &mut self.session else { return Ok(None) };
        if session.is_joining()? {
            return Ok(None);
        }
        session.shared_settings().map(|shared| Some(shared.name))
    }

    fn closed_phase(&self) -> Result<Phase> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        self.host.make_folder()?;
        let size = self.host.database_size(DATABASE)?;
        match (LockFile::read(&self.host)?, size) {
            (None, None | Some(0)) => self.first(),
            (None, Some(_)) => Err(Error::new("key-missing", "the lock file is gone")),
            (Some(lock), _) if !lock.ready => Ok(Phase::First),
            (Some(lock), Some(_)) if lock.signed_out => Err(lockfile::signed_out()),
            (Some(_), None) => Err(Error::new("database-missing", "the database file is gone")),
            (Some(mut lock), Some(_)) => Ok(Phase::Locked {
                lock: lock.kind(),
                safety_plan: locked_plan::exists(&self.host),
                retry_at: lock.wait(&self.host),
            }),
        }
    }

    /// A start needs a folder that takes what is made there.
    fn first(&self) -> Result<Phase> {
        lock::has_room(&self.host).map_err(|e| match e.code {
            "disk-full" => e,
            _ => Error::new("folder-unusable", e.detail).retry(),
        })?;
        Ok(Phase::First)
    }

    /// The language of this device.
    fn language(&self) -> Language {
        device::Screen::read(&self.host, self.system).language
    }

    /// The person's local day.
    fn today(&self) -> NaiveDate {
        self.host.local().date()
    }
}

fn locked() -> Error {
    Error::new("locked", "the app is locked")
}

#[cfg(test)]
mod tests;
