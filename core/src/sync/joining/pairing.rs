//! Adding a device: what each side keeps, what it sends, and how it ends. Every step is stored before it is sent.

mod messages;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};
use trellis_api_types::Millis;
use trellis_api_types::devices::{MatchWords, PairingOffer, PairingState};
use trellis_api_types::settings::Language;
use trellis_api_types::sync::RelayChoice;
use trellis_api_types::typed;
use trellis_protocol::Cursor;
use trellis_protocol::wire::{CreateMailbox, DeleteMailbox, ListenMailbox, MailboxSync, SyncRequest};

use crate::crypto::Secret;
use crate::crypto::pairing::{Invite, Message, Offer, PairCode};
use crate::crypto::words::Words;
use crate::error::{Error, Result};
use crate::platform::Entropy;
use crate::store::Tx;
use crate::sync::{Ground, devices, keys};
use crate::transport::{Call, NetError, Reply};

const KEPT: &str = "pairing";
/// Messages taken from a rendezvous at once: it never holds more than a handful.
const PAGE: u32 = 16;
/// Between two looks at the rendezvous, milliseconds.
const LOOK: i64 = 5_000;

/// A pairing as it is kept, on either side.
#[derive(Clone, Debug, Encode, Decode)]
#[cbor(map)]
pub(in crate::sync) struct Pairing {
    #[cbor(n(0), with = "minicbor::bytes")]
    secret: [u8; 16],
    #[n(1)]
    relay: String,
    #[n(2)]
    side: Side,
    #[n(3)]
    stage: Stage,
    #[n(4)]
    created: bool,
    #[n(5)]
    cursor: Cursor,
    #[n(6)]
    outbox: Vec<ByteVec>,
    #[n(7)]
    expires_at: i64,
    /// When the rendezvous is asked again.
    #[n(8)]
    look_at: i64,
    /// Name that this device asks with.
    #[n(9)]
    name: String,
    /// The rendezvous was cleared away.
    #[n(10)]
    cleared: bool,
}

