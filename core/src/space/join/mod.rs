//! Joining a shared space: an offer under a code, a request, and what a person who is let in starts from.
//!
//! ```text
//! inviter                          rendezvous mailbox                     newcomer
//! JoinCode::random, Invite::new    -- Offer -->     code read or typed: offer, then Asking::start
//! Invite::read_request             <-- Request --
//! a person sees name and safety words, and lets in:
//! Members::take_log, author(Add), publish, Joined::of
//! Asked::answer                    -- Answer -->    Asking::read, Joined::read
//! ```
//!
//! The rendezvous lives until the offer expires or is withdrawn; both sides look when they are there.

mod joined;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use joined::Joined;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use trellis_protocol::Token;
use zeroize::Zeroizing;

use super::consent::{Fields, Goals};
use super::device_log::DeviceLog;
use super::members::{JoinRequest, MAX_NAME, Role, SpaceKind};
use super::record::{self, MAX_TEXT, sorted, within};
use super::{AccountId, Device, DeviceKeys, Refusal, SpaceId};
use crate::crypto::invite::{Channel, InviteSecret, JoinMessage};
use crate::crypto::pairing::safety_words;
use crate::crypto::words::Words;
use crate::crypto::{AgreePublic, DeviceId, Sealed, Secret, codec};
use crate::platform::Entropy;

/// Layout version of offers, requests and answers.
const VERSION: u8 = 1;
/// How long an offer stands unless the person says otherwise, milliseconds: a week.
pub const LIFETIME_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// What an inviter offers, readable by whoever has the code.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Offer {
    #[n(0)]
    v: u8,
    /// Key that requests are sealed to.
    #[n(1)]
    invite: AgreePublic,
    /// Key that declines and withdraws.
    #[n(2)]
    control: DeviceId,
    /// What is offered.
    #[n(3)]
    pub terms: Terms,
}

/// What a newcomer is shown before they ask.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Terms {
    /// The space.
    #[n(0)]
    pub space: SpaceId,
    /// Pair or group.
    #[n(1)]
    pub kind: SpaceKind,
    /// What it is called.
    #[n(2)]
    pub name: String,
    /// The inviter's account, for the safety words.
    #[n(3)]
    pub account: AccountId,
    /// The inviter's name.
    #[n(4)]
    pub inviter: String,
    /// What the newcomer is to be.
    #[n(5)]
    pub role: Role,
    /// What the newcomer is asked to share; they decide by a consent of their own.
    #[n(6)]
    pub fields: Fields,
    /// Which goals they are asked to share.
    #[n(7)]
    pub goals: Goals,
    /// What for.
    #[n(8)]
    pub purpose: String,
    /// Milliseconds since 1970 after which it does not stand any more, by the inviter's clock.
    #[n(9)]
    pub expires_ms: i64,
    /// Good for one newcomer only.
    #[n(10)]
    pub single: bool,
}

/// What a newcomer asks with. `nonce` is for the inviter's eyes only.
#[derive(Encode, Decode)]
#[cbor(array)]
struct Request {
    #[n(0)]
    v: u8,
    #[n(1)]
    device: Device,
    #[n(2)]
    request: JoinRequest,
    #[n(3)]
    name: String,
    #[n(4)]
    role: Role,
    #[n(5)]
    log: Vec<ByteVec>,
    #[cbor(n(6), with = "minicbor::bytes")]
    nonce: [u8; 32],
}

/// The inviter's side. Both parts are kept until the offer ends, so that any device of the account can answer.
#[derive(Clone)]
pub struct Invite {
    /// The secret behind the offer.
    pub secret: InviteSecret,
    /// The encoded offer, exactly as sent.
    pub offer: Vec<u8>,
}

/// A request as the inviter sees it: signatures and device log were checked, no person has said yes.
pub struct Asked {
    /// The device that asks.
    pub device: Device,
    /// For the `Add`.
    pub request: JoinRequest,
    /// The newcomer's name.
    pub name: String,
    /// What they want to be.
    pub role: Role,
    /// The newcomer's device log.
    pub log: DeviceLog,
    inviter: AccountId,
    channel: Channel,
}

