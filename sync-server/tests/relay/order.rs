//! What came lies in the order of coming for no longer than `mixing-seconds`, also in the write-ahead log.

use std::path::Path;
use std::time::{Duration, Instant};

use sync_server::store::{Admission, Keeping, NewEnvelope, SqliteStore, Store, Want, Work};
use tempfile::TempDir;
use trellis_protocol::{Cursor, EnvelopeId, MailboxId};

use crate::contract::{keeping, nobody};
use crate::process::{Process, database};

const BOX: MailboxId = MailboxId([7; 32]);
const OWNER: [u8; 32] = [9; 32];
const MIXING: Duration = Duration::from_secs(1);
/// Far more than a slow machine takes beside that.
const PATIENCE: Duration = Duration::from_secs(30);

fn log(folder: &TempDir) -> u64 {
    std::fs::metadata(folder.path().join("relay.db-wal")).map_or(0, |file| file.len())
}

/// Waits until the write-ahead log holds nothing.
pub async fn emptied(folder: &TempDir) {
    let start = Instant::now();
    while log(folder) > 0 {
        assert!(start.elapsed() < PATIENCE, "the write-ahead log still holds {} bytes", log(folder));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path, &Keeping { mixing: MIXING, ..keeping() }, nobody()).unwrap()
}

/// A store with one mailbox.
async fn made() -> (SqliteStore, TempDir) {
    let folder = TempDir::new().unwrap();
    let store = open(&database(&folder));
    emptied(&folder).await;
    store.create(BOX, OWNER, Admission::Open).await.unwrap().unwrap();
    assert!(log(&folder) > 0);
    (store, folder)
}

async fn append(store: &SqliteStore) {
    let bytes = vec![1; 600];
    let append = vec![NewEnvelope { id: EnvelopeId::of(&bytes), bytes: bytes.into() }];
    let work = Work { mailbox: BOX, cursor: Cursor::default(), append, want: Want::Nothing };
    store.sync(vec![work], 0).await.unwrap();
}

#[tokio::test]
async fn what_a_killed_relay_left_in_the_log_goes_when_the_next_one_starts() {
    let folder = TempDir::new().unwrap();
    let mut relay = Process::serve(&folder, &["--mixing-seconds", "3600"]);
    let token = relay.device.made(1).await;
    relay.device.append(&token, vec![vec![1; 600]]).await;
    relay.kill();
    assert!(log(&folder) > 0);
    let relay = Process::serve(&folder, &["--mixing-seconds", "3600"]);
    emptied(&folder).await;
    assert_eq!(relay.device.all(&token).await, [vec![1; 600]]);
}

#[tokio::test]
async fn the_log_is_emptied_where_mailboxes_were_made_and_nothing_came() {
    let (_store, folder) = made().await;
    emptied(&folder).await;
}

#[tokio::test]
async fn the_log_is_emptied_where_all_that_came_was_trimmed() {
    let (store, folder) = made().await;
    append(&store).await;
    store.trim(BOX, OWNER, 1, Vec::new()).await.unwrap().unwrap();
    emptied(&folder).await;
}

#[tokio::test]
async fn the_log_is_emptied_after_a_reader_has_gone_while_calls_go_on() {
    let (store, folder) = made().await;
    let other = rusqlite::Connection::open(database(&folder)).unwrap();
    let reads = other.unchecked_transaction().unwrap();
    reads.query_row("SELECT count(*) FROM mailbox", (), |row| row.get::<_, i64>(0)).unwrap();
    append(&store).await;
    tokio::time::sleep(MIXING * 3).await;
    assert!(log(&folder) > 0, "the reader was not in the way");
    drop(reads);
    let calls = Instant::now();
    while log(&folder) > 0 {
        assert!(calls.elapsed() < PATIENCE, "the write-ahead log still holds {} bytes", log(&folder));
        store.grant([3; 32], 1).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
