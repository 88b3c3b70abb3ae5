//! Trellis for desktop and phone: the window, and everything of the system that the core asks for.

#[cfg(desktop)]
mod clipboard;
mod commands;
mod downloads;
mod exchange;
mod keychain;
mod links;
mod reminder;
mod shell;
mod timers;
#[cfg(desktop)]
mod tray;
mod window;
mod words;

use tauri::{App, Builder, Manager, RunEvent, Wry};

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
    let builder = match std::env::var_os("TRELLIS_HOME") {
        Some(_) => builder,
        None => builder.plugin(tauri_plugin_single_instance::init(|app, _, _| window::show(app))),
    };
    match window::asked_size() {
        Some(_) => builder,
        None => builder.plugin(tauri_plugin_window_state::Builder::new().build()),
    }
}

fn handlers(builder: Builder<Wry>) -> Builder<Wry> {
    use commands::*;
    builder.invoke_handler(tauri::generate_handler![
        app::app_status,
        app::app_start,
        app::app_unlock,
        app::app_lock,
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
