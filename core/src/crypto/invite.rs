//! Inviting over a rendezvous mailbox that lives for days: neither side needs to be there when the other is.
//!
//! What is asked and answered is for the rules of joining to say; here is how it is sealed. The code opens the offer.
//! A request is sealed to the invite key, the answer to the device that asked, under a number that only the holder of the
//! invite key could read. Only that holder can decline and withdraw.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use trellis_protocol::{MailboxId, Token};
use zeroize::Zeroizing;

use super::grant::Context;
use super::pairing::PairCode;
use super::words::{WordError, Words};
use super::{
    AgreeKey, AgreePublic, DeviceId, Refusal, Sealed, Secret, SignKey, Signature, codec, kdf, sealed,
};
use crate::platform::Entropy;

/// Longest answer, in parts.
pub const MAX_PARTS: u32 = 256;
/// Room for the answer in one part, bytes.
const PART: usize = 48 * 1024;

const LINK: &str = "trellis:join#";
const PURPOSE: &str = "trellis/v1/joining";
const REQUEST: &[u8] = b"trellis/v1/join sealed request";
const ANSWER: &[u8] = b"trellis/v1/join answer";
const DECLINED: &[u8] = b"trellis/v1/join declined";
const WITHDRAWN: &[u8] = b"trellis/v1/join withdrawn";

/// What the inviter shows: a 128-bit secret and, where known, the relay to meet at.
#[derive(Clone)]
pub struct JoinCode(PairCode);

