//! Choices that stay on this device.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use trellis_api_types::settings::{Language, LineChoices, SettingsEdit, Theme};

use crate::error::{Error, Result};
use crate::platform::Files;
use crate::store::Tx;

const SCREEN: &str = "screen.json";
const DEVICE: &str = "device";

/// What is needed while locked too; says nothing about the person, so it lies in the open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Screen {
    pub language: Language,
    pub theme: Theme,
    pub text_size: u16,
    #[serde(default)]
    pub country: Option<String>,
    #[serde(default)]
    pub reminder: Option<NaiveTime>,
    /// Closing the window leaves the app in the tray; absent until it was asked.
    #[serde(default)]
    pub stays: Option<bool>,
}

impl Screen {
    /// What a new device starts with.
    pub fn new(language: Language) -> Self {
        Self { language, theme: Theme::Auto, text_size: 100, country: None, reminder: None, stays: None }
    }

    /// As chosen, or as the system has it. A file that cannot be read counts as none.
    pub fn read(files: &impl Files, system: Language) -> Self {
        let kept = files.read(SCREEN).ok().flatten();
        let read = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        read.unwrap_or_else(|| Self::new(system))
    }

    /// Keeps it.
    pub fn write(&self, files: &impl Files) -> Result<()> {
        files.write(SCREEN, &serde_json::to_vec(self).map_err(unwritable)?)
    }

    /// Makes the change; false if it is not about these.
    pub fn apply(&mut self, edit: &SettingsEdit) -> bool {
        match edit {
            SettingsEdit::Language(language) => self.language = *language,
            SettingsEdit::Theme(theme) => self.theme = *theme,
            SettingsEdit::TextSize(percent) => self.text_size = *percent,
            SettingsEdit::Reminder(time) => self.reminder = *time,
            SettingsEdit::Stays(stays) => self.stays = *stays,
            _ => return false,
        }
        true
    }
}

/// What is kept in the database and not exchanged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    pub auto_lock_minutes: u16,
    pub hide_locks: bool,
    pub safety_plan_on_lock: bool,
    pub device_name: String,
    /// In place of the country's number, where one was chosen.
    #[serde(default)]
    pub own_emergency_number: String,
    /// Kept by versions that knew no country, for which 911 was the number of everyone who chose none.
    #[serde(default, skip_serializing)]
    emergency_number: Option<String>,
    /// On this device only and never in the open: it says what somebody wants to see, and lines go by where a device is.
    #[serde(default)]
    pub lines: LineChoices,
}

impl Device {
    /// What a new device starts with.
    pub fn new(language: Language) -> Self {
        let phone = cfg!(any(target_os = "android", target_os = "ios"));
        let device_name = match (language, phone) {
            (Language::En, true) => "Phone",
            (Language::En, false) => "Computer",
            (Language::Es, true) => "Teléfono",
            (Language::Es, false) => "Computadora",
        };
        Self {
            auto_lock_minutes: 5,
            hide_locks: true,
            safety_plan_on_lock: false,
            device_name: device_name.to_owned(),
            own_emergency_number: String::new(),
            emergency_number: None,
            lines: LineChoices::default(),
        }
    }

    /// As kept. Error: `database-damaged`.
    pub fn read(tx: &Tx<'_>) -> Result<Self> {
        let kept = tx.setting(DEVICE)?;
        let read = kept.and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        read.map(Self::with_own_number)
            .ok_or_else(|| Error::new("database-damaged", "no settings of this device"))
    }

    /// A number from before there was a country stands as chosen, unless it is the one that everyone began with.
    fn with_own_number(mut self) -> Self {
        if let Some(chosen) = self.emergency_number.take().filter(|number| number != "911") {
            self.own_emergency_number = chosen;
        }
        self
    }

    /// Keeps it.
    pub fn write(&self, tx: &Tx<'_>) -> Result<()> {
        tx.set_setting(DEVICE, &serde_json::to_vec(self).map_err(unwritable)?)
    }

    /// Makes the change; false if it is not about these.
    pub fn apply(&mut self, edit: &SettingsEdit) -> bool {
        match edit {
            SettingsEdit::AutoLock(minutes) => self.auto_lock_minutes = *minutes,
            SettingsEdit::HideLocks(on) => self.hide_locks = *on,
            SettingsEdit::SafetyPlanOnLock(on) => self.safety_plan_on_lock = *on,
            SettingsEdit::DeviceName(name) => self.device_name.clone_from(name),
            SettingsEdit::EmergencyNumber(number) => self.own_emergency_number.clone_from(number),
            SettingsEdit::Lines(lines) => self.lines.clone_from(lines),
            _ => return false,
        }
        true
    }
}

fn unwritable(_: serde_json::Error) -> Error {
    Error::new("settings-unwritable", "cannot be written")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn kept(number: &str) -> Device {
        let old = format!(
            r#"{{"auto_lock_minutes":5,"hide_locks":true,"safety_plan_on_lock":false,"device_name":"Phone","emergency_number":"{number}"}}"#
        );
        serde_json::from_str::<Device>(&old).unwrap().with_own_number()
    }

    #[test]
    fn the_number_that_everyone_began_with_is_not_ones_own() {
        assert_eq!(kept("911").own_emergency_number, "");
        assert_eq!(kept("112").own_emergency_number, "112");
        let again = serde_json::to_string(&kept("112")).unwrap();
        assert!(!again.contains("\"emergency_number\""), "{again}");
    }
}
