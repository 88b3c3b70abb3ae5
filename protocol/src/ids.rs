//! Names of mailboxes and envelopes, and the cursor that detects a relay whose history changed.

use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

/// Secret that reads and appends one mailbox. Never in a URL, never logged.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Token(#[cbor(with = "minicbor::bytes")] pub [u8; 32]);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

/// SHA-256 of a mailbox's [`Token`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct MailboxId(#[cbor(with = "minicbor::bytes")] pub [u8; 32]);

/// SHA-256 of an envelope's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct EnvelopeId(#[cbor(with = "minicbor::bytes")] pub [u8; 32]);

impl Token {
    /// The mailbox this token opens.
    pub fn mailbox(&self) -> MailboxId {
        MailboxId(Sha256::digest(self.0).into())
    }
}

impl MailboxId {
    /// Lower-case hex, as it stands in paths and events.
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    /// Reads what [`MailboxId::to_hex`] wrote; `None` for anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        let id = Self(hex::FromHex::from_hex(text).ok()?);
        (id.to_hex() == text).then_some(id)
    }
}

impl EnvelopeId {
    /// Id of an envelope, from its bytes.
    pub fn of(envelope: &[u8]) -> Self {
        Self(Sha256::digest(envelope).into())
    }
}

/// How far a reader has come: the relay's sequence number and the hash over all ids up to it.
///
/// `H_0` is 32 zero bytes; `H_n = SHA-256(H_(n-1) || envelope id_n)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Cursor {
    /// Number of the last envelope seen, 0 before the first.
    #[n(0)]
    pub seq: u64,
    /// Prefix hash up to and including `seq`.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub hash: [u8; 32],
}

impl Cursor {
    /// The cursor after one more envelope.
    #[must_use]
    pub fn then(self, id: EnvelopeId) -> Self {
        let hash = Sha256::new().chain_update(self.hash).chain_update(id.0).finalize();
        Self { seq: self.seq + 1, hash: hash.into() }
    }
}
