//! From A's change to the value in B's hands: append, notice, fetch.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use trellis_protocol::wire::MailboxSync;
use trellis_protocol::{Cursor, Token, limits};

use super::relay::named;
use crate::appends::envelope;
use crate::client::{Connection, append};

const PAIRS: u64 = 25;
const PAUSE: Duration = Duration::from_millis(500);

/// Measures pairs that send two values a second each; each time in milliseconds.
pub(crate) async fn deliver(at: SocketAddr, round: u64, seconds: u64) -> Value {
    let each = seconds * 1000 / PAUSE.as_millis() as u64;
    let (mut tasks, mut times) = (JoinSet::new(), Vec::new());
    let (samples, mut all) = mpsc::unbounded_channel();
    for n in 0..PAIRS {
        let (sent, starts) = mpsc::unbounded_channel();
        let token = named(&format!("pair-{round}-{n}"));
        let mut a = Connection::open(at).await;
        a.create(&token).await;
        let mut b = Receiver { stream: Connection::open(at).await, calls: Connection::open(at).await, token };
        b.stream.listen(&b.token, 0).await;
        tasks.spawn(send(a, b.token.clone(), (n, each), sent));
        tasks.spawn(b.receive(starts, samples.clone()));
    }
    while times.len() < (each * PAIRS) as usize {
        times.push(all.recv().await.unwrap());
    }
    tasks.shutdown().await;
    json!({ "times": times, "sent": each * PAIRS })
}

async fn send(mut a: Connection, token: Token, (n, each): (u64, u64), sent: mpsc::UnboundedSender<Instant>) {
    tokio::time::sleep(PAUSE + PAUSE * n as u32 / PAIRS as u32).await;
    let mut ticks = tokio::time::interval(PAUSE);
    for _ in 0..each {
        ticks.tick().await;
        sent.send(Instant::now()).unwrap();
        a.sync(append(&token, vec![envelope()])).await;
    }
}

/// B: one line for notices, one for calls.
struct Receiver {
    stream: Connection,
    calls: Connection,
    token: Token,
}

impl Receiver {
    async fn receive(
        mut self,
        mut starts: mpsc::UnboundedReceiver<Instant>,
        samples: mpsc::UnboundedSender<f64>,
    ) {
        let mut cursor = Cursor::default();
        loop {
            self.stream.notice().await;
            let token = self.token.clone();
            let max = limits::MAX_PAGE;
            let want = MailboxSync { token, cursor, append: vec![], max, ids_only: false };
            let result = self.calls.sync(want).await.mailboxes.remove(0);
            cursor = result.at;
            for _ in result.envelopes {
                let start = starts.recv().await.unwrap();
                let _ = samples.send(start.elapsed().as_secs_f64() * 1000.0);
            }
        }
    }
}
