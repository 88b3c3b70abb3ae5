//! Puts load on a server, told by lines on standard input what to do; `sync-server/benches/peers/drive.mjs` does the same, by
//! the same rules, for servers that speak other protocols.

mod atuin;
mod pairs;
mod relay;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::appends::envelope;

const CLIENTS: usize = 50;
const WARM_UP: Duration = Duration::from_millis(300);
/// Values in a call while a document is filled: more would be refused as too large.
const BATCH: usize = 100;

/// Servers that this program has a client for.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Kind {
    /// Ours.
    Relay,
    /// atuin's.
    Atuin,
}

/// A client with one document on the server.
pub(crate) trait Client: Sized + Send + 'static {
    /// Connects.
    fn open(addr: SocketAddr, document: String) -> impl Future<Output = Self> + Send;
    /// Appends in one call, and waits for the acknowledgement.
    fn append(&mut self, values: Vec<Vec<u8>>) -> impl Future<Output = ()> + Send;
    /// Reads the document from its beginning: how many values, and how many bytes came for them.
    fn read(&mut self) -> impl Future<Output = (usize, usize)> + Send;
}

/// Does what each line says, until there are no more.
pub(crate) async fn drive(kind: Kind, at: SocketAddr) {
    let (mut lines, mut idle) = (BufReader::new(tokio::io::stdin()).lines(), Vec::new());
    let mut relay = Load::<relay::Mailbox>::new(at);
    let mut atuin = Load::<atuin::Series>::new(at);
    while let Some(line) = lines.next_line().await.unwrap() {
        let mut words = line.split(' ');
        let verb = words.next().unwrap();
        let numbers: Vec<u64> = words.map(|word| word.parse().unwrap()).collect();
        let done = match (kind, verb) {
            (Kind::Relay, "deliver") => pairs::deliver(at, numbers[0], numbers[1]).await,
            (Kind::Relay, "listen") => relay::listen(at, &mut idle, numbers[0]).await,
            (Kind::Relay, verb) => relay.run(verb, numbers[0]).await,
            (Kind::Atuin, verb) => atuin.run(verb, numbers[0]).await,
        };
        println!("{done}");
    }
}

/// Clients between two lines.
struct Load<C> {
    at: SocketAddr,
    clients: Vec<C>,
}

impl<C: Client> Load<C> {
    fn new(at: SocketAddr) -> Self {
        Self { at, clients: Vec::new() }
    }

    async fn run(&mut self, verb: &str, number: u64) -> Value {
        match verb {
            "open" => self.open(number).await,
            "append" => self.append(Duration::from_secs(number)).await,
            "fill" => self.fill(number as usize).await,
            "catch-up" => self.catch_up(number as usize).await,
            "acknowledge" => self.acknowledge(number).await,
            "held" => json!({ "count": self.document("kill").await.read().await.0 }),
            _ => panic!("{verb} is not known"),
        }
    }

    async fn document(&self, name: &str) -> C {
        C::open(self.at, name.to_owned()).await
    }

    /// Connects clients with documents of their own.
    async fn open(&mut self, round: u64) -> Value {
        for n in 0..CLIENTS {
            self.clients.push(self.document(&format!("append-{round}-{n}")).await);
        }
        json!({})
    }

    /// Each client appends one value after the other; says how many were acknowledged in the time that counts, and in all.
    async fn append(&mut self, time: Duration) -> Value {
        let (all, running) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(true)));
        let load = |client| tokio::spawn(load(client, all.clone(), running.clone()));
        let loads: Vec<_> = self.clients.drain(..).map(load).collect();
        tokio::time::sleep(WARM_UP).await;
        let (start, before) = (Instant::now(), all.load(Ordering::Relaxed));
        tokio::time::sleep(time).await;
        let (count, seconds) = (all.load(Ordering::Relaxed) - before, start.elapsed().as_secs_f64());
        running.store(false, Ordering::Relaxed);
        for load in loads {
            load.await.unwrap();
        }
        json!({ "count": count, "seconds": seconds, "all": all.load(Ordering::Relaxed) })
    }

    /// Makes a document of so many changes.
    async fn fill(&self, count: usize) -> Value {
        let mut client = self.document("catch-up").await;
        for _ in 0..count / BATCH {
            client.append((0..BATCH).map(|_| envelope()).collect()).await;
        }
        json!({})
    }

    /// A fresh client fetches that document.
    async fn catch_up(&self, count: usize) -> Value {
        let start = Instant::now();
        let (found, bytes) = self.document("catch-up").await.read().await;
        assert_eq!(found, count);
        json!({ "ms": start.elapsed().as_secs_f64() * 1000.0, "bytes": bytes })
    }

    /// Appends so many values to one document, each after the one before was acknowledged.
    async fn acknowledge(&self, count: u64) -> Value {
        let mut client = self.document("kill").await;
        for _ in 0..count {
            client.append(vec![envelope()]).await;
        }
        json!({})
    }
}

async fn load<C: Client>(mut client: C, all: Arc<AtomicU64>, running: Arc<AtomicBool>) {
    while running.load(Ordering::Relaxed) {
        client.append(vec![envelope()]).await;
        all.fetch_add(1, Ordering::Relaxed);
    }
}
