//! Settings: shared ones go through a document, the others stay here.

use trellis_api_types::command::Saved;
use trellis_api_types::settings::{Settings, SettingsEdit, SettingsGet, SettingsSave};

use super::App;
use super::device::Screen;
use super::lockfile::LockFile;
use super::undo::Undo;
use crate::crdt::{DocId, write_settings};
use crate::domain::validate;
use crate::error::{Error, Result};
use crate::platform::Host;
use crate::sync::devices;

impl<H: Host> App<H> {
    /// All settings.
    pub fn settings_get(&mut self, SettingsGet {}: SettingsGet) -> Result<Settings> {
        let screen = Screen::read(&self.host, self.system);
        let lock = LockFile::read(&self.host)?.ok_or_else(|| Error::new("key-missing", "no lock file"))?;
        let session = self.session()?;
        let (shared, device) = (session.shared_settings()?, session.device()?);
        Ok(Settings {
            name: shared.name,
            recovery_start: shared.recovery_start,
            aims: shared.aims,
            pathway: shared.pathway,
            tracks_medication: shared.tracks_medication,
            tags: shared.tags,
            meetings: shared.meetings,
            language: screen.language,
            theme: screen.theme,
            text_size: screen.text_size,
            auto_lock_minutes: device.auto_lock_minutes,
            hide_locks: device.hide_locks,
            safety_plan_on_lock: device.safety_plan_on_lock,
            reminder: screen.reminder,
            lock: lock.kind(),
            device_name: device.device_name,
            emergency_number: device.own_emergency_number,
            lines: device.lines,
            my_phone: shared.my_phone,
            days_on_today: !shared.days_hidden,
            stays: screen.stays,
            starts_with_system: None,
        })
    }

    /// Changes one setting. Errors: `bad-date`, `bad-number`, `too-long`, `empty-text`.
    pub fn settings_save(&mut self, SettingsSave { edit }: SettingsSave) -> Result<Saved> {
        let edit = validate::tidy(edit);
        validate::settings(&edit, self.today())?;
        let before = like(&self.settings_get(SettingsGet {})?, &edit);
        if before == edit {
            return Ok(Saved::default());
        }
        if self.keep_here(&edit)? {
            let (session, host) = self.parts()?;
            let undo = session.undo.add(host, Undo::Device { before, after: edit });
            return Ok(Saved { undo: Some(undo) });
        }
        let (session, host) = self.parts()?;
        let undo = session.edit(host, DocId::Settings, |change| write_settings(change, &edit))?;
        Ok(Saved { undo })
    }

    /// Puts a choice of this device back, unless it was changed again since.
    pub(super) fn undo_setting(&mut self, before: SettingsEdit, after: &SettingsEdit) -> Result<()> {
        let now = like(&self.settings_get(SettingsGet {})?, after);
        if now == *after { self.keep_here(&before).map(drop) } else { Ok(()) }
    }

    /// Keeps a choice of this device; false if it is a shared one.
    fn keep_here(&mut self, edit: &SettingsEdit) -> Result<bool> {
        let mut screen = Screen::read(&self.host, self.system);
        if screen.apply(edit) {
            return screen.write(&self.host).map(|()| true);
        }
        let now = self.host.now_ms();
        let session = self.session()?;
        let mut device = session.device()?;
        if !device.apply(edit) {
            return Ok(false);
        }
        session.tx(|tx, _| {
            device.write(tx)?;
            match edit {
                SettingsEdit::DeviceName(name) => devices::rename(tx, name, now),
                _ => Ok(()),
            }
        })?;
        if matches!(edit, SettingsEdit::SafetyPlanOnLock(_) | SettingsEdit::EmergencyNumber(_)) {
            self.refresh_locked_plan()?;
        }
        Ok(true)
    }
}

/// The edit that would set what `settings` hold of the setting that `edit` is about.
fn like(settings: &Settings, edit: &SettingsEdit) -> SettingsEdit {
    match edit {
        SettingsEdit::Name(_) => SettingsEdit::Name(settings.name.clone()),
        SettingsEdit::RecoveryStart(_) => SettingsEdit::RecoveryStart(settings.recovery_start),
        SettingsEdit::Aims(_) => SettingsEdit::Aims(settings.aims.clone()),
        SettingsEdit::Pathway(_) => SettingsEdit::Pathway(settings.pathway),
        SettingsEdit::TracksMedication(_) => SettingsEdit::TracksMedication(settings.tracks_medication),
        SettingsEdit::Tags(_) => SettingsEdit::Tags(settings.tags.clone()),
        SettingsEdit::Meetings(_) => SettingsEdit::Meetings(settings.meetings.clone()),
        SettingsEdit::Language(_) => SettingsEdit::Language(settings.language),
        SettingsEdit::Theme(_) => SettingsEdit::Theme(settings.theme),
        SettingsEdit::TextSize(_) => SettingsEdit::TextSize(settings.text_size),
        SettingsEdit::AutoLock(_) => SettingsEdit::AutoLock(settings.auto_lock_minutes),
        SettingsEdit::HideLocks(_) => SettingsEdit::HideLocks(settings.hide_locks),
        SettingsEdit::SafetyPlanOnLock(_) => SettingsEdit::SafetyPlanOnLock(settings.safety_plan_on_lock),
        SettingsEdit::Reminder(_) => SettingsEdit::Reminder(settings.reminder),
        SettingsEdit::DeviceName(_) => SettingsEdit::DeviceName(settings.device_name.clone()),
        SettingsEdit::EmergencyNumber(_) => SettingsEdit::EmergencyNumber(settings.emergency_number.clone()),
        SettingsEdit::Lines(_) => SettingsEdit::Lines(settings.lines.clone()),
        SettingsEdit::MyPhone(_) => SettingsEdit::MyPhone(settings.my_phone.clone()),
        SettingsEdit::DaysOnToday(_) => SettingsEdit::DaysOnToday(settings.days_on_today),
        SettingsEdit::Stays(_) => SettingsEdit::Stays(settings.stays),
        SettingsEdit::StartsWithSystem(_) => {
            SettingsEdit::StartsWithSystem(settings.starts_with_system.unwrap_or_default())
        }
    }
}
