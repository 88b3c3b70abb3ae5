//! Starting, locking and unlocking.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::command::commands;
pub use crate::lock::{Lock, LockKind};
use crate::settings::{Aim, Language, Pathway, Theme};
use crate::{Millis, safety::SafetyPlan};

/// What the app can show now. Asked for first, and again after each `status` event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Where the app stands.
    pub phase: Phase,
    /// Chosen language, or the system's before the first start.
    pub language: Language,
    /// Chosen country, or the system's: two capital letters of ISO 3166, `EU` for another country of the European Union,
    /// `ZZ` for any other; absent where neither is known.
    pub country: Option<String>,
    /// Chosen look.
    pub theme: Theme,
    /// Text size, percent: 90 to 200.
    pub text_size: u16,
    /// Neutral notice at this hour, if any; known while locked too.
    pub reminder: Option<NaiveTime>,
    /// Whether this system has a keychain that answers.
    pub keychain: bool,
    /// Whether a tray is there, so that the app can go on without a window.
    pub tray: bool,
    /// Whether closing the window leaves the app in the tray; absent until it was asked. Known while locked too.
    #[serde(default)]
    pub stays: Option<bool>,
    /// An invite or pairing link the app was opened with, not yet used.
    pub link: Option<String>,
    /// It is open, but nothing can be saved: the disk is full, or the folder takes nothing.
    #[serde(default)]
    pub read_only: bool,
    /// The folder that cannot be used, where that is the trouble.
    #[serde(default)]
    pub folder: Option<String>,
}

/// Where the app stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Phase {
    /// Nothing is stored here yet.
    First,
    /// Stored and locked.
    Locked {
        /// How it opens.
        lock: LockKind,
        /// Whether the safety plan may be shown without unlocking.
        safety_plan: bool,
        /// Tries are refused until then.
        retry_at: Option<Millis>,
    },
    /// Stored, but cannot be opened; the code says why (`database-newer`, `database-damaged`, `key-missing`, `signed-out`, ...).
    Broken(crate::ApiError),
    /// Open.
    Ready {
        /// What the person wants to be called.
        name: String,
    },
}

/// What the screens are told without asking, as the payload of the event `trellis`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Ask for [`AppStatus`] again (locked, unlocked, a link came in).
    Status,
    /// Stored data changed (another device, another window): reload what is shown.
    Data,
    /// The sync line changed.
    Sync,
    /// A pairing went on.
    Pairing,
    /// It is another day or another time zone: what is shown by day is asked for again.
    Day(Zone),
    /// Somebody asks this person for help: the shell shows a notice, in words that tell a stranger nothing.
    Help,
    /// The app is locked, and somebody waits for this person: the shell shows the same notice.
    Waiting,
    /// The person closes the window and has not said yet whether the app stays in the tray: the screens ask.
    Closing,
}

/// Where the clocks of this machine are set to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// As in "America/Denver"; empty if the system does not say.
    pub name: String,
    /// Minutes ahead of UTC now.
    pub ahead: i32,
}

commands! {
    /// What can be shown now.
    AppStatus {} as "app_status" -> Status;
    /// First start on a first device.
    AppStart {
        /// Chosen language.
        language: Language,
        /// What to be called; may be empty.
        name: String,
        /// How to lock.
        lock: Lock,
        /// A day the recovery began.
        recovery_start: Option<NaiveDate>,
        /// What Trellis is for; may be empty.
        aims: Vec<Aim>,
        /// Whose ideas are offered first.
        pathway: Pathway,
    } as "app_start" -> ();
    /// Opens what is locked. Errors: `wrong-passphrase` (with `retry_at`; also for a code), `keychain-refused`,
    /// `keychain-silent`, `keychain-cancelled`, `key-missing`.
    AppUnlock {
        /// Passphrase or code. Absent for the keychain.
        passphrase: Option<String>,
    } as "app_unlock" -> ();
    /// Gives up what waits for the system's keychain, with `keychain-cancelled`.
    KeychainCancel {} as "keychain_cancel" -> ();
    /// Locks now.
    AppLock {} as "app_lock" -> ();
    /// Hides the window and locks if the person chose that.
    AppHide {} as "app_hide" -> ();
    /// Keeps whether closing leaves the app in the tray, and closes: into the tray, or for good. Also while locked.
    AppClose {
        /// Whether it stays.
        stays: bool,
    } as "app_close" -> ();
    /// Erases what a signed-out device holds, so that it can start afresh. Error: `not-signed-out`.
    AppErase {} as "app_erase" -> ();
    /// Changes the lock. `proof` is the present passphrase or code where there is one. Errors: `wrong-passphrase`, `weak-passphrase`, `weak-code`.
    LockChange {
        /// Present passphrase or code.
        proof: Option<String>,
        /// New lock.
        lock: Lock,
    } as "lock_change" -> ();
    /// The safety plan on the lock screen. Error: `not-allowed`.
    SafetyPlanLocked {} as "safety_plan_locked" -> SafetyPlan;
    /// Copies a link; it leaves the clipboard after a minute, and when the app locks or ends, if it is still there.
    /// False where the screen has to copy it itself, and it stays. Error: `copy-failed`.
    LinkCopy {
        /// What is copied.
        link: String,
    } as "link_copy" -> bool;
    /// Chooses the country, also while locked and before the first start: lines to call depend on it. Error: `bad-country`.
    CountryChoose {
        /// As in [`Status`].
        country: String,
    } as "country_choose" -> ();
    /// Drops the link the app was opened with.
    LinkDismiss {} as "link_dismiss" -> ();
}
