//! Choices that stay on this device.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use trellis_api_types::settings::{Language, SettingsEdit, Theme};

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
    pub reminder: Option<NaiveTime>,
}

impl Screen {
    /// What a new device starts with.
    pub fn new(language: Language) -> Self {
        Self { language, theme: Theme::Auto, text_size: 100, reminder: None }
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
    pub emergency_number: String,
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
            emergency_number: "911".to_owned(),
        }
    }

    /// As kept. Error: `database-damaged`.
    pub fn read(tx: &Tx<'_>) -> Result<Self> {
        let kept = tx.setting(DEVICE)?;
        let read = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        read.ok_or_else(|| Error::new("database-damaged", "no settings of this device"))
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
            SettingsEdit::EmergencyNumber(number) => self.emergency_number.clone_from(number),
            _ => return false,
        }
        true
    }
}

fn unwritable(_: serde_json::Error) -> Error {
    Error::new("settings-unwritable", "cannot be written")
}
