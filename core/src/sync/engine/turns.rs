//! Whose turn it is: which mailboxes this look has visited, and which ones the relay would not make when it was asked last.

use std::collections::{BTreeMap, BTreeSet};

use trellis_api_types::sync::SyncState;
use trellis_protocol::ids::MailboxId;

use crate::sync::engine::backoff::Patience;
use crate::transport::NetError;

/// Longest wait before a mailbox that was refused is asked for again, milliseconds.
const LONGEST: i64 = 3_600_000;

/// Turns of mailboxes. A refusal concerns the mailbox that was refused; all others go on.
#[derive(Debug, Default)]
pub struct Turns {
    visited: BTreeSet<MailboxId>,
    made: BTreeSet<MailboxId>,
    refused: BTreeMap<MailboxId, Patience>,
    /// The relay makes no mailbox at all now.
    making: Patience,
}

impl Turns {
    /// Whether the look of now has read the mailbox to its end.
    pub fn is_visited(&self, id: MailboxId) -> bool {
        self.visited.contains(&id)
    }

    /// Whether the look of now has read any mailbox to its end.
    pub fn has_visited(&self) -> bool {
        !self.visited.is_empty()
    }

    /// This look has read the mailbox to its end.
    pub fn visited(&mut self, id: MailboxId) {
        self.refused.remove(&id);
        self.visited.insert(id);
    }

    /// The next look begins with all of them.
    pub fn begin_look(&mut self) {
        self.visited.clear();
        self.made.clear();
    }

    /// Whether the relay may be asked to make the mailbox now, in running time.
    pub fn may_make(&self, id: MailboxId, now: i64) -> bool {
        let is_over = |wait: &Patience| wait.wait_until(now).is_none();
        is_over(&self.making) && self.refused.get(&id).is_none_or(is_over)
    }

    /// The relay would not make it. Unless it gives a reason that concerns this mailbox, it is asked for no other one
    /// meanwhile. `luck` is random.
    pub fn refused(&mut self, id: MailboxId, error: NetError, now: i64, luck: u32) {
        if !matches!(error, NetError::Refused(_) | NetError::Status(0)) {
            self.making.failed(error.clone(), now, luck);
        }
        self.refused.entry(id).or_insert_with(|| Patience::up_to(LONGEST)).failed(error, now, luck);
    }

    /// The relay says that it has it.
    pub fn made(&mut self, id: MailboxId) {
        self.making.worked();
        self.made.insert(id);
    }

    /// The relay says that it does not have it. One that it said it had in this look waits: it is not made without end.
    pub fn missing(&mut self, id: MailboxId, now: i64, luck: u32) {
        if self.made.remove(&id) {
            self.refused(id, NetError::Status(0), now, luck);
        }
    }

    /// The person asks for it now, or another relay was chosen.
    pub fn hurry(&mut self) {
        self.refused.clear();
        self.making.hurry();
    }

    /// When the next one is asked for again, in running time.
    pub fn next_try(&self, now: i64) -> Option<i64> {
        let refused = self.refused.values().filter_map(|wait| wait.wait_until(now)).min();
        refused.max(self.making.wait_until(now))
    }

    /// What to say of a refusal, by a clock that is this much ahead of running time.
    pub fn state(&self, ahead: i64) -> Option<SyncState> {
        self.refused.values().find_map(|wait| wait.state(ahead))
    }
}
