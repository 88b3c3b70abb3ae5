//! Pairing over a rendezvous mailbox: a code, an offer, a request, an answer, and words to compare.
//!
//! ```text
//! inviter                        rendezvous mailbox                    joiner
//! PairCode::random, Invite::new  -- Message::Offer -->   code read or typed: Joining::start
//! Invite::read_request           <-- Message::Request --
//! Request::words    == a person compares six words ==    Joining::words
//! Request::answer                -- Message::Answer -->  Joining::read_answer
//! ```
//!
//! The answer's key depends on a number that only the holder of the invite key could read in the request, so
//! whoever merely saw the code can neither read nor make an answer; putting oneself in the middle changes the words.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use trellis_api_types::typed::{self, Link};
use trellis_protocol::{MailboxId, Token};
use zeroize::Zeroizing;

use super::grant::Context;
use super::words::{self, WordError, Words};
use super::{
    AgreeKey, AgreePublic, DeviceId, Refusal, Sealed, Secret, SignKey, Signature, codec, kdf, sealed,
};
use crate::platform::Entropy;

/// How long an offer stands, milliseconds.
pub const LIFETIME_MS: i64 = 10 * 60 * 1000;
/// How far the inviter's clock may be ahead of the joiner's, milliseconds.
pub const CLOCK_SLACK_MS: i64 = 10 * 60 * 1000;
/// Words in a spoken code.
pub const CODE_WORDS: usize = 12;
/// Words to compare.
pub const COMPARE_WORDS: usize = 6;
/// Words two accounts compare.
pub const SAFETY_WORDS: usize = 8;
/// Longest name or address in an offer or request, bytes.
pub const MAX_TEXT: usize = 256;

const LINK: &str = "trellis:pair#";
const PURPOSE: &str = "trellis/v1/pairing";
const REQUEST: &[u8] = b"trellis/v1/pair request";
const ANSWER: &[u8] = b"trellis/v1/pair answer";

/// What the inviter shows: a 128-bit secret and, where known, the relay to meet at.
#[derive(Clone)]
pub struct PairCode {
    /// The rendezvous secret.
    pub secret: Secret<16>,
    /// Address of the relay; words do not carry it.
    pub relay: Option<String>,
}

