//! An epoch's secret and all that grows from it.

use trellis_protocol::{MailboxId, Token};

use super::knock::BellKeys;
use super::{EpochId, Refusal, Scope, SpaceId, UnverifiedItem, VerifiedItem};
use crate::crypto::envelope::EnvelopeKeys;
use crate::crypto::{DeviceId, Secret, kdf};
use crate::platform::Entropy;

/// The 32 bytes that all current members of an epoch share.
#[derive(Clone)]
pub struct EpochSecret(Secret);

/// An epoch's secret and the device that opened it: its id follows from both, so what travels like this needs no proof.
#[derive(Clone)]
pub struct EpochKey {
    /// Device that opened the epoch.
    pub opener: DeviceId,
    /// Its secret.
    pub secret: EpochSecret,
}

/// Keys, token and mailbox of one epoch.
#[derive(Clone)]
pub struct EpochKeys {
    scope: Scope,
    token: Secret,
    envelope: EnvelopeKeys,
}

impl EpochSecret {
    /// A fresh secret.
    pub fn random(entropy: &dyn Entropy) -> Self {
        Self(Secret::random(entropy))
    }

    /// The secret of kept or granted bytes.
    pub fn new(bytes: Secret) -> Self {
        Self(bytes)
    }

    /// The bytes, for the encrypted database and for grants.
    pub fn secret(&self) -> &Secret {
        &self.0
    }

    /// Returns what an `open` of this space commits to.
    pub fn commitment(&self, space: &SpaceId) -> [u8; 32] {
        *kdf::derive(self.0.expose(), "commit", &space.0).expose()
    }

    /// All keys of the epoch.
    pub fn keys(&self, space: SpaceId, epoch: EpochId) -> EpochKeys {
        let token = self.derive("token", &epoch);
        let mailbox = Token(*token.expose()).mailbox();
        let (content, nonce) = (self.derive("content", &epoch), self.derive("nonce", &epoch));
        let envelope = EnvelopeKeys::new(content, nonce, mailbox, &epoch.0);
        EpochKeys { scope: Scope { space, epoch }, token, envelope }
    }

    /// Keys of the knocks in the epoch's mailbox. They open no item.
    pub fn bell(&self, space: SpaceId, epoch: EpochId) -> BellKeys {
        let token = self.derive("token", &epoch);
        let mailbox = Token(*token.expose()).mailbox();
        let (knock, nonce) = (self.derive("bell", &epoch), self.derive("bell nonce", &epoch));
        BellKeys::new(Scope { space, epoch }, token, EnvelopeKeys::new(knock, nonce, mailbox, &epoch.0))
    }

    fn derive(&self, label: &str, epoch: &EpochId) -> Secret {
        kdf::derive(self.0.expose(), label, &epoch.0)
    }
}

impl EpochKey {
    /// A fresh secret, for an epoch that this device opens.
    pub fn random(opener: DeviceId, entropy: &dyn Entropy) -> Self {
        Self { opener, secret: EpochSecret::random(entropy) }
    }

    /// The id of the epoch in a space.
    pub fn id(&self, space: &SpaceId) -> EpochId {
        EpochId::of(space, &self.opener, &self.secret.commitment(space))
    }
}

impl EpochKeys {
    /// The space and epoch these keys belong to.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Reads and appends the epoch's mailbox.
    pub fn token(&self) -> Token {
        Token(*self.token.expose())
    }

    /// The epoch's mailbox.
    pub fn mailbox(&self) -> MailboxId {
        self.token().mailbox()
    }

    /// Seals an item of this space and epoch. Sealing it again makes the same envelope.
    pub fn seal(&self, item: &VerifiedItem) -> Result<Vec<u8>, Refusal> {
        if item.scope().space != self.scope.space {
            return Err(Refusal::ForeignSpace);
        }
        if item.scope().epoch != self.scope.epoch {
            return Err(Refusal::ForeignEpoch);
        }
        let carried = item.to_carried();
        self.envelope.seal(&carried.item, &carried.signature)
    }

    /// Opens an envelope of this epoch's mailbox.
    pub fn open(&self, envelope: &[u8]) -> Result<UnverifiedItem, Refusal> {
        self.envelope.open(envelope).map(|opened| UnverifiedItem::new(self.scope, opened))
    }
}

/// Owner token of a mailbox (trim, delete), from the account's owner secret. Renew that when a device is revoked.
pub fn owner_token(owner: &Secret, mailbox: &MailboxId) -> Token {
    Token(*kdf::derive(owner.expose(), "owner", &mailbox.0).expose())
}
