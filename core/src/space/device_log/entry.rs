//! Entries: what a device or the paper says about the account's devices.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::crypto::paper::PaperKeys;
use crate::crypto::{DeviceId, Refusal, SignKey, Signature, codec, kdf};
use crate::space::{AccountId, Device, EntryId};

/// Layout version of entries.
const VERSION: u8 = 1;
/// Most parents of an entry.
pub const MAX_PARENTS: usize = 64;
/// Most devices named by one reset.
pub const MAX_DEVICES: usize = 64;
const SIGNED: &[u8] = b"trellis/v1/device-log";

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Op {
    /// The paper starts the account with its first devices.
    #[n(0)]
    Genesis {
        /// The first paper.
        #[n(0)]
        paper: PaperKeys,
        /// The first devices, sorted.
        #[n(1)]
        devices: Vec<Device>,
    },
    /// The paper says: exactly these devices remain.
    #[n(1)]
    Reset {
        /// The devices, sorted.
        #[n(0)]
        devices: Vec<Device>,
    },
    /// A new device.
    #[n(2)]
    Add {
        /// The device.
        #[n(0)]
        device: Device,
    },
    /// A device is signed out, for ever.
    #[n(3)]
    Revoke {
        /// The device.
        #[n(0)]
        device: DeviceId,
    },
    /// The paper names its successor.
    #[n(4)]
    Paper {
        /// The new paper.
        #[n(0)]
        paper: PaperKeys,
    },
}

/// The content of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Body {
    #[n(0)]
    v: u8,
    #[n(1)]
    pub(super) signer: DeviceId,
    /// Newest entries that the signer knew, sorted.
    #[n(2)]
    pub(super) parents: Vec<EntryId>,
    #[n(3)]
    pub(super) op: Op,
}

/// An entry as it travels: the body of an item of kind `DeviceLog`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Signed {
    #[n(0)]
    body: ByteVec,
    #[n(1)]
    signature: Signature,
}

/// An entry whose layout and signature are right. Whether it counts is for the log to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    id: EntryId,
    pub(super) body: Body,
    bytes: Vec<u8>,
}

impl Op {
    /// Only the paper may do it.
    pub fn is_root_only(&self) -> bool {
        matches!(self, Self::Genesis { .. } | Self::Reset { .. } | Self::Paper { .. })
    }

    /// The devices it brings in.
    pub fn named(&self) -> &[Device] {
        match self {
            Self::Genesis { devices, .. } | Self::Reset { devices } => devices,
            Self::Add { device } => std::slice::from_ref(device),
            Self::Revoke { .. } | Self::Paper { .. } => &[],
        }
    }

    /// The paper it brings in.
    fn paper(&self) -> Option<&PaperKeys> {
        match self {
            Self::Genesis { paper, .. } | Self::Paper { paper } => Some(paper),
            Self::Reset { .. } | Self::Add { .. } | Self::Revoke { .. } => None,
        }
    }

    pub(super) fn is_reset(&self) -> bool {
        matches!(self, Self::Genesis { .. } | Self::Reset { .. })
    }
}

fn parts(bytes: &[u8]) -> Result<(Signed, Body), Refusal> {
    let signed: Signed = codec::decode(bytes)?;
    let body = match codec::decode::<Body>(&signed.body) {
        Err(_) if newer(&signed.body) => return Err(Refusal::UnknownVersion),
        body => body?,
    };
    Ok((signed, body))
}

impl Entry {
    /// Signs an entry of an account.
    pub fn sign(
        account: &AccountId,
        mut parents: Vec<EntryId>,
        op: Op,
        key: &SignKey,
    ) -> Result<Self, Refusal> {
        parents.sort_unstable();
        let body = Body { v: VERSION, signer: key.id(), parents, op };
        body.check(account)?;
        let bytes = codec::encode(&body);
        let signature = key.sign(&[SIGNED, &account.0, &bytes]);
        let id = entry_id(account, &bytes);
        let bytes = codec::encode(&Signed { body: bytes.into(), signature });
        Ok(Self { id, body, bytes })
    }

    /// Reads an entry of an account and checks its signature.
    pub fn read(account: &AccountId, bytes: &[u8]) -> Result<Self, Refusal> {
        let (signed, body) = parts(bytes)?;
        body.check(account)?;
        body.signer.verify(&[SIGNED, &account.0, &signed.body], &signed.signature)?;
        Ok(Self { id: entry_id(account, &signed.body), body, bytes: bytes.to_vec() })
    }

    /// Returns the id of an entry and what it follows. Nothing is checked.
    pub fn outline(account: &AccountId, bytes: &[u8]) -> Result<(EntryId, Vec<EntryId>), Refusal> {
        let (signed, body) = parts(bytes)?;
        Ok((entry_id(account, &signed.body), body.parents))
    }

    /// Its id.
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// Who signed it.
    pub fn signer(&self) -> DeviceId {
        self.body.signer
    }

    /// What it does.
    pub fn op(&self) -> &Op {
        &self.body.op
    }

    /// Newest entries that the signer knew.
    pub fn parents(&self) -> &[EntryId] {
        &self.body.parents
    }

    /// The entry as it travels.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Body {
    fn check(&self, account: &AccountId) -> Result<(), Refusal> {
        if self.v != VERSION {
            return Err(Refusal::UnknownVersion);
        }
        if self.parents.len() > MAX_PARENTS || self.op.named().len() > MAX_DEVICES {
            return Err(Refusal::Oversized);
        }
        if !self.parents.is_sorted_by(|a, b| a < b) || !self.op.named().is_sorted_by(|a, b| a.id < b.id) {
            return Err(Refusal::NotCanonical);
        }
        self.op.named().iter().try_for_each(|device| device.agree.check())?;
        self.op.paper().map_or(Ok(()), |paper| paper.seal.check())?;
        self.check_start(account)
    }

    /// A genesis has no parents and is signed by the paper that names the account; nothing else is rootless.
    fn check_start(&self, account: &AccountId) -> Result<(), Refusal> {
        match &self.op {
            Op::Genesis { paper, .. } if paper.root != self.signer => Err(Refusal::Forged),
            Op::Genesis { paper, .. } if AccountId::of(&paper.root) != *account => Err(Refusal::ForeignSpace),
            Op::Genesis { .. } if !self.parents.is_empty() => Err(Refusal::Malformed),
            Op::Genesis { .. } => Ok(()),
            _ if self.parents.is_empty() => Err(Refusal::Malformed),
            _ => Ok(()),
        }
    }
}

fn entry_id(account: &AccountId, body: &[u8]) -> EntryId {
    EntryId(kdf::hash(&[SIGNED, &account.0, body]))
}

fn newer(body: &[u8]) -> bool {
    let mut decoder = minicbor::Decoder::new(body);
    decoder.array().is_ok() && decoder.u8().is_ok_and(|version| version > VERSION)
}
