//! A newcomer's own word that they want to be in a space.

use minicbor::{Decode, Encode};

use crate::crypto::{DeviceId, Refusal, SignKey, Signature};
use crate::platform::Entropy;
use crate::space::{AccountId, SpaceId};

const SIGNED: &[u8] = b"trellis/v1/join request";

/// Good for one space and one entry: nobody can be let in, or let in again, without having asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct JoinRequest {
    /// Who asks.
    #[n(0)]
    pub account: AccountId,
    /// The device that signs; an active one of the account.
    #[n(1)]
    pub device: DeviceId,
    /// Random, so that each request is another.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub nonce: [u8; 16],
    /// Signature over `"trellis/v1/join request" || space || account || device || nonce`.
    #[n(3)]
    pub signature: Signature,
}

impl JoinRequest {
    /// Asks to be let into a space.
    pub fn sign(space: &SpaceId, account: AccountId, key: &SignKey, entropy: &dyn Entropy) -> Self {
        let mut nonce = [0; 16];
        entropy.fill(&mut nonce);
        let device = key.id();
        let signature = key.sign(&[SIGNED, &space.0, &account.0, &device.0, &nonce]);
        Self { account, device, nonce, signature }
    }

    /// Checks the signature. Whether the device is the account's is for its device log to say.
    pub fn verify(&self, space: &SpaceId) -> Result<(), Refusal> {
        let parts: [&[u8]; 5] = [SIGNED, &space.0, &self.account.0, &self.device.0, &self.nonce];
        self.device.verify(&parts, &self.signature)
    }
}
