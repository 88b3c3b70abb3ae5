//! What happens by itself as time goes by: the auto-lock, the daily notice, a new day, and a keychain that comes or goes.

use std::time::Duration;

use chrono::{DateTime, Local, NaiveDate};
use tauri::{AppHandle, Manager};
use trellis_api_types::app::{Event, Zone};
use trellis_core::platform::Keychain;

use crate::reminder::{self, Given};
use crate::shell::Shell;

/// Between two looks at the clock. Short enough for a notice at its minute, also after the machine slept.
const TICK: Duration = Duration::from_secs(5);

/// Between two looks at a keychain that answers.
const SELDOM: Duration = Duration::from_secs(60);

/// Looks at the clock for as long as the app runs.
pub async fn run(app: AppHandle) {
    let (mut before, mut day, mut given) = (Local::now(), day_of(&Local::now()), Given::default());
    loop {
        tokio::time::sleep(TICK).await;
        let shell = app.state::<Shell>();
        shell.lock_if_idle();
        let now = Local::now();
        if let Some((hour, language)) = shell.notice()
            && given.is_due(before.naive_local(), now.naive_local(), hour)
        {
            reminder::show(&app, language);
        }
        let today = day_of(&now);
        if today != day {
            shell.tell(Event::Day(today.1.clone()));
        }
        (before, day) = (now, today);
    }
}

/// The local day, and where the clocks are set to.
fn day_of(now: &DateTime<Local>) -> (NaiveDate, Zone) {
    let name = iana_time_zone::get_timezone().unwrap_or_default();
    (now.date_naive(), Zone { name, ahead: now.offset().local_minus_utc() / 60 })
}

/// Looks after the system's keychain for as long as the app runs; it may be slow, so this has a thread of its own.
pub fn watch_keychain(app: AppHandle) {
    std::thread::spawn(move || {
        loop {
            let shell = app.state::<Shell>();
            if shell.keychain.look() {
                shell.tell(Event::Status);
            }
            std::thread::sleep(if shell.keychain.keychain_available() { SELDOM } else { TICK });
        }
    });
}
