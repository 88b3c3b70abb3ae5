//! What the engine wants done, and what it tells.

use trellis_api_types::Millis;
use trellis_api_types::sync::RelayChoice;
use trellis_protocol::Cursor;
use trellis_protocol::ids::MailboxId;
use trellis_protocol::wire::Listen;

use crate::transport::Call;

/// What the engine wants done.
#[derive(Debug)]
pub enum Next {
    /// Make this call and bring back its outcome.
    Call(Box<Sent>),
    /// Nothing now.
    Idle(Pause),
}

/// A call under way.
#[derive(Debug)]
pub struct Sent {
    /// Where it goes.
    pub relay: RelayChoice,
    /// What is asked.
    pub call: Call,
    /// What its answer is for.
    pub(in crate::sync) purpose: Purpose,
}

impl Sent {
    /// Whether a locked device asked it.
    pub fn is_watch(&self) -> bool {
        self.purpose == Purpose::Watch
    }
}

/// What a call was for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sync) enum Purpose {
    /// The rendezvous of a pairing.
    Pairing,
    /// A mailbox at which people meet.
    Meeting,
    /// Making a mailbox.
    Create(MailboxId),
    /// Exchanging items.
    Exchange(Vec<Visit>),
    /// Trimming a mailbox up to here.
    Trim(MailboxId, u64),
    /// Looking for knocks while locked.
    Watch,
}

/// What one mailbox was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Which.
    pub mailbox: MailboxId,
    /// Cursor that was sent.
    pub cursor: Cursor,
    /// Items that were appended, by row.
    pub items: Vec<i64>,
    /// Ids were asked for.
    pub ids: bool,
    /// The answer held something of another mailbox: what it had no room for is asked for again.
    pub beside: bool,
    /// The relay said before that it does not have the mailbox; it may have come since.
    pub gone: bool,
}

/// How long nothing has to be done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pause {
    /// Ask again then; never by itself if none.
    pub until: Option<Millis>,
    /// Ask again when the relay tells of news here.
    pub listen: Option<(RelayChoice, Listen)>,
}

/// What changed, for the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Documents changed by another device.
    pub data: bool,
    /// Somebody asks this person for help.
    pub help: bool,
    /// The sync line.
    pub sync: bool,
    /// A pairing went on.
    pub pairing: bool,
    /// This device was signed out.
    pub signed_out: bool,
}
