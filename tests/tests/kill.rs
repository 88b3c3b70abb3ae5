//! Kill -9 of a process that saves and exchanges with a real relay: what it called saved stays, and what the relay
//! acknowledged reaches the other device.

#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::{Days, NaiveDate, NaiveTime};
use tempfile::TempDir;
use trellis_api_types::checkin::{CheckIn, CheckInList, CheckInSave, Mood};
use trellis_api_types::sync::{RelayChoice, SyncGet};
use trellis_tests::Core;

const FOLDER: &str = "TRELLIS_KILL_FOLDER";
const FROM: &str = "TRELLIS_KILL_FROM";
const KILLS: u32 = 200;
/// Check-ins a day, so that many fit into one year.
const A_DAY: u32 = 20;

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).unwrap()
}

fn save(core: &Core, n: u32) {
    let checkin = CheckIn {
        id: format!("c{n}"),
        date: first_day() + Days::new(u64::from(n / A_DAY)),
        time: NaiveTime::default(),
        mood: Mood::Good,
        urge: None,
        halt: Vec::new(),
        used: None,
        medication: None,
        tags: Vec::new(),
        note: format!("note {n}"),
        learned: String::new(),
        edited_at: 0,
    };
    core.app.borrow_mut().checkin_save(CheckInSave { checkin }).unwrap();
}

fn all(core: &Core) -> BTreeSet<u32> {
    let to = first_day() + Days::new(360);
    let list = core.app.borrow_mut().checkin_list(CheckInList { from: first_day(), to }).unwrap();
    list.into_iter().map(|c| c.note.strip_prefix("note ").unwrap().parse().unwrap()).collect()
}

/// It says what was saved, and what the relay has acknowledged.
#[test]
#[ignore = "the process that the test below kills"]
fn saves_and_sends_until_killed() {
    let folder = std::env::var_os(FOLDER).unwrap();
    let from: u32 = std::env::var(FROM).unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let core = Core::reopened(Path::new(&folder)).unwrap();
    let tell = |line: String| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}").unwrap();
        out.flush().unwrap();
    };
    tell("ready".into());
    for n in from.. {
        save(&core, n);
        tell(format!("saved {n}."));
        runtime.block_on(core.exchange()).unwrap();
        if core.app.borrow_mut().sync_get(SyncGet {}).unwrap().only_here == 0 {
            tell(format!("sent {n}."));
        }
    }
}

fn child(folder: &Path, from: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["saves_and_sends_until_killed", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(FROM, from.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The last check-ins that were said to be saved and sent before the kill.
#[derive(Default)]
struct Told {
    saved: Option<u32>,
    sent: Option<u32>,
}

impl Told {
    /// A line that was cut off tells nothing.
    fn hear(&mut self, line: &str) {
        let number = |rest: &str| rest.strip_suffix('.').and_then(|n| n.parse().ok());
        if let Some(rest) = line.strip_prefix("saved ") {
            self.saved = number(rest).or(self.saved);
        } else if let Some(rest) = line.strip_prefix("sent ") {
            self.sent = number(rest).or(self.sent);
        }
    }
}

/// Lets it work for a while from the moment it is ready, and kills it.
fn run_and_kill(folder: &Path, from: u32, pause: Duration) -> Told {
    let mut child = child(folder, from);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    lines.find(|line| line.ends_with("ready")).unwrap();
    std::thread::sleep(pause);
    child.kill().unwrap();
    child.wait().unwrap();
    let mut told = Told::default();
    lines.for_each(|line| told.hear(&line));
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_nothing_saved_or_sent_is_lost() {
    let relay = sync_server::start(sync_server::Config::for_tests()).await.unwrap();
    let folder = TempDir::new().unwrap();
    let choice = RelayChoice { address: relay.url(), ..RelayChoice::default() };
    let first = Core::on(folder.path(), Vec::new()).unwrap().start(choice).unwrap();
    let second = first.pair().await.unwrap();
    drop(first);

    let (mut next, mut saved, mut sent) = (0, BTreeSet::new(), None);
    for kill in 0..KILLS {
        // Spread evenly over what one save with its exchange takes, and over several of them.
        let pause = Duration::from_micros(u64::from(kill) * 7919 % 240_000);
        let told = tokio::task::block_in_place(|| run_and_kill(folder.path(), next, pause));
        let Some(last) = told.saved else { continue };
        saved.extend(next..=last);
        sent = told.sent.or(sent);
        // The one under way may have been saved without being said so.
        next = last + 2;
    }
    let sent_at_all = sent.unwrap_or(0);
    assert!(
        saved.len() > KILLS as usize && sent_at_all > KILLS,
        "hardly anything happened: {} saved, {sent_at_all} sent",
        saved.len()
    );

    second.exchange().await.unwrap();
    let arrived = all(&second);
    let due: BTreeSet<u32> = saved.iter().copied().filter(|n| Some(*n) <= sent).collect();
    assert!(arrived.is_superset(&due), "sent but not there: {:?}", due.difference(&arrived));

    let first = Core::reopened(folder.path()).unwrap();
    assert!(all(&first).is_superset(&saved), "saved but lost: {:?}", saved.difference(&all(&first)));
    first.exchange().await.unwrap();
    second.exchange().await.unwrap();
    assert_eq!(all(&first), all(&second));
    assert_eq!(first.app.borrow_mut().sync_get(SyncGet {}).unwrap().only_here, 0);
}