#[derive(Clone, Debug, Encode, Decode)]
enum Side {
    /// The key and the offer that requests answer to.
    #[n(0)]
    Inviter {
        #[cbor(n(0), with = "minicbor::bytes")]
        key: [u8; 32],
        #[cbor(n(1), with = "minicbor::bytes")]
        offer: Vec<u8>,
    },
    #[n(1)]
    Joiner,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
enum Stage {
    /// Nothing from the other side yet.
    #[n(0)]
    Waiting,
    /// Inviter: this message asks; the words to choose from, and the right one.
    #[n(1)]
    Asked(#[n(0)] ByteVec, #[n(1)] Vec<Words>, #[n(2)] u8),
    /// Joiner: asked, with what opens the answer, and the words to show.
    #[n(2)]
    Asking(#[n(0)] ByteVec, #[n(1)] Words),
    /// Inviter: let in, the answer is on its way.
    #[n(3)]
    Answering,
    /// Joiner: let in, fetching.
    #[n(4)]
    Fetching,
    #[n(5)]
    Done,
    #[n(6)]
    Failed(#[n(0)] String),
}

/// Offers a pairing. Errors: `no-relay`.
pub fn offer(
    tx: &Tx<'_>,
    entropy: &dyn Entropy,
    relay: &RelayChoice,
    name: &str,
    (language, now): (Language, Millis),
) -> Result<PairingOffer> {
    if relay.address.is_empty() {
        return Err(Error::new("no-relay", "no relay is chosen"));
    }
    let code = PairCode::random(Some(relay.address.clone()), entropy);
    let mut pairing = Pairing::new(&code, &relay.address, now);
    pairing.offer(name, entropy, now)?;
    pairing.keep(tx)?;
    pairing.shown((language, 0))
}

/// Whether an offer is here that the relay has never seen.
pub(in crate::sync) fn is_undated(tx: &Tx<'_>) -> Result<bool> {
    Ok(Pairing::kept(tx)?.is_some_and(|kept| kept.unseen_offer().is_some()))
}

/// The relay's clock is known now: an offer that nobody can have seen stands its full time from here.
pub(in crate::sync) fn date(tx: &Tx<'_>, entropy: &dyn Entropy, now: Millis) -> Result<()> {
    let Some(mut pairing) = Pairing::kept(tx)? else { return Ok(()) };
    let Some(offer) = pairing.unseen_offer() else { return Ok(()) };
    let name = Offer::read_own(offer, i64::MIN)?.name;
    pairing.offer(&name, entropy, now)?;
    pairing.keep(tx)
}

/// Starts joining with a code. Errors: `bad-code`.
pub fn join(tx: &Tx<'_>, code: &PairCode, relay: &str, name: &str, now: Millis) -> Result<()> {
    Pairing { created: true, name: name.to_owned(), ..Pairing::new(code, relay, now) }.keep(tx)
}

/// Where pairing stands, for the screens of a device whose clock is behind the relay's by this much, with words in this language.
pub fn state(tx: &Tx<'_>, (language, behind): (Language, i64)) -> Result<PairingState> {
    let Some(pairing) = Pairing::kept(tx)? else { return Ok(PairingState::None) };
    Ok(match &pairing.stage {
        Stage::Waiting if matches!(pairing.side, Side::Joiner) => {
            PairingState::Joining { words: MatchWords::default() }
        }
        Stage::Waiting => PairingState::Offered(pairing.shown((language, behind))?),
        Stage::Asked(_, choices, _) => {
            let choices = choices.iter().map(|words| words.to_compare(language)).collect();
            PairingState::Asked { device_name: typed::name(&pairing.name), choices }
        }
        Stage::Asking(_, words) => PairingState::Joining { words: words.to_compare(language) },
        Stage::Answering | Stage::Fetching => PairingState::Fetching { received: tx.item_count()? },
        Stage::Done => PairingState::Done,
        Stage::Failed(code) => PairingState::Failed(code.clone()),
    })
}

/// Lets the asking device in, if the person chose its words. Errors: `pairing-wrong-words`, `pairing-none`.
pub fn let_in(tx: &Tx<'_>, host: &dyn Entropy, choice: u8, now: Millis) -> Result<bool> {
    let Some(mut pairing) = Pairing::kept(tx)? else { return Err(none()) };
    let Stage::Asked(message, _, right) = pairing.stage.clone() else { return Err(none()) };
    if choice != right {
        pairing.decline(host, "pairing-wrong-words")?;
        pairing.keep(tx)?;
        return Ok(false);
    }
    let request = pairing.request(&message, now)?;
    let welcome = devices::admit(tx, host, &request, now)?;
    let answer = request.answer(&welcome, host)?;
    pairing.outbox.push(pairing.code()?.seal(&answer, host)?.into());
    pairing.stage = Stage::Answering;
    pairing.keep(tx)?;
    Ok(true)
}

/// Cancels on either side; the other side is told.
pub fn cancel(tx: &Tx<'_>, entropy: &dyn Entropy) -> Result<()> {
    let Some(mut pairing) = Pairing::kept(tx)? else { return Ok(()) };
    if matches!(pairing.stage, Stage::Done | Stage::Failed(_)) {
        return tx.remove_setting(KEPT);
    }
    pairing.decline(entropy, "pairing-cancelled")?;
    pairing.keep(tx)
}

/// The joining device has everything.
pub(in crate::sync) fn fetched(tx: &Tx<'_>) -> Result<bool> {
    let Some(mut pairing) = Pairing::kept(tx)?.filter(|kept| kept.stage == Stage::Fetching) else {
        return Ok(false);
    };
    pairing.stage = Stage::Done;
    pairing.keep(tx)?;
    Ok(true)
}

/// The next call of a pairing, if it is time.
pub(in crate::sync) fn call(tx: &Tx<'_>, now: Millis) -> Result<Option<Call>> {
    let Some(mut pairing) = Pairing::kept(tx)? else { return Ok(None) };
    if pairing.expire(now) {
        pairing.keep(tx)?;
    }
    let code = pairing.code()?;
    if pairing.over() && pairing.outbox.is_empty() {
        let owner_token = code.owner_token();
        let clear = Call::Delete(code.mailbox(), DeleteMailbox { owner_token });
        return Ok((pairing.to_clear() && now > pairing.expires_at).then_some(clear));
    }
    if !pairing.created {
        let token: Option<String> = crate::sync::relay_choice::relay(tx)?.map(|relay| relay.creation_token);
        let creation_token = token.filter(|token| !token.is_empty());
        let owner = Sha256::digest(code.owner_token().0).into();
        return Ok(Some(Call::Create(code.mailbox(), CreateMailbox { owner, creation_token })));
    }
    if !keys::is_due(pairing.look_at, now, LOOK) && pairing.outbox.is_empty() {
        return Ok(None);
    }
    let append = pairing.outbox.clone();
    let ask = MailboxSync { token: code.token(), cursor: pairing.cursor, append, max: PAGE, ids_only: false };
    Ok(Some(Call::Sync(SyncRequest { mailboxes: vec![ask], max_bytes: None })))
}

/// Takes in an answer. True if this device has just been let in.
pub(in crate::sync) fn answered(
    tx: &Tx<'_>,
    host: &impl Ground,
    call: &Call,
    reply: &Reply,
    now: Millis,
) -> Result<bool> {
    let Some(mut pairing) = Pairing::kept(tx)? else { return Ok(false) };
    let mut joined = false;
    match (call, reply) {
        (Call::Create(id, _), _) if *id == pairing.code()?.mailbox() => pairing.created = true,
        (Call::Delete(..), _) => pairing.cleared = true,
        (Call::Sync(_), Reply::Sync(answer)) => {
            let Some(result) = answer.mailboxes.first() else { return Ok(false) };
            joined = pairing.take(tx, host, result, now)?;
        }
        _ => return Ok(false),
    }
    pairing.keep(tx)?;
    Ok(joined)
}

/// A call failed. A refusal ends the pairing, a broken line does not. True if it ended.
pub(in crate::sync) fn failed(tx: &Tx<'_>, call: &Call, error: &NetError) -> Result<bool> {
    let Some(mut pairing) = Pairing::kept(tx)? else { return Ok(false) };
    if matches!(call, Call::Delete(..)) {
        // Tried once: what stays behind nobody can read.
        pairing.cleared = true;
        pairing.keep(tx)?;
        return Ok(false);
    }
    if !matches!(error, NetError::Refused(_) | NetError::NotARelay | NetError::Certificate) || pairing.over()
    {
        return Ok(false);
    }
    pairing.give_up(error.code());
    pairing.keep(tx)?;
    Ok(true)
}

/// The rendezvous to listen to.
pub(in crate::sync) fn listen(tx: &Tx<'_>) -> Result<Option<ListenMailbox>> {
    let Some(pairing) = Pairing::kept(tx)?.filter(|kept| kept.created && !kept.over()) else {
        return Ok(None);
    };
    Ok(Some(ListenMailbox { token: pairing.code()?.token(), after: pairing.cursor.seq }))
}

/// When the rendezvous is asked again, or ends.
pub(in crate::sync) fn next_time(tx: &Tx<'_>) -> Result<Option<Millis>> {
    let Some(pairing) = Pairing::kept(tx)? else { return Ok(None) };
    let end = pairing.expires_at + 1;
    if pairing.over() {
        return Ok(pairing.to_clear().then_some(end));
    }
    Ok(Some(pairing.look_at.min(end)))
}

/// Looks at the rendezvous now: the relay told of news.
pub(in crate::sync) fn hurry(tx: &Tx<'_>) -> Result<()> {
    let Some(mut pairing) = Pairing::kept(tx)?.filter(|kept| !kept.over()) else { return Ok(()) };
    pairing.look_at = 0;
    pairing.keep(tx)
}

impl Pairing {
    fn new(code: &PairCode, relay: &str, now: Millis) -> Self {
        Self {
            secret: *code.secret.expose(),
            relay: relay.to_owned(),
            side: Side::Joiner,
            stage: Stage::Waiting,
            created: false,
            cursor: Cursor::default(),
            outbox: Vec::new(),
            expires_at: now + crate::crypto::pairing::LIFETIME_MS,
            look_at: 0,
            name: String::new(),
            cleared: false,
        }
    }

    fn kept(tx: &Tx<'_>) -> Result<Option<Self>> {
        let Some(bytes) = tx.setting(KEPT)? else { return Ok(None) };
        // A layout of another version: nothing is lost by starting over.
        Ok(minicbor::decode(&bytes).ok())
    }

    fn keep(&self, tx: &Tx<'_>) -> Result<()> {
        tx.set_setting(KEPT, &crate::crypto::codec::encode(self))
    }

    fn code(&self) -> Result<PairCode> {
        Ok(PairCode { secret: Secret::new(self.secret), relay: Some(self.relay.clone()) })
    }

    fn over(&self) -> bool {
        matches!(self.stage, Stage::Done | Stage::Failed(_) | Stage::Fetching)
    }

    /// The inviter clears the rendezvous away, once nobody can need it.
    fn to_clear(&self) -> bool {
        self.created && !self.cleared && matches!(self.side, Side::Inviter { .. })
    }

    /// An answer that is on its way has as long again.
    fn expire(&mut self, now: Millis) -> bool {
        let longer = if self.stage == Stage::Answering { crate::crypto::pairing::LIFETIME_MS } else { 0 };
        let ended = now > self.expires_at.saturating_add(longer) && !self.over();
        if ended {
            self.give_up("pairing-expired");
        }
        ended
    }

    /// It leads nowhere, and nothing more is said. One that is over stays as it is.
    fn give_up(&mut self, code: &str) {
        self.outbox.clear();
        if !self.over() {
            self.stage = Stage::Failed(code.to_owned());
        }
    }

    fn decline(&mut self, entropy: &dyn Entropy, code: &str) -> Result<()> {
        self.outbox = vec![self.code()?.seal(&Message::Declined, entropy)?.into()];
        self.stage = Stage::Failed(code.to_owned());
        Ok(())
    }

    /// Makes the offer, which stands from now on.
    fn offer(&mut self, name: &str, entropy: &dyn Entropy, now: Millis) -> Result<()> {
        let invite = Invite::new(name, now, entropy)?;
        self.outbox = vec![self.code()?.seal(&invite.message(), entropy)?.into()];
        self.side = Side::Inviter { key: *invite.key.expose(), offer: invite.offer };
        self.expires_at = now + crate::crypto::pairing::LIFETIME_MS;
        Ok(())
    }

    /// The offer, as long as it waits for its mailbox.
    fn unseen_offer(&self) -> Option<&[u8]> {
        match &self.side {
            Side::Inviter { offer, .. } if !self.created && self.stage == Stage::Waiting => Some(offer),
            _ => None,
        }
    }

    fn shown(&self, (language, behind): (Language, i64)) -> Result<PairingOffer> {
        let code = self.code()?;
        let link = code.to_link();
        Ok(PairingOffer {
            qr_svg: crate::sync::joining::qr::svg(&link)?,
            link,
            words: code.to_words().say(language),
            relay: self.relay.clone(),
            expires_at: self.expires_at - behind,
        })
    }
}

fn none() -> Error {
    Error::new("pairing-none", "no pairing waits for this")
}
