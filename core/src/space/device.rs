//! A device's own keys, and what others know of it.

use minicbor::{Decode, Encode};

use crate::crypto::paper::PaperKeys;
use crate::crypto::{AgreeKey, AgreePublic, DeviceId, Secret, SignKey};
use crate::platform::Entropy;

/// What others know of a device: who it is, and how to seal to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub struct Device {
    /// Ed25519 public key, which is the device's name.
    #[n(0)]
    pub id: DeviceId,
    /// X25519 public key, for grants.
    #[n(1)]
    pub agree: AgreePublic,
}

impl From<PaperKeys> for Device {
    fn from(paper: PaperKeys) -> Self {
        Self { id: paper.root, agree: paper.seal }
    }
}

/// The private keys of this device. They never leave it.
#[derive(Clone)]
pub struct DeviceKeys {
    sign_seed: Secret,
    agree: Secret,
}

impl DeviceKeys {
    /// Fresh keys.
    pub fn random(entropy: &dyn Entropy) -> Self {
        Self { sign_seed: Secret::random(entropy), agree: Secret::random(entropy) }
    }

    /// Keys from the encrypted database.
    pub fn new(sign_seed: Secret, agree: Secret) -> Self {
        Self { sign_seed, agree }
    }

    /// The two secrets, for the encrypted database: signing seed, agreement key.
    pub fn secrets(&self) -> (&Secret, &Secret) {
        (&self.sign_seed, &self.agree)
    }

    /// Key that signs items and entries.
    pub fn sign_key(&self) -> SignKey {
        SignKey::from_seed(&self.sign_seed)
    }

    /// Key that opens grants.
    pub fn agree_key(&self) -> AgreeKey {
        AgreeKey::new(self.agree.clone())
    }

    /// The device's name.
    pub fn id(&self) -> DeviceId {
        self.sign_key().id()
    }

    /// What others know of this device.
    pub fn public(&self) -> Device {
        Device { id: self.id(), agree: self.agree_key().public() }
    }
}
