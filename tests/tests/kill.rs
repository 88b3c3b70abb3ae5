//! Kill -9 of a process that saves, and of one that also exchanges with a real relay: what it called saved stays, and
//! what the relay acknowledged reaches the other device.

#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use chrono::{Days, NaiveDate, NaiveTime};
use tempfile::TempDir;
use trellis_api_types::checkin::{CheckIn, CheckInList, CheckInSave, Kept, Mood};
use trellis_api_types::sync::{RelayChoice, SyncGet};
use trellis_tests::Core;
use trellis_tests::killed::{asked, run_and_kill, tell};

const KILLS: u32 = 200;
/// Check-ins a day, so that many fit into one year.
const A_DAY: u32 = 20;
/// Check-ins that are edited again and again where nothing is sent.
const EDITED: u32 = 40;

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).unwrap()
}

/// Saves a note of that number, under an id.
fn save(core: &Core, id: u32, n: u32) {
    let checkin = CheckIn {
        id: format!("c{id}"),
        date: first_day() + Days::new(u64::from(id / A_DAY)),
        time: NaiveTime::default(),
        mood: Mood::Good,
        urge: None,
        halt: Vec::new(),
        used: None,
        medication: None,
        tags: Vec::new(),
        note: format!("note {n}"),
        learned: String::new(),
        kept: Kept::default(),
        edited_at: 0,
    };
    core.app.borrow_mut().checkin_save(CheckInSave { checkin }).unwrap();
}

/// The numbers of all notes, by id.
fn notes(core: &Core) -> BTreeMap<String, u32> {
    let to = first_day() + Days::new(360);
    let list = core.app.borrow_mut().checkin_list(CheckInList { from: first_day(), to }).unwrap();
    let number = |note: &str| note.strip_prefix("note ").unwrap().parse().unwrap();
    list.into_iter().map(|c| (c.id, number(&c.note))).collect()
}

fn all(core: &Core) -> BTreeSet<u32> {
    notes(core).into_values().collect()
}

/// It says what was saved: new check-ins at first, then edits.
#[test]
#[ignore = "the process that the test below kills"]
fn saves_until_killed() {
    let (folder, from) = asked().unwrap();
    let core = Core::reopened(&folder).unwrap();
    tell("ready").unwrap();
    for n in from.. {
        save(&core, n % EDITED, n);
        tell(&format!("saved {n}")).unwrap();
    }
}

#[test]
fn killed_at_any_moment_nothing_saved_is_lost() {
    let folder = TempDir::new().unwrap();
    drop(Core::on(folder.path(), Vec::new()).unwrap().start(RelayChoice::default()).unwrap());
    let mut next = 0;
    for kill in 0..KILLS {
        let longer = Duration::from_micros(u64::from(kill) * 7919 % 6000);
        let told = run_and_kill("saves_until_killed", folder.path(), next, kill % 4, longer).unwrap();
        let Some(last) = told.saved else { continue };
        let kept = notes(&Core::reopened(folder.path()).unwrap());
        for n in last.saturating_sub(EDITED - 1).max(next)..=last {
            let found = kept.get(&format!("c{}", n % EDITED)).copied();
            // The save under way when the process died may have come through without being acknowledged.
            assert!(found == Some(n) || found == Some(n + EDITED), "kill {kill}: note {n} is {found:?}");
        }
        next = last + 2;
    }
    assert!(next > KILLS, "hardly anything was saved");
}

/// It says what was saved, and what the relay has acknowledged.
#[test]
#[ignore = "the process that the test below kills"]
fn saves_and_sends_until_killed() {
    let (folder, from) = asked().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let core = Core::reopened(&folder).unwrap();
    tell("ready").unwrap();
    for n in from.. {
        save(&core, n, n);
        tell(&format!("saved {n}")).unwrap();
        runtime.block_on(core.exchange()).unwrap();
        if core.app.borrow_mut().sync_get(SyncGet {}).unwrap().only_here == 0 {
            tell(&format!("sent {n}")).unwrap();
        }
    }
}

/// What was saved in all and sent last by processes that were killed one after the other.
fn save_and_send(folder: &Path) -> (BTreeSet<u32>, Option<u32>) {
    let (mut next, mut saved, mut sent) = (0, BTreeSet::new(), None);
    for kill in 0..KILLS {
        // Spread evenly over what one save with its exchange takes, and over several of them.
        let pause = Duration::from_micros(u64::from(kill) * 7919 % 240_000);
        let told = run_and_kill("saves_and_sends_until_killed", folder, next, 0, pause).unwrap();
        let Some(last) = told.saved else { continue };
        saved.extend(next..=last);
        sent = told.sent.or(sent);
        // The one under way may have been saved without being said so.
        next = last + 2;
    }
    (saved, sent)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_nothing_saved_or_sent_is_lost() {
    let relay = sync_server::start(sync_server::Config::for_tests()).await.unwrap();
    let folder = TempDir::new().unwrap();
    let choice = RelayChoice { address: relay.url(), ..RelayChoice::default() };
    let first = Core::on(folder.path(), Vec::new()).unwrap().start(choice).unwrap();
    let second = first.pair().await.unwrap();
    drop(first);

    let (saved, sent) = tokio::task::block_in_place(|| save_and_send(folder.path()));
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
