//! What the relay holds in memory while others stall, read slowly, or hang up: the budget of bytes bounds it.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use trellis_protocol::Cursor;
use trellis_protocol::wire::SyncRequest;

use crate::common::*;
use crate::process::Process;

/// Budget of bytes that the tests give the relay.
const MEMORY: usize = 32 * 1024 * 1024;

fn limited(folder: &tempfile::TempDir) -> Process {
    let memory = MEMORY.to_string();
    let limits = ["--memory", &memory, "--address-memory", "0", "--address-calls", "0", "--log", "error"];
    Process::serve(folder, &limits)
}

async fn connect(device: &Device) -> TcpStream {
    TcpStream::connect(device.url.strip_prefix("http://").unwrap()).await.unwrap()
}

fn head(len: usize) -> String {
    format!(
        "POST /v1/sync HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: {len}\r\n\r\n"
    )
}

/// Bytes that a process has in memory.
fn resident(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

#[tokio::test]
async fn bodies_that_never_end_hold_no_more_than_the_budget() {
    let folder = tempfile::tempdir().unwrap();
    let relay = limited(&folder);
    let token = relay.device.made(1).await;
    let before = resident(relay.child.id());
    let body = vec![0xa1; 4_000_000];
    let mut stalled = Vec::new();
    for _ in 0..40 {
        let mut stream = connect(&relay.device).await;
        let piece = [head(body.len() + 1).as_bytes(), &body].concat();
        // One that is refused is closed in the middle of it.
        stalled.push(tokio::spawn(async move {
            let _refused = stream.write_all(&piece).await;
            tokio::time::sleep(Duration::from_secs(10)).await;
        }));
    }
    tokio::time::sleep(Duration::from_secs(4)).await;
    let held = resident(relay.child.id()) - before;
    assert!(held < MEMORY / 5 * 6, "{held} bytes are held");
    stalled.iter().for_each(|stream| stream.abort());
    tokio::time::sleep(Duration::from_millis(200)).await;
    let stored = relay.device.append(&token, vec![vec![1; 600]]).await;
    assert_eq!(stored.len(), 1, "once they are gone there is room");
}

#[tokio::test]
async fn readers_that_take_nothing_hold_no_more_than_the_budget() {
    let folder = tempfile::tempdir().unwrap();
    let relay = limited(&folder);
    let token = relay.device.made(1).await;
    relay.device.append(&token, (0..60u8).map(|n| vec![n; 65_000]).collect()).await;
    let before = resident(relay.child.id());
    let ask = mailbox(&token, Cursor::default(), vec![], 100);
    let body = minicbor::to_vec(SyncRequest { mailboxes: vec![ask], max_bytes: None }).unwrap();
    let whole = [head(body.len()).as_bytes(), &body].concat();
    let mut readers = Vec::new();
    for _ in 0..40 {
        let mut stream = connect(&relay.device).await;
        stream.write_all(&whole).await.unwrap();
        readers.push(stream);
    }
    tokio::time::sleep(Duration::from_secs(4)).await;
    let held = resident(relay.child.id()).saturating_sub(before);
    // Beside the budget: what the four readers of the database map and keep.
    assert!(held < MEMORY / 5 * 6 + 24 * 1024 * 1024, "{held} bytes are held");
    drop(readers);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(relay.device.all(&token).await.len(), 60);
}

/// Calls of many tiny envelopes: a transaction is bounded by its rows, or everybody waits for all of them at once.
#[tokio::test]
async fn tiny_envelopes_fill_a_transaction_by_their_number() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("relay.db").to_str().unwrap().to_owned();
    let (running, device) = crate::common::relay(|config| {
        config.database = file;
        config.metrics_listen = Some(([127, 0, 0, 1], 0).into());
    })
    .await;
    for n in 0..16 {
        device.made(n).await;
    }
    let tiny = |n: u8| (0..2048u16).map(|m| [&m.to_be_bytes()[..], &[n]].concat()).collect();
    let call = |n| {
        let (device, tiny) = (device.clone(), tiny(n));
        async move { device.append(&token(n), tiny).await.len() }
    };
    let stored = futures_util::future::join_all((0..16).map(call)).await;
    assert_eq!(stored, [2048; 16]);
    let metrics = Device::new(format!("http://{}", running.metrics_addr().unwrap()));
    let said = metrics.get("/metrics").await.text().await.unwrap();
    let transactions = |which: &str| {
        let line = said.lines().find(|line| line.starts_with(&format!("trellis_relay_commit_calls{which} ")));
        line.expect(&said).split_once(' ').unwrap().1.to_owned()
    };
    assert_eq!(transactions("_bucket{le=\"4.0\"}"), transactions("_count"), "one held more than four calls");
}
