//! Lists every command, so that what the window may call is decided in `capabilities/` and nowhere else.

const COMMANDS: &[&str] = &[
    "app_erase",
    "app_hide",
    "app_lock",
    "app_start",
    "app_status",
    "app_touched",
    "app_unlock",
    "checkin_delete",
    "checkin_get",
    "checkin_list",
    "checkin_save",
    "device_sign_out",
    "devices_get",
    "journey_get",
    "link_dismiss",
    "lock_change",
    "pairing_cancel",
    "pairing_get",
    "pairing_join",
    "pairing_let_in",
    "pairing_offer",
    "phrase_check",
    "phrase_confirm",
    "phrase_show",
    "plan_get",
    "plan_save",
    "relay_get",
    "relay_save",
    "relay_test",
    "safety_get",
    "safety_plan_locked",
    "safety_save",
    "settings_get",
    "settings_save",
    "sync_get",
    "sync_now",
    "today_get",
    "undo",
];

fn main() -> std::io::Result<()> {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    tauri_build::try_build(attributes).map_err(std::io::Error::other)
}
