//! The tasks of whoever runs a relay, each as the program that they type.

use std::io::Read;
use std::process::{Command, Stdio};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::process::{Process, database, refusal, serve, task};

#[tokio::test]
async fn a_copy_is_taken_while_it_runs_and_put_back() {
    let folder = TempDir::new().unwrap();
    let (base, copy) = (database(&folder), folder.path().join("copy.db"));
    let (base, copy) = (base.to_str().unwrap(), copy.to_str().unwrap());
    let relay = Process::serve(&folder, &[]);
    let token = relay.device.made(1).await;
    relay.device.append(&token, vec![vec![1; 600], vec![2; 600]]).await;
    task(&["backup", copy, "--database", base]);
    relay.device.append(&token, vec![vec![3; 600]]).await;
    assert_eq!(task(&["check", "--database", base]), "nothing is wrong with the database\n");
    let usage = task(&["usage", "--database", base]);
    assert!(
        usage.contains("mailboxes            1\n") && usage.contains("not sorted yet     3\n"),
        "{usage}"
    );
    assert!(!usage.contains(&token.mailbox().to_hex()));
    let mut restore = Command::new(env!("CARGO_BIN_EXE_trellis-relay"));
    restore.args(["restore", copy, "--database", base]);
    assert!(refusal(restore).contains("another relay serves"));
    let mut again = Command::new(env!("CARGO_BIN_EXE_trellis-relay"));
    again.args(["backup", copy, "--database", base]);
    assert!(refusal(again).contains("exists"), "no copy is overwritten");
    drop(relay);
    let kept = std::fs::read(base).unwrap();
    std::fs::write(folder.path().join("bad.db"), b"this is a letter, not a database, and long enough")
        .unwrap();
    let mut bad = Command::new(env!("CARGO_BIN_EXE_trellis-relay"));
    bad.args(["restore", folder.path().join("bad.db").to_str().unwrap(), "--database", base]);
    refusal(bad);
    assert_eq!(std::fs::read(base).unwrap(), kept, "what cannot be read replaces nothing");
    task(&["restore", copy, "--database", base]);
    let relay = Process::serve(&folder, &[]);
    assert_eq!(relay.device.all(&token).await, [vec![1; 600], vec![2; 600]]);
}

/// What one that was killed left, and one that fails: nothing stays that lies in the order of coming.
#[test]
fn a_backup_that_fails_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let mut relay = Process::serve(&folder, &[]);
    relay.terminate();
    relay.child.wait().unwrap();
    let (base, copy) = (database(&folder), folder.path().join("copy.db"));
    for end in ["", "-wal", "-shm"] {
        std::fs::write(folder.path().join(format!("copy.db.unsorted{end}")), [7; 5000]).unwrap();
    }
    let mut damaged = std::fs::read(&base).unwrap();
    damaged[4096..].fill(0xaa);
    std::fs::write(&base, damaged).unwrap();
    let mut backup = Command::new(env!("CARGO_BIN_EXE_trellis-relay"));
    backup.arg("backup").arg(&copy).arg("--database").arg(&base);
    refusal(backup);
    let left: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(left.iter().all(|name| !name.starts_with("copy")), "{left:?}");
}

#[test]
fn a_second_relay_on_one_database_is_refused() {
    let folder = TempDir::new().unwrap();
    let _relay = Process::serve(&folder, &[]);
    assert!(refusal(serve(&folder, &[])).contains("another relay serves"));
}

#[test]
fn no_task_makes_a_database_or_brings_one_forward() {
    let folder = TempDir::new().unwrap();
    let nowhere = folder.path().join("mistyped.db");
    for name in ["token", "usage", "check", "tokens"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trellis-relay"));
        command.args([name, "--database", nowhere.to_str().unwrap()]);
        refusal(command);
    }
    assert!(!nowhere.exists());
}

#[test]
fn tokens_are_listed_and_revoked() {
    let folder = TempDir::new().unwrap();
    drop(Process::serve(&folder, &[]));
    let base = database(&folder);
    let base = base.to_str().unwrap();
    let token = task(&["token", "--uses", "7", "--database", base]);
    let listed = task(&["tokens", "--database", base]);
    let (start, uses) = listed.trim().split_once(' ').unwrap();
    assert_eq!((start.len(), uses), (16, "7"));
    task(&["tokens", "--revoke", start, "--database", base]);
    assert_eq!(task(&["tokens", "--database", base]), "");
    // Whoever lost the database makes the token valid again that people have; the whole token names it too.
    let token = token.trim();
    assert_eq!(task(&["token", "--restore", token, "--uses", "9", "--database", base]), format!("{token}\n"));
    assert_eq!(task(&["tokens", "--database", base]), format!("{start} 9\n"));
    task(&["tokens", "--revoke", token, "--database", base]);
    assert_eq!(task(&["tokens", "--database", base]), "");
}

#[test]
fn a_value_in_the_file_that_is_none_is_named_with_the_file() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("relay.toml");
    std::fs::write(&file, "max-body = \"big\"\n").unwrap();
    let mut config = Command::new(env!("CARGO_BIN_EXE_trellis-relay"));
    config.args(["config", "--config", file.to_str().unwrap()]);
    let said = refusal(config);
    assert!(said.contains("relay.toml: invalid value 'big' for '--max-body"), "{said}");
}

