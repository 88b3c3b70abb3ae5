//! Starting, locking and unlocking.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::command::commands;
use crate::settings::{Language, Pathway, Theme};
use crate::{Millis, safety::SafetyPlan};

/// What the app can show now. Asked for first, and again after each `status` event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Where the app stands.
    pub phase: Phase,
    /// Chosen language, or the system's before the first start.
    pub language: Language,
    /// Chosen look.
    pub theme: Theme,
    /// Text size, percent: 90 to 200.
    pub text_size: u16,
    /// Neutral notice at this hour, if any; known while locked too.
    pub reminder: Option<NaiveTime>,
    /// Whether this system has a keychain that answers.
    pub keychain: bool,
    /// Whether a tray is there, so that closing the window keeps reminders.
    pub tray: bool,
    /// An invite or pairing link the app was opened with, not yet used.
    pub link: Option<String>,
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

/// How the database key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LockKind {
    /// In the system's keychain.
    Keychain,
    /// Wrapped under a passphrase.
    Passphrase,
}

/// A choice of lock with what it needs.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Lock {
    /// In the system's keychain.
    Keychain,
    /// Under this passphrase.
    Passphrase(String),
}

impl std::fmt::Debug for Lock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Keychain => "Keychain",
            Self::Passphrase(_) => "Passphrase(..)",
        })
    }
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
    /// Somebody asks this person for help: the shell shows a notice, in words that tell a stranger nothing.
    Help,
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
        /// Whose words the screens use.
        pathway: Pathway,
    } as "app_start" -> ();
    /// Opens what is locked. Errors: `wrong-passphrase` (with `retry_at`), `keychain-refused`.
    AppUnlock {
        /// Absent for the keychain.
        passphrase: Option<String>,
    } as "app_unlock" -> ();
    /// Locks now.
    AppLock {} as "app_lock" -> ();
    /// Hides the window and locks if the person chose that.
    AppHide {} as "app_hide" -> ();
    /// Erases what a signed-out device holds, so that it can start afresh. Error: `not-signed-out`.
    AppErase {} as "app_erase" -> ();
    /// Changes the lock. `proof` is the present passphrase where there is one.
    LockChange {
        /// Present passphrase.
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
    /// Drops the link the app was opened with.
    LinkDismiss {} as "link_dismiss" -> ();
}
