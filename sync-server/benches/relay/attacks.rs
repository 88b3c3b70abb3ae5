//! What others can do to the relay, and what another device and the machine's memory have to bear meanwhile.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::Value;
use trellis_protocol::Cursor;
use trellis_protocol::limits::{MAX_APPENDS, MAX_BODY, MAX_MAILBOXES};
use trellis_protocol::wire::{MailboxSync, SyncRequest};

use crate::client::{Connection, append, token};
use crate::figures::row;
use crate::process::Server;
use crate::watch::Watch;

/// Event streams that are hung up at once.
const STREAMS: usize = 1_000;
/// Bodies that stall, and readers that take nothing.
const STALLED: usize = 120;
/// Envelopes that are trimmed at once, and how they are sent.
const TRIMMED: usize = 196_560;
const CALL: usize = 8_190;
/// Calls with as many envelopes as one may bring, each a few bytes, that are sent at once.
const FLOOD: u64 = 42;
/// Envelopes of the largest kind that are sent after tiny ones, and how many in one call.
const LARGE: usize = 1_024;
const LARGE_CALL: usize = 60;
/// The relay's own default, see `memory` in docs/relay.md.
const BUDGET_MIB: f64 = 256.0;
/// How long the other device is looked at in each part of an attack.
const LOOK: Duration = Duration::from_secs(3);

/// Measures all of them.
pub(crate) async fn measure() -> Vec<Value> {
    let mut rows = hung_up().await;
    rows.extend(stalled_bodies().await);
    rows.extend(slow_readers().await);
    rows.extend(large_trim().await);
    rows.extend(tiny_envelopes().await);
    rows.extend(large_after_tiny().await);
    rows
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}

fn worst(what: &str, when: &str, figure: f64) -> Value {
    row(format!("{what}: worst append {when}"), figure, "ms")
}

fn memory(what: &str, server: &Server) -> Vec<Value> {
    vec![
        row(format!("{what}: memory now"), mib(server.rss()), "MiB"),
        row(format!("{what}: memory at most"), mib(server.peak()), "MiB"),
    ]
}

/// Many streams that name one mailbox as often as a call may, hung up at once.
async fn hung_up() -> Vec<Value> {
    let (server, what) = (Server::relay(), format!("{STREAMS} streams hung up"));
    Connection::open(server.addr).await.create(&token(0)).await;
    let watch = Watch::start(server.addr);
    let mut rows = vec![worst(&what, "before", watch.worst(LOOK).await)];
    let mut open = Vec::new();
    for _ in 0..STREAMS {
        let mut connection = Connection::open(server.addr).await;
        connection.listen_often(&token(0), 0, MAX_MAILBOXES).await;
        open.push(connection);
    }
    rows.push(worst(&what, "while they open", watch.worst(Duration::ZERO).await));
    rows.push(worst(&what, "while they are open", watch.worst(LOOK).await));
    drop(open);
    let after = watch.worst(LOOK).await;
    rows.push(row(format!("{what}: worst append after"), after, "ms (aim: under 50)"));
    rows.extend(memory(&what, &server));
    rows
}

/// What the relay holds at most, beside the aim.
fn bounded(what: &str, server: &Server) -> Value {
    let aim = format!("MiB (aim: under {:.0})", BUDGET_MIB * 1.2);
    row(format!("{what}: memory at most"), mib(server.peak()), &aim)
}

/// Calls that are sent and then left alone: the other device, and the memory.
async fn left_alone(what: &str, server: Server, call: impl AsyncFn(&mut Connection)) -> Vec<Value> {
    let watch = Watch::start(server.addr);
    let mut rows = vec![worst(what, "before", watch.worst(LOOK).await)];
    rows.push(row(format!("{what}: memory before"), mib(server.rss()), "MiB"));
    let one = async |_| {
        let mut connection = Connection::open_narrow(server.addr).await;
        call(&mut connection).await;
        connection
    };
    let open = join_all((0..STALLED).map(one)).await;
    rows.push(worst(what, "meanwhile", watch.worst(LOOK * 2).await));
    rows.push(row(format!("{what}: appends refused meanwhile"), watch.refused(), ""));
    rows.push(bounded(what, &server));
    drop(open);
    rows.push(worst(what, "after", watch.worst(LOOK).await));
    rows.push(row(format!("{what}: memory after"), mib(server.rss()), "MiB"));
    rows
}

