//! Who is told when a mailbox grows. Only a wake-up: what counts is in the store.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use trellis_protocol::MailboxId;

/// Parts of the table: whoever comes or goes holds up only what shares a part.
const SHARDS: usize = 64;

/// All listeners of this process.
pub(crate) struct Hub {
    shards: [Mutex<Shard>; SHARDS],
    next: AtomicU64,
}

/// Who listens to which mailbox. One ordered table: coming and going cost the same whatever others do.
type Shard = BTreeMap<(MailboxId, u64), Arc<Bell>>;

/// What one listener has not been told yet: at most the newest place of each of its mailboxes.
#[derive(Default)]
struct Bell {
    news: Mutex<BTreeMap<MailboxId, u64>>,
    rung: Notify,
}

/// One open event stream; it leaves the hub when dropped.
pub(crate) struct Listener {
    hub: Arc<Hub>,
    number: u64,
    bell: Arc<Bell>,
    mailboxes: Vec<MailboxId>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Hub {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), next: AtomicU64::default() }
    }
}

impl Hub {
    /// Starts listening; nothing that grows from here on is missed.
    pub(crate) fn listen(self: &Arc<Self>, mailboxes: Vec<MailboxId>) -> Listener {
        let bell = Arc::new(Bell::default());
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        for id in &mailboxes {
            self.shard(id).insert((*id, number), bell.clone());
        }
        Listener { hub: self.clone(), number, bell, mailboxes }
    }

    /// Tells everyone who listens that `mailbox` has come to `seq`.
    pub(crate) fn grown(&self, mailbox: MailboxId, seq: u64) {
        let shard = self.shard(&mailbox);
        shard.range((mailbox, 0)..=(mailbox, u64::MAX)).for_each(|(_, bell)| bell.tell(mailbox, seq));
    }

    fn shard(&self, mailbox: &MailboxId) -> MutexGuard<'_, Shard> {
        let [first, ..] = mailbox.0;
        lock(self.shards.get(usize::from(first) % SHARDS).unwrap_or(&self.shards[0]))
    }
}

impl Bell {
    fn tell(&self, mailbox: MailboxId, seq: u64) {
        let mut news = lock(&self.news);
        let newest = news.entry(mailbox).or_default();
        *newest = seq.max(*newest);
        self.rung.notify_one();
    }
}

impl Listener {
    /// Tells only this listener, as it does on starting late.
    pub(crate) fn tell(&self, mailbox: MailboxId, seq: u64) {
        self.bell.tell(mailbox, seq);
    }

    /// Waits for the next mailbox that grew.
    pub(crate) async fn next(&self) -> (MailboxId, u64) {
        loop {
            if let Some(news) = lock(&self.bell.news).pop_first() {
                return news;
            }
            self.bell.rung.notified().await;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        for id in &self.mailboxes {
            self.hub.shard(id).remove(&(*id, self.number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: MailboxId = MailboxId([1; 32]);
    const TWO: MailboxId = MailboxId([2; 32]);

    #[tokio::test]
    async fn a_listener_that_sleeps_finds_only_the_newest_place() {
        let hub = Arc::new(Hub::default());
        let listener = hub.listen(vec![ONE, TWO]);
        for seq in [1, 3, 2] {
            hub.grown(ONE, seq);
        }
        hub.grown(TWO, 9);
        hub.grown(MailboxId([3; 32]), 1);
        assert_eq!((listener.next().await, listener.next().await), ((ONE, 3), (TWO, 9)));
        assert!(lock(&listener.bell.news).is_empty());
    }

    /// A thousand streams that name one mailbox as often as they may, and hang up: nobody waits for them.
    #[test]
    fn listeners_leave_at_once_however_many_there_are() {
        let hub = Arc::new(Hub::default());
        let listeners: Vec<Listener> = (0..1000).map(|_| hub.listen(vec![ONE; 256])).collect();
        let held: usize = hub.shards.iter().map(|it| lock(it).len()).sum();
        assert_eq!(held, 1000, "each of them once");
        let mut longest = std::time::Duration::ZERO;
        for listener in listeners {
            let start = std::time::Instant::now();
            drop(listener);
            longest = longest.max(start.elapsed());
        }
        // It took 30 ms for each of them when others had to be looked through.
        assert!(longest < std::time::Duration::from_secs(1), "{longest:?}");
    }

    #[test]
    fn nothing_stays_of_a_listener_that_left() {
        let hub = Arc::new(Hub::default());
        let (first, second) = (hub.listen(vec![ONE, ONE, TWO]), hub.listen(vec![ONE]));
        drop(first);
        let left = |hub: &Hub| -> Vec<(MailboxId, u64)> {
            hub.shards.iter().flat_map(|it| lock(it).keys().copied().collect::<Vec<_>>()).collect()
        };
        assert_eq!(left(&hub), [(ONE, 1)]);
        drop(second);
        assert!(left(&hub).is_empty());
    }
}
