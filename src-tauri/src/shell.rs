//! The one owner of the core: commands, the exchange and the timers go through it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveTime;
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::Notify;
use trellis_api_types::ApiError;
use trellis_api_types::app::{AppClose, AppHide, AppLock, AppStatus, Event, Phase, Status};
use trellis_api_types::settings::Language;
use trellis_api_types::sync::{RelayChoice, RelaySave};
use trellis_core::app::App;
#[cfg(desktop)]
use trellis_core::error::Error;
use trellis_core::error::Result;
use trellis_core::native::Native;

#[cfg(desktop)]
use crate::autostart;
#[cfg(desktop)]
use crate::clipboard::{self, Copied};
#[cfg(desktop)]
use crate::closing::Closing;
use crate::folder;
use crate::keychain::SystemKeychain;
#[cfg(desktop)]
use crate::tray;
use crate::window;

/// The core on this machine.
pub type Core = App<Native<Arc<SystemKeychain>>>;

/// What the whole app shares.
pub struct Shell {
    app: AppHandle,
    core: Mutex<Core>,
    /// Rung when the exchange should look for work: something was saved, chosen or asked for.
    pub bell: Notify,
    around: Mutex<Around>,
    #[cfg(desktop)]
    copied: Mutex<Copied>,
    /// The system's keychain, also while the core is busy.
    pub keychain: Arc<SystemKeychain>,
    folder: PathBuf,
    /// Somebody was here since the last look at the clock.
    here: AtomicBool,
}

/// What the shell itself keeps in mind.
#[derive(Default)]
struct Around {
    /// A link that the app was opened with, not yet used.
    link: Option<String>,
    /// Whether a tray is there.
    tray: bool,
    /// What closing the window does.
    #[cfg(desktop)]
    closing: Closing,
    /// The daily notice: its hour, and the language of its words.
    notice: Option<(NaiveTime, Language)>,
}

impl Shell {
    /// Takes the data folder: `TRELLIS_HOME`, or the system's place for it.
    pub fn open(app: &AppHandle) -> anyhow::Result<Self> {
        let folder = match folder::asked() {
            Some(folder) => folder,
            None => app.path().app_data_dir()?,
        };
        let keychain = Arc::<SystemKeychain>::default();
        // A folder that cannot be used is said in the window.
        let host = Native::at(&folder, keychain.clone());
        let core = Mutex::new(App::new(host, system_language()).in_country(system_country()));
        Ok(Self {
            app: app.clone(),
            core,
            bell: Notify::new(),
            around: Mutex::default(),
            #[cfg(desktop)]
            copied: Mutex::default(),
            keychain,
            folder,
            here: AtomicBool::new(false),
        })
    }

    /// Asks the core; its errors become those of the screens. Whatever was asked may have left something to send.
    pub fn ask<T>(&self, question: impl FnOnce(&mut Core) -> Result<T>) -> Result<T, ApiError> {
        let (wrote, answer, writes) = {
            let mut core = self.core();
            (core.is_writable(), question(&mut core), core.is_writable())
        };
        self.bell.notify_one();
        if wrote != writes {
            self.tell(Event::Status);
        }
        Ok(answer?)
    }

    /// Asks the system's keychain for what the core is about to ask for. It may ask the person first: nobody waits for the
    /// core meanwhile.
    pub fn fetch(&self, name: impl FnOnce(&Core) -> Option<String>) -> Result<(), ApiError> {
        let name = name(&self.core());
        Ok(name.map_or(Ok(()), |name| self.keychain.fetch(&name))?)
    }