/// Bodies of which the last byte never comes.
async fn stalled_bodies() -> Vec<Value> {
    let body = vec![0xa1; MAX_BODY - 1];
    let what = format!("{STALLED} bodies stall");
    left_alone(&what, Server::relay(), async |line| line.send_all_but_one("/v1/sync", &body).await).await
}

/// Readers that ask for as much as an answer holds and take nothing.
async fn slow_readers() -> Vec<Value> {
    let (server, what) = (Server::relay(), format!("{STALLED} readers take nothing"));
    let mut connection = Connection::open(server.addr).await;
    connection.create(&token(0)).await;
    let largest = |n: u8| vec![n; 65_000];
    connection.sync(append(&token(0), (0..60).map(largest).collect())).await;
    let ask =
        MailboxSync { token: token(0), cursor: Cursor::default(), append: vec![], max: 100, ids_only: false };
    let body = minicbor::to_vec(SyncRequest { mailboxes: vec![ask], max_bytes: None }).unwrap();
    left_alone(&what, server, async |line| line.send("POST", "/v1/sync", &body).await).await
}

/// A mailbox that is large is trimmed whole.
async fn large_trim() -> Vec<Value> {
    let (server, what) = (Server::relay(), format!("{TRIMMED} envelopes trimmed"));
    let mut connection = Connection::open(server.addr).await;
    connection.create(&token(0)).await;
    for call in 0..TRIMMED / CALL {
        let envelope = |n: usize| [&(call * CALL + n).to_be_bytes()[..], &[3; 392]].concat();
        connection.sync(append(&token(0), (0..CALL).map(envelope).collect())).await;
    }
    let watch = Watch::start(server.addr);
    let mut rows = vec![worst(&what, "before", watch.worst(LOOK).await)];
    let start = Instant::now();
    connection.trim(&token(0), TRIMMED as u64).await;
    rows.push(row(format!("{what}: time"), start.elapsed().as_secs_f64(), "s"));
    rows.push(worst(&what, "meanwhile", watch.worst(Duration::ZERO).await));
    rows.push(worst(&what, "after", watch.worst(LOOK).await));
    rows.extend(memory(&what, &server));
    rows
}

/// A call that appends as many envelopes as it may, each of a few bytes.
fn tiny(mailbox: u64) -> MailboxSync {
    append(&token(mailbox), (0..MAX_APPENDS).map(|n| n.to_be_bytes()[5..].to_vec()).collect())
}

/// Sends such calls at once, each to a mailbox of its own, and waits until all are stored.
async fn flood(server: &Server) {
    let one = async |n| {
        let mut connection = Connection::open(server.addr).await;
        connection.create(&token(n)).await;
        while !connection.try_sync(tiny(n)).await {
            connection = Connection::open(server.addr).await;
        }
    };
    join_all((0..FLOOD).map(one)).await;
}

/// Many calls with many tiny envelopes.
async fn tiny_envelopes() -> Vec<Value> {
    let (server, what) = (Server::relay(), format!("{FLOOD} calls of {MAX_APPENDS} tiny envelopes"));
    let watch = Watch::start(server.addr);
    let mut rows = vec![worst(&what, "before", watch.worst(LOOK).await)];
    let start = Instant::now();
    flood(&server).await;
    rows.push(row(format!("{what}: time"), start.elapsed().as_secs_f64(), "s"));
    rows.push(worst(&what, "meanwhile", watch.worst(Duration::ZERO).await));
    rows.push(worst(&what, "after", watch.worst(LOOK).await));
    rows.extend(memory(&what, &server));
    rows
}

/// A journal full of tiny envelopes has to be emptied while the other one fills with large ones.
async fn large_after_tiny() -> Vec<Value> {
    let (server, what) = (Server::relay(), format!("{LARGE} large envelopes after tiny ones"));
    let watch = Watch::start(server.addr);
    flood(&server).await;
    let mut rows = vec![worst(&what, "before", watch.worst(Duration::ZERO).await)];
    let mut connection = Connection::open(server.addr).await;
    let large = |n: usize| [&n.to_be_bytes()[..], &[4; 65_000]].concat();
    for call in 0..LARGE / LARGE_CALL {
        let some = (call * LARGE_CALL..(call + 1) * LARGE_CALL).map(large).collect();
        connection.sync(append(&token(0), some)).await;
    }
    rows.push(worst(&what, "meanwhile", watch.worst(Duration::ZERO).await));
    rows.push(worst(&what, "after", watch.worst(LOOK).await));
    rows
}
