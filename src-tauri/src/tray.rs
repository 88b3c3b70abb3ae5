//! The tray: three neutral entries in the person's language.

use tauri::image::Image;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager};
use trellis_api_types::settings::Language;

use crate::{shell::Shell, window, words::Words};

const ID: &str = "tray";

/// Puts the icon there. Fails where the system has no place for it.
pub fn open(app: &AppHandle, language: Language) -> tauri::Result<()> {
    TrayIconBuilder::with_id(ID)
        .icon(Image::from_bytes(include_bytes!("../../icons/tray.png"))?)
        .icon_as_template(true)
        .tooltip("Trellis")
        .menu(&menu(app, language)?)
        .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
        .build(app)
        .map(drop)
}

/// Says the entries in another language.
pub fn speak(app: &AppHandle, language: Language) -> tauri::Result<()> {
    let Some(tray) = app.tray_by_id(ID) else { return Ok(()) };
    tray.set_menu(Some(menu(app, language)?))
}

fn menu(app: &AppHandle, language: Language) -> tauri::Result<Menu<tauri::Wry>> {
    let words = Words::of(language);
    let entry = |id, text| MenuItem::with_id(app, id, text, true, None::<&str>);
    let [open, lock, quit] =
        [entry("open", &words.open)?, entry("lock", &words.lock)?, entry("quit", &words.quit)?];
    Menu::with_items(app, &[&open, &lock, &quit])
}

fn chosen(app: &AppHandle, entry: &str) {
    match entry {
        "open" => window::show(app),
        "lock" => app.state::<Shell>().lock_soon(),
        _ => app.exit(0),
    }
}

/// Whether something on this desktop shows tray icons. On Linux an icon can be made that nobody draws.
#[cfg(target_os = "linux")]
pub fn shown() -> bool {
    let watched = || -> zbus::Result<bool> {
        let bus = zbus::blocking::Connection::session()?;
        let names = zbus::blocking::fdo::DBusProxy::new(&bus)?;
        Ok(names.name_has_owner("org.kde.StatusNotifierWatcher".try_into()?)?)
    };
    watched().unwrap_or(false)
}

/// Whether something on this desktop shows tray icons.
#[cfg(not(target_os = "linux"))]
pub fn shown() -> bool {
    true
}
