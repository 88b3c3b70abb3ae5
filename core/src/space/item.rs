//! Items: what a space is made of.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::{EpochId, ItemId, SpaceId, WriterId};
use crate::crypto::envelope::{MAX_ITEM, Opened};
use crate::crypto::{DeviceId, Refusal, SignKey, Signature, codec, kdf};

/// Layout version of items.
pub const VERSION: u8 = 1;
/// Largest item that is not a carry or a snapshot part, bytes: such an item always fits into one of these.
pub const MAX_CONTENT: usize = MAX_ITEM - 4096;
/// Longest key of an item, bytes.
pub const MAX_KEY: usize = 128;
/// Highest logical time.
const MAX_LAMPORT: u64 = i64::MAX as u64;
const SIGNED: &[u8] = b"trellis/v1/item";

/// Where an item belongs; signed with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// The space.
    pub space: SpaceId,
    /// The epoch it was written in.
    pub epoch: EpochId,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal;)+) => {
        /// What an item is. Numbers from later versions are kept and forwarded.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[doc = $doc])+ $name,)+
            /// Of a later version: kept, forwarded, not understood.
            Unknown(u16),
        }

        impl From<u16> for Kind {
            fn from(number: u16) -> Self {
                match number { $($number => Self::$name,)+ _ => Self::Unknown(number) }
            }
        }

        impl From<Kind> for u16 {
            fn from(kind: Kind) -> Self {
                match kind { $(Kind::$name => $number,)+ Kind::Unknown(number) => number }
            }
        }
    };
}

kinds! {
    /// One Automerge change; `key` names the document, `body` is the raw chunk.
    Change = 1;
    /// A record of its author; `key` names it, an empty body is its tombstone.
    Record = 2;
    /// A signed entry of a device log, whoever publishes it; in a shared space `key` is the account.
    DeviceLog = 3;
    /// A new epoch; `key` is its id.
    Open = 4;
    /// An epoch's secret for a device that has none; `key` is the epoch id.
    Grant = 5;
    /// What a writer holds of all writers.
    Heads = 6;
    /// A gap that somebody may fill.
    Need = 7;
    /// One part of a snapshot.
    Snapshot = 8;
    /// Items that a device had accepted, repeated.
    Carry = 9;
    /// A device's name, in the personal space only; `key` is the device id.
    DeviceName = 10;
    /// A signed entry of a shared space's roster, whoever publishes it.
    Roster = 11;
    /// What its author agrees to share, with whom and until when.
    Consent = 12;
    /// Its device was not given an epoch's secret that it can open; `key` is the epoch id.
    KeyRequest = 13;
}

impl Kind {
    /// Whether items of this kind hold other items.
    pub fn is_container(self) -> bool {
        matches!(self, Self::Carry | Self::Snapshot)
    }

    /// Whether items of this kind say who may write, and with which keys.
    pub fn is_authority(self) -> bool {
        matches!(self, Self::DeviceLog | Self::Roster | Self::Open | Self::Grant)
    }

    fn check_size(self, len: usize) -> Result<(), Refusal> {
        let limit = if self.is_container() { MAX_ITEM } else { MAX_CONTENT };
        if len > limit { Err(Refusal::Oversized) } else { Ok(()) }
    }
}

impl<C> Encode<C> for Kind {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u16((*self).into())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Kind {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.u16().map(Self::from)
    }
}

/// An item's content. In the encoding, `v` comes first and everything is one array.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Item {
    #[n(0)]
    pub(super) v: u8,
    /// Who signs.
    #[n(1)]
    pub device: DeviceId,
    /// The chain it continues.
    #[n(2)]
    pub writer: WriterId,
    /// Place in the chain, from 1.
    #[n(3)]
    pub seq: u64,
    /// The writer's item before it; none at 1.
    #[n(4)]
    pub prev: Option<ItemId>,
    /// One more than the largest its device had seen.
    #[n(5)]
    pub lamport: u64,
    /// What it is.
    #[n(6)]
    pub kind: Kind,
    /// What it is about; at most `MAX_KEY` bytes.
    #[n(7)]
    pub key: ByteVec,
    /// What it says, by kind.
    #[n(8)]
    pub body: ByteVec,
}

/// What a caller says; [`super::Chain`] adds the rest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Draft {
    /// What it is.
    pub kind: Kind,
    /// What it is about.
    pub key: Vec<u8>,
    /// What it says.
    pub body: Vec<u8>,
}

/// An item with its signature, detached from envelopes: how it is stored, carried and put into snapshots.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct Carried {
    /// The epoch it was written in.
    #[n(0)]
    pub epoch: EpochId,
    /// The item as it was signed.
    #[n(1)]
    pub item: ByteVec,
    /// Its signature.
    #[n(2)]
    pub signature: Signature,
}

