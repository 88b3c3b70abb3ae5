//! Kill -9 at any point: what was said to be saved is there afterwards.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::{Machine, checkin, day, start};
use trellis_api_types::app::{AppUnlock, Lock};
use trellis_api_types::checkin::{CheckIn, CheckInList, CheckInSave};
use trellis_api_types::settings::Language;
use trellis_core::app::App;
use trellis_core::native::Native;
use trellis_core::platform::Keychain;

const FOLDER: &str = "TRELLIS_CRASH_FOLDER";
const FROM: &str = "TRELLIS_CRASH_FROM";
const KILLS: u32 = 200;

/// A keychain that outlives the process, as the system's does, without its prompts.
struct FileKeychain(PathBuf);

impl Keychain for FileKeychain {
    fn keychain_available(&self) -> bool {
        true
    }
    fn keychain_get(&self, name: &str) -> trellis_core::Result<Option<Vec<u8>>> {
        Ok(fs::read(self.0.join(name)).ok())
    }
    fn keychain_set(&self, name: &str, secret: &[u8]) -> trellis_core::Result<()> {
        fs::write(self.0.join(name), secret).unwrap();
        Ok(())
    }
    fn keychain_delete(&self, _name: &str) -> trellis_core::Result<()> {
        Ok(())
    }
}

fn app(folder: &Path) -> App<Native<FileKeychain>> {
    App::new(Native::new(folder, FileKeychain(folder.to_owned())).unwrap(), Language::En)
}

fn unlocked(folder: &Path) -> App<Native<FileKeychain>> {
    let mut app = app(folder);
    app.app_unlock(AppUnlock { passphrase: None }).unwrap();
    app
}

/// It says which save was acknowledged.
#[test]
#[ignore = "the process that the test below kills"]
fn saves_until_killed() {
    let folder = std::env::var_os(FOLDER).unwrap();
    let from: u32 = std::env::var(FROM).unwrap().parse().unwrap();
    let mut app = unlocked(Path::new(&folder));
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready").unwrap();
    for n in from.. {
        let checkin = CheckIn { note: format!("note {n}"), ..checkin(&format!("c{}", n % 40), "2020-05-05") };
        app.checkin_save(CheckInSave { checkin }).unwrap();
        writeln!(out, "saved {n}.").unwrap();
        out.flush().unwrap();
    }
}

fn saver(folder: &Path, from: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["saves_until_killed", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(FROM, from.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits for some acknowledged saves and a little longer, kills the process, and answers the last acknowledged save.
fn run_and_kill(folder: &Path, from: u32, saves: u32, longer: Duration) -> Option<u32> {
    let mut child = saver(folder, from);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut saved = lines.skip_while(|line| !line.ends_with("ready")).skip(1).filter_map(number);
    let seen = (0..saves).map(|_| saved.next().expect("the process ended by itself")).last();
    std::thread::sleep(longer);
    child.kill().unwrap();
    child.wait().unwrap();
    saved.last().or(seen)
}

/// The number of an acknowledged save; none for a line that was cut off.
fn number(line: String) -> Option<u32> {
    line.strip_prefix("saved ")?.strip_suffix('.')?.parse().ok()
}

fn notes(folder: &Path) -> BTreeMap<String, u32> {
    let all = unlocked(folder).checkin_list(CheckInList { from: day("2020-05-05"), to: day("2020-05-05") });
    let number = |note: &str| note.strip_prefix("note ").unwrap().parse().unwrap();
    all.unwrap().into_iter().map(|c| (c.id, number(&c.note))).collect()
}

#[test]
fn nothing_acknowledged_is_lost() {
    let machine = Machine::new("2026-11-22");
    let folder = machine.path();
    app(folder).app_start(start(Lock::Keychain)).unwrap();
    let mut next = 0;
    for kill in 0..KILLS {
        let longer = Duration::from_micros(u64::from(kill) * 7919 % 6000);
        let Some(last) = run_and_kill(folder, next, kill % 4, longer) else { continue };
        let kept = notes(folder);
        for n in last.saturating_sub(39).max(next)..=last {
            let found = kept.get(&format!("c{}", n % 40)).copied();
            // The save under way when the process died may have come through without being acknowledged.
            assert!(found == Some(n) || found == Some(n + 40), "kill {kill}: note {n} is {found:?}");
        }
        next = last + 2;
    }
    assert!(next > KILLS, "hardly anything was saved");
}
