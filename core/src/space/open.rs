//! `open`: how a new epoch starts, and how its secret reaches each device.

use minicbor::{Decode, Encode};

use super::{Device, Draft, EntryId, EpochId, EpochKey, EpochSecret, Kind, Mark, Refusal, SpaceId};
use crate::crypto::grant::Context;
use crate::crypto::{AgreeKey, DeviceId, Sealed, Secret, codec, kdf};
use crate::platform::Entropy;

/// Most devices granted by one `open`.
pub const MAX_GRANTS: usize = 384;
/// Most parents or relays in one `open`.
pub const MAX_LIST: usize = 64;
/// Most authority heads in one `open`.
pub const MAX_AUTHORITY: usize = super::members::MAX_PARENTS;
/// Most cuts in one `open`.
pub const MAX_CUTS: usize = 256;
const INFO: &[u8] = b"trellis/v1/grant";

/// What a reader of the new epoch starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Base {
    /// The parents' mailboxes: a light rotation.
    #[n(0)]
    Parent,
    /// A snapshot in the new mailbox, by its id.
    #[n(1)]
    Snapshot(#[cbor(n(0), with = "minicbor::bytes")] [u8; 16]),
}

/// An epoch's secret, sealed to one device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct Grant {
    /// For whom.
    #[n(0)]
    pub device: DeviceId,
    /// The sealed secret.
    #[n(1)]
    pub sealed: Sealed,
}

/// Body of an item of kind `Open`. Lists are sorted and without repetition.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Open {
    /// The new epoch.
    #[n(0)]
    pub epoch: EpochId,
    /// Epochs it follows; none for a space's first.
    #[n(1)]
    pub parents: Vec<EpochId>,
    /// Authority heads by which signer and recipients are entitled.
    #[n(2)]
    pub authority: Vec<EntryId>,
    /// Commitment to the secret, in this space.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub commitment: [u8; 32],
    /// Relays that hold the mailbox.
    #[n(4)]
    pub relays: Vec<String>,
    /// For each writer of a device that lost its place, the last item that still counts.
    #[n(5)]
    pub cuts: Vec<Mark>,
    /// Where reading starts.
    #[n(6)]
    pub base: Base,
    /// The secret, for each recipient.
    #[n(7)]
    pub grants: Vec<Grant>,
}

/// Body of an item of kind `Grant`: an epoch's secret for a device that came later.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct LateGrant {
    /// Device that opened the epoch.
    #[n(0)]
    pub opener: DeviceId,
    /// The epoch's commitment.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub commitment: [u8; 32],
    /// The sealed secret.
    #[n(2)]
    pub grant: Grant,
}

/// What a new epoch is made from.
#[derive(Clone)]
pub struct OpenDraft {
    /// The space.
    pub space: SpaceId,
    /// Its id, by signer and secret.
    pub epoch: EpochId,
    /// Epochs it follows.
    pub parents: Vec<EpochId>,
    /// All authority heads known.
    pub authority: Vec<EntryId>,
    /// Relays that hold the mailbox.
    pub relays: Vec<String>,
    /// For each writer of a device that lost its place, the last item that still counts.
    pub cuts: Vec<Mark>,
    /// Where reading starts.
    pub base: Base,
    /// Everyone entitled, the paper among them.
    pub recipients: Vec<Device>,
}

impl OpenDraft {
    /// Seals the secret to each recipient.
    pub fn build(mut self, secret: &EpochSecret, entropy: &dyn Entropy) -> Result<Open, Refusal> {
        self.parents.sort_unstable();
        self.authority.sort_unstable();
        self.cuts.sort_unstable();
        self.recipients.sort_unstable();
        let commitment = secret.commitment(&self.space);
        let grant = |device: &Device| grant(self.space, self.epoch, &commitment, secret, device, entropy);
        let grants = self.recipients.iter().map(grant).collect::<Result<_, _>>()?;
        let Self { epoch, parents, authority, relays, cuts, base, .. } = self;
        let open = Open { epoch, parents, authority, commitment, relays, cuts, base, grants };
        open.check()?;
        Ok(open)
    }
}

impl Open {
    /// Reads the body of an item of kind `Open`.
    pub fn read(body: &[u8]) -> Result<Self, Refusal> {
        let open: Self = codec::decode(body)?;
        open.check()?;
        Ok(open)
    }

