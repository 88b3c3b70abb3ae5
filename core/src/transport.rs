//! What a device asks of its relay, and how asking can fail. No input or output happens here.

use trellis_api_types::sync::RelayChoice;
use trellis_protocol::ErrorCode;
use trellis_protocol::ids::MailboxId;
use trellis_protocol::wire::{CreateMailbox, DeleteMailbox, Listen, SyncRequest, SyncResponse, TrimMailbox};

/// One request to the relay.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// `PUT /v1/mailboxes/{id}`.
    Create(MailboxId, CreateMailbox),
    /// `POST /v1/sync`.
    Sync(SyncRequest),
    /// `POST /v1/mailboxes/{id}/trim`.
    Trim(MailboxId, TrimMailbox),
    /// `DELETE /v1/mailboxes/{id}`.
    Delete(MailboxId, DeleteMailbox),
}

/// The relay's answer to a [`Call`].
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Done; nothing to tell.
    Done,
    /// Answer to [`Call::Sync`].
    Sync(SyncResponse),
}

impl Call {
    /// Bytes of envelopes that it brings.
    pub fn brings(&self) -> usize {
        match self {
            Self::Sync(sync) => {
                sync.mailboxes.iter().flat_map(|one| &one.append).map(|bytes| bytes.len()).sum()
            }
            Self::Create(..) | Self::Trim(..) | Self::Delete(..) => 0,
        }
    }
}

impl Reply {
    /// Bytes of envelopes that it brings.
    pub fn brings(&self) -> usize {
        match self {
            Self::Sync(sync) => {
                let envelopes = sync.mailboxes.iter().flat_map(|one| &one.envelopes);
                envelopes.map(|stored| stored.envelope.len()).sum()
            }
            Self::Done => 0,
        }
    }
}

/// Why a call came back without an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// This device has no network, or cannot resolve names.
    #[error("no network")]
    Offline,
    /// Nobody answers at the address, or the connection broke.
    #[error("the relay cannot be reached")]
    Unreachable,
    /// The relay's certificate is not to be trusted.
    #[error("the relay's certificate is not trusted")]
    Certificate,
    /// The certificate is not valid *yet*: more likely this device's clock is behind.
    #[error("the relay's certificate lies in this device's future")]
    Clock,
    /// Something answers, but not a relay (a captive portal, a web page).
    #[error("not a relay")]
    NotARelay,
    /// Too many calls.
    #[error("asked to wait")]
    RateLimited {
        /// Seconds to wait, where the relay said so.
        retry_after: Option<u32>,
    },
    /// The relay refused with a code of its own.
    #[error("refused: {}", .0.as_str())]
    Refused(ErrorCode),
    /// The exchange itself broke on this device.
    #[error("the exchange broke")]
    Broken,
    /// An HTTP status without a code that this version knows.
    #[error("HTTP status {0}")]
    Status(u16),
}

impl NetError {
    /// Whether somebody answered: what failed is this call, not the way there.
    pub fn is_answer(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::RateLimited { .. } | Self::Status(_) | Self::NotARelay)
    }

    /// The code that the screens know.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Offline | Self::Unreachable => "relay-unreachable",
            Self::Certificate => "relay-certificate",
            Self::Clock => "clock-wrong",
            Self::NotARelay => "not-a-relay",
            Self::RateLimited { .. } => "rate-limited",
            Self::Refused(ErrorCode::Storage | ErrorCode::MailboxFull) => "relay-storage",
            Self::Refused(ErrorCode::CreationClosed) => "relay-closed",
            Self::Broken => "exchange-broken",
            Self::Refused(_) | Self::Status(_) => "relay-error",
        }
    }
}

/// Carries calls to a relay. Futures need not be `Send`: in a browser they cannot be.
#[allow(async_fn_in_trait)]
pub trait Transport {
    /// Makes one call.
    async fn call(&self, relay: &RelayChoice, call: &Call) -> Result<Reply, NetError>;

    /// Listens until one of the mailboxes has something newer; an error when the line breaks.
    async fn wake(&self, relay: &RelayChoice, listen: &Listen) -> Result<(), NetError>;
}
