//! What is shared by consent.

use tauri::{AppHandle, Manager, State};
use trellis_api_types::ApiError;
use trellis_api_types::audience::AudienceGet;
use trellis_api_types::sharing::*;
use trellis_core::error::{Error, Result};

use super::{delegate, delegate_changes};
use crate::downloads;
use crate::shell::{Core, Shell};

delegate! {
    /// What is shared in a space.
    sharing_get: SharingGet;
    /// Who sees what is being written.
    audience_get: AudienceGet;
}

delegate_changes! {
    /// Signs a new version.
    consent_sign: ConsentSign;
    /// Stops sharing.
    consent_stop: ConsentStop;
}

/// Saves a version as a PDF.
#[tauri::command(async)]
pub fn consent_pdf(app: AppHandle, shell: State<'_, Shell>, args: ConsentPdf) -> Result<FileMade, ApiError> {
    save(&app, &shell, |core| core.consent_pdf(args))
}

/// Saves what somebody shared as a PDF.
#[tauri::command(async)]
pub fn shared_pdf(app: AppHandle, shell: State<'_, Shell>, args: SharedPdf) -> Result<FileMade, ApiError> {
    save(&app, &shell, |core| core.shared_pdf(args))
}

fn save(
    app: &AppHandle,
    shell: &Shell,
    paper: impl FnOnce(&mut Core) -> Result<Vec<u8>>,
) -> Result<FileMade, ApiError> {
    let bytes = shell.ask(paper)?;
    let missing = |_| Error::new("file-io", "there is no folder for downloads");
    // Where the system names no folder for downloads it is the usual one.
    let usual = |_| app.path().home_dir().map(|home| home.join("Downloads"));
    let folder = app.path().download_dir().or_else(usual).map_err(missing)?;
    let path = downloads::keep(&folder, chrono::Local::now().date_naive(), &bytes)?;
    Ok(FileMade { path: path.display().to_string() })
}
