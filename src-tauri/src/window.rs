//! The one window: making it, showing it, hiding it.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, WebviewUrl, WebviewWindowBuilder};
#[cfg(desktop)]
use tauri::{Manager, WebviewWindow, WindowEvent};
#[cfg(desktop)]
use trellis_api_types::app::Event;

use crate::links;
#[cfg(desktop)]
use crate::{autostart, closing::Closing, shell::Shell};

/// Label of the window; `capabilities/main.json` names it too.
pub const MAIN: &str = "main";

/// Size of the window at the first start, in logical pixels.
#[cfg(desktop)]
const SIZE: (f64, f64) = (1120.0, 780.0);

/// Makes the window. The web view keeps nothing on disk: no cache, no history, no cookies.
/// Only a driver needs a context that lasts: WebKitGTK lets it into no other.
pub fn open(app: &AppHandle) -> tauri::Result<()> {
    let driven = std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some();
    let builder = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .incognito(!driven)
        // Ctrl and plus, minus or 0, as in every browser.
        .zoom_hotkeys_enabled(true)
        .on_navigation(links::stays)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .initialization_script(include_str!("touch.js"));
    #[cfg(desktop)]
    let builder = {
        let (width, height) = asked_size().unwrap_or(SIZE);
        let shown = !(autostart::hides() && app.state::<Shell>().has_tray());
        builder.title("Trellis").inner_size(width, height).min_inner_size(320.0, 480.0).visible(shown)
    };
    builder.build()?;
    #[cfg(desktop)]
    started(app);
    Ok(())
}

/// Takes the window out of sight if it was started so, and hears when it is closed.
#[cfg(desktop)]
fn started(app: &AppHandle) {
    if autostart::hides() {
        hide(app, app.state::<Shell>().has_tray());
    }
    let (Some(window), app) = (main(app), app.clone()) else { return };
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event
            && !close(&app)
        {
            api.prevent_close();
        }
    });
}

/// Whether closing the window ends the app. If not, the screens ask about it, or the app goes on in the tray.
#[cfg(desktop)]
fn close(app: &AppHandle) -> bool {
    let shell = app.state::<Shell>();
    match shell.closing() {
        Closing::Ends => return true,
        Closing::Asks => {
            show(app);
            shell.tell(Event::Closing);
        }
        Closing::Hides => shell.hide_soon(),
    }
    false
}

/// The size asked for by `TRELLIS_WINDOW`, as in `390x844`, for pictures.
#[cfg(desktop)]
pub fn asked_size() -> Option<(f64, f64)> {
    let text = std::env::var("TRELLIS_WINDOW").ok()?;
    let (width, height) = text.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

/// Brings the window to the front.
#[cfg(desktop)]
pub fn show(app: &AppHandle) {
    if let Some(window) = main(app) {
        let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
        report("show", shown);
    }
}

/// Whether the window is before the person's eyes.
pub fn is_looked_at(app: &AppHandle) -> bool {
    use tauri::Manager;
    app.get_webview_window(MAIN).is_some_and(|window| window.is_focused().unwrap_or(false))
}

/// Takes the window out of sight: into the tray where there is one, else among the minimised.
#[cfg(desktop)]
pub fn hide(app: &AppHandle, into_tray: bool) {
    if let Some(window) = main(app) {
        report("hide", if into_tray { window.hide() } else { window.minimize() });
    }
}

#[cfg(desktop)]
fn main(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window(MAIN)
}

#[cfg(desktop)]
fn report(what: &str, done: tauri::Result<()>) {
    if let Err(error) = done {
        tracing::warn!(what, %error, "window");
    }
}
