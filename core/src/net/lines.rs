//! Lines on which the relay tells of news. They stay open between two notices, so that hearing of something does not cost a
//! new connection each time.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use futures_util::StreamExt;
use futures_util::future::select_all;
use futures_util::stream::Stream;
use trellis_api_types::sync::RelayChoice;
use trellis_protocol::ids::MailboxId;
use trellis_protocol::wire::Listen;

use crate::transport::NetError;

/// A mailbox that grew, and its newest place; `None` for a notice that this version cannot read.
pub type Notice = Option<(MailboxId, u64)>;

/// Notices on one line.
#[cfg(not(target_arch = "wasm32"))]
pub type Notices = Pin<Box<dyn Stream<Item = Result<Notice, NetError>> + Send>>;
/// Notices on one line.
#[cfg(target_arch = "wasm32")]
pub type Notices = Pin<Box<dyn Stream<Item = Result<Notice, NetError>>>>;

/// Where open lines are kept.
#[derive(Default)]
pub struct Lines(Mutex<Option<Open>>);

/// Lines for certain mailboxes of one relay.
struct Open {
    relay: RelayChoice,
    mailboxes: Vec<MailboxId>,
    streams: Vec<Notices>,
}

/// Open lines in use. They are kept for the next time, also if whoever uses them is dropped, unless they broke.
pub struct InUse<'a> {
    home: &'a Lines,
    open: Option<Open>,
}

fn mailboxes(listen: &Listen) -> Vec<MailboxId> {
    listen.mailboxes.iter().map(|one| one.token.mailbox()).collect()
}

impl Lines {
    /// The lines that are open for exactly these mailboxes, if there are.
    pub fn take(&self, relay: &RelayChoice, listen: &Listen) -> InUse<'_> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let same = |open: &Open| open.relay == *relay && open.mailboxes == mailboxes(listen);
        InUse { home: self, open: kept.filter(same) }
    }
}

impl InUse<'_> {
    /// Whether there are none.
    pub fn is_closed(&self) -> bool {
        self.open.is_none()
    }

    /// Goes on with these.
    pub fn open(&mut self, relay: &RelayChoice, listen: &Listen, streams: Vec<Notices>) {
        self.open = Some(Open { relay: relay.clone(), mailboxes: mailboxes(listen), streams });
    }

    /// Waits for something that is newer than what is listened from: what this device has read or sent itself is no news.
    pub async fn hear(&mut self, listen: &Listen) -> Result<(), NetError> {
        let seen: BTreeMap<MailboxId, u64> =
            listen.mailboxes.iter().map(|one| (one.token.mailbox(), one.after)).collect();
        let is_news = |notice: &Notice| {
            notice.is_none_or(|(mailbox, seq)| seen.get(&mailbox).is_none_or(|after| seq > *after))
        };
        loop {
            let Some(open) = &mut self.open else { return Err(NetError::Unreachable) };
            let next = select_all(open.streams.iter_mut().map(StreamExt::next)).await.0;
            match next {
                Some(Ok(notice)) if is_news(&notice) => return Ok(()),
                Some(Ok(_)) => {}
                Some(Err(error)) => return self.broke(error),
                None => return self.broke(NetError::Unreachable),
            }
        }
    }

    fn broke(&mut self, error: NetError) -> Result<(), NetError> {
        self.open = None;
        Err(error)
    }
}

impl Drop for InUse<'_> {
    fn drop(&mut self) {
        *self.home.0.lock().unwrap_or_else(PoisonError::into_inner) = self.open.take();
    }
}