/// One message in the rendezvous mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Message {
    /// The encoded [`Offer`].
    #[n(0)]
    Offer(#[n(0)] ByteVec),
    /// A request, sealed to the invite key.
    #[n(1)]
    Request(#[n(0)] Sealed),
    /// The answer, sealed to the requester.
    #[n(2)]
    Answer(#[n(0)] Sealed),
    /// A person said no.
    #[n(3)]
    Declined,
}

/// What an inviter offers, readable by whoever has the code.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Offer {
    /// Key that requests are sealed to.
    #[n(0)]
    pub invite: AgreePublic,
    /// Name of the inviting device or person, as the joiner sees it.
    #[n(1)]
    pub name: String,
    /// Milliseconds since 1970 after which it does not stand any more, by the inviter's clock.
    #[n(2)]
    pub expires_ms: i64,
}

/// What a joiner asks with. `nonce` is for the inviter's eyes only.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct RequestBody {
    #[n(0)]
    device: DeviceId,
    #[n(1)]
    agree: AgreePublic,
    #[n(2)]
    name: String,
    #[cbor(n(3), with = "minicbor::bytes")]
    nonce: [u8; 32],
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct SignedRequest {
    #[n(0)]
    body: ByteVec,
    #[n(1)]
    signature: Signature,
}

/// The inviter's side. Both parts are kept until the offer ends, so that any device of the account can answer.
#[derive(Clone)]
pub struct Invite {
    /// The private half of the invite key.
    pub key: Secret,
    /// The encoded offer, exactly as sent.
    pub offer: Vec<u8>,
}

/// A request as the inviter sees it: its signature was checked, no person has said yes.
pub struct Request {
    /// The device that asks.
    pub device: DeviceId,
    /// Its key for grants.
    pub agree: AgreePublic,
    /// Its name.
    pub name: String,
    channel: Channel,
}

/// The joiner's side, after asking.
pub struct Joining {
    agree: AgreeKey,
    channel: Channel,
}

/// What both sides derive from offer and request.
struct Channel {
    transcript: [u8; 32],
    psk: Secret,
}

impl PairCode {
    /// A new code for a relay.
    pub fn random(relay: Option<String>, entropy: &dyn Entropy) -> Self {
        Self { secret: Secret::random(entropy), relay }
    }

    /// `trellis:pair#<32 hex digits>[@<relay address>]`.
    pub fn to_link(&self) -> String {
        self.to_link_of(LINK)
    }

    pub(super) fn to_link_of(&self, link: &str) -> String {
        let hex = hex::encode(self.secret.expose());
        match &self.relay {
            Some(relay) => format!("{link}{hex}@{relay}"),
            None => format!("{link}{hex}"),
        }
    }

    /// The secret as 12 words.
    pub fn to_words(&self) -> Words {
        words::from_entropy(self.secret.expose())
    }

    /// Reads a link or 12 words, alone or inside a message.
    pub fn parse(text: &str) -> Result<Self, WordError> {
        Self::parse_of(text, LINK)
    }

    pub(super) fn parse_of(text: &str, link: &str) -> Result<Self, WordError> {
        let links = typed::links(text, link);
        if !links.is_empty() || text.contains("//") || text.contains('#') {
            // What only speaks of such links may stand before the real one.
            let read = links.into_iter().find_map(|link| Self::from_link(link).ok());
            return read.ok_or(Refusal::BadLink.into());
        }
        let bytes = words::to_entropy(text, CODE_WORDS)?;
        Ok(Self { secret: Secret::from_slice(&bytes)?, relay: None })
    }

    fn from_link(Link { secret, address }: Link) -> Result<Self, Refusal> {
        if address.as_ref().is_some_and(|relay| relay.is_empty() || relay.len() > MAX_TEXT) {
            return Err(Refusal::BadLink);
        }
        let bytes = hex::FromHex::from_hex(secret).map_err(|_| Refusal::BadLink)?;
        Ok(Self { secret: Secret::new(bytes), relay: address })
    }

    /// Opens the rendezvous mailbox.
    pub fn token(&self) -> Token {
        Token(*kdf::derive(self.secret.expose(), "rendezvous token", b"").expose())
    }

    /// The rendezvous mailbox.
    pub fn mailbox(&self) -> MailboxId {
        self.token().mailbox()
    }

    /// Owner token of the rendezvous mailbox: both sides may clear it away.
    pub fn owner_token(&self) -> Token {
        Token(*kdf::derive(self.secret.expose(), "rendezvous owner", b"").expose())
    }

    /// Seals a message for the rendezvous mailbox.
    pub fn seal(&self, message: &Message, entropy: &dyn Entropy) -> Result<Vec<u8>, Refusal> {
        sealed::seal(&self.key(), PURPOSE, &codec::encode(message), entropy)
    }

    /// Opens a message from the rendezvous mailbox.
    pub fn open(&self, bytes: &[u8]) -> Result<Message, Refusal> {
        codec::decode(&sealed::open(&self.key(), PURPOSE, bytes)?)
    }

    pub(super) fn key(&self) -> Secret {
        kdf::derive(self.secret.expose(), "rendezvous seal", b"")
    }
}

impl Offer {
    /// Reads somebody's offer that stands at `now_ms`. One that would stand for longer than an offer may is refused: a code that
    /// is found years later opens nothing.
    pub fn read(bytes: &[u8], now_ms: i64) -> Result<Self, Refusal> {
        let offer = Self::read_own(bytes, now_ms)?;
        let latest = now_ms.saturating_add(LIFETIME_MS + CLOCK_SLACK_MS);
        if offer.expires_ms > latest { Err(Refusal::Expired) } else { Ok(offer) }
    }

    /// Reads an offer of one's own that has not ended at `now_ms`.
    pub fn read_own(bytes: &[u8], now_ms: i64) -> Result<Self, Refusal> {
        let offer: Self = codec::decode(bytes)?;
        check_text(&offer.name)?;
        if now_ms > offer.expires_ms { Err(Refusal::Expired) } else { Ok(offer) }
    }
}

impl Invite {
    /// A new invite that stands for [`LIFETIME_MS`].
    pub fn new(name: &str, now_ms: i64, entropy: &dyn Entropy) -> Result<Self, Refusal> {
        check_text(name)?;
        let key = Secret::random(entropy);
        let invite = AgreeKey::new(key.clone()).public();
        let offer = Offer { invite, name: name.to_owned(), expires_ms: now_ms.saturating_add(LIFETIME_MS) };
        Ok(Self { key, offer: codec::encode(&offer) })
    }

    /// The offer as a message.
    pub fn message(&self) -> Message {
        Message::Offer(self.offer.clone().into())
    }

    /// Reads a request; refuses one after the offer's end. That it is used only once is the caller's to keep.
    pub fn read_request(&self, sealed: &Sealed, now_ms: i64) -> Result<Request, Refusal> {
        Offer::read_own(&self.offer, now_ms)?;
        let aad = kdf::hash(&[&self.offer]);
        let context = Context { info: REQUEST, aad: &aad, psk: None };
        let bytes = Zeroizing::new(AgreeKey::new(self.key.clone()).open(context, sealed)?);
        let signed: SignedRequest = codec::decode(&bytes)?;
        let body: RequestBody = codec::decode(&signed.body)?;
        check_text(&body.name)?;
        body.device.verify(&[REQUEST, &aad, &signed.body], &signed.signature)?;
        let channel = Channel::new(&self.offer, &signed.body, &body.nonce);
        Ok(Request { device: body.device, agree: body.agree, name: body.name, channel })
    }
}

impl Request {
    /// The six words that the joiner's screen shows too.
    pub fn words(&self) -> Words {
        self.channel.words()
    }

    /// Three sets of words in random order, and the place of the right one.
    pub fn choices(&self, entropy: &dyn Entropy) -> (Vec<Words>, usize) {
        let decoy = || words::of_hash(Secret::random(entropy).expose(), COMPARE_WORDS);
        let mut sets = vec![decoy(), decoy()];
        let place = usize::from(u16::from_be_bytes(*Secret::<2>::random(entropy).expose()) % 3);
        sets.insert(place, self.words());
        (sets, place)
    }

    /// Seals the answer, after a person said yes.
    pub fn answer(&self, answer: &[u8], entropy: &dyn Entropy) -> Result<Message, Refusal> {
        self.agree.seal(self.channel.context(), answer, entropy).map(Message::Answer)
    }
}

impl Joining {
    /// Asks to join: returns this side's state and the request to send.
    pub fn start(
        offer: &[u8],
        sign: &SignKey,
        agree: &AgreeKey,
        name: &str,
        entropy: &dyn Entropy,
    ) -> Result<(Self, Message), Refusal> {
        check_text(name)?;
        let invite = codec::decode::<Offer>(offer)?.invite;
        let nonce = Secret::<32>::random(entropy);
        let (device, public) = (sign.id(), agree.public());
        let body = RequestBody { device, agree: public, name: name.to_owned(), nonce: *nonce.expose() };
        let body = Zeroizing::new(codec::encode(&body));
        let aad = kdf::hash(&[offer]);
        let signature = sign.sign(&[REQUEST, &aad, &body]);
        let signed = SignedRequest { body: body.to_vec().into(), signature };
        let context = Context { info: REQUEST, aad: &aad, psk: None };
        let sealed = invite.seal(context, &Zeroizing::new(codec::encode(&signed)), entropy)?;
        let channel = Channel::new(offer, &body, nonce.expose());
        Ok((Self { agree: agree.clone(), channel }, Message::Request(sealed)))
    }

    /// What [`Self::resume`] goes on from, for the encrypted database.
    pub fn to_kept(&self) -> Vec<u8> {
        [self.channel.transcript, *self.channel.psk.expose()].concat()
    }

    /// Goes on after a restart, with the same device keys.
    pub fn resume(kept: &[u8], agree: &AgreeKey) -> Result<Self, Refusal> {
        let (transcript, psk) = kept.split_first_chunk().ok_or(Refusal::Malformed)?;
        let channel = Channel { transcript: *transcript, psk: Secret::from_slice(psk)? };
        Ok(Self { agree: agree.clone(), channel })
    }

    /// The six words to show.
    pub fn words(&self) -> Words {
        self.channel.words()
    }

    /// Opens the answer: only the holder of the invite key can have made it, and only for this request.
    pub fn read_answer(&self, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        self.agree.open(self.channel.context(), sealed).map(Zeroizing::new)
    }
}

impl Channel {
    fn new(offer: &[u8], request: &[u8], nonce: &[u8; 32]) -> Self {
        let transcript = kdf::hash(&[PURPOSE.as_bytes(), &kdf::hash(&[offer]), &kdf::hash(&[request])]);
        Self { transcript, psk: kdf::derive(nonce, "pair answer", &transcript) }
    }

    fn words(&self) -> Words {
        words::of_hash(&kdf::hash(&[b"trellis/v1/compare", &self.transcript]), COMPARE_WORDS)
    }

    fn context(&self) -> Context<'_> {
        Context { info: ANSWER, aad: &self.transcript, psk: Some(self.psk.expose()) }
    }
}

/// The eight words by which two people see that nobody sits between their accounts.
pub fn safety_words(one: &[u8; 32], other: &[u8; 32]) -> Words {
    let hash = kdf::hash(&[b"trellis/v1/safety", one.min(other), one.max(other)]);
    words::of_hash(&hash, SAFETY_WORDS)
}

fn check_text(text: &str) -> Result<(), Refusal> {
    if text.len() > MAX_TEXT { Err(Refusal::Oversized) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::tests::{Fixed, device};

    #[test]
    fn an_answer_without_the_requesters_number_is_refused() {
        let (entropy, keys) = (Fixed::new(5), device(2));
        let invite = Invite::new("Phone", 0, &entropy).unwrap();
        let (joining, _) =
            Joining::start(&invite.offer, &keys.sign_key(), &keys.agree_key(), "Laptop", &entropy).unwrap();
        let base = Context { psk: None, ..joining.channel.context() };
        let forged = keys.public().agree.seal(base, b"come to me", &entropy).unwrap();
        assert_eq!(joining.read_answer(&forged).err(), Some(Refusal::CannotOpen));
    }
}
