//! Who is told when a mailbox grows. Only a wake-up: what counts is in the store.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use trellis_protocol::MailboxId;

/// All listeners of this process.
#[derive(Default)]
pub(crate) struct Hub {
    listeners: Mutex<HashMap<MailboxId, Vec<Arc<Bell>>>>,
}

/// What one listener has not been told yet: at most the newest place of each of its mailboxes.
#[derive(Default)]
struct Bell {
    news: Mutex<BTreeMap<MailboxId, u64>>,
    rung: Notify,
}

/// One open event stream; it leaves the hub when dropped.
pub(crate) struct Listener {
    hub: Arc<Hub>,
    bell: Arc<Bell>,
    mailboxes: Vec<MailboxId>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// Starts listening; nothing that grows from here on is missed.
    pub(crate) fn listen(self: &Arc<Self>, mailboxes: Vec<MailboxId>) -> Listener {
        let bell = Arc::new(Bell::default());
        let mut listeners = lock(&self.listeners);
        for id in &mailboxes {
            listeners.entry(*id).or_default().push(bell.clone());
        }
        drop(listeners);
        Listener { hub: self.clone(), bell, mailboxes }
    }

    /// Tells everyone who listens that `mailbox` has come to `seq`.
    pub(crate) fn grown(&self, mailbox: MailboxId, seq: u64) {
        let listeners = lock(&self.listeners);
        listeners.get(&mailbox).into_iter().flatten().for_each(|bell| bell.tell(mailbox, seq));
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
        let mut listeners = lock(&self.hub.listeners);
        for id in &self.mailboxes {
            if let Some(bells) = listeners.get_mut(id) {
                bells.retain(|bell| !Arc::ptr_eq(bell, &self.bell));
                if bells.is_empty() {
                    listeners.remove(id);
                }
            }
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

    #[test]
    fn nothing_stays_of_a_listener_that_left() {
        let hub = Arc::new(Hub::default());
        let (first, second) = (hub.listen(vec![ONE, ONE, TWO]), hub.listen(vec![ONE]));
        drop(first);
        assert_eq!(lock(&hub.listeners).keys().collect::<Vec<_>>(), [&ONE]);
        drop(second);
        assert!(lock(&hub.listeners).is_empty());
    }
}
