//! Durable appends a second, beside the bare append log in the same run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Connection, append, token};
use crate::process::Server;

/// Bytes of an envelope.
pub(crate) const ENVELOPE: usize = 400;
const CONNECTIONS: u64 = 64;
/// Both servers take short turns, so that whatever else the machine does meets both.
const TURN: Duration = Duration::from_millis(500);
const WARM_UP: Duration = Duration::from_millis(100);

#[derive(Clone, Copy)]
enum Kind {
    Relay,
    Bare,
}

/// Measures with `batch` envelopes a call, `time` for each server; the ratio is the median over the turns.
pub(crate) async fn measure(batch: usize, time: Duration) -> Value {
    let (relay, bare) = (Server::relay(), Server::bare());
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..time.div_duration_f64(TURN).ceil() as usize {
        theirs.push(run(&bare, Kind::Bare, batch).await);
        ours.push(run(&relay, Kind::Relay, batch).await);
        ratios.push(ours.last().unwrap() / theirs.last().unwrap());
    }
    let (ours, theirs, ratio) = (median(ours), median(theirs), median(ratios));
    println!("{:<52} {ours:>12.0} {theirs:>12.0} {ratio:>7.2}", format!("  {batch} a call"));
    json!({ "batch": batch, "relay_per_second": ours, "bare_per_second": theirs, "ratio": ratio })
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

async fn run(server: &Server, kind: Kind, batch: usize) -> f64 {
    let stored = Arc::new(AtomicU64::new(0));
    let tasks: Vec<_> =
        (0..CONNECTIONS).map(|n| tokio::spawn(load(server.addr, kind, n, batch, stored.clone()))).collect();
    tokio::time::sleep(WARM_UP).await;
    let (start, before) = (Instant::now(), stored.load(Ordering::Relaxed));
    tokio::time::sleep(TURN).await;
    let rate = (stored.load(Ordering::Relaxed) - before) as f64 / start.elapsed().as_secs_f64();
    for task in tasks {
        task.abort();
        let _ = task.await;
    }
    rate
}

async fn load(addr: std::net::SocketAddr, kind: Kind, n: u64, batch: usize, stored: Arc<AtomicU64>) {
    let (token, mut connection) = (token(n), Connection::open(addr).await);
    if let Kind::Relay = kind {
        connection.create(&token).await;
    }
    loop {
        let envelopes: Vec<Vec<u8>> = (0..batch).map(|_| envelope()).collect();
        match kind {
            Kind::Relay => drop(connection.sync(append(&token, envelopes)).await),
            Kind::Bare => {
                let body = [&token.mailbox().0[..], &envelopes.concat()].concat();
                connection.call("POST", "/append", &body).await;
            }
        }
        stored.fetch_add(batch as u64, Ordering::Relaxed);
    }
}

/// An envelope unlike all others.
fn envelope() -> Vec<u8> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut bytes = vec![0x5a; ENVELOPE];
    bytes[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes
}
