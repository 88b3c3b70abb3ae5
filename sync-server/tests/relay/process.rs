//! A real `trellis-relay` process: how it is set up, killed, stopped and starved.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::StatusCode;
use sync_server::store::{SqliteStore, Store, StoreError};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use trellis_protocol::wire::{Appended, SyncRequest, SyncResponse};
use trellis_protocol::{Cursor, Token};

use crate::common::*;
use crate::contract::{keeping, nobody};
use crate::known::{Known, random};

/// A running `trellis-relay serve`; killed when dropped.
pub struct Process {
    pub child: Child,
    pub device: Device,
}

impl Process {
    pub fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").expect("the relay did not start");
        Self { device: Device::new(url.to_owned()), child }
    }

    pub fn serve(folder: impl AsRef<Path>, arguments: &[&str]) -> Self {
        Self::spawn(serve(folder, arguments))
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn serve(folder: impl AsRef<Path>, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trellis-relay"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--token-rate", "0", "--address-rate", "0"]);
    command.args(["--min-free", "0"]);
    command.arg("--database").arg(database(folder)).args(arguments);
    command
}

pub fn database(folder: impl AsRef<Path>) -> std::path::PathBuf {
    folder.as_ref().join("relay.db")
}

/// Runs to the end a command that should refuse to start, and returns what it says.
pub fn refusal(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn killed_at_any_moment_it_keeps_what_it_acknowledged() {
    let folder = TempDir::new().unwrap();
    let mut devices: Vec<Known> = (1..5).map(Known::new).collect();
    for round in 0..200 {
        let mut relay = Process::serve(&folder, &["--log", "error"]);
        for (n, known) in (1..).zip(&mut devices) {
            if round == 0 {
                relay.device.made(n).await;
            }
            known.check(&relay.device).await;
        }
        let device = relay.device.clone();
        let load = devices.iter_mut().map(|known| known.append_until_killed(&device));
        let pause = Duration::from_micros(random(1_000, 60_000));
        let kill = async {
            tokio::time::sleep(pause).await;
            relay.kill();
        };
        tokio::join!(futures_util::future::join_all(load), kill);
    }
    let relay = Process::serve(&folder, &[]);
    for known in &mut devices {
        known.check(&relay.device).await;
        known.check_all(&relay.device).await;
        assert!(known.cursor.seq > 200, "the load was too light to prove anything");
    }
}

#[tokio::test]
async fn told_to_stop_it_finishes_calls_and_ends_streams() {
    let folder = TempDir::new().unwrap();
    let mut relay = Process::serve(&folder, &[]);
    let token = relay.device.made(1).await;
    let mut events = relay.device.listen(&[(&token, 0)]).await;
    let body = minicbor::to_vec(SyncRequest {
        mailboxes: vec![mailbox(&token, Cursor::default(), vec![vec![7; 500]], 0)],
        max_bytes: None,
    })
    .unwrap();
    let mut slow =
        tokio::net::TcpStream::connect(relay.device.url.strip_prefix("http://").unwrap()).await.unwrap();
    let head = format!(
        "POST /v1/sync HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    slow.write_all(&body[..100]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    relay.terminate();
    assert_eq!(events.next().await, None);
    slow.write_all(&body[100..]).await.unwrap();
    let mut answer = Vec::new();
    slow.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"));
    assert_eq!(relay.child.wait().unwrap().code(), Some(0));
    let again = Process::serve(&folder, &[]);
    assert_eq!(again.device.all(&token).await, [vec![7; 500]]);
}

/// Appends one at a time until the relay refuses, and returns what was acknowledged.
async fn fill(device: &Device, token: &Token) -> Vec<Vec<u8>> {
    let mut acknowledged = Vec::new();
    for n in 0..2_000u32 {
        let envelope = n.to_be_bytes().repeat(1000);
        let response =
            device.try_sync(vec![mailbox(token, Cursor::default(), vec![envelope.clone()], 0)]).await;
        if response.status() != StatusCode::OK {
            assert_eq!(code(response).await, (503, "storage".into()));
            return acknowledged;
        }
        let answer: SyncResponse = minicbor::decode(&response.bytes().await.unwrap()).unwrap();
        if answer.mailboxes[0].appended == [Appended::Refused("storage".into())] {
            return acknowledged;
        }
        acknowledged.push(envelope);
    }
    panic!("the disk never filled up");
}

#[tokio::test]
async fn a_full_database_refuses_and_loses_nothing() {
    let folder = TempDir::new().unwrap();
    let relay = Process::serve(&folder, &["--max-database", "400000", "--log", "off"]);
    let (token, other) = (relay.device.made(1).await, relay.device.made(2).await);
    let acknowledged = fill(&relay.device, &token).await;
    assert!(acknowledged.len() > 10);
    assert_eq!(relay.device.all(&token).await, acknowledged);
    assert_eq!(relay.device.trim(&token, owner_token(1), 10).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(relay.device.append(&other, vec![vec![1; 500]]).await, [Appended::Stored(1)]);
    drop(relay);
    let relay = Process::serve(&folder, &["--max-database", "400000"]);
    assert_eq!(relay.device.all(&token).await, acknowledged[10..]);
}

#[tokio::test]
async fn a_disk_that_takes_no_more_refuses_and_loses_nothing() {
    let folder = TempDir::new().unwrap();
    let mut limited = Command::new("sh");
    // A file-size limit makes the very writes fail, as a full disk does.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 2000; exec \"$0\" \"$@\""]);
    let inner = serve(&folder, &["--log", "off"]);
    limited.arg(inner.get_program()).args(inner.get_args());
    let relay = Process::spawn(limited);
    let token = relay.device.made(1).await;
    let acknowledged = fill(&relay.device, &token).await;
    assert!(acknowledged.len() > 10);
    assert_eq!(relay.device.all(&token).await, acknowledged);
    drop(relay);
    let relay = Process::serve(&folder, &[]);
    let there = relay.device.all(&token).await;
    assert_eq!(there, acknowledged);
    relay.device.append(&token, vec![vec![1; 500]]).await;
    assert_eq!(relay.device.all(&token).await.len(), acknowledged.len() + 1);
}

/// Which of some sizes of envelopes the relay takes.
async fn takes(relay: &Process) -> Vec<usize> {
    let (sizes, token) = ([50, 150, 250, 350], relay.device.made(1).await);
    let verdicts = relay.device.append(&token, sizes.iter().map(|size| vec![1; *size]).collect()).await;
    sizes
        .into_iter()
        .zip(verdicts)
        .filter(|(_, verdict)| matches!(verdict, Appended::Stored(_)))
        .map(|(s, _)| s)
        .collect()
}

#[tokio::test]
async fn a_flag_beats_the_environment_and_that_beats_the_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "max-envelope = 100\nmailbox_bytes = 10_000\ncreation = \"open\"\n").unwrap();
    let config = ["--config", file.path().to_str().unwrap()];
    let start = |environment: &[(&str, &str)], flags: &[&str]| {
        let folder = TempDir::new().unwrap();
        let mut command = serve(&folder, &[&config[..], flags].concat());
        command.envs(environment.iter().copied());
        (Process::spawn(command), folder)
    };
    let environment = [("TRELLIS_RELAY_MAX_ENVELOPE", "200")];
    assert_eq!(takes(&start(&[], &[]).0).await, [50]);
    assert_eq!(takes(&start(&environment, &[]).0).await, [50, 150]);
    assert_eq!(takes(&start(&environment, &["--max-envelope", "300"]).0).await, [50, 150, 250]);
}

#[test]
fn wrong_settings_are_refused_with_words() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("relay.toml");
    let with_file = |text: &str| {
        std::fs::write(&file, text).unwrap();
        refusal(serve(&folder, &["--config", file.to_str().unwrap()]))
    };
    assert!(with_file("max-envelop = 1").contains("max-envelop"));
    assert!(with_file("max-envelope = \"many\"").contains("many"));
    assert!(with_file("max-envelope = [1]").contains("a text or a number"));
    assert!(with_file("= what").contains("relay.toml"));
    assert!(refusal(serve(&folder, &["--config", "/nowhere.toml"])).contains("/nowhere.toml"));
    assert!(refusal(serve(&folder, &["--creation", "maybe"])).contains("closed"));
    let mut command = serve(&folder, &[]);
    command.env("TRELLIS_RELAY_MAX_BODY", "wide");
    assert!(refusal(command).contains("wide"));
}

