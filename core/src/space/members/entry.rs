//! Entries: what a member says about who belongs to a shared space.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::request::JoinRequest;
use crate::crypto::codec::Extensible;
use crate::crypto::{DeviceId, Refusal, SignKey, Signature, codec, kdf};
use crate::space::{AccountId, EntryId, SpaceId};

/// Layout version of entries.
const VERSION: u8 = 1;
/// Most parents of an entry: two heads of each of 30 members' device logs, and room for the roster's own.
pub const MAX_PARENTS: usize = 128;
/// Longest name of a space, bytes.
pub const MAX_NAME: usize = 256;
const SIGNED: &[u8] = b"trellis/v1/roster";

/// How many a space is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum SpaceKind {
    /// Two accounts; either one closes it.
    #[n(0)]
    Pair,
    /// Three or more.
    #[n(1)]
    Group,
}

/// What a person is to the others, in words. It gives no power.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// Someone in recovery who is followed by a coach, or a member of a group.
    #[n(0)]
    Participant,
    /// One of equals.
    #[n(1)]
    Peer,
    /// Sponsor.
    #[n(2)]
    Sponsor,
    /// Sponsee.
    #[n(3)]
    Sponsee,
    /// Coach.
    #[n(4)]
    Coach,
    /// Leads a group.
    #[n(5)]
    Facilitator,
}

/// What a group allows, as bits; those of a later version are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Policy(pub u32);

impl Policy {
    /// Every member may let people in, not only facilitators.
    pub const MEMBERS_INVITE: Self = Self(1);
    /// Nobody is let in.
    pub const CLOSED: Self = Self(2);

    /// Whether all bits of `other` are set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Op {
    /// Starts the space; its signer is the founder.
    #[n(0)]
    Genesis {
        /// Pair or group.
        #[n(0)]
        kind: SpaceKind,
        /// What it is called, at most `MAX_NAME` bytes.
        #[n(1)]
        name: String,
        /// What the founder is.
        #[n(2)]
        role: Role,
        /// Random, so that no two spaces are the same.
        #[cbor(n(3), with = "minicbor::bytes")]
        nonce: [u8; 16],
    },
    /// Lets somebody in who asked for it.
    #[n(1)]
    Add {
        /// The newcomer's own request.
        #[n(0)]
        request: JoinRequest,
        /// What they are.
        #[n(1)]
        role: Role,
    },
    /// Puts somebody out.
    #[n(2)]
    Remove {
        /// Whom.
        #[n(0)]
        account: AccountId,
    },
    /// Makes a member a facilitator, below the signer.
    #[n(3)]
    Promote {
        /// Whom.
        #[n(0)]
        account: AccountId,
    },
    /// Makes a facilitator a member.
    #[n(4)]
    Demote {
        /// Whom.
        #[n(0)]
        account: AccountId,
    },
    /// The signer goes. In a pair, this closes it.
    #[n(5)]
    Leave,
    /// The signer is something else from now on.
    #[n(6)]
    Role {
        /// What.
        #[n(0)]
        role: Role,
    },
    /// Sets what the group allows.
    #[n(7)]
    Settle {
        /// All of it.
        #[n(0)]
        policy: Policy,
    },
    /// Stands by what the signer's account did up to here, also from devices that are signed out.
    #[n(8)]
    Affirm,
}

/// The content of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Body {
    #[n(0)]
    v: u8,
    #[n(1)]
    device: DeviceId,
    #[n(2)]
    account: AccountId,
    /// Newest authority entries that the signer knew, of the roster and of device logs, sorted.
    #[n(3)]
    parents: Vec<EntryId>,
    #[n(4)]
    op: Extensible<Op>,
}

/// An entry as it travels: the body of an item of kind `Roster`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Signed {
    #[n(0)]
    body: ByteVec,
    #[n(1)]
    signature: Signature,
}

/// An entry whose layout and signatures are right. Whether it counts is for the roster to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    id: EntryId,
    body: Body,
    bytes: Vec<u8>,
}

impl Entry {
    /// Signs the first entry, and says which space it starts.
    pub(super) fn found(
        account: AccountId,
        parents: Vec<EntryId>,
        op: Op,
        key: &SignKey,
    ) -> Result<(SpaceId, Self), Refusal> {
        let body = Body::new(account, parents, Extensible::Known(op), key);
        let space = SpaceId::shared(&codec::encode(&body));
        Ok((space, Self::seal(&space, body, key)?))
    }

