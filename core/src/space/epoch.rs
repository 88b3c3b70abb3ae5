//! An epoch's secret and all that grows from it.

use trellis_protocol::{MailboxId, Token};

use super::knock::BellKeys;
use super::{EpochId, Refusal, Scope, SpaceId, UnverifiedItem, VerifiedItem};
use crate::crypto::envelope::EnvelopeKeys;
use crate::crypto::{Secret, kdf};
use crate::platform::Entropy;

/// The 32 bytes that all current members of an epoch share.
#[derive(Clone)]
pub struct EpochSecret(Secret);

/// Keys, token and mailbox of one epoch.
#[derive(Clone)]
pub struct EpochKeys {
    scope: Scope,
    token: Secret,
    commitment: [u8; 32],
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

    /// What an `open` commits to.
    pub fn commitment(&self, epoch: &EpochId) -> [u8; 32] {
        *self.derive("commit", epoch).expose()
    }

    /// All keys of the epoch.
    pub fn keys(&self, space: SpaceId, epoch: EpochId) -> EpochKeys {
        let token = self.derive("token", &epoch);
        let mailbox = Token(*token.expose()).mailbox();
        let (content, nonce) = (self.derive("content", &epoch), self.derive("nonce", &epoch));
        let envelope = EnvelopeKeys::new(content, nonce, mailbox, &epoch.0);
        EpochKeys { scope: Scope { space, epoch }, token, commitment: self.commitment(&epoch), envelope }
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

    /// What the epoch's `open` must commit to.
    pub fn commitment(&self) -> [u8; 32] {
        self.commitment
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
