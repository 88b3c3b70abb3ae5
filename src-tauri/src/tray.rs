//! The tray: three neutral entries in the person's language.

use std::time::{Duration, Instant};

use tauri::image::Image;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager};
use trellis_api_types::settings::Language;

use crate::{autostart, shell::Shell, window, words::Words};

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

/// How long a desktop that has only just started may take to show its tray.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether something on this desktop shows tray icons, now or in a moment: who starts with the computer may be there first.
pub fn comes() -> bool {
    let end = Instant::now() + if autostart::hides() { PATIENCE } else { Duration::ZERO };
    while !shown() {
        if Instant::now() >= end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(250));
    }
    true
}

/// Whether something on this desktop shows tray icons. On Linux an icon can be made that nobody draws.
#[cfg(target_os = "linux")]
fn shown() -> bool {
    let watched = || -> zbus::Result<bool> {
        let bus = zbus::blocking::Connection::session()?;
        let names = zbus::blocking::fdo::DBusProxy::new(&bus)?;
        Ok(names.name_has_owner("org.kde.StatusNotifierWatcher".try_into()?)?)
    };
    watched().unwrap_or(false)
}

/// Whether something on this desktop shows tray icons.
#[cfg(not(target_os = "linux"))]
fn shown() -> bool {
    true
}
