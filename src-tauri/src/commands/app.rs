//! Starting, locking, unlocking, hiding.

use tauri::State;
use trellis_api_types::ApiError;
use trellis_api_types::app::*;
use trellis_api_types::safety::SafetyPlan;

use crate::shell::{Core, Shell};

type Answer<T> = Result<T, ApiError>;

/// What can be shown now.
#[tauri::command(async)]
pub fn app_status(shell: State<'_, Shell>, args: AppStatus) -> Answer<Status> {
    shell.status(args)
}

/// First start on a first device.
#[tauri::command(async)]
pub fn app_start(shell: State<'_, Shell>, args: AppStart) -> Answer<()> {
    shell.ask(|core| core.app_start(args))?;
    shell.started();
    Ok(())
}

/// Opens what is locked.
#[tauri::command(async)]
pub fn app_unlock(shell: State<'_, Shell>, args: AppUnlock) -> Answer<()> {
    shell.fetch(Core::key_in_keychain)?;
    let opened = shell.ask(|core| core.app_unlock(args));
    shell.keychain.forget_fetched();
    opened?;
    shell.opened();
    Ok(())
}

/// Locks now.
#[tauri::command(async)]
pub fn app_lock(shell: State<'_, Shell>, args: AppLock) -> Answer<()> {
    let AppLock {} = args;
    shell.lock();
    Ok(())
}

/// Hides the window and locks if the person chose that.
#[tauri::command(async)]
pub fn app_hide(shell: State<'_, Shell>, args: AppHide) -> Answer<()> {
    let AppHide {} = args;
    shell.hide();
    Ok(())
}

/// Keeps whether closing leaves the app in the tray, and closes.
#[tauri::command(async)]
pub fn app_close(shell: State<'_, Shell>, args: AppClose) -> Answer<()> {
    shell.close(args);
    Ok(())
}

/// Erases what a signed-out device holds.
#[tauri::command(async)]
pub fn app_erase(shell: State<'_, Shell>, args: AppErase) -> Answer<()> {
    shell.ask(|core| core.app_erase(args))?;
    shell.opened();
    Ok(())
}

/// Changes the lock.
#[tauri::command(async)]
pub fn lock_change(shell: State<'_, Shell>, args: LockChange) -> Answer<()> {
    shell.ask(|core| core.lock_change(args))
}

/// The safety plan on the lock screen.
#[tauri::command(async)]
pub fn safety_plan_locked(shell: State<'_, Shell>, args: SafetyPlanLocked) -> Answer<SafetyPlan> {
    shell.fetch(Core::plan_in_keychain)?;
    let plan = shell.ask(|core| core.safety_plan_locked(args));
    shell.keychain.forget_fetched();
    plan
}

/// Copies a link for a minute.
#[cfg(desktop)]
#[tauri::command(async)]
pub fn link_copy(shell: State<'_, Shell>, args: LinkCopy) -> Answer<bool> {
    shell.copy(&args.link).map(|()| true)
}

/// A phone's clipboard is left to the web view.
#[cfg(mobile)]
#[tauri::command(async)]
pub fn link_copy(args: LinkCopy) -> Answer<bool> {
    let LinkCopy { link: _ } = args;
    Ok(false)
}

/// Chooses the country.
#[tauri::command(async)]
pub fn country_choose(shell: State<'_, Shell>, args: CountryChoose) -> Answer<()> {
    shell.ask(|core| core.country_choose(args))?;
    shell.tell(Event::Status);
    Ok(())
}

/// Drops the link the app was opened with.
#[tauri::command(async)]
pub fn link_dismiss(shell: State<'_, Shell>, args: LinkDismiss) -> Answer<()> {
    let LinkDismiss {} = args;
    shell.drop_link();
    Ok(())
}

/// Gives up what waits for the system's keychain. On the window's own thread: it waits for nobody.
#[tauri::command]
pub fn keychain_cancel(shell: State<'_, Shell>, args: KeychainCancel) {
    let KeychainCancel {} = args;
    shell.keychain.cancel();
}

/// The person touched the screen or a key: the auto-lock starts counting again. Sent by the window itself.
#[tauri::command]
pub fn app_touched(shell: State<'_, Shell>) {
    shell.touched();
}
