//! Durable appends a second, beside the bare append log in the same run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{Connection, append, token};
use crate::figures::{at, row, with_spread};
use crate::process::Server;

/// Bytes of an envelope.
pub(crate) const ENVELOPE: usize = 400;
const CONNECTIONS: u64 = 64;
/// Both servers take short turns, so that whatever else the machine does meets both.
const TURN: Duration = Duration::from_secs(1);
const WARM_UP: Duration = Duration::from_millis(300);

#[derive(Clone, Copy)]
enum Kind {
    Relay,
    Bare,
}

/// What one server did in one turn.
struct Turn {
    per_second: f64,
    /// Microseconds of the processor for each append.
    effort: f64,
}

/// Measures with `batch` envelopes a call into so many mailboxes, `time` for each server. The ratio is the median over the rounds.
pub(crate) async fn measure(batch: usize, mailboxes: u64, time: Duration) -> Vec<Value> {
    let (relay, bare) = (Server::relay(), Server::bare());
    make(relay.addr, mailboxes).await;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for n in 0..time.div_duration_f64(TURN).ceil() as usize {
        // Who goes first changes, so that a machine that slows down or speeds up favours nobody.
        for kind in if n % 2 == 0 { [Kind::Relay, Kind::Bare] } else { [Kind::Bare, Kind::Relay] } {
            match kind {
                Kind::Relay => ours.push(turn(&relay, kind, batch, mailboxes).await),
                Kind::Bare => theirs.push(turn(&bare, kind, batch, mailboxes).await),
            }
        }
    }
    table(&format!("appends, {CONNECTIONS} lines, {mailboxes} mailboxes, {batch} a call"), &ours, &theirs)
}

fn table(what: &str, ours: &[Turn], theirs: &[Turn]) -> Vec<Value> {
    let median = |turns: &[Turn], of: fn(&Turn) -> f64| at(&turns.iter().map(of).collect::<Vec<_>>(), 0.5);
    let ratios: Vec<_> = ours.iter().zip(theirs).map(|(a, b)| a.per_second / b.per_second).collect();
    vec![
        row(format!("{what}: relay"), median(ours, |turn| turn.per_second), "/s"),
        row(format!("{what}: bare log"), median(theirs, |turn| turn.per_second), "/s"),
        with_spread(row(format!("{what}: ratio"), at(&ratios, 0.5), "(aim: 0.9 or more)"), &ratios),
        row(format!("{what}: relay's processor"), median(ours, |turn| turn.effort), "us each"),
        row(format!("{what}: bare log's processor"), median(theirs, |turn| turn.effort), "us each"),
    ]
}

async fn make_every(addr: std::net::SocketAddr, n: u64, mailboxes: u64) {
    let mut connection = Connection::open(addr).await;
    for mailbox in (n..mailboxes).step_by(CONNECTIONS as usize) {
        connection.create(&token(mailbox)).await;
    }
}

/// Makes the mailboxes, over as many lines as there will be.
async fn make(addr: std::net::SocketAddr, mailboxes: u64) {
    let lines: Vec<_> = (0..CONNECTIONS).map(|n| tokio::spawn(make_every(addr, n, mailboxes))).collect();
    for line in lines {
        line.await.unwrap();
    }
}

async fn turn(server: &Server, kind: Kind, batch: usize, mailboxes: u64) -> Turn {
    let stored = Arc::new(AtomicU64::new(0));
    let tasks: Vec<_> = (0..CONNECTIONS)
        .map(|n| tokio::spawn(load(server.addr, kind, (n, mailboxes), batch, stored.clone())))
        .collect();
    tokio::time::sleep(WARM_UP).await;
    let now = || (stored.load(Ordering::Relaxed), server.processor());
    let (start, before) = (Instant::now(), now());
    tokio::time::sleep(TURN).await;
    let (time, after) = (start.elapsed(), now());
    for task in tasks {
        task.abort();
        let _ = task.await;
    }
    let appends = (after.0 - before.0) as f64;
    Turn {
        per_second: appends / time.as_secs_f64(),
        effort: (after.1 - before.1).as_secs_f64() * 1e6 / appends,
    }
}

/// One line: a call at a time, each to another of its mailboxes.
async fn load(
    addr: std::net::SocketAddr,
    kind: Kind,
    (n, mailboxes): (u64, u64),
    batch: usize,
    stored: Arc<AtomicU64>,
) {
    let mut connection = Connection::open(addr).await;
    let tokens: Vec<_> = (n..mailboxes).step_by(CONNECTIONS as usize).map(token).collect();
    for token in tokens.iter().cycle() {
        let envelopes: Vec<Vec<u8>> = (0..batch).map(|_| envelope()).collect();
        match kind {
            Kind::Relay => drop(connection.sync(append(token, envelopes)).await),
            Kind::Bare => {
                let body = [&token.mailbox().0[..], &envelopes.concat()].concat();
                connection.call("POST", "/append", &body).await;
            }
        }
        stored.fetch_add(batch as u64, Ordering::Relaxed);
    }
}

/// An envelope unlike all others.
pub(crate) fn envelope() -> Vec<u8> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut bytes = vec![0x5a; ENVELOPE];
    bytes[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes
}