/// One message in the rendezvous mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum JoinMessage {
    /// The encoded offer. The first one stands.
    #[n(0)]
    Offer(#[n(0)] ByteVec),
    /// A request, sealed to the invite key.
    #[n(1)]
    Request(#[n(0)] Sealed),
    /// A part of an answer, sealed to the device that asked.
    #[n(2)]
    Answer {
        /// The request.
        #[cbor(n(0), with = "minicbor::bytes")]
        request: [u8; 32],
        /// Number of this part, from 0.
        #[n(1)]
        part: u32,
        /// How many there are.
        #[n(2)]
        parts: u32,
        /// The sealed part.
        #[n(3)]
        sealed: Sealed,
    },
    /// A person said no.
    #[n(3)]
    Declined {
        /// The request.
        #[cbor(n(0), with = "minicbor::bytes")]
        request: [u8; 32],
        /// By the invite's control key.
        #[n(1)]
        signature: Signature,
    },
    /// The invitation is taken back.
    #[n(4)]
    Withdrawn {
        /// By the invite's control key.
        #[n(0)]
        signature: Signature,
    },
}

/// The inviter's secret behind an offer. All devices of the account may keep it, so that any of them can answer.
#[derive(Clone)]
pub struct InviteSecret(Secret);

/// A request as it was opened: whoever knows its device checks the signature.
pub struct OpenedRequest {
    /// What is asked.
    pub body: Vec<u8>,
    signature: Signature,
    offer: [u8; 32],
}

/// What both sides derive from offer and request.
#[derive(Clone)]
pub struct Channel {
    /// Names the request.
    pub request: [u8; 32],
    transcript: [u8; 32],
    psk: Secret,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct SignedRequest {
    #[n(0)]
    body: ByteVec,
    #[n(1)]
    signature: Signature,
}

impl JoinCode {
    /// A new code for a relay.
    pub fn random(relay: Option<String>, entropy: &dyn Entropy) -> Self {
        Self(PairCode::random(relay, entropy))
    }

    /// The code of kept bytes.
    pub fn new(secret: Secret<16>, relay: Option<String>) -> Self {
        Self(PairCode { secret, relay })
    }

    /// The bytes, for the encrypted database.
    pub fn secret(&self) -> &Secret<16> {
        &self.0.secret
    }

    /// Address of the relay; words do not carry it.
    pub fn relay(&self) -> Option<&str> {
        self.0.relay.as_deref()
    }

    /// `trellis:join#<32 hex digits>[@<relay address>]`.
    pub fn to_link(&self) -> String {
        self.0.to_link_of(LINK)
    }

    /// The secret as 12 words.
    pub fn to_words(&self) -> Words {
        self.0.to_words()
    }

    /// Reads a link or 12 words, alone or inside a message.
    pub fn parse(text: &str) -> Result<Self, WordError> {
        PairCode::parse_of(text, LINK).map(Self)
    }

    /// Reads and appends the rendezvous mailbox.
    pub fn token(&self) -> Token {
        self.0.token()
    }

    /// The rendezvous mailbox.
    pub fn mailbox(&self) -> MailboxId {
        self.0.mailbox()
    }

    /// Seals a message for the rendezvous mailbox.
    pub fn seal(&self, message: &JoinMessage, entropy: &dyn Entropy) -> Result<Vec<u8>, Refusal> {
        sealed::seal(&self.0.key(), PURPOSE, &codec::encode(message), entropy)
    }

    /// Opens a message from the rendezvous mailbox.
    pub fn open(&self, bytes: &[u8]) -> Result<JoinMessage, Refusal> {
        codec::decode(&sealed::open(&self.0.key(), PURPOSE, bytes)?)
    }
}

impl InviteSecret {
    /// A fresh secret.
    pub fn random(entropy: &dyn Entropy) -> Self {
        Self(Secret::random(entropy))
    }

    /// The secret of kept bytes.
    pub fn new(bytes: Secret) -> Self {
        Self(bytes)
    }

    /// The bytes, for the encrypted database.
    pub fn secret(&self) -> &Secret {
        &self.0
    }

    /// Key that requests are sealed to.
    pub fn public(&self) -> AgreePublic {
        self.agree().public()
    }

    /// Key that declines and withdraws.
    pub fn control(&self) -> SignKey {
        SignKey::from_seed(&kdf::derive(self.0.expose(), "join control", b""))
    }

    /// Owner token of the rendezvous mailbox: only the inviter clears it away.
    pub fn owner_token(&self) -> Token {
        Token(*kdf::derive(self.0.expose(), "join owner", b"").expose())
    }

    /// Opens a request to an offer of this secret.
    pub fn open_request(&self, offer: &[u8], sealed: &Sealed) -> Result<OpenedRequest, Refusal> {
        let offer = kdf::hash(&[offer]);
        let context = Context { info: REQUEST, aad: &offer, psk: None };
        let bytes = Zeroizing::new(self.agree().open(context, sealed)?);
        let signed: SignedRequest = codec::decode(&bytes)?;
        Ok(OpenedRequest { body: signed.body.into(), signature: signed.signature, offer })
    }

    /// Says no to a request.
    pub fn decline(&self, offer: &[u8], request: [u8; 32]) -> JoinMessage {
        let signature = self.control().sign(&[DECLINED, &kdf::hash(&[offer]), &request]);
        JoinMessage::Declined { request, signature }
    }

    /// Takes an offer back.
    pub fn withdraw(&self, offer: &[u8]) -> JoinMessage {
        JoinMessage::Withdrawn { signature: self.control().sign(&[WITHDRAWN, &kdf::hash(&[offer])]) }
    }

    fn agree(&self) -> AgreeKey {
        AgreeKey::new(kdf::derive(self.0.expose(), "join invite", b""))
    }
}

impl OpenedRequest {
    /// Checks that this device signed the request, for this offer.
    pub fn verify(&self, device: &DeviceId) -> Result<(), Refusal> {
        device.verify(&[REQUEST, &self.offer, &self.body], &self.signature)
    }
}

impl JoinMessage {
    /// Seals a request to the invite key of an offer, signed by a device.
    pub fn request(
        offer: &[u8],
        invite: &AgreePublic,
        body: &[u8],
        sign: &SignKey,
        entropy: &dyn Entropy,
    ) -> Result<Sealed, Refusal> {
        let aad = kdf::hash(&[offer]);
        let signature = sign.sign(&[REQUEST, &aad, body]);
        let signed = SignedRequest { body: body.to_vec().into(), signature };
        let context = Context { info: REQUEST, aad: &aad, psk: None };
        invite.seal(context, &Zeroizing::new(codec::encode(&signed)), entropy)
    }

    /// Whether this takes an offer back, by its control key.
    pub fn withdraws(&self, offer: &[u8], control: &DeviceId) -> bool {
        let Self::Withdrawn { signature } = self else { return false };
        control.verify(&[WITHDRAWN, &kdf::hash(&[offer])], signature).is_ok()
    }

    /// Whether this declines a request to an offer, by its control key.
    pub fn declines(&self, offer: &[u8], control: &DeviceId, asked: &[u8; 32]) -> bool {
        let Self::Declined { request, signature } = self else { return false };
        let parts: [&[u8]; 3] = [DECLINED, &kdf::hash(&[offer]), request];
        request == asked && control.verify(&parts, signature).is_ok()
    }
}

impl Channel {
    /// The channel between the holder of the invite key and whoever sent this request.
    pub fn new(offer: &[u8], body: &[u8], sealed: &Sealed, nonce: &[u8; 32]) -> Self {
        let transcript = kdf::hash(&[PURPOSE.as_bytes(), &kdf::hash(&[offer]), &kdf::hash(&[body])]);
        let request = kdf::hash(&[&codec::encode(sealed)]);
        Self { request, transcript, psk: kdf::derive(nonce, "join answer", &transcript) }
    }

    /// What [`Self::kept`] goes on from, for the encrypted database.
    pub fn to_kept(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([self.request, self.transcript, *self.psk.expose()].concat())
    }

    /// Goes on after a restart.
    pub fn kept(bytes: &[u8]) -> Result<Self, Refusal> {
        let (request, rest) = bytes.split_first_chunk().ok_or(Refusal::Malformed)?;
        let (transcript, psk) = rest.split_first_chunk().ok_or(Refusal::Malformed)?;
        Ok(Self { request: *request, transcript: *transcript, psk: Secret::from_slice(psk)? })
    }

    /// Seals an answer to the device that asked, in as many parts as it needs.
    pub fn seal(
        &self,
        to: &AgreePublic,
        answer: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<JoinMessage>, Refusal> {
        let chunks: Vec<&[u8]> = answer.chunks(PART).collect();
        let parts = u32::try_from(chunks.len()).ok().filter(|parts| (1..=MAX_PARTS).contains(parts));
        let parts = parts.ok_or(Refusal::Oversized)?;
        let seal = |(part, chunk): (u32, &&[u8])| {
            let aad = self.aad(part, parts);
            let context = Context { info: ANSWER, aad: &aad, psk: Some(self.psk.expose()) };
            let sealed = to.seal(context, chunk, entropy)?;
            Ok(JoinMessage::Answer { request: self.request, part, parts, sealed })
        };
        (0..parts).zip(&chunks).map(seal).collect()
    }

    /// Opens an answer once all its parts are among the messages; parts that do not open are left aside.
    pub fn open(&self, key: &AgreeKey, messages: &[JoinMessage]) -> Option<Zeroizing<Vec<u8>>> {
        let mut whole = Zeroizing::new(Vec::new());
        let parts = messages.iter().find_map(|message| self.part(key, message, 0))?.0;
        for number in 0..parts {
            whole.extend(&*messages.iter().find_map(|message| self.part(key, message, number))?.1);
        }
        Some(whole)
    }

    fn part(&self, key: &AgreeKey, message: &JoinMessage, number: u32) -> Option<(u32, Zeroizing<Vec<u8>>)> {
        let JoinMessage::Answer { request, part, parts, sealed } = message else { return None };
        if *request != self.request || *part != number || *parts > MAX_PARTS {
            return None;
        }
        let aad = self.aad(*part, *parts);
        let context = Context { info: ANSWER, aad: &aad, psk: Some(self.psk.expose()) };
        Some((*parts, Zeroizing::new(key.open(context, sealed).ok()?)))
    }

    fn aad(&self, part: u32, parts: u32) -> Vec<u8> {
        [&self.transcript[..], &part.to_be_bytes(), &parts.to_be_bytes()].concat()
    }
}
