//! What every screen can see, and how a screen loads and saves.

mod country;
mod drafts;
mod focus;
mod load;
mod look;
mod save;
mod sheets;
mod turn;

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::app::{AppStatus, Event, Phase, Status};
use trellis_api_types::settings::{Aim, Settings, SettingsGet, for_family};
use trellis_api_types::sync::{SyncGet, SyncLine};
use trellis_api_types::{ApiError, Command};

use drafts::Drafts;
pub use drafts::{Kept, keep_draft};
pub use focus::{Focus, focus_heading};
pub use load::{Load, load, load_once, load_when};
pub use look::{apply_look, hear_resize};
pub use save::Toast;
pub use sheets::Sheets;
pub use turn::Turn;

use crate::{ipc, zone};

/// Shared by all screens; lives as long as the page and survives a change of language.
#[derive(Clone, Copy)]
pub struct State {
    /// Where the app stands; absent until the shell answered.
    pub status: RwSignal<Option<Result<Status, ApiError>>>,
    /// Country whose lines are shown; absent where none is known.
    pub country: RwSignal<Option<String>>,
    /// Settings, once open.
    pub settings: RwSignal<Option<Settings>>,
    /// The sync line, once open.
    pub sync: RwSignal<Option<SyncLine>>,
    /// What just happened, for ten seconds.
    pub toast: RwSignal<Option<Toast>>,
    /// Goes up when stored data changed.
    pub data: RwSignal<u32>,
    /// Goes up when a pairing went on.
    pub pairing: RwSignal<u32>,
    /// This device joins; its screens stay until the person leaves them.
    pub joining: RwSignal<bool>,
    /// What was chosen on the first screen; it survives a change of language there.
    pub aims: RwSignal<Vec<Aim>>,
    /// An invitation that waits until its page takes it: the app was opened with it, or it came before the first start.
    pub invited: RwSignal<Option<String>>,
    /// The person closes the window and is asked what that does.
    pub closing: RwSignal<bool>,
    /// Open sheets.
    pub sheets: Sheets,
    /// Where the focus is.
    pub focus: Focus,
    drafts: Drafts,
    asked: Asked,
}

/// What was asked for last of what every screen can see.
#[derive(Clone, Copy)]
struct Asked {
    status: Turn,
    settings: Turn,
    sync: Turn,
}

/// The state of this page.
pub fn state() -> State {
    expect_context()
}

impl State {
    /// Makes the state and starts to hear the shell.
    pub fn start() -> Self {
        let state = Self {
            status: RwSignal::new(None),
            country: RwSignal::new(country::of_window()),
            settings: RwSignal::new(None),
            sync: RwSignal::new(None),
            toast: RwSignal::new(None),
            data: RwSignal::new(0),
            pairing: RwSignal::new(0),
            joining: RwSignal::new(false),
            aims: RwSignal::default(),
            invited: RwSignal::new(None),
            closing: RwSignal::new(false),
            sheets: Sheets::default(),
            focus: Focus::watch(),
            drafts: Drafts::default(),
            asked: Asked { status: Turn::new(), settings: Turn::new(), sync: Turn::new() },
        };
        ipc::listen(move |event| state.hear(&event));
        state.reload_status();
        state
    }

    fn hear(self, event: &Event) {
        match event {
            Event::Status => self.reload_status(),
            Event::Data | Event::Help => self.data_changed(),
            // The app is locked: there is nothing to load.
            Event::Waiting => {}
            Event::Sync => self.reload_sync(),
            Event::Day(now) => {
                zone::set(now);
                self.data_changed();
            }
            Event::Closing => self.closing.set(true),
            Event::Pairing => self.pairing.update(|n| *n += 1),
        }
    }

    /// Asks what can be shown, then for what goes with it.
    pub fn reload_status(self) {
        let last = self.asked.status.next();
        spawn_local(async move {
            let mut status = ipc::call(AppStatus {}).await;
            if !last() {
                return;
            }
            self.keep_language(&mut status);
            if let Ok(status) = &status {
                self.in_country(status.country.clone());
                self.reload_settings();
                self.reload_sync();
            }
            put(self.status, Some(status));
        });
    }

    /// Before the first start the choice of a language is kept nowhere but here.
    fn keep_language(self, status: &mut Result<Status, ApiError>) {
        let shown = self.status.with_untracked(|shown| Some(shown.as_ref()?.as_ref().ok()?.language));
        if let (Ok(status), Some(language)) = (status, shown)
            && status.phase == Phase::First
        {
            status.language = language;
        }
    }

    /// Stored data changed: what is shown is asked for again.
    pub fn data_changed(self) {
        self.data.update(|n| *n += 1);
        self.reload_settings();
        self.reload_sync();
    }

    /// Whether nothing asks about use here, followed.
    pub fn for_family(self) -> bool {
        self.settings.with(|settings| settings.as_ref().is_some_and(|it| for_family(&it.aims)))
    }

    /// Asks for the settings. While locked there are none.
    pub fn reload_settings(self) {
        self.reload(self.asked.settings, SettingsGet {}, self.settings);
    }

    /// Asks for the sync line. While locked there is none.
    pub fn reload_sync(self) {
        self.reload(self.asked.sync, SyncGet {}, self.sync);
    }

    fn reload<C>(self, turn: Turn, command: C, into: RwSignal<Option<C::Out>>)
    where
        C: Command + 'static,
        C::Out: PartialEq + Send + Sync + 'static,
    {
        let last = turn.next();
        spawn_local(async move {
            let answer = ipc::call(command).await.ok();
            if last() {
                put(into, answer);
            }
        });
    }
}

/// Sets a signal only when that changes something, so that nothing is drawn twice.
fn put<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
