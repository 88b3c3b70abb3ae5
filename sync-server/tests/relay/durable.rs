//! Power that goes, syncs and writes that fail: what was acknowledged is there all the same.
//!
//! A killed process loses nothing that it wrote: the system still holds it. So the relay runs with `shim.c`, which notes what
//! it writes and syncs, and after it was killed [`Disk`] takes away what was not synced.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::StatusCode;
use tempfile::TempDir;
use trellis_protocol::Cursor;
use trellis_protocol::wire::MailboxStatus;

use crate::common::*;
use crate::disk::{Disk, Lost};
use crate::known::{Known, random};
use crate::process::{Process, database, serve, task};

/// What came is moved at once to where it stays.
const MOVING: &[&str] = &["--mixing-seconds", "0"];

/// A machine with one disk, whose power can go.
struct Machine {
    disk: TempDir,
    /// What lies on the disk but for what was written since the relay started.
    before: Disk,
    /// The shim, its notes, and the word that makes it fail.
    aside: TempDir,
}

impl Machine {
    fn new() -> Self {
        let (disk, aside) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/relay/shim.c");
        let mut compile = Command::new("cc");
        compile.args(["-shared", "-fPIC", "-O1", "-o"]).arg(aside.path().join("shim.so")).arg(source);
        assert!(compile.args(["-ldl", "-lpthread"]).status().unwrap().success());
        Self { disk, before: Disk::default(), aside }
    }

    fn aside(&self, name: &str) -> PathBuf {
        self.aside.path().join(name)
    }

    /// Starts the relay on what the disk holds.
    fn start(&mut self, arguments: &[&str]) -> Process {
        self.before = Disk::read(self.disk.path());
        std::fs::write(self.aside("notes"), []).unwrap();
        let mut command = serve(&self.disk, &[arguments, &["--log", "off"]].concat());
        self.watch(&mut command);
        Process::spawn(command)
    }

    fn watch(&self, command: &mut Command) {
        command.env("LD_PRELOAD", self.aside("shim.so"));
        command.env("DURABLE_FOLDER", self.disk.path().canonicalize().unwrap());
        command.env("DURABLE_NOTES", self.aside("notes")).env("DURABLE_FAULT", self.aside("fault"));
    }

    /// Lets syncs or writes go wrong; `shim.c` knows the words.
    fn fail(&self, word: &str) {
        std::fs::write(self.aside("word"), word).unwrap();
        std::fs::rename(self.aside("word"), self.aside("fault")).unwrap();
    }

    /// Lets nothing go wrong any more. A fault that comes once may be gone already.
    fn heal(&self) {
        let _gone = std::fs::remove_file(self.aside("fault"));
    }

    /// The power goes: the relay with it, and what was not synced.
    fn lose_power(&mut self, mut relay: Process, lost: Lost) {
        relay.kill();
        let notes = std::fs::read(self.aside("notes")).unwrap();
        let left = std::mem::take(&mut self.before).follow(&notes);
        self.disk = TempDir::new().unwrap();
        left.leave(lost, self.disk.path());
    }

    /// Runs a task of the program on the database and another file, and returns the notes of what it did to the disk.
    fn task(&self, name: &str, file: &str) -> Vec<u8> {
        std::fs::write(self.aside("notes"), []).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_trellis-relay"));
        let folder = self.disk.path().canonicalize().unwrap();
        command.arg(name).arg(folder.join(file)).arg("--database").arg(database(folder));
        self.watch(&mut command);
        assert!(command.status().unwrap().success());
        std::fs::read(self.aside("notes")).unwrap()
    }

    /// Finds nothing wrong with the database.
    fn check(&self) {
        let database = database(&self.disk);
        let said = task(&["check", "--database", database.to_str().unwrap()]);
        assert_eq!(said, "nothing is wrong with the database\n");
    }
}

async fn make(device: &Device, devices: u8) -> Vec<Known> {
    for n in 1..=devices {
        device.made(n).await;
    }
    (1..=devices).map(Known::new).collect()
}

