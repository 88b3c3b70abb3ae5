//! What happens by itself as time goes by: the auto-lock and the daily notice.

use std::time::Duration;

use chrono::{Local, NaiveDateTime};
use tauri::{AppHandle, Manager};

use crate::reminder;
use crate::shell::Shell;

/// Between two looks at the clock. Short enough for a notice at its minute, also after the machine slept.
const TICK: Duration = Duration::from_secs(5);

/// Looks at the clock for as long as the app runs.
pub async fn run(app: AppHandle) {
    let mut before = Local::now().naive_local();
    loop {
        tokio::time::sleep(TICK).await;
        let shell = app.state::<Shell>();
        shell.lock_if_idle();
        let now = Local::now().naive_local();
        remind(&app, &shell, before, now);
        before = now;
    }
}

/// Shows the notice if its hour came between two looks.
fn remind(app: &AppHandle, shell: &Shell, before: NaiveDateTime, now: NaiveDateTime) {
    if let Some((hour, language)) = shell.notice()
        && reminder::next(before, hour) <= now
    {
        reminder::show(app, language);
    }
}