    /// Signs an entry of a space.
    pub(crate) fn sign(
        space: &SpaceId,
        account: AccountId,
        parents: Vec<EntryId>,
        op: Extensible<Op>,
        key: &SignKey,
    ) -> Result<Self, Refusal> {
        Self::seal(space, Body::new(account, parents, op, key), key)
    }

    fn seal(space: &SpaceId, body: Body, key: &SignKey) -> Result<Self, Refusal> {
        let bytes = codec::encode(&body);
        body.check(space, &bytes)?;
        let signature = key.sign(&[SIGNED, &space.0, &bytes]);
        let id = entry_id(space, &bytes);
        let bytes = codec::encode(&Signed { body: bytes.into(), signature });
        Ok(Self { id, body, bytes })
    }

    /// Reads an entry of a space and checks its signatures.
    pub fn read(space: &SpaceId, bytes: &[u8]) -> Result<Self, Refusal> {
        let signed: Signed = codec::decode(bytes)?;
        let body = match codec::decode::<Body>(&signed.body) {
            Err(_) if newer(&signed.body) => return Err(Refusal::UnknownVersion),
            body => body?,
        };
        body.check(space, &signed.body)?;
        body.device.verify(&[SIGNED, &space.0, &signed.body], &signed.signature)?;
        Ok(Self { id: entry_id(space, &signed.body), body, bytes: bytes.to_vec() })
    }

    /// The space that a first entry starts.
    pub fn space_of(bytes: &[u8]) -> Result<SpaceId, Refusal> {
        Ok(SpaceId::shared(&codec::decode::<Signed>(bytes)?.body))
    }

    /// Its id.
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// The device that signed it.
    pub fn device(&self) -> DeviceId {
        self.body.device
    }

    /// The account it speaks for.
    pub fn account(&self) -> AccountId {
        self.body.account
    }

    /// What it does; `None` if only a later version knows.
    pub fn op(&self) -> Option<&Op> {
        self.body.op.known()
    }

    /// Newest authority entries that the signer knew.
    pub fn parents(&self) -> &[EntryId] {
        &self.body.parents
    }

    /// The entry as it travels.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn is_genesis(&self) -> bool {
        matches!(self.op(), Some(Op::Genesis { .. }))
    }

    /// The account it brings in.
    pub fn added(&self) -> Option<AccountId> {
        match self.op()? {
            Op::Genesis { .. } => Some(self.account()),
            Op::Add { request, .. } => Some(request.account),
            _ => None,
        }
    }

    /// The account that goes by it.
    pub(super) fn departed(&self) -> Option<AccountId> {
        match self.op()? {
            Op::Remove { account } => Some(*account),
            Op::Leave => Some(self.account()),
            _ => None,
        }
    }
}

impl Body {
    fn new(account: AccountId, mut parents: Vec<EntryId>, op: Extensible<Op>, key: &SignKey) -> Self {
        parents.sort_unstable();
        Self { v: VERSION, device: key.id(), account, parents, op }
    }

    fn check(&self, space: &SpaceId, bytes: &[u8]) -> Result<(), Refusal> {
        if self.v != VERSION {
            return Err(Refusal::UnknownVersion);
        }
        if self.parents.len() > MAX_PARENTS {
            return Err(Refusal::Oversized);
        }
        if !self.parents.is_sorted_by(|a, b| a < b) {
            return Err(Refusal::NotCanonical);
        }
        match self.op.known() {
            Some(Op::Genesis { name, .. }) if name.len() > MAX_NAME => Err(Refusal::Oversized),
            Some(Op::Genesis { .. }) if SpaceId::shared(bytes) != *space => Err(Refusal::ForeignSpace),
            Some(Op::Add { request, .. }) => request.verify(space),
            _ => Ok(()),
        }
    }
}

fn entry_id(space: &SpaceId, body: &[u8]) -> EntryId {
    EntryId(kdf::hash(&[SIGNED, &space.0, body]))
}

fn newer(body: &[u8]) -> bool {
    let mut decoder = minicbor::Decoder::new(body);
    decoder.array().is_ok() && decoder.u8().is_ok_and(|version| version > VERSION)
}
