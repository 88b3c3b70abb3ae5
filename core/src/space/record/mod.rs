//! Records: what one person says in a shared space. Signed by its author, replaced only by its author, dropped when
//! deleted.
//!
//! A record is named by its author and its key. Its body is `[author, content]`; an empty body is its tombstone. Contents
//! of a later version are kept as they came.

mod board;
mod content;
mod slots;
mod standing;
#[cfg(test)]
pub(super) mod tests;
mod values;

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

pub use board::{BoardValue, SharedMeeting, SharedResource, meeting_slot, resource_slot};
pub use content::{Content, Field, SharedCheckIn, SharedGoal, SharedStep};
pub use slots::Slots;
pub use standing::Standing;
pub use values::*;

use super::members::Members;
use super::{AccountId, Draft, ItemId, Kind, Refusal, VerifiedItem, WriterId};
use crate::crypto::codec::{self, Extensible};
use crate::platform::Entropy;

/// A record's body.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Record {
    /// Whose it is; the signing device must be theirs.
    #[n(0)]
    pub author: AccountId,
    /// What it says.
    #[n(1)]
    pub content: Extensible<Content>,
}

/// What stands under one name: the newest record, or its tombstone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The item.
    pub item: ItemId,
    /// Logical time: the larger one stands, then the larger id.
    pub lamport: u64,
    /// Whose chain it is in.
    pub writer: WriterId,
    /// Its place there.
    pub seq: u64,
    /// What it says; `None` for a tombstone.
    pub content: Option<Extensible<Content>>,
}

/// A record by name.
pub type Name = (AccountId, Vec<u8>);

impl Record {
    /// A record of contents of this version.
    pub fn new(author: AccountId, content: Content) -> Self {
        Self { author, content: Extensible::Known(content) }
    }

    /// The item to sign. Refuses what is longer than its limits.
    pub fn draft(&self, key: Vec<u8>) -> Result<Draft, Refusal> {
        self.check()?;
        Ok(Draft { kind: Kind::Record, key, body: codec::encode(self) })
    }

    /// Reads a body that is not empty.
    pub fn read(body: &[u8]) -> Result<Self, Refusal> {
        let record: Self = codec::decode(body)?;
        record.check()?;
        Ok(record)
    }

    fn check(&self) -> Result<(), Refusal> {
        self.content.known().map_or(Ok(()), Content::check)
    }
}

/// The item that drops a record.
pub fn tombstone(key: Vec<u8>) -> Draft {
    Draft { kind: Kind::Record, key, body: Vec::new() }
}

/// A fresh key for a record that is no projection.
pub fn fresh_key(entropy: &dyn Entropy) -> Vec<u8> {
    let mut key = vec![0; 16];
    entropy.fill(&mut key);
    key
}

/// What stands, of the records among items that apply. Each author's own word only: a body that names somebody
/// else's account is nobody's.
pub fn newest<'a>(
    items: impl IntoIterator<Item = &'a VerifiedItem>,
    members: &Members,
) -> BTreeMap<Name, Posted> {
    let mut standing: BTreeMap<Name, Posted> = BTreeMap::new();
    for item in items.into_iter().filter(|item| item.item().kind == Kind::Record) {
        let (authors, posted) = posted(item, members);
        for author in authors {
            let name = (author, item.item().key.to_vec());
            let newer = |held: &Posted| (posted.lamport, posted.item) > (held.lamport, held.item);
            if standing.get(&name).is_none_or(newer) {
                standing.insert(name, posted.clone());
            }
        }
    }
    standing
}

/// Whose record an item is, by what `members` says.
pub fn authors(item: &VerifiedItem, members: &Members) -> Vec<AccountId> {
    posted(item, members).0
}

/// An item as a record, and whose it is. A tombstone drops what its device's account wrote.
fn posted(item: &VerifiedItem, members: &Members) -> (Vec<AccountId>, Posted) {
    let what = item.item();
    let record = Record::read(&what.body).ok();
    let authors = match &record {
        _ if what.body.is_empty() => members.accounts_of(&what.device),
        Some(record) if members.speaks_for(&what.device, &record.author) => vec![record.author],
        _ => Vec::new(),
    };
    let content = record.map(|record| record.content);
    let posted =
        Posted { item: item.id(), lamport: what.lamport, writer: what.writer, seq: what.seq, content };
    (authors, posted)
}