/// The newcomer's side, after asking.
pub struct Asking {
    offer: Vec<u8>,
    channel: Channel,
}

impl Offer {
    /// Reads an offer that still stands at `now_ms`.
    pub fn read(bytes: &[u8], now_ms: i64) -> Result<Self, Refusal> {
        let offer: Self = codec::decode(bytes)?;
        if offer.v != VERSION {
            return Err(Refusal::UnknownVersion);
        }
        offer.terms.check()?;
        if now_ms > offer.terms.expires_ms { Err(Refusal::Expired) } else { Ok(offer) }
    }

    /// The offer in a rendezvous, as it was sent; `None` if it is not there yet. Errors: `expired`, `invite-withdrawn`.
    pub fn find(messages: &[JoinMessage], now_ms: i64) -> Result<Option<(Self, Vec<u8>)>, Refusal> {
        let first = messages.iter().find_map(|message| match message {
            JoinMessage::Offer(bytes) => Some(bytes.to_vec()),
            _ => None,
        });
        let Some(bytes) = first else { return Ok(None) };
        let offer = Self::read(&bytes, now_ms)?;
        let withdrawn = messages.iter().any(|message| message.withdraws(&bytes, &offer.control));
        if withdrawn { Err(Refusal::Withdrawn) } else { Ok(Some((offer, bytes))) }
    }
}

impl Terms {
    fn check(&self) -> Result<(), Refusal> {
        if self.name.len() > MAX_NAME {
            return Err(Refusal::Oversized);
        }
        if let Goals::Some { dimensions, goals } = &self.goals {
            sorted(dimensions)?;
            sorted(goals)?;
        }
        within(&self.inviter, record::MAX_NAME)?;
        within(&self.purpose, MAX_TEXT)
    }
}

impl Invite {
    /// A new invitation on these terms.
    pub fn new(terms: Terms, entropy: &dyn Entropy) -> Result<Self, Refusal> {
        terms.check()?;
        let secret = InviteSecret::random(entropy);
        let (invite, control) = (secret.public(), secret.control().id());
        let offer = Offer { v: VERSION, invite, control, terms };
        Ok(Self { secret, offer: codec::encode(&offer) })
    }

    /// The offer as a message.
    pub fn message(&self) -> JoinMessage {
        JoinMessage::Offer(self.offer.clone().into())
    }

    /// Owner token of the rendezvous mailbox: only the inviter clears it away.
    pub fn owner_token(&self) -> Token {
        self.secret.owner_token()
    }

    /// Takes the offer back. Send this, and clear the mailbox away later.
    pub fn withdraw(&self) -> JoinMessage {
        self.secret.withdraw(&self.offer)
    }

    /// Reads a request. `answered` are the requests that were let in before.
    ///
    /// Errors: `expired`; `replayed` (let in before, or the offer is used up); `cannot-open` (altered, or for another
    /// offer); `forged`; `not-entitled` (not a device of that account).
    pub fn read_request(
        &self,
        sealed: &Sealed,
        answered: &BTreeSet<[u8; 32]>,
        now_ms: i64,
    ) -> Result<Asked, Refusal> {
        let terms = Offer::read(&self.offer, now_ms)?.terms;
        let opened = self.secret.open_request(&self.offer, sealed)?;
        let body: Request = codec::decode(&opened.body)?;
        opened.verify(&body.device.id)?;
        let channel = Channel::new(&self.offer, &opened.body, sealed, &body.nonce);
        if answered.contains(&channel.request) || (terms.single && !answered.is_empty()) {
            return Err(Refusal::Replayed);
        }
        let log = body.check(&terms.space)?;
        let Request { device, request, name, role, .. } = body;
        Ok(Asked { device, request, name, role, log, inviter: terms.account, channel })
    }
}

impl Request {
    /// Checks that the device is one of the account that wants to be in this space.
    fn check(&self, space: &SpaceId) -> Result<DeviceLog, Refusal> {
        if self.v != VERSION {
            return Err(Refusal::UnknownVersion);
        }
        within(&self.name, record::MAX_NAME)?;
        self.request.verify(space)?;
        let entries = self.log.iter().map(|entry| entry.as_slice());
        let (log, _) = DeviceLog::from_entries(self.request.account, entries);
        let known = log.state().active.get(&self.device.id) == Some(&self.device);
        let fits = self.request.device == self.device.id;
        if known && fits { Ok(log) } else { Err(Refusal::NotEntitled) }
    }
}