#[tokio::test]
async fn lines_for_the_journal_begin_with_their_priority() {
    let folder = TempDir::new().unwrap();
    let mut command = serve(&folder, &["--max-database", "40000"]);
    command.env("JOURNAL_STREAM", "8:1").stderr(Stdio::piped());
    let mut relay = Process::spawn(command);
    assert_eq!(relay.device.get("/readyz").await.status(), 503);
    relay.terminate();
    let mut said = String::new();
    relay.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.lines().any(|line| line.starts_with("<3>")), "{said}");
    assert!(said.lines().all(|line| line.starts_with('<')), "{said}");
}

#[test]
fn the_settings_in_force_are_printed_as_a_file_that_says_the_same() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("relay.toml");
    let printed =
        task(&["config", "--creation", "token", "--metrics-listen", "127.0.0.1:9100", "--max-body", "5000"]);
    assert!(printed.contains("creation = \"token\"\n") && printed.contains("max-body = 5000\n"), "{printed}");
    std::fs::write(&file, &printed).unwrap();
    assert_eq!(task(&["config", "--config", file.to_str().unwrap()]), printed);
}

/// Sets the clock back for all mailboxes: they were used so many quarters of a year earlier than they say.
fn age(base: &str, quarters: u32) {
    let database = Connection::open(base).unwrap();
    database.execute("UPDATE mailbox SET quarter = quarter - ?1", [quarters]).unwrap();
}

fn ids(base: &str) -> Vec<[u8; 32]> {
    let database = Connection::open(base).unwrap();
    let mut query = database.prepare("SELECT id FROM mailbox").unwrap();
    query.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn what_nobody_used_for_years_is_dropped_and_whatever_is_used_stays() {
    let folder = TempDir::new().unwrap();
    let base = database(&folder);
    let base = base.to_str().unwrap();
    let relay = Process::serve(&folder, &["--mixing-seconds", "0"]);
    let [old, read, written, never] = [1, 2, 3, 4].map(|n| relay.device.made(n));
    let (old, read, written, never) = (old.await, read.await, written.await, never.await);
    for token in [&old, &read, &written] {
        relay.device.append(token, vec![b"two years old".repeat(60)]).await;
    }
    drop(relay);
    age(base, 9);
    let mut relay = Process::serve(&folder, &["--mixing-seconds", "3600"]);
    relay.device.append(&written, vec![vec![2; 600]]).await;
    relay.device.all(&read).await;
    let lately = relay.device.made(5).await;
    Connection::open(base)
        .unwrap()
        .execute("UPDATE mailbox SET quarter = quarter - 1 WHERE id = ?1", [lately.mailbox().0])
        .unwrap();
    let trial = task(&["purge", "--database", base, "--dry-run"]);
    assert_eq!(
        trial, "would drop 3 mailboxes with 1560 bytes of envelopes\n",
        "what was read is not noted yet"
    );
    relay.terminate();
    relay.child.wait().unwrap();
    assert_eq!(ids(base).len(), 5, "nothing was dropped on trial");
    let relay = Process::serve(&folder, &[]);
    let done = task(&["purge", "--quarters", "8", "--database", base]);
    assert_eq!(done, "dropped 2 mailboxes with 780 bytes of envelopes\n");
    let kept = ids(base);
    assert!(!kept.contains(&old.mailbox().0) && !kept.contains(&never.mailbox().0) && kept.len() == 3);
    assert_eq!(relay.device.all(&read).await.len(), 1);
    assert_eq!(relay.device.all(&written).await.len(), 2);
    assert_eq!(task(&["check", "--database", base]), "nothing is wrong with the database\n");
}

/// As many envelopes as one transaction looks at: the mailbox itself is left for the next one.
#[tokio::test]
async fn a_mailbox_of_which_all_envelopes_went_at_once_goes_too() {
    let folder = TempDir::new().unwrap();
    let base = database(&folder);
    let base = base.to_str().unwrap();
    let mut relay = Process::serve(&folder, &[]);
    let old = relay.device.made(1).await;
    relay.device.append(&old, (0..2000u16).map(|n| n.to_be_bytes().repeat(50)).collect()).await;
    relay.terminate();
    relay.child.wait().unwrap();
    age(base, 9);
    let done = task(&["purge", "--clock-is-right", "--database", base]);
    assert_eq!(done, "dropped 1 mailboxes with 200000 bytes of envelopes\n");
    assert!(ids(base).is_empty(), "it was counted and left");
}

#[tokio::test]
async fn a_clock_that_is_years_ahead_drops_nothing() {
    let folder = TempDir::new().unwrap();
    let base = database(&folder);
    let base = base.to_str().unwrap();
    let relay = Process::serve(&folder, &[]);
    let [old, new] = [relay.device.made(1).await, relay.device.made(2).await];
    relay.device.append(&old, vec![vec![1; 600]]).await;
    drop(relay);
    drop(Process::serve(&folder, &[]));
    let refused = || {
        let mut purge = Command::new(env!("CARGO_BIN_EXE_trellis-relay"));
        purge.args(["purge", "--database", base]);
        refusal(purge).contains("clock")
    };
    age(base, 9);
    assert!(refused());
    // One was used meanwhile by the same wrong clock, or by one that was further ahead.
    let set = |quarters: i64| {
        let sql = "UPDATE mailbox SET quarter = quarter + ?1 WHERE id = ?2";
        Connection::open(base).unwrap().execute(sql, (quarters, new.mailbox().0)).unwrap()
    };
    set(9);
    assert!(refused());
    set(1);
    assert!(refused());
    set(-1);
    assert_eq!(ids(base).len(), 2);
    let sure = task(&["purge", "--clock-is-right", "--database", base]);
    assert_eq!(sure, "dropped 1 mailboxes with 600 bytes of envelopes\n");
}
