//! Trellis for desktop and phone: the window, and everything of the system that the core asks for.

#[cfg(desktop)]
mod autostart;
#[cfg(desktop)]
mod clipboard;
#[cfg(desktop)]
mod closing;
mod commands;
mod downloads;
mod exchange;
mod folder;
mod keychain;
mod links;
mod reminder;
mod shell;
mod timers;
#[cfg(desktop)]
mod tray;
mod window;
mod words;

#[cfg(desktop)]
use tauri::plugin::TauriPlugin;
use tauri::{App, Builder, Manager, RunEvent, Wry};
#[cfg(desktop)]
use tauri_plugin_window_state::StateFlags;

use crate::shell::Shell;

/// Runs the app until it is quit.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    log_to_stderr();
    let builder = handlers(plugins(Builder::default())).setup(|app| Ok(setup(app)?));
    match builder.build(tauri::generate_context!()) {
        Ok(app) => app.run(|app, event| {
            if let RunEvent::Exit = event {
                app.state::<Shell>().lock_at_the_end();
                #[cfg(desktop)]
                app.state::<Shell>().clear_clipboard();
            }
        }),
        Err(error) => {
            tracing::error!(%error, "could not start");
            std::process::exit(1);
        }
    }
}

/// Warnings only, and never content: the core logs codes and ids.
fn log_to_stderr() {
    let filter = std::env::var("TRELLIS_LOG").unwrap_or_else(|_| "warn".to_owned());
    let filter = tracing_subscriber::EnvFilter::try_new(filter).unwrap_or_default();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

fn plugins(builder: Builder<Wry>) -> Builder<Wry> {
    #[cfg(desktop)]
    let builder = desktop_plugins(builder);
    let builder = builder.plugin(tauri_plugin_deep_link::init()).plugin(tauri_plugin_notification::init());
    builder.plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
}

#[cfg(desktop)]
fn desktop_plugins(builder: Builder<Wry>) -> Builder<Wry> {
    // A data folder of its own is a device of its own: it may run beside the usual one.
    let builder = match folder::asked() {
        Some(_) => builder,
        None => builder
            .plugin(tauri_plugin_single_instance::init(|app, _, _| window::show(app)))
            .plugin(autostart::plugin()),
    };
    match window::asked_size() {
        Some(_) => builder,
        None => builder.plugin(window_state()),
    }
}

/// The window comes back as it was left; whether it is shown goes by how the app was started.
#[cfg(desktop)]
fn window_state() -> TauriPlugin<Wry> {
    let kept = StateFlags::all() - StateFlags::VISIBLE;
    tauri_plugin_window_state::Builder::new().with_state_flags(kept).build()
}

fn handlers(builder: Builder<Wry>) -> Builder<Wry> {
    use commands::*;
    builder.invoke_handler(tauri::generate_handler![
        app::app_status,
        app::app_start,
        app::app_unlock,
        app::app_lock,
        app::app_close,
        app::app_erase,
        app::app_hide,
        app::app_touched,
        app::keychain_cancel,
        app::lock_change,
        app::safety_plan_locked,
        app::link_copy,
        app::country_choose,
        app::link_dismiss,
        checkin::checkin_get,
        checkin::checkin_list,
        checkin::checkin_save,
        checkin::checkin_delete,
        circle::circle_get,
        circle::circle_save,
        coach::case_get,
        coach::case_save,
        coach::caseload_get,
        coach::supervision_get,
        coach::supervision_save,
        draft::draft_drop,
        draft::draft_get,
        draft::draft_save,
        devices::devices_get,
        devices::device_sign_out,
        devices::pairing_get,
        devices::pairing_offer,
        devices::pairing_let_in,
        devices::pairing_cancel,
        devices::pairing_join,
        devices::phrase_show,
        devices::phrase_check,
        devices::phrase_confirm,
        joining::ask_answer,
        joining::invite_make,
        joining::invite_withdraw,
        joining::join_ask,
        joining::join_drop,
        joining::join_get,
        joining::join_look,
        journey::journey_get,
        people::member_change,
        people::people_get,
        need::need_ask,
        need::need_get,
        need::need_keep,
        need::need_okay,
        people::person_save,
        people::person_spaces,
        people::safety_words,
        people::space_forget,
        people::space_get,
        people::space_leave,
        people::space_make,
        people::space_settle,
        plan::plan_get,
        plan::plan_save,
        safety::safety_get,
        safety::safety_save,
        settings::settings_get,
        settings::settings_save,
        settings::undo,
        sharing::audience_get,
        sharing::consent_pdf,
        sharing::consent_sign,
        sharing::consent_stop,
        sharing::shared_pdf,
        sharing::sharing_get,
        sync::sync_get,
        sync::sync_now,
        sync::relay_get,
        sync::relay_save,
        sync::relay_test,
        today::today_get,
        work::work_get,
        work::work_save,
    ])
}

fn setup(app: &mut App) -> anyhow::Result<()> {
    let handle = app.handle().clone();
    app.manage(Shell::open(&handle)?);
    #[cfg(desktop)]
    app.state::<Shell>().open_tray();
    app.state::<Shell>().settings_changed();
    links::listen(&handle);
    tauri::async_runtime::spawn(exchange::run(handle.clone()));
    tauri::async_runtime::spawn(timers::run(handle.clone()));
    timers::watch_keychain(handle.clone());
    Ok(window::open(&handle)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// A command that is only in one of the lists is refused when a person presses its button.
    #[test]
    fn every_command_is_listed_and_allowed() {
        let handled: BTreeSet<String> = include_str!("lib.rs")
            .lines()
            .filter_map(|line| line.trim().strip_suffix(',')?.split_once("::"))
            .filter(|(room, name)| [room, name].iter().all(|word| word.chars().all(is_of_a_name)))
            .map(|(_, name)| name.to_owned())
            .collect();
        let quoted = |text: &str, start: &str| -> BTreeSet<String> {
            let words = text.split('"').skip(1).step_by(2);
            words.filter_map(|word| word.strip_prefix(start)).map(|word| word.replace('-', "_")).collect()
        };
        let listed = include_str!("../build.rs").split_once("COMMANDS").map_or("", |(_, list)| list);
        let listed = quoted(listed.split_once("];").map_or("", |(list, _)| list), "");
        let allowed = quoted(include_str!("../capabilities/main.json"), "allow-");
        assert!(handled.len() > 50, "only {} commands were found", handled.len());
        assert_eq!((&handled, &handled), (&listed, &allowed));
    }

    fn is_of_a_name(c: char) -> bool {
        c.is_ascii_lowercase() || c == '_'
    }
}
