//! What a paired device gets from the one that let it in.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::device_log::DeviceLog;
use super::{AccountId, DeviceId, EpochKey, EpochSecret, Refusal};
use crate::crypto::{Secret, codec};

/// Most epochs in one welcome; older ones come by grants.
pub const MAX_EPOCHS: usize = 256;

/// The pairing answer, before it is sealed to the new device.
#[derive(Clone)]
pub struct Welcome {
    /// The account joined.
    pub account: AccountId,
    /// The account's device log, the new device's `add` included.
    pub entries: Vec<Vec<u8>>,
    /// Epochs of the personal space, the one to write to first.
    pub epochs: Vec<EpochKey>,
    /// Relays in use.
    pub relays: Vec<String>,
    /// The account's owner secret, behind the mailboxes' owner tokens.
    pub owner: Secret,
    /// The beacon's secret.
    pub beacon: Secret,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Layout {
    #[n(0)]
    v: u8,
    #[n(1)]
    account: AccountId,
    #[n(2)]
    entries: Vec<ByteVec>,
    #[n(3)]
    epochs: Vec<SentKey>,
    #[n(4)]
    relays: Vec<String>,
    #[n(5)]
    owner: Bytes,
    #[n(6)]
    beacon: Bytes,
}

/// An epoch's key, as it travels.
#[derive(Encode, Decode)]
#[cbor(array)]
pub(super) struct SentKey {
    #[n(0)]
    opener: DeviceId,
    #[n(1)]
    secret: Bytes,
}

impl SentKey {
    pub(super) fn new(key: &EpochKey) -> Self {
        Self { opener: key.opener, secret: Bytes(*key.secret.secret().expose()) }
    }

    pub(super) fn read(&self) -> EpochKey {
        EpochKey { opener: self.opener, secret: EpochSecret::new(Secret::new(self.secret.0)) }
    }
}

#[derive(Encode, Decode, Zeroize, ZeroizeOnDrop)]
#[cbor(transparent)]
struct Bytes(#[cbor(with = "minicbor::bytes")] [u8; 32]);

impl Welcome {
    /// The bytes to seal.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(codec::encode(&Layout {
            v: 1,
            account: self.account,
            entries: self.entries.iter().cloned().map(ByteVec::from).collect(),
            epochs: self.epochs.iter().map(SentKey::new).collect(),
            relays: self.relays.clone(),
            owner: Bytes(*self.owner.expose()),
            beacon: Bytes(*self.beacon.expose()),
        }))
    }

    /// Reads opened bytes, and checks that the log makes `me` an active device of the account.
    pub fn read(bytes: &[u8], me: &DeviceId) -> Result<Self, Refusal> {
        let layout: Layout = codec::decode(bytes)?;
        if layout.v != 1 {
            return Err(Refusal::UnknownVersion);
        }
        if layout.epochs.len() > MAX_EPOCHS {
            return Err(Refusal::Oversized);
        }
        let welcome = Self {
            account: layout.account,
            entries: layout.entries.into_iter().map(Vec::from).collect(),
            epochs: layout.epochs.iter().map(SentKey::read).collect(),
            relays: layout.relays,
            owner: Secret::new(layout.owner.0),
            beacon: Secret::new(layout.beacon.0),
        };
        let active = welcome.log().state().active.contains_key(me);
        if active { Ok(welcome) } else { Err(Refusal::NotEntitled) }
    }

    /// The account's device log as the inviter knew it.
    pub fn log(&self) -> DeviceLog {
        DeviceLog::from_entries(self.account, self.entries.iter().map(Vec::as_slice)).0
    }
}
