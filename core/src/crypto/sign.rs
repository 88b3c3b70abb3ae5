//! Ed25519, always with strict verification.

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};

use super::codec::identifier;
use super::{Refusal, Secret};

identifier! {
    /// A device, or the paper: its Ed25519 public key.
    DeviceId, 32
}
identifier! {
    /// An Ed25519 signature.
    Signature, 64
}

/// An Ed25519 private key; wiped when dropped.
#[derive(Clone)]
pub struct SignKey(SigningKey);

impl SignKey {
    /// The key that grows from a seed.
    pub fn from_seed(seed: &Secret) -> Self {
        Self(SigningKey::from_bytes(seed.expose()))
    }

    /// The public half, which names the device.
    pub fn id(&self) -> DeviceId {
        DeviceId(self.0.verifying_key().to_bytes())
    }

    /// Signs the parts as one message.
    pub fn sign(&self, parts: &[&[u8]]) -> Signature {
        Signature(self.0.sign(&parts.concat()).to_bytes())
    }
}

impl DeviceId {
    /// Checks a signature over the parts: strictly, so no key or signature has a second form.
    pub fn verify(&self, parts: &[&[u8]], signature: &Signature) -> Result<(), Refusal> {
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_| Refusal::WeakKey)?;
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        key.verify_strict(&parts.concat(), &signature).map_err(|_| Refusal::Forged)
    }
}
