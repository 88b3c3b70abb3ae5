//! A relay that refuses: by mailbox and by kind of call, in any order, with any of its codes. What it does follows from a seed,
//! so that the same mailbox is treated alike until the mood changes.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use trellis_protocol::ErrorCode;
use trellis_protocol::ids::MailboxId;

use crate::transport::{Call, NetError};

/// How the relay treats one mailbox.
pub struct Mood {
    /// Nothing is stored, for this reason.
    pub append: Option<ErrorCode>,
    /// Envelopes in one page.
    pub page: usize,
    /// It is said not to be there.
    pub missing: bool,
    /// There is said to be more, and nothing is given.
    pub more: bool,
}

impl Default for Mood {
    fn default() -> Self {
        Self { append: None, page: usize::MAX, missing: false, more: false }
    }
}

/// What a relay refuses.
#[derive(Clone, Default)]
pub struct Refusing {
    seed: u64,
    calls: u64,
    /// Whole calls fail too, one in so many; 0 for none.
    failing: u64,
    /// Whether there is said to be more where there is nothing.
    empty: bool,
    /// These are treated as ever.
    pub spared: BTreeSet<MailboxId>,
}

impl Refusing {
    pub fn new(seed: u64, failing: u64) -> Self {
        Self { seed, calls: 0, failing, empty: seed.is_multiple_of(3), spared: BTreeSet::new() }
    }

    /// Returns why a call as a whole comes back without an answer, if it does.
    pub fn error(&mut self, call: &Call) -> Option<NetError> {
        self.calls += 1;
        let luck = self.luck("whole", &self.calls.to_be_bytes());
        if self.failing > 0 && luck.is_multiple_of(self.failing) {
            return Some(any_failure(luck / 7));
        }
        match call {
            Call::Create(id, _) => self.refuses_to_make(id),
            Call::Trim(id, _) => self.refuses("trim", id, 2),
            Call::Delete(id, _) => self.refuses("delete", id, 3),
            Call::Sync(_) => None,
        }
        .map(NetError::Refused)
    }

    /// Returns how one mailbox is treated when it is visited.
    pub fn mood(&self, id: MailboxId) -> Mood {
        if self.spared.contains(&id) {
            return Mood::default();
        }
        let luck = self.luck("read", &id.0);
        let page = if luck.is_multiple_of(3) { 1 } else { usize::MAX };
        let missing = luck % 8 == 5;
        let more = self.empty && luck.is_multiple_of(5);
        Mood { append: self.refuses("append", &id, 2), page, missing, more }
    }

    /// Returns why a mailbox is not made, if it is not.
    fn refuses_to_make(&self, id: &MailboxId) -> Option<ErrorCode> {
        self.refuses("create", id, 2)
    }

    /// Returns the code of a kind of call that is refused for a mailbox, as one in so many is.
    fn refuses(&self, what: &str, id: &MailboxId, one_in: u64) -> Option<ErrorCode> {
        let luck = self.luck(what, &id.0);
        let refused = luck.is_multiple_of(one_in) && !self.spared.contains(id);
        refused.then(|| any_code(luck / 16))
    }

    fn luck(&self, what: &str, about: &[u8]) -> u64 {
        let hash = Sha256::new().chain_update(self.seed.to_be_bytes()).chain_update(what).chain_update(about);
        let hash: [u8; 32] = hash.finalize().into();
        u64::from_be_bytes(*hash.first_chunk().expect("a hash is longer"))
    }
}

fn any_code(luck: u64) -> ErrorCode {
    ErrorCode::ALL[(luck % ErrorCode::ALL.len() as u64) as usize]
}

fn any_failure(luck: u64) -> NetError {
    match luck % 6 {
        0 => NetError::RateLimited { retry_after: None },
        1 => NetError::RateLimited { retry_after: Some((luck / 6 % 5000) as u32) },
        2 => NetError::Status(500 + (luck / 6 % 5) as u16),
        3 => NetError::NotARelay,
        4 => NetError::Unreachable,
        _ => NetError::Refused(any_code(luck / 6)),
    }
}
