//! Names of things. All but the salt of [`WriterId`] are hashes of what they name.

use crate::crypto::codec::identifier;
use crate::crypto::{DeviceId, Refusal, kdf};
use crate::platform::Entropy;

identifier! {
    /// A person's account: `SHA-256("trellis/v1/account" || first root public key)`.
    AccountId, 32
}
identifier! {
    /// A space. The personal one is `SHA-256("trellis/v1/personal" || account id)`, a shared one is
    /// `SHA-256("trellis/v1/space" || genesis of its roster)`.
    SpaceId, 32
}
identifier! {
    /// An epoch: the first 16 bytes of `SHA-256("trellis/v1/epoch" || space || device that opened it || commitment)`.
    ///
    /// So nobody gives one epoch's id to another: not in another space, not under another secret, not as somebody else.
    EpochId, 16
}
identifier! {
    /// An item: `SHA-256(space || epoch || item)`.
    ItemId, 32
}
identifier! {
    /// An entry of a device log, `SHA-256("trellis/v1/device-log" || account || entry)`, or of a roster,
    /// `SHA-256("trellis/v1/roster" || space || entry)`.
    EntryId, 32
}
identifier! {
    /// One install of one device, and the Automerge actor of its changes: 8 random bytes, then 8 bytes of
    /// `SHA-256("trellis/v1/writer" || device || the 8 random bytes)`.
    ///
    /// The tag binds the writer to its device for every reader, whatever arrives first.
    WriterId, 16
}

impl AccountId {
    /// The account whose first root key this is.
    pub fn of(first_root: &DeviceId) -> Self {
        Self(kdf::hash(&[b"trellis/v1/account", &first_root.0]))
    }
}

impl SpaceId {
    /// The personal space of an account.
    pub fn personal(account: &AccountId) -> Self {
        Self(kdf::hash(&[b"trellis/v1/personal", &account.0]))
    }

    /// The space that the first entry of a roster starts.
    pub(super) fn shared(genesis: &[u8]) -> Self {
        Self(kdf::hash(&[b"trellis/v1/space", genesis]))
    }
}

impl EpochId {
    /// The epoch that a device opens in a space under a secret with this commitment.
    pub fn of(space: &SpaceId, opener: &DeviceId, commitment: &[u8; 32]) -> Self {
        let hash = kdf::hash(&[b"trellis/v1/epoch", &space.0, &opener.0, commitment]);
        let mut out = [0; 16];
        out.copy_from_slice(&hash[..16]);
        Self(out)
    }
}

impl WriterId {
    /// A fresh writer of this device: on install, after a restore, and whenever another copy may be writing.
    pub fn fresh(device: &DeviceId, entropy: &dyn Entropy) -> Self {
        let mut salt = [0; 8];
        entropy.fill(&mut salt);
        Self::salted(device, &salt)
    }

    /// Refuses a writer that belongs to another device.
    pub fn check(&self, device: &DeviceId) -> Result<(), Refusal> {
        let salt = self.0.first_chunk().ok_or(Refusal::Malformed)?;
        if Self::salted(device, salt) == *self { Ok(()) } else { Err(Refusal::ForeignWriter) }
    }

    fn salted(device: &DeviceId, salt: &[u8; 8]) -> Self {
        let tag = kdf::hash(&[b"trellis/v1/writer", &device.0, salt]);
        let mut out = [0; 16];
        out.iter_mut().zip(salt.iter().chain(&tag)).for_each(|(to, from)| *to = *from);
        Self(out)
    }
}
