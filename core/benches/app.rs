//! How quick the app is with an empty and with a ten-year journal.
//!
//! `cargo bench -p trellis-core --bench app -- [--json FILE]` prints a table, and writes the same as JSON.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use common::{Machine, TestApp, checkin, start};
use serde_json::{Value, json};
use trellis_api_types::app::{AppUnlock, Lock};
use trellis_api_types::checkin::{CheckIn, CheckInSave};
use trellis_api_types::journey::JourneyGet;
use trellis_api_types::today::TodayGet;

const OPENINGS: usize = 30;
const SAVES: usize = 150;
/// Both journals are measured in the middle of a year, so that the document of that year has the same size.
const HALF_YEAR: i64 = 183;

/// A machine whose journal has a check-in on each of these days.
fn journal(first_day: &str, days: i64) -> (Machine, TestApp) {
    let machine = Machine::new(first_day);
    let mut app = machine.app();
    let recovery_start = Some(common::day(first_day));
    app.app_start(trellis_api_types::app::AppStart { recovery_start, ..start(Lock::Keychain) }).unwrap();
    for n in 0..days {
        save(&mut app, &machine, &format!("day-{n}"));
        machine.time.days(1);
    }
    (machine, app)
}

fn save(app: &mut TestApp, machine: &Machine, id: &str) {
    let date = chrono::DateTime::from_timestamp_millis(machine.time.now()).unwrap().date_naive().to_string();
    let note = "Walked by the river with Jo, then called my sister. A quiet day, and a good one.".to_owned();
    let tags = vec!["family".to_owned(), "health".to_owned()];
    let checkin = CheckIn { note, tags, ..checkin(id, &date) };
    app.checkin_save(CheckInSave { checkin }).unwrap();
}

fn ms(work: impl FnOnce()) -> f64 {
    let began = Instant::now();
    work();
    began.elapsed().as_secs_f64() * 1000.0
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// From a new process's first call to the first screen.
fn unlock_to_today(machine: &Machine, passphrase: Option<&str>, openings: usize) -> f64 {
    let open = || {
        let mut app = machine.app();
        app.app_unlock(AppUnlock { passphrase: passphrase.map(str::to_owned) }).unwrap();
        app.today_get(TodayGet {}).unwrap();
    };
    median((0..openings).map(|_| ms(open)).collect())
}

/// Saves in turn, so that whatever else the machine does falls on both alike.
fn save_both(first: &mut (Machine, TestApp), tenth: &mut (Machine, TestApp)) -> (f64, f64) {
    let mut took = (vec![], vec![]);
    for n in 0..SAVES {
        let id = format!("measured-{n}");
        took.0.push(ms(|| save(&mut first.1, &first.0, &id)));
        took.1.push(ms(|| save(&mut tenth.1, &tenth.0, &id)));
    }
    (median(took.0), median(took.1))
}

fn journey(tenth: &mut (Machine, TestApp)) -> f64 {
    let today = chrono::DateTime::from_timestamp_millis(tenth.0.time.now()).unwrap().date_naive();
    let args = JourneyGet { from: today - chrono::Days::new(399), to: today };
    median((0..OPENINGS).map(|_| ms(|| drop(tenth.1.journey_get(args.clone()).unwrap()))).collect())
}

fn measure() -> Vec<Value> {
    let empty = Machine::new("2026-01-01");
    drop(empty.started(Lock::Keychain));
    let wrapped = Machine::new("2026-01-01");
    drop(wrapped.started(Lock::Passphrase("correct horse".into())));
    let mut first = journal("2025-01-01", HALF_YEAR);
    let mut tenth = journal("2016-01-01", 3653 - 365 + HALF_YEAR);
    let (year_1, year_10) = save_both(&mut first, &mut tenth);
    let journey = journey(&mut tenth);
    drop(tenth.1);
    let bytes = std::fs::metadata(tenth.0.path().join("store")).unwrap().len();
    let passphrase = Some("correct horse");
    vec![
        row("unlock to Today, empty journal", unlock_to_today(&empty, None, OPENINGS), "ms"),
        row("unlock to Today, ten years", unlock_to_today(&tenth.0, None, OPENINGS), "ms"),
        row("unlock to Today, with a passphrase", unlock_to_today(&wrapped, passphrase, 5), "ms"),
        row("save a check-in, year 1", year_1, "ms"),
        row("save a check-in, year 10", year_10, "ms"),
        row("save a check-in, ratio of year 10 to year 1", year_10 / year_1, "(aim: 1.2 or less)"),
        row("open the journey, ten years", journey, "ms"),
        row("database, ten years", bytes as f64 / 1e6, "MB"),
    ]
}

/// A line of the table.
fn row(what: &str, figure: f64, unit: &str) -> Value {
    println!("{what:<52} {figure:>10.2} {unit}");
    json!({ "what": what, "figure": figure, "unit": unit })
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let rows = measure();
    let Some(at) = args.iter().position(|arg| arg == "--json") else { return };
    std::fs::write(&args[at + 1], serde_json::to_vec_pretty(&rows).unwrap()).unwrap();
}