/// An item out of an envelope, of which nothing is known but that a holder of the epoch's key sealed it.
#[derive(Clone, Debug)]
pub struct UnverifiedItem {
    space: SpaceId,
    carried: Carried,
}

/// An item whose layout, writer and signature are right. Whether it counts, [`super::authority`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedItem {
    id: ItemId,
    space: SpaceId,
    item: Item,
    carried: Carried,
}

impl Item {
    pub(super) fn new(device: DeviceId, writer: WriterId, draft: Draft) -> Self {
        let (key, body) = (draft.key.into(), draft.body.into());
        Self { v: VERSION, device, writer, seq: 1, prev: None, lamport: 0, kind: draft.kind, key, body }
    }

    pub(super) fn sign(self, scope: Scope, key: &SignKey) -> Result<VerifiedItem, Refusal> {
        self.check()?;
        let bytes = codec::encode(&self);
        self.kind.check_size(bytes.len())?;
        if key.id() != self.device {
            return Err(Refusal::Forged);
        }
        let signature = key.sign(&[SIGNED, &scope.space.0, &scope.epoch.0, &bytes]);
        let id = item_id(scope, &bytes);
        let carried = Carried { epoch: scope.epoch, item: bytes.into(), signature };
        Ok(VerifiedItem { id, space: scope.space, item: self, carried })
    }

    fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_ITEM {
            return Err(Refusal::Oversized);
        }
        let item: Self = match codec::decode(bytes) {
            Err(_) if newer(bytes) => return Err(Refusal::UnknownVersion),
            read => read?,
        };
        if item.v != VERSION {
            return Err(Refusal::UnknownVersion);
        }
        item.kind.check_size(bytes.len())?;
        item.check()?;
        if item.lamport > MAX_LAMPORT { Err(Refusal::BadChain) } else { Ok(item) }
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.key.len() > MAX_KEY {
            return Err(Refusal::Oversized);
        }
        if self.seq == 0 || (self.seq == 1) != self.prev.is_none() || self.lamport < self.seq {
            return Err(Refusal::BadChain);
        }
        self.writer.check(&self.device)
    }
}

#[cfg(test)]
thread_local! {
    /// How many signatures of items were checked.
    pub(crate) static VERIFIED: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

impl Carried {
    /// The id this has as an item of `space`, whether or not it is a valid one.
    pub fn id(&self, space: SpaceId) -> ItemId {
        item_id(Scope { space, epoch: self.epoch }, &self.item)
    }

    /// The item inside, of which nothing is checked: only for what was verified when it was kept.
    pub fn unchecked(&self) -> Result<Item, Refusal> {
        codec::decode(&self.item)
    }

    /// The item of `space` that this was when it was verified and kept: nothing is checked again.
    pub fn kept(self, space: SpaceId) -> Result<VerifiedItem, Refusal> {
        let (id, item) = (self.id(space), self.unchecked()?);
        Ok(VerifiedItem { id, space, item, carried: self })
    }

    /// Checks layout, writer and signature, as an item of `space`.
    pub fn verify(self, space: SpaceId) -> Result<VerifiedItem, Refusal> {
        let item = Item::read(&self.item)?;
        #[cfg(test)]
        VERIFIED.with(|count| count.set(count.get() + 1));
        item.device.verify(&[SIGNED, &space.0, &self.epoch.0, &self.item], &self.signature)?;
        let id = self.id(space);
        Ok(VerifiedItem { id, space, item, carried: self })
    }
}

impl UnverifiedItem {
    pub(super) fn new(scope: Scope, opened: Opened) -> Self {
        let carried = Carried { epoch: scope.epoch, item: opened.item.into(), signature: opened.signature };
        Self { space: scope.space, carried }
    }

    /// Checks layout, writer and signature.
    pub fn verify(self) -> Result<VerifiedItem, Refusal> {
        self.carried.verify(self.space)
    }
}

impl VerifiedItem {
    /// The item's id.
    pub fn id(&self) -> ItemId {
        self.id
    }

    /// Where it belongs.
    pub fn scope(&self) -> Scope {
        Scope { space: self.space, epoch: self.carried.epoch }
    }

    /// Its content.
    pub fn item(&self) -> &Item {
        &self.item
    }

    /// Item and signature as they are stored and forwarded.
    pub fn to_carried(&self) -> &Carried {
        &self.carried
    }
}

fn item_id(scope: Scope, bytes: &[u8]) -> ItemId {
    ItemId(kdf::hash(&[&scope.space.0, &scope.epoch.0, bytes]))
}

/// Whether the bytes start like an item of a later version.
fn newer(bytes: &[u8]) -> bool {
    let mut decoder = minicbor::Decoder::new(bytes);
    decoder.array().is_ok() && decoder.u8().is_ok_and(|version| version > VERSION)
}
