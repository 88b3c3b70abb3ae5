//! What the person chose for this device and for all of their devices.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::command::{Saved, commands};
use crate::lock::LockKind;

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

/// What Trellis is for, to a person. Several may hold; none is known of those who skipped the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Aim {
    /// Their own recovery.
    Me,
    /// Someone they love.
    Loved,
    /// The people they coach.
    Coach,
    /// The people they sponsor.
    Sponsor,
}

/// Whether the person is here for someone they love and not for a recovery of their own: then nothing asks about use.
pub fn for_family(aims: &[Aim]) -> bool {
    aims.contains(&Aim::Loved) && !aims.contains(&Aim::Me)
}

/// Which ideas are offered first, and whether step work is.
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
}

/// All settings. Those marked "device" stay here; the others go to one's other devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// What to be called.
    pub name: String,
    /// A day the recovery began.
    pub recovery_start: Option<NaiveDate>,
    /// What Trellis is for.
    pub aims: Vec<Aim>,
    /// Whose ideas.
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
    /// Number to call in danger instead of the country's; empty for that one (device).
    pub emergency_number: String,
    /// What is hidden and moved among the lines to call (device).
    pub lines: LineChoices,
    /// Own phone number, offered where somebody asks for help; may be empty.
    pub my_phone: String,
    /// Days in recovery stand on Today.
    pub days_on_today: bool,
    /// Whether closing the window leaves the app in the tray; absent until it was asked (device).
    pub stays: Option<bool>,
    /// Whether it starts with the computer, hidden; absent where it cannot (device). The shell knows.
    pub starts_with_system: Option<bool>,
}

/// What the person chose about lines to call, by their ids.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LineChoices {
    /// Not shown.
    pub hidden: Vec<String>,
    /// Shown first, in this order.
    pub order: Vec<String>,
}

/// One change of settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SettingsEdit {
    /// What to be called.
    Name(String),
    /// A day the recovery began.
    RecoveryStart(Option<NaiveDate>),
    /// What Trellis is for.
    Aims(Vec<Aim>),
    /// Whose ideas.
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
    /// Number to call in danger; empty for the country's.
    EmergencyNumber(String),
    /// Lines hidden and moved.
    Lines(LineChoices),
    /// Own phone number.
    MyPhone(String),
    /// Days in recovery on Today.
    DaysOnToday(bool),
    /// Closing the window leaves the app in the tray.
    Stays(Option<bool>),
    /// Starts with the computer.
    StartsWithSystem(bool),
}

commands! {
    /// All settings.
    SettingsGet {} as "settings_get" -> Settings;
    /// Changes one. Error: `autostart-failed`.
    SettingsSave {
        /// The change.
        edit: SettingsEdit,
    } as "settings_save" -> Saved;
}

#[cfg(test)]
mod tests {
    use super::{Aim, for_family};

    #[test]
    fn family_is_who_is_not_here_for_themselves() {
        assert!(for_family(&[Aim::Loved]) && for_family(&[Aim::Loved, Aim::Coach]));
        assert!(!for_family(&[Aim::Me, Aim::Loved]) && !for_family(&[Aim::Coach]) && !for_family(&[]));
    }
}
