//! Starting with the computer, out of sight.

use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, Wry};
use tauri_plugin_autostart::{AutoLaunchManager, Builder, Error as Refusal};
use trellis_core::error::{Error, Result};

/// The system starts the app with this word.
const HIDDEN: &str = "--hidden";

/// Asks the system to start the app, with the word that hides it.
pub fn plugin() -> TauriPlugin<Wry> {
    Builder::new().app_name("Trellis").arg(HIDDEN).build()
}

/// Whether it was started to stay out of sight.
pub fn hides() -> bool {
    std::env::args_os().any(|word| word == HIDDEN)
}

/// Whether it starts with the computer; none where it cannot. The system would not open a data folder of one's own.
pub fn is_on(app: &AppHandle) -> Option<bool> {
    let asked = app.try_state::<AutoLaunchManager>()?.is_enabled();
    asked.inspect_err(|error| tracing::warn!(%error, "autostart")).ok()
}

/// Starts it with the computer from now on, or no more. Error: `autostart-failed`.
pub fn set(app: &AppHandle, on: bool) -> Result<()> {
    let manager = app.try_state::<AutoLaunchManager>().ok_or_else(|| refused("not on this device"))?;
    let done = if on { manager.enable() } else { manager.disable() };
    done.map_err(|error: Refusal| refused(&error.to_string()))
}

fn refused(why: &str) -> Error {
    Error::new("autostart-failed", why)
}
