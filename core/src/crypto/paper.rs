//! The paper: 24 words that outlive every device.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use trellis_protocol::{MailboxId, Token};
use zeroize::Zeroizing;

use super::grant::Context;
use super::words::{self, WordError, Words};
use super::{AgreeKey, AgreePublic, DeviceId, Refusal, Sealed, Secret, SignKey, codec, kdf, sealed};
use crate::platform::Entropy;

/// Words in a phrase.
pub const WORDS: usize = 24;
const BEACON: &str = "trellis/v1/beacon";
const DATABASE_KEY: &[u8] = b"trellis/v1/database key";

/// The 32 bytes behind the 24 words.
#[derive(Clone)]
pub struct Phrase(Secret);

/// What the others know of a paper: who it is, and how to seal to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct PaperKeys {
    /// Root signing key, public half.
    #[n(0)]
    pub root: DeviceId,
    /// Seal key, public half.
    #[n(1)]
    pub seal: AgreePublic,
}

/// Where a person with nothing but the paper finds the account again. Devices keep the secret too, to write it.
#[derive(Clone)]
pub struct Beacon(Secret);

impl Phrase {
    /// A new phrase.
    pub fn random(entropy: &dyn Entropy) -> Self {
        Self(Secret::random(entropy))
    }

    /// The phrase of kept bytes.
    pub fn new(bytes: Secret) -> Self {
        Self(bytes)
    }

    /// Reads 24 typed words.
    pub fn parse(text: &str) -> Result<Self, WordError> {
        let bytes = words::to_entropy(text, WORDS)?;
        Ok(Self(Secret::from_slice(&bytes)?))
    }

    /// The bytes, for the encrypted database.
    pub fn secret(&self) -> &Secret {
        &self.0
    }

    /// The words to write down, in order.
    pub fn words(&self) -> Words {
        words::from_entropy(self.0.expose())
    }

    /// Root signing key.
    pub fn sign_key(&self) -> SignKey {
        SignKey::from_seed(&self.derive("paper sign"))
    }

    /// Key that opens what was sealed to the paper.
    pub fn seal_key(&self) -> AgreeKey {
        AgreeKey::new(self.derive("paper seal"))
    }

    /// The public halves.
    pub fn keys(&self) -> PaperKeys {
        PaperKeys { root: self.sign_key().id(), seal: self.seal_key().public() }
    }

    /// The beacon's secret; devices keep it in the personal space.
    pub fn beacon(&self) -> Beacon {
        Beacon(self.derive("beacon"))
    }

    /// Owner token of the beacon's mailbox. Only the paper has it.
    pub fn beacon_owner(&self) -> Token {
        Token(*self.derive("beacon owner").expose())
    }

    /// Opens a database key that a device sealed to this paper.
    pub fn open_database_key(&self, bytes: &[u8]) -> Result<Secret, Refusal> {
        let note: Sealed = codec::decode(bytes)?;
        let context = Context { info: DATABASE_KEY, aad: &self.keys().root.0, psk: None };
        let key = Zeroizing::new(self.seal_key().open(context, &note)?);
        Secret::from_slice(&key)
    }

    fn derive(&self, label: &str) -> Secret {
        kdf::derive(self.0.expose(), label, b"")
    }
}

impl PaperKeys {
    /// Seals a database key so that only the paper opens it: for a device that was signed out.
    pub fn seal_database_key(&self, key: &Secret, entropy: &dyn Entropy) -> Result<Vec<u8>, Refusal> {
        let context = Context { info: DATABASE_KEY, aad: &self.root.0, psk: None };
        Ok(codec::encode(&self.seal.seal(context, key.expose(), entropy)?))
    }
}

/// What the beacon says. Only what leads to the newest epoch; the rest is read there.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct BeaconNote {
    /// The account, 32 bytes.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub account: [u8; 32],
    /// Newer notes have a larger number: milliseconds since 1970 by the writer's clock, or one more than the last.
    #[n(1)]
    pub version: u64,
    /// Relays to ask.
    #[n(2)]
    pub relays: Vec<String>,
    /// The write epoch.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub epoch: [u8; 16],
    /// Its `open` body, which grants the secret to the paper.
    #[n(4)]
    pub open: ByteVec,
}

impl Beacon {
    /// The beacon of a kept secret.
    pub fn new(secret: Secret) -> Self {
        Self(secret)
    }

    /// The secret, for the personal space.
    pub fn secret(&self) -> &Secret {
        &self.0
    }

    /// Opens the beacon's mailbox on the relay.
    pub fn token(&self) -> Token {
        Token(*kdf::derive(self.0.expose(), "beacon token", b"").expose())
    }

    /// The beacon's mailbox.
    pub fn mailbox(&self) -> MailboxId {
        self.token().mailbox()
    }

    /// Seals a note for the beacon's mailbox.
    pub fn seal(&self, note: &BeaconNote, entropy: &dyn Entropy) -> Result<Vec<u8>, Refusal> {
        sealed::seal(&self.key(), BEACON, &codec::encode(note), entropy)
    }

    /// Opens a note from the beacon's mailbox.
    pub fn open(&self, bytes: &[u8]) -> Result<BeaconNote, Refusal> {
        codec::decode(&sealed::open(&self.key(), BEACON, bytes)?)
    }

    fn key(&self) -> Secret {
        kdf::derive(self.0.expose(), "beacon seal", b"")
    }
}