impl Asked {
    /// Names the request among others.
    pub fn id(&self) -> [u8; 32] {
        self.channel.request
    }

    /// The eight words that the newcomer's screen shows too.
    pub fn words(&self) -> Words {
        safety_words(&self.inviter.0, &self.request.account.0)
    }

    /// Seals the answer, after a person said yes and the `Add` is published.
    pub fn answer(&self, joined: &Joined, entropy: &dyn Entropy) -> Result<Vec<JoinMessage>, Refusal> {
        self.channel.seal(&self.device.agree, &joined.encode(&self.request.account), entropy)
    }

    /// Says no.
    pub fn decline(&self, invite: &Invite) -> JoinMessage {
        invite.secret.decline(&invite.offer, self.id())
    }
}

impl Asking {
    /// Asks to join: returns this side's state and the request to send. `log` is the log of the newcomer's account; as
    /// much of it goes along as shows the account's devices.
    pub fn start(
        offer: &[u8],
        keys: &DeviceKeys,
        log: &DeviceLog,
        name: &str,
        now_ms: i64,
        entropy: &dyn Entropy,
    ) -> Result<(Self, JoinMessage), Refusal> {
        let read = Offer::read(offer, now_ms)?;
        within(name, record::MAX_NAME)?;
        let nonce = Secret::<32>::random(entropy);
        let body = Request {
            v: VERSION,
            device: keys.public(),
            request: JoinRequest::sign(&read.terms.space, log.account(), &keys.sign_key(), entropy),
            name: name.to_owned(),
            role: read.terms.role,
            log: log.sent(None).iter().map(|entry| entry.bytes().to_vec().into()).collect(),
            nonce: *nonce.expose(),
        };
        let body = Zeroizing::new(codec::encode(&body));
        let sealed = JoinMessage::request(offer, &read.invite, &body, &keys.sign_key(), entropy)?;
        let channel = Channel::new(offer, &body, &sealed, nonce.expose());
        Ok((Self { offer: offer.to_vec(), channel }, JoinMessage::Request(sealed)))
    }

    /// What [`Self::resume`] goes on from, for the encrypted database.
    pub fn to_kept(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([&self.channel.to_kept()[..], &self.offer].concat())
    }

    /// Goes on after a restart.
    pub fn resume(kept: &[u8]) -> Result<Self, Refusal> {
        let (channel, offer) = kept.split_at_checked(96).ok_or(Refusal::Malformed)?;
        Ok(Self { offer: offer.to_vec(), channel: Channel::kept(channel)? })
    }

    /// The eight words that the inviter's screen shows too.
    pub fn words(&self, account: &AccountId) -> Result<Words, Refusal> {
        let offer: Offer = codec::decode(&self.offer)?;
        Ok(safety_words(&offer.terms.account.0, &account.0))
    }

    /// The answer among all messages of the rendezvous; `None` while there is none. Errors: `invite-declined`,
    /// `invite-withdrawn`, `expired`, and those of reading the answer.
    pub fn read(
        &self,
        keys: &DeviceKeys,
        messages: &[JoinMessage],
        now_ms: i64,
    ) -> Result<Option<Joined>, Refusal> {
        let offer: Offer = codec::decode(&self.offer)?;
        if let Some(bytes) = self.channel.open(&keys.agree_key(), messages) {
            return Joined::read(&bytes, &offer.terms, &keys.id()).map(Some);
        }
        let any = |wanted: &dyn Fn(&JoinMessage) -> bool| messages.iter().any(wanted);
        if any(&|message| message.declines(&self.offer, &offer.control, &self.channel.request)) {
            return Err(Refusal::Declined);
        }
        if any(&|message| message.withdraws(&self.offer, &offer.control)) {
            return Err(Refusal::Withdrawn);
        }
        if now_ms > offer.terms.expires_ms { Err(Refusal::Expired) } else { Ok(None) }
    }
}
