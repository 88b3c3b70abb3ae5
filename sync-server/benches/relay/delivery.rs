//! From A's append to the envelope in B's hands: append, notice, fetch.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use trellis_protocol::wire::MailboxSync;
use trellis_protocol::{Cursor, Token};

use crate::client::{Connection, append, token};
use crate::figures::row;
use crate::listeners;
use crate::process::Server;

const PAIRS: u64 = 50;
const A_SECOND: u64 = 500;

/// The first number of mailboxes that nobody writes to.
const IDLE: u64 = 1_000_000;

/// Measures 50 pairs that send 500 envelopes a second together, while so many others only listen.
pub(crate) async fn measure(time: Duration, idle: usize) -> Vec<Value> {
    let (server, mut open) = (Server::relay(), Vec::new());
    let before = server.rss();
    listeners::fill(&server, &mut open, idle, IDLE).await;
    let each = (idle > 0).then(|| listeners::memory_of_each(&server, before, idle));
    let what = format!("from A to B at {A_SECOND} a second, {idle} listen");
    let taken = deliver(&server, time).await;
    let at = |share: f64| taken[((taken.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    let mut rows = vec![
        row(format!("{what}: median"), at(0.5), "ms"),
        row(format!("{what}: p99"), at(0.99), "ms (aim: under 20 on a quiet machine)"),
    ];
    rows.extend(each.map(|each| row(format!("{what}: memory of each"), each, "KiB (aim: 14 or less)")));
    rows
}

/// Returns how long each envelope took, the fastest first.
async fn deliver(server: &Server, time: Duration) -> Vec<Duration> {
    let each = A_SECOND * time.as_secs() / PAIRS;
    let (samples, mut all) = mpsc::unbounded_channel();
    let mut tasks = JoinSet::new();
    for n in 0..PAIRS {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let mut sender = Connection::open(server.addr).await;
        sender.create(&token(n)).await;
        let stream = Connection::open(server.addr).await;
        tasks.spawn(receive(stream, server.addr, token(n), sent.clone(), samples.clone()));
        tasks.spawn(send(sender, token(n), n, each, sent));
    }
    drop(samples);
    let mut taken: Vec<Duration> = Vec::new();
    while taken.len() < (each * PAIRS) as usize {
        taken.push(all.recv().await.unwrap());
    }
    tasks.shutdown().await;
    taken.sort();
    taken
}

async fn send(mut a: Connection, token: Token, n: u64, each: u64, sent: Arc<Mutex<Vec<Instant>>>) {
    let pause = Duration::from_micros(1_000_000 * PAIRS / A_SECOND);
    tokio::time::sleep(pause * n as u32 / PAIRS as u32 + Duration::from_millis(500)).await;
    let mut ticks = tokio::time::interval(pause);
    for number in 0..each {
        ticks.tick().await;
        sent.lock().unwrap().push(Instant::now());
        let envelope = [&number.to_be_bytes()[..], &[7; 392]].concat();
        a.sync(append(&token, vec![envelope])).await;
    }
}

async fn receive(
    mut stream: Connection,
    addr: std::net::SocketAddr,
    token: Token,
    sent: Arc<Mutex<Vec<Instant>>>,
    samples: mpsc::UnboundedSender<Duration>,
) {
    let (mut cursor, mut b) = (Cursor::default(), Connection::open(addr).await);
    stream.listen(&token, 0).await;
    loop {
        stream.notice().await;
        let want = MailboxSync { token: token.clone(), cursor, append: vec![], max: 100, ids_only: false };
        let result = b.sync(want).await.mailboxes.remove(0);
        cursor = result.at;
        for stored in result.envelopes {
            let start = sent.lock().unwrap()[stored.seq as usize - 1];
            let _ = samples.send(start.elapsed());
        }
    }
}
