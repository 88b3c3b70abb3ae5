//! A device that appends one envelope after the other, while others do their worst.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::client::{Connection, append, token};

/// The number of its mailbox.
const OWN: u64 = u64::MAX;
/// How long it waits after it was refused.
const AGAIN: Duration = Duration::from_millis(100);

/// What the device saw.
struct Seen {
    /// How long the slowest append took until it was stored, with the times it was refused before.
    worst: Duration,
    /// When the one began that is running.
    began: Instant,
    /// How often it was refused.
    refused: u32,
}

/// The device. It has a thread of its own: what the attackers in this process do does not hold it up.
pub(crate) struct Watch {
    seen: Arc<Mutex<Seen>>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    pub(crate) fn start(addr: SocketAddr) -> Self {
        let seen = Seen { worst: Duration::ZERO, began: Instant::now(), refused: 0 };
        let seen = Arc::new(Mutex::new(seen));
        let over = Arc::new(AtomicBool::new(false));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let work = append_until(addr, seen.clone(), over.clone());
        let thread = std::thread::spawn(move || runtime.block_on(work));
        Self { seen, over, thread: Some(thread) }
    }

    /// Waits for `time` and returns the milliseconds of the slowest append since this was asked last. One that still runs counts as
    /// far as it has come.
    pub(crate) async fn worst(&self, time: Duration) -> f64 {
        tokio::time::sleep(time).await;
        let mut seen = self.seen.lock().unwrap();
        let running = seen.began.elapsed();
        std::mem::take(&mut seen.worst).max(running).as_secs_f64() * 1000.0
    }

    /// How often the relay had no room for an append since it was asked last.
    pub(crate) fn refused(&self) -> f64 {
        f64::from(std::mem::take(&mut self.seen.lock().unwrap().refused))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let _ended = self.thread.take().map(JoinHandle::join);
    }
}

async fn append_until(addr: SocketAddr, seen: Arc<Mutex<Seen>>, over: Arc<AtomicBool>) {
    let (mut connection, own) = (Connection::open(addr).await, token(OWN));
    connection.create(&own).await;
    for n in 0u64.. {
        seen.lock().unwrap().began = Instant::now();
        let one = append(&own, vec![[&n.to_be_bytes()[..], &[1; 392]].concat()]);
        while !connection.try_sync(one.clone()).await {
            seen.lock().unwrap().refused += 1;
            tokio::time::sleep(AGAIN).await;
            connection = Connection::open(addr).await;
            if over.load(Ordering::Relaxed) {
                return;
            }
        }
        let mut seen = seen.lock().unwrap();
        seen.worst = seen.began.elapsed().max(seen.worst);
        if over.load(Ordering::Relaxed) {
            return;
        }
    }
}
