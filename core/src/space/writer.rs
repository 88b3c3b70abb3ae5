//! A writer's chain: numbers, links and logical time of the items it signs.

use minicbor::{Decode, Encode};

use super::{DeviceKeys, Draft, EpochId, Item, ItemId, Refusal, Scope, SpaceId, VerifiedItem, WriterId};
use crate::crypto::SignKey;

/// How far a chain has come; stored with the item that brought it there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Position {
    /// Number of the last item, 0 before the first.
    #[n(0)]
    pub seq: u64,
    /// Id of the last item.
    #[n(1)]
    pub last: Option<ItemId>,
    /// Largest lamport seen from anyone in the space.
    #[n(2)]
    pub lamport: u64,
}

/// One item of a chain, by its place and its id: everything before it is meant too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct Mark {
    /// Whose chain.
    #[n(0)]
    pub writer: WriterId,
    /// Number of the item.
    #[n(1)]
    pub seq: u64,
    /// Its id.
    #[n(2)]
    pub id: ItemId,
}

/// Makes the items of one writer in one space. A space has its own writer; chains run through its epochs.
#[derive(Clone)]
pub struct Chain {
    space: SpaceId,
    writer: WriterId,
    key: SignKey,
    position: Position,
}

impl Chain {
    /// Continues a chain; `Position::default()` starts one.
    pub fn new(
        space: SpaceId,
        writer: WriterId,
        keys: &DeviceKeys,
        position: Position,
    ) -> Result<Self, Refusal> {
        writer.check(&keys.id())?;
        Ok(Self { space, writer, key: keys.sign_key(), position })
    }

    /// Signs the next item, for an epoch.
    pub fn next(&mut self, epoch: EpochId, draft: Draft) -> Result<VerifiedItem, Refusal> {
        let seq = self.position.seq + 1;
        let lamport = self.position.lamport.checked_add(1).ok_or(Refusal::BadChain)?;
        let fresh = Item::new(self.key.id(), self.writer, draft);
        let item = Item { seq, prev: self.position.last, lamport, ..fresh };
        let signed = item.sign(Scope { space: self.space, epoch }, &self.key)?;
        self.position = Position { seq, last: Some(signed.id()), lamport };
        Ok(signed)
    }

    /// Takes note of someone else's logical time. Far-off values are capped, so nobody can use up the numbers.
    pub fn saw(&mut self, lamport: u64) {
        let limit = self.position.lamport.saturating_add(1 << 32);
        self.position.lamport = self.position.lamport.max(lamport.min(limit));
    }

    /// Where the chain stands.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The writer.
    pub fn writer(&self) -> WriterId {
        self.writer
    }
}
