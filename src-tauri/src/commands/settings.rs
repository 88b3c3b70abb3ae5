//! What the person chose.

use tauri::State;
use trellis_api_types::ApiError;
use trellis_api_types::command::{Saved, Undo};
use trellis_api_types::settings::*;

use crate::shell::Shell;

/// All settings.
#[tauri::command(async)]
pub fn settings_get(shell: State<'_, Shell>, args: SettingsGet) -> Result<Settings, ApiError> {
    let settings = shell.ask(|core| core.settings_get(args))?;
    Ok(Settings { starts_with_system: shell.starts_with_system(), ..settings })
}

/// Changes one; the tray and the timers follow. The system itself keeps whether it starts the app.
#[tauri::command(async)]
pub fn settings_save(shell: State<'_, Shell>, args: SettingsSave) -> Result<Saved, ApiError> {
    if let SettingsEdit::StartsWithSystem(on) = args.edit {
        return shell.start_with_system(on).map(|()| Saved::default());
    }
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
