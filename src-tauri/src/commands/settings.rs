//! What the person chose.

use tauri::State;
use trellis_api_types::ApiError;
use trellis_api_types::command::{Saved, Undo};
use trellis_api_types::settings::*;

use super::delegate;
use crate::shell::Shell;

delegate! {
    /// All settings.
    settings_get: SettingsGet;
}

/// Changes one; the tray and the timers follow.
#[tauri::command(async)]
pub fn settings_save(shell: State<'_, Shell>, args: SettingsSave) -> Result<Saved, ApiError> {
    let saved = shell.ask(|core| core.settings_save(args))?;
    shell.settings_changed();
    Ok(saved)
}

/// Takes a change back; it may have been one of the settings.
#[tauri::command(async)]
pub fn undo(shell: State<'_, Shell>, args: Undo) -> Result<(), ApiError> {
    shell.ask(|core| core.undo(args))?;
    shell.settings_changed();
    Ok(())
}