async fn check(machine: &Machine, devices: &mut [Known], relay: &Process) {
    machine.check();
    for known in devices {
        known.check(&relay.device).await;
    }
}

/// All devices append until the power goes, at some moment.
async fn append_until_dark(machine: &mut Machine, devices: &mut [Known], mut relay: Process, lost: Lost) {
    let device = relay.device.clone();
    let load = devices.iter_mut().map(|known| known.append_until_killed(&device));
    let kill = async {
        tokio::time::sleep(Duration::from_micros(random(1_000, 150_000))).await;
        relay.kill();
    };
    tokio::join!(join_all(load), kill);
    machine.lose_power(relay, lost);
}

/// The power goes again and again.
async fn survive(rounds: u32, arguments: &[&str]) {
    let mut machine = Machine::new();
    let mut relay = machine.start(arguments);
    let mut devices = make(&relay.device, 4).await;
    for round in 0..rounds {
        let lost = if round % 2 == 0 { Lost::All } else { Lost::Some };
        append_until_dark(&mut machine, &mut devices, relay, lost).await;
        relay = machine.start(arguments);
        check(&machine, &mut devices, &relay).await;
    }
    for known in &devices {
        known.check_all(&relay.device).await;
        assert!(known.cursor.seq > 50, "the load was too light to prove anything");
    }
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_the_power_went() {
    survive(24, &[]).await;
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_the_power_went_while_it_was_moved() {
    survive(24, MOVING).await;
}

/// How a mailbox stands after the power went, where an append was acknowledged while syncs did nothing from the start, or only
/// once the mailbox was made.
async fn after_a_lie(word: &str, from_the_start: bool) -> MailboxStatus {
    let mut machine = Machine::new();
    if from_the_start {
        machine.fail(word);
    }
    let relay = machine.start(&[]);
    let mut devices = make(&relay.device, 1).await;
    machine.fail(word);
    assert_eq!(devices[0].append(&relay.device, 5).await, Some(200));
    machine.lose_power(relay, Lost::All);
    machine.heal();
    let relay = machine.start(&[]);
    relay.device.sync(mailbox(&devices[0].token, devices[0].cursor, vec![], 100)).await.status
}

#[tokio::test]
async fn where_syncs_do_nothing_acknowledged_envelopes_are_found_missing() {
    assert_eq!(after_a_lie("lie", false).await, MailboxStatus::Resync);
    assert_eq!(after_a_lie("lie", true).await, MailboxStatus::Missing);
    assert_eq!(after_a_lie("lie-folder", true).await, MailboxStatus::Missing);
    assert_eq!(after_a_lie("no fault of this name", true).await, MailboxStatus::Ok);
}

#[tokio::test]
async fn a_new_database_is_there_after_the_power_went() {
    for lost in [Lost::All, Lost::All, Lost::Some, Lost::Some] {
        let mut machine = Machine::new();
        let relay = machine.start(&[]);
        let mut devices = make(&relay.device, 1).await;
        assert_eq!(devices[0].append(&relay.device, 3).await, Some(200));
        machine.lose_power(relay, lost);
        let relay = machine.start(&[]);
        check(&machine, &mut devices, &relay).await;
    }
}

#[tokio::test]
async fn what_was_trimmed_or_deleted_stays_so_after_the_power_went() {
    for (lost, arguments) in
        [(Lost::All, &[][..]), (Lost::Some, &[]), (Lost::All, MOVING), (Lost::Some, MOVING)]
    {
        let mut machine = Machine::new();
        let relay = machine.start(arguments);
        let mut devices = make(&relay.device, 3).await;
        for known in &mut devices {
            assert_eq!(known.append(&relay.device, 50).await, Some(200));
        }
        let (trimmed, deleted) = (token(1), token(2));
        assert_eq!(relay.device.trim(&trimmed, owner_token(1), 20).await.status(), StatusCode::NO_CONTENT);
        assert_eq!(relay.device.delete(&deleted, owner_token(2)).await.status(), StatusCode::NO_CONTENT);
        machine.lose_power(relay, lost);
        let relay = machine.start(arguments);
        machine.check();
        assert_eq!(relay.device.all(&trimmed).await.len(), 30);
        let gone = relay.device.sync(mailbox(&deleted, Cursor::default(), vec![], 10)).await;
        assert_eq!(gone.status, MailboxStatus::Missing);
        devices[2].check_all(&relay.device).await;
    }
}

/// Appends that are refused for as long as `word` is in force, with those before and after, and a loss of power.
async fn refuse_meanwhile(word: &str) {
    let mut machine = Machine::new();
    let relay = machine.start(&[]);
    let mut devices = make(&relay.device, 1).await;
    let (known, device) = (&mut devices[0], &relay.device);
    assert_eq!(known.append(device, 3).await, Some(200));
    machine.fail(word);
    let refused = vec![mailbox(&known.token, known.cursor, vec![vec![9; 500]], 0)];
    for _ in 0..3 {
        assert_eq!(code(device.try_sync(refused.clone()).await).await, (503, "storage".into()));
        assert_eq!(code(device.get("/readyz").await).await, (503, "storage".into()));
        assert_eq!(device.all(&known.token).await.len(), 3, "what was there is still read");
    }
    machine.heal();
    assert_eq!(device.get("/readyz").await.status(), StatusCode::OK);
    assert_eq!(known.append(device, 3).await, Some(200));
    known.check_all(device).await;
    machine.lose_power(relay, Lost::All);
    let relay = machine.start(&[]);
    check(&machine, &mut devices, &relay).await;
    devices[0].check_all(&relay.device).await;
}

#[tokio::test]
async fn while_syncs_fail_nothing_is_acknowledged() {
    refuse_meanwhile("sync").await;
}

#[tokio::test]
async fn while_writes_fail_nothing_is_acknowledged() {
    refuse_meanwhile("write").await;
}

/// Appends until the relay is gone, whatever fails meanwhile.
async fn insist(known: &mut Known, device: &Device) {
    while let Some(status) = known.append(device, random(1, 8)).await {
        assert!([200, 503].contains(&status), "{status}");
    }
}

/// Lets single syncs and writes fail, then the power goes.
async fn fail_now_and_then(machine: &Machine, relay: &mut Process) {
    for n in 0..6 {
        machine.fail(if n % 2 == 0 { "sync-once" } else { "write-once" });
        let pause = Duration::from_micros(random(1_000, 20_000));
        tokio::time::sleep(pause).await;
    }
    machine.heal();
    relay.kill();
}

async fn survive_failures(arguments: &[&str]) {
    let mut machine = Machine::new();
    let mut relay = machine.start(arguments);
    let mut devices = make(&relay.device, 4).await;
    for round in 0..16 {
        let device = relay.device.clone();
        let load = devices.iter_mut().map(|known| insist(known, &device));
        tokio::join!(join_all(load), fail_now_and_then(&machine, &mut relay));
        machine.lose_power(relay, if round % 2 == 0 { Lost::All } else { Lost::Some });
        relay = machine.start(arguments);
        check(&machine, &mut devices, &relay).await;
    }
    for known in &devices {
        known.check_all(&relay.device).await;
    }
}

#[tokio::test]
async fn what_was_acknowledged_between_failures_is_there() {
    survive_failures(&[]).await;
}

#[tokio::test]
async fn what_was_acknowledged_between_failures_while_it_was_moved_is_there() {
    survive_failures(MOVING).await;
}

/// What a relay says that should not start. One that does is ended.
fn said_instead_of_starting(mut command: Command) -> String {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    assert_eq!(line, "", "it started");
    String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap()
}

#[test]
fn on_a_disk_that_fails_it_makes_no_database_and_later_it_does() {
    for word in ["sync", "write"] {
        let mut machine = Machine::new();
        machine.fail(word);
        let mut command = serve(&machine.disk, &["--log", "off"]);
        machine.watch(&mut command);
        assert!(said_instead_of_starting(command).contains("cannot open the database"));
        machine.heal();
        drop(machine.start(&[]));
        machine.check();
    }
}

/// What is in the first mailbox of what a disk holds, on which nothing is wrong.
async fn found(left: &Disk, lost: Lost) -> Vec<Vec<u8>> {
    let mut machine = Machine::new();
    left.leave(lost, machine.disk.path());
    let relay = machine.start(&[]);
    machine.check();
    relay.device.all(&token(1)).await
}

#[tokio::test]
async fn power_that_goes_while_a_copy_is_taken_or_put_back_leaves_one_or_the_other() {
    let mut machine = Machine::new();
    let mut relay = machine.start(&[]);
    let (token, sent) = (relay.device.made(1).await, [vec![1; 600], vec![2; 600]]);
    relay.device.append(&token, vec![sent[0].clone()]).await;
    relay.kill();
    let before = Disk::read(machine.disk.path());
    let taken = before.follow(&machine.task("backup", "copy.db"));
    let there = TempDir::new().unwrap();
    taken.leave(Lost::All, there.path());
    assert!(there.path().join("copy.db").exists(), "a copy that was taken is there");

    relay = machine.start(&[]);
    relay.device.append(&token, vec![sent[1].clone()]).await;
    relay.kill();
    let folder = machine.disk.path().to_owned();
    let whole = TempDir::new().unwrap();
    Disk::read(&folder).leave(Lost::All, whole.path());
    let notes = machine.task("restore", "copy.db");
    let all = Disk::read(whole.path()).follow(&notes);
    assert!(found(&all, Lost::All).await == sent[..1], "a copy that was put back is there");
    for _ in 0..16 {
        let some = notes.len() as u64 - random(0, 600.min(notes.len() as u64));
        let left = Disk::read(whole.path()).follow(&notes[..some as usize]);
        let found = found(&left, Lost::Some).await;
        assert!(found == sent || found == sent[..1], "{} envelopes", found.len());
    }
}

/// What is in the mailbox when so many bytes of the write-ahead log are left.
async fn with_shorter_log(from: &Path, len: usize) -> Vec<Vec<u8>> {
    let folder = TempDir::new().unwrap();
    let log = std::fs::read(from.join("relay.db-wal")).unwrap();
    std::fs::copy(database(from), database(&folder)).unwrap();
    std::fs::write(folder.path().join("relay.db-wal"), &log[..len]).unwrap();
    let relay = Process::serve(&folder, &["--log", "off"]);
    task(&["check", "--database", database(&folder).to_str().unwrap()]);
    relay.device.all(&token(1)).await
}

#[tokio::test]
async fn a_log_that_is_cut_short_anywhere_leaves_what_came_before_the_cut() {
    let folder = TempDir::new().unwrap();
    let mut relay = Process::serve(&folder, &[]);
    let token = relay.device.made(1).await;
    let sent: Vec<_> = (0..30u8).map(|n| vec![n; 500]).collect();
    relay.device.append(&token, sent[..10].to_vec()).await;
    relay.terminate();
    relay.child.wait().unwrap();
    let mut relay = Process::serve(&folder, &[]);
    for envelope in &sent[10..] {
        relay.device.append(&token, vec![envelope.clone()]).await;
    }
    relay.kill();
    let whole = std::fs::metadata(folder.path().join("relay.db-wal")).unwrap().len();
    let mut cuts: Vec<u64> = (0..16).map(|_| random(0, whole + 1)).chain([0, 1, 31, 32, whole]).collect();
    cuts.sort_unstable();
    let mut least = 10;
    for cut in cuts {
        let found = with_shorter_log(folder.path(), cut as usize).await;
        assert_eq!(found, sent[..found.len()]);
        assert!(found.len() >= least, "{} of {cut} bytes", found.len());
        least = found.len();
    }
    assert_eq!(least, sent.len());
}