#[tokio::test]
async fn a_newer_or_foreign_database_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    SqliteStore::open(&database(&folder), &keeping(), nobody()).unwrap().close().await;
    let newer = rusqlite::Connection::open(database(&folder)).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let before = std::fs::read(database(&folder)).unwrap();
    let opened = SqliteStore::open(&database(&folder), &keeping(), nobody());
    assert!(matches!(opened, Err(StoreError::NewerSchema { found: 99, .. })));
    assert!(refusal(serve(&folder, &[])).contains("newer trellis-relay"));
    assert_eq!(std::fs::read(database(&folder)).unwrap(), before);
    std::fs::write(database(&folder), b"this is a letter, not a database, and long enough to be one")
        .unwrap();
    assert!(refusal(serve(&folder, &[])).contains("cannot open the database"));
}

fn new_token(folder: &TempDir, uses: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trellis-relay"));
    let output =
        command.args(["token", "--uses", uses, "--database"]).arg(database(folder)).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_creation_token_made_while_it_runs_opens_so_many_mailboxes() {
    let folder = TempDir::new().unwrap();
    let relay = Process::serve(&folder, &["--creation", "token"]);
    let creation = new_token(&folder, "2");
    let create = async |n| relay.device.create(&token(n), &owner_token(n), Some(&creation)).await;
    assert_eq!(create(1).await.status(), StatusCode::CREATED);
    assert_eq!(create(2).await.status(), StatusCode::CREATED);
    assert_eq!(code(create(3).await).await, (403, "creation-closed".into()));
    assert_eq!(create(2).await.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn what_is_trimmed_or_deleted_is_overwritten() {
    let folder = TempDir::new().unwrap();
    let mut relay = Process::serve(&folder, &[]);
    let (kept, deleted) = (relay.device.made(1).await, relay.device.made(2).await);
    let envelope = |word: &str| word.repeat(400).into_bytes();
    relay.device.append(&kept, vec![envelope("trimmed-envelope"), envelope("kept-envelope")]).await;
    relay.device.append(&deleted, vec![envelope("deleted-envelope")]).await;
    assert_eq!(relay.device.trim(&kept, owner_token(1), 1).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(relay.device.delete(&deleted, owner_token(2)).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(relay.device.all(&kept).await.len(), 1);
    relay.terminate();
    assert_eq!(relay.child.wait().unwrap().code(), Some(0));
    let rows = everything_in(folder.path());
    assert!(contains(&rows, b"kept-envelope"));
    assert!(!contains(&rows, b"trimmed-envelope") && !contains(&rows, b"deleted-envelope"));
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

fn everything_in(folder: &Path) -> Vec<u8> {
    std::fs::read_dir(folder).unwrap().flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

#[tokio::test]
async fn logs_and_rows_hold_no_token_address_or_name() {
    let folder = TempDir::new().unwrap();
    let mut command = serve(&folder, &["--log", "trace", "--log-format", "json", "--trusted-proxies", "1"]);
    command.args(["--creation", "token"]).stderr(Stdio::piped());
    let mut relay = Process::spawn(command);
    let (creation, secret) = (new_token(&folder, "5"), token(0x61));
    let device = &relay.device;
    assert_eq!(
        device.create(&secret, &owner_token(0x61), Some(&creation)).await.status(),
        StatusCode::CREATED
    );
    device.create(&secret, &owner_token(0x62), Some("canary-creation")).await;
    device.append(&secret, vec![b"canary-envelope".repeat(9)]).await;
    device.trim(&secret, secret.clone(), 1).await;
    device.get("/canary-path?canary-query").await;
    let forwarded =
        device.http.post(format!("{}/v1/sync", device.url)).header("x-forwarded-for", "203.0.113.77");
    forwarded.header("user-agent", "canary-agent").body("canary-body").send().await.unwrap();
    let rows = everything_in(folder.path());
    relay.terminate();
    let mut logs = Vec::new();
    relay.child.stderr.take().unwrap().read_to_end(&mut logs).unwrap();
    assert!(contains(&logs, br#""route":"/v1/mailboxes/{id}/trim""#), "nothing was logged at all");
    let id = secret.mailbox();
    let (hex, addresses) = (id.to_hex(), ["127.0.0.1", "203.0.113.77"]);
    let texts = ["canary", addresses[0], addresses[1], &hex, &creation].map(str::as_bytes);
    let secrets = [&texts[..], &[&id.0, &secret.0]].concat();
    assert!(secrets.iter().all(|secret| !contains(&logs, secret)), "{}", String::from_utf8_lossy(&logs));
    assert!(contains(&rows, &id.0), "the rows were not read");
    for secret in [&secret.0[..], &owner_token(0x61).0, creation.as_bytes(), b"127.0.0.1", b"203.0.113.77"] {
        assert!(!contains(&rows, secret));
    }
}

/// Runs a task of the program and returns what it prints.
pub fn task(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_trellis-relay")).args(arguments).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}
