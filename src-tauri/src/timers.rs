//! What happens by itself as time goes by: the auto-lock and the daily notice.

use std::time::Duration;

use chrono::{Local, NaiveDateTime, NaiveTime};
use tauri::{AppHandle, Manager};

use crate::reminder;
use crate::shell::Shell;

/// Between two looks at the clock. Short enough for a notice at its minute, also after the machine slept.
const TICK: Duration = Duration::from_secs(5);

/// Looks at the clock for as long as the app runs.
pub async fn run(app: AppHandle) {
    let mut due: Option<(NaiveTime, NaiveDateTime)> = None;
    loop {
        tokio::time::sleep(TICK).await;
        let shell = app.state::<Shell>();
        shell.lock_if_idle();
        due = remind(&app, &shell, due);
    }
}

/// Shows the notice when it is due, and says when it is due next. Another hour chosen means another time.
fn remind(
    app: &AppHandle,
    shell: &Shell,
    due: Option<(NaiveTime, NaiveDateTime)>,
) -> Option<(NaiveTime, NaiveDateTime)> {
    let settings = shell.settings()?;
    let (hour, now) = (settings.reminder?, Local::now().naive_local());
    let at = due.filter(|(of, _)| *of == hour).map_or_else(|| reminder::next(now, hour), |(_, at)| at);
    if now < at {
        return Some((hour, at));
    }
    reminder::show(app, settings.language);
    Some((hour, reminder::next(now, hour)))
}
