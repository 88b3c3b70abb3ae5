//! What the person chose for this device and for all of their devices.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::app::LockKind;
use crate::command::{Saved, commands};

/// Most tags offered in a check-in.
pub const MAX_TAGS: usize = 100;
/// Most tags that stand for a meeting: words that are not offered any more still do.
pub const MAX_MEETINGS: usize = 200;

/// Languages of the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Español.
    Es,
}

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Whose words the screens use. One data model, many vocabularies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pathway {
    /// A way of one's own.
    #[default]
    Own,
    /// Twelve steps.
    TwelveStep,
    /// Tools and skills, secular.
    Skills,
    /// Secular, life by domains.
    Secular,
    /// Faith based.
    Faith,
    /// With medication.
    Medication,
    /// For someone who loves a person in recovery.
    Family,
}

/// All settings. Those marked "device" stay here; the others go to one's other devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// What to be called.
    pub name: String,
    /// A day the recovery began.
    pub recovery_start: Option<NaiveDate>,
    /// Whose words.
    pub pathway: Pathway,
    /// Asks about medication in a check-in.
    pub tracks_medication: bool,
    /// Tags offered in a check-in, the person's own words included.
    pub tags: Vec<String>,
    /// Tags that stand for a meeting.
    pub meetings: Vec<String>,
    /// Language (device).
    pub language: Language,
    /// Look (device).
    pub theme: Theme,
    /// Percent, 90 to 200 (device).
    pub text_size: u16,
    /// Minutes without a touch until it locks, 0 for never (device).
    pub auto_lock_minutes: u16,
    /// Hiding the screen locks too (device).
    pub hide_locks: bool,
    /// Safety plan readable on the lock screen (device).
    pub safety_plan_on_lock: bool,
    /// Neutral notice at this hour, if any (device).
    pub reminder: Option<NaiveTime>,
    /// How it locks (device). Read only here.
    pub lock: LockKind,
    /// This device's name, seen on one's other devices.
    pub device_name: String,
    /// Number to call in danger, e.g. 911 (device).
    pub emergency_number: String,
}

/// One change of settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SettingsEdit {
    /// What to be called.
    Name(String),
    /// A day the recovery began.
    RecoveryStart(Option<NaiveDate>),
    /// Whose words.
    Pathway(Pathway),
    /// Asks about medication.
    TracksMedication(bool),
    /// Tags offered.
    Tags(Vec<String>),
    /// Tags that stand for a meeting.
    Meetings(Vec<String>),
    /// Language.
    Language(Language),
    /// Look.
    Theme(Theme),
    /// Percent.
    TextSize(u16),
    /// Minutes.
    AutoLock(u16),
    /// Hiding locks too.
    HideLocks(bool),
    /// Safety plan on the lock screen.
    SafetyPlanOnLock(bool),
    /// Notice hour.
    Reminder(Option<NaiveTime>),
    /// This device's name.
    DeviceName(String),
    /// Number to call in danger.
    EmergencyNumber(String),
}

commands! {
    /// All settings.
    SettingsGet {} as "settings_get" -> Settings;
    /// Changes one.
    SettingsSave {
        /// The change.
        edit: SettingsEdit,
    } as "settings_save" -> Saved;
}