    /// The core, for as long as the guard lives. A panic elsewhere leaves it usable: every change is a transaction.
    pub fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn around(&self) -> MutexGuard<'_, Around> {
        self.around.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Copies a link for a minute. Error: `copy-failed`.
    #[cfg(desktop)]
    pub fn copy(&self, link: &str) -> Result<(), ApiError> {
        let turn = self.copied().copy(link).map_err(|error| {
            tracing::warn!(%error, "clipboard");
            Error::new("copy-failed", "the clipboard did not take it")
        })?;
        let app = self.app.clone();
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(clipboard::STAYS).await;
            warn(app.state::<Self>().copied().clear(Some(turn)));
        });
        Ok(())
    }

    /// Takes the link that was copied last off the clipboard, if it is still there.
    #[cfg(desktop)]
    pub fn clear_clipboard(&self) {
        warn(self.copied().clear(None));
    }

    #[cfg(desktop)]
    fn copied(&self) -> MutexGuard<'_, Copied> {
        self.copied.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the screens.
    pub fn tell(&self, event: Event) {
        if let Err(error) = self.app.emit_to(window::MAIN, "trellis", event) {
            tracing::warn!(%error, "event");
        }
    }

    /// Tells the screens what the exchange brought about.
    pub fn tell_news(&self) {
        let news = self.core().exchange_news().unwrap_or_else(|error| {
            tracing::warn!(code = error.code, "news");
            Vec::new()
        });
        if news.contains(&Event::Status) {
            self.settings_changed();
        }
        if news.contains(&Event::Waiting) || news.contains(&Event::Help) && !window::is_looked_at(&self.app) {
            self.show_notice();
        }
        news.into_iter().for_each(|event| self.tell(event));
    }

    /// Somebody waits for this person.
    fn show_notice(&self) {
        if let Ok(status) = self.core().app_status(AppStatus {}) {
            crate::reminder::show_waiting(&self.app, status.language);
        }
    }

    /// The first start on this device is done: it exchanges with the relay that it was started with, if any.
    pub fn started(&self) {
        if let Ok(address) = std::env::var("TRELLIS_RELAY") {
            let relay = RelayChoice { address, ..RelayChoice::default() };
            if let Err(error) = self.core().relay_save(RelaySave { relay }) {
                tracing::warn!(code = error.code, "relay");
            }
        }
        self.opened();
    }

    /// What can be shown now, with what only the shell knows.
    pub fn status(&self, args: AppStatus) -> Result<Status, ApiError> {
        let mut status = self.core().app_status(args)?;
        let around = self.around();
        status.tray = around.tray;
        status.link.clone_from(&around.link);
        let no_folder =
            matches!(&status.phase, Phase::Broken(problem) if problem.code.starts_with("folder-"));
        status.folder = no_folder.then(|| self.folder.display().to_string());
        Ok(status)
    }

    /// It was opened: timers and tray follow the settings, the exchange begins.
    pub fn opened(&self) {
        self.settings_changed();
        self.bell.notify_one();
        self.tell(Event::Status);
    }

    /// Timers, tray and what closing does follow the settings.
    pub fn settings_changed(&self) {
        let Ok(status) = self.core().app_status(AppStatus {}) else { return };
        #[cfg(desktop)]
        report(tray::speak(&self.app, status.language));
        let mut around = self.around();
        #[cfg(desktop)]
        {
            around.closing = Closing::of(around.tray, &status);
        }
        around.notice = status.reminder.map(|hour| (hour, status.language));
    }

    /// Locks now.
    pub fn lock(&self) {
        self.locked(|core| core.app_lock(AppLock {}));
    }

    /// Takes the window out of sight, and locks if the person chose that.
    pub fn hide(&self) {
        #[cfg(desktop)]
        window::hide(&self.app, self.has_tray());
        self.locked(|core| core.app_hide(AppHide {}));
    }

    /// Hides soon; the window's own thread does not wait for the core.
    #[cfg(desktop)]
    pub fn hide_soon(&self) {
        let app = self.app.clone();
        tauri::async_runtime::spawn_blocking(move || app.state::<Self>().hide());
    }

    /// Closes as the person answered. An answer that cannot be kept is asked for again the next time.
    pub fn close(&self, args: AppClose) {
        let stays = args.stays;
        if let Err(error) = self.core().app_close(args) {
            tracing::warn!(code = error.code, "closing");
        }
        if !stays {
            return self.app.exit(0);
        }
        self.settings_changed();
        self.tell(Event::Status);
        self.hide();
    }

    /// Locks on the way out, unless the core is busy: what it is doing is whole or undone.
    pub fn lock_at_the_end(&self) {
        if let Ok(mut core) = self.core.try_lock()
            && let Err(error) = core.app_lock(AppLock {})
        {
            tracing::warn!(code = error.code, "lock");
        }
    }

    /// Locks soon; the window's own thread does not wait for the core.
    #[cfg(desktop)]
    pub fn lock_soon(&self) {
        let app = self.app.clone();
        tauri::async_runtime::spawn_blocking(move || app.state::<Self>().lock());
    }

    /// Locks if nobody was here for as long as the person chose.
    pub fn lock_if_idle(&self) {
        let here = self.here.swap(false, Ordering::SeqCst);
        self.locked(|core| {
            if here {
                core.touch();
            }
            core.lock_if_idle().map(drop)
        });
    }

    /// Does what may lock, and tells the screens if it did.
    fn locked(&self, work: impl FnOnce(&mut Core) -> Result<()>) {
        let (was_open, done, is_open) = {
            let mut core = self.core();
            (core.is_open(), work(&mut core), core.is_open())
        };
        if let Err(error) = done {
            tracing::warn!(code = error.code, "lock");
        }
        if was_open && !is_open {
            self.bell.notify_one();
            self.tell(Event::Status);
            #[cfg(desktop)]
            self.clear_clipboard();
        }
    }

    /// The daily notice, if one is wanted: its hour, and the language of its words.
    pub fn notice(&self) -> Option<(NaiveTime, Language)> {
        self.around().notice
    }

    /// What closing the window does.
    #[cfg(desktop)]
    pub fn closing(&self) -> Closing {
        self.around().closing
    }

    /// Whether a tray leads back to the window.
    #[cfg(desktop)]
    pub fn has_tray(&self) -> bool {
        self.around().tray
    }

    /// Whether it starts with the computer; none where it cannot.
    pub fn starts_with_system(&self) -> Option<bool> {
        #[cfg(desktop)]
        return autostart::is_on(&self.app);
        #[cfg(mobile)]
        None
    }

    /// Starts with the computer from now on, or no more. Errors: `locked`, `autostart-failed`.
    pub fn start_with_system(&self, on: bool) -> Result<(), ApiError> {
        self.ask(|core| core.session().map(drop))?;
        #[cfg(desktop)]
        autostart::set(&self.app, on)?;
        #[cfg(mobile)]
        let _nothing_to_set = on;
        Ok(())
    }

    /// Somebody is here.
    pub fn touched(&self) {
        self.here.store(true, Ordering::SeqCst);
    }

    /// The app was opened with a link.
    pub fn link_came(&self, link: &str) {
        self.around().link = Some(link.to_owned());
        #[cfg(desktop)]
        window::show(&self.app);
        self.tell(Event::Status);
    }

    /// The link was used, or is not wanted.
    pub fn drop_link(&self) {
        self.around().link = None;
        self.tell(Event::Status);
    }

    /// Puts the icon into the tray, where there is one.
    #[cfg(desktop)]
    pub fn open_tray(&self) {
        let language = self.core().app_status(AppStatus {}).map(|status| status.language).unwrap_or_default();
        if tray::comes() {
            let made = tray::open(&self.app, language);
            self.around().tray = made.is_ok();
            report(made);
        }
    }
}

/// The system's language, as far as the screens know it.
fn system_language() -> Language {
    if sys_locale::get_locale().is_some_and(|name| name.starts_with("es")) {
        Language::Es
    } else {
        Language::En
    }
}

/// The clipboard is another program's business: that it does not answer stops nothing here.
#[cfg(desktop)]
fn warn(cleared: std::result::Result<(), arboard::Error>) {
    if let Err(error) = cleared {
        tracing::warn!(%error, "clipboard");
    }
}

/// The system's country, if it names one. The formats that were set say more about it than the languages that are read.
fn system_country() -> Option<String> {
    let formats = ["LC_ALL", "LC_MONETARY", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
    formats.chain(sys_locale::get_locales()).find_map(|name| trellis_lines::region(&name))
}

#[cfg(desktop)]
fn report(done: tauri::Result<()>) {
    if let Err(error) = done {
        tracing::warn!(%error, "tray");
    }
}