    /// The item to sign: into the new mailbox first, then, once durable there, into each parent's.
    pub fn draft(&self) -> Draft {
        Draft { kind: Kind::Open, key: self.epoch.0.to_vec(), body: codec::encode(self) }
    }

    /// The epoch's secret as granted to a device (or paper); refused if it is not the promised one.
    pub fn secret_for(&self, space: SpaceId, id: &DeviceId, key: &AgreeKey) -> Result<EpochSecret, Refusal> {
        let grant = self.grants.iter().find(|grant| grant.device == *id).ok_or(Refusal::NotGranted)?;
        grant.open(space, self.epoch, &self.commitment, key)
    }

    fn check(&self) -> Result<(), Refusal> {
        let lists = [self.parents.len(), self.relays.len()];
        if self.grants.len() > MAX_GRANTS
            || self.authority.len() > MAX_AUTHORITY
            || self.cuts.len() > MAX_CUTS
            || lists.iter().any(|len| *len > MAX_LIST)
        {
            return Err(Refusal::Oversized);
        }
        let sorted = self.parents.is_sorted_by(|a, b| a < b)
            && self.authority.is_sorted_by(|a, b| a < b)
            && self.cuts.is_sorted_by(|a, b| a.writer < b.writer)
            && self.grants.is_sorted_by(|a, b| a.device < b.device);
        if sorted { Ok(()) } else { Err(Refusal::NotCanonical) }
    }
}

impl LateGrant {
    /// Seals a known epoch's secret to one more device.
    pub fn build(
        space: SpaceId,
        key: &EpochKey,
        device: &Device,
        entropy: &dyn Entropy,
    ) -> Result<Self, Refusal> {
        let (opener, commitment) = (key.opener, key.secret.commitment(&space));
        let grant = grant(space, key.id(&space), &commitment, &key.secret, device, entropy)?;
        Ok(Self { opener, commitment, grant })
    }

    /// The epoch it is of.
    pub fn epoch(&self, space: &SpaceId) -> EpochId {
        EpochId::of(space, &self.opener, &self.commitment)
    }

    /// Reads the body of an item of kind `Grant`.
    pub fn read(body: &[u8]) -> Result<Self, Refusal> {
        codec::decode(body)
    }

    /// The item to sign: into the write epoch and its parents.
    pub fn draft(&self, space: &SpaceId) -> Draft {
        Draft { kind: Kind::Grant, key: self.epoch(space).0.to_vec(), body: codec::encode(self) }
    }

    /// The granted secret: no other one has the epoch's id.
    pub fn secret_for(&self, space: SpaceId, id: &DeviceId, key: &AgreeKey) -> Result<EpochSecret, Refusal> {
        if self.grant.device != *id {
            return Err(Refusal::NotGranted);
        }
        self.grant.open(space, self.epoch(&space), &self.commitment, key)
    }
}

impl Grant {
    fn open(
        &self,
        space: SpaceId,
        epoch: EpochId,
        commitment: &[u8; 32],
        key: &AgreeKey,
    ) -> Result<EpochSecret, Refusal> {
        let info = info(space, epoch, &self.device);
        let bytes = key.open(Context { info: &info, aad: commitment, psk: None }, &self.sealed)?;
        let secret = EpochSecret::new(Secret::from_slice(&zeroize::Zeroizing::new(bytes))?);
        if secret.commitment(&space) == *commitment { Ok(secret) } else { Err(Refusal::WrongCommitment) }
    }
}

fn grant(
    space: SpaceId,
    epoch: EpochId,
    commitment: &[u8; 32],
    secret: &EpochSecret,
    device: &Device,
    entropy: &dyn Entropy,
) -> Result<Grant, Refusal> {
    let info = info(space, epoch, &device.id);
    let context = Context { info: &info, aad: commitment, psk: None };
    let sealed = device.agree.seal(context, secret.secret().expose(), entropy)?;
    Ok(Grant { device: device.id, sealed })
}

fn info(space: SpaceId, epoch: EpochId, device: &DeviceId) -> Vec<u8> {
    [INFO, &space.0, &epoch.0, &device.0].concat()
}

/// Order among several `open`s of one epoch id, of which one stands.
pub(super) fn rank(open: &Open, signer: &DeviceId) -> [u8; 32] {
    kdf::hash(&[&signer.0, &codec::encode(open)])
}
