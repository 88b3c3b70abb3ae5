//! Bodies of `POST /v1/sync`, `PUT /v1/mailboxes/{id}`, trim, delete and `POST /v1/events`.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::ids::{Cursor, EnvelopeId, MailboxId, Token};

/// One round trip for many mailboxes: what to append, and what to return.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct SyncRequest {
    /// At most [`crate::limits::MAX_MAILBOXES`].
    #[n(0)]
    pub mailboxes: Vec<MailboxSync>,
    /// Most bytes of envelopes to return in all, for a poor line; a single envelope always goes. Without it, as many as fit
    /// an answer.
    #[n(1)]
    pub max_bytes: Option<u32>,
}

/// What one device wants of one mailbox.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct MailboxSync {
    /// Opens the mailbox.
    #[n(0)]
    pub token: Token,
    /// Where the device stands. The relay compares the hash; a mismatch is answered [`MailboxStatus::Resync`].
    #[n(1)]
    pub cursor: Cursor,
    /// Envelopes to append, in order. One that is already there is acknowledged again, not stored twice.
    #[n(2)]
    pub append: Vec<ByteVec>,
    /// Most envelopes to return, 0 for none.
    #[n(3)]
    pub max: u32,
    /// Return ids instead of envelopes, from `cursor.seq` on, whatever its hash: to compare lists after a resync.
    #[n(4)]
    pub ids_only: bool,
}

/// Answer to [`SyncRequest`], in the same order.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct SyncResponse {
    /// The relay's clock, seconds since 1970.
    #[n(0)]
    pub now: u64,
    /// One result for each mailbox asked for.
    #[n(1)]
    pub mailboxes: Vec<MailboxResult>,
}

/// What became of one [`MailboxSync`].
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct MailboxResult {
    /// Which mailbox.
    #[n(0)]
    pub mailbox: MailboxId,
    /// Whether the cursor stands.
    #[n(1)]
    pub status: MailboxStatus,
    /// One entry per appended envelope, in order. `Stored` means durable.
    #[n(2)]
    pub appended: Vec<Appended>,
    /// Envelopes after the cursor, oldest first; empty when ids were asked for or on [`MailboxStatus::Resync`].
    /// Includes the ones this request appended.
    #[n(3)]
    pub envelopes: Vec<Stored>,
    /// Ids after the cursor, oldest first, when `ids_only`.
    #[n(4)]
    pub ids: Vec<StoredId>,
    /// More is waiting after what was returned.
    #[n(5)]
    pub more: bool,
    /// The newest position of the mailbox after this request.
    #[n(6)]
    pub head: Cursor,
    /// The position after the last envelope or id returned (the request's cursor if there was none); once all has
    /// been returned it is `head`, which is further only where the newest envelopes were trimmed. A reader
    /// computes it itself and compares; only across a trimmed gap, where it cannot, it takes this one.
    /// A cursor of 0 always stands, also in a trimmed mailbox: reading then starts at the oldest kept envelope.
    #[n(7)]
    pub at: Cursor,
}

/// State of the mailbox against the device's cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum MailboxStatus {
    /// The cursor is a prefix of what is stored.
    #[n(0)]
    Ok,
    /// It is not (wiped, restored, moved, trimmed past it): compare id lists from 0 and refill.
    #[n(1)]
    Resync,
    /// No mailbox of that token: create it.
    #[n(2)]
    Missing,
}

/// What became of one appended envelope.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Appended {
    /// Durable at this sequence number.
    #[n(0)]
    Stored(#[n(0)] u64),
    /// Refused, with an [`crate::ErrorCode`] as text. The others went on.
    #[n(1)]
    Refused(#[n(0)] String),
}

/// One envelope as the relay holds it.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Stored {
    /// Place in the mailbox, from 1, without gaps except where trimmed.
    #[n(0)]
    pub seq: u64,
    /// The envelope.
    #[n(1)]
    pub envelope: ByteVec,
}

/// An envelope's id and place.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct StoredId {
    /// Place in the mailbox.
    #[n(0)]
    pub seq: u64,
    /// SHA-256 of the envelope.
    #[n(1)]
    pub id: EnvelopeId,
}

/// Body of `PUT /v1/mailboxes/{id}`; `{id}` is lower-case hex. Creating again with the same owner is no error.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct CreateMailbox {
    /// SHA-256 of the owner token: who may trim and delete.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub owner: [u8; 32],
    /// Needed where the operator asks for one.
    #[n(1)]
    pub creation_token: Option<String>,
}

/// Body of `POST /v1/mailboxes/{id}/trim`: drop all envelopes but these and those after `before`.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct TrimMailbox {
    /// The owner token itself; its hash must be the mailbox's owner.
    #[n(0)]
    pub owner_token: Token,
    /// Envelopes at or below this number go.
    #[n(1)]
    pub before: u64,
    /// Except these.
    #[n(2)]
    pub keep: Vec<EnvelopeId>,
}

/// Body of `DELETE /v1/mailboxes/{id}`.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct DeleteMailbox {
    /// The owner token itself.
    #[n(0)]
    pub owner_token: Token,
}

/// Body of `POST /v1/events`. Each event is named `mailbox`, its data is `<mailbox id hex> <newest seq>`;
/// a comment line is the heartbeat.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Listen {
    /// Mailboxes to listen to, each with the last sequence number seen: a newer one is told at once.
    #[n(0)]
    pub mailboxes: Vec<ListenMailbox>,
}

/// One mailbox of a [`Listen`].
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct ListenMailbox {
    /// Opens the mailbox.
    #[n(0)]
    pub token: Token,
    /// Last sequence number seen.
    #[n(1)]
    pub after: u64,
}
