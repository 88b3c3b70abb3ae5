//! Taking in what the other side left at the rendezvous.

use trellis_api_types::Millis;
use trellis_protocol::wire::{Appended, MailboxResult, MailboxStatus};
use trellis_protocol::{Cursor, EnvelopeId};

use crate::crypto::Secret;
use crate::crypto::pairing::{Invite, Joining, Message, Offer, Request};
use crate::error::Result;
use crate::platform::Entropy;
use crate::store::Tx;
use crate::sync::joining::pairing::{Pairing, Side, Stage, none};
use crate::sync::{Ground, devices, keys};

impl Pairing {
    pub(super) fn take(
        &mut self,
        tx: &Tx<'_>,
        host: &impl Ground,
        result: &MailboxResult,
        now: Millis,
    ) -> Result<bool> {
        if result.status == MailboxStatus::Missing {
            // The inviter makes it again; a joiner's code leads nowhere.
            self.created = matches!(self.side, Side::Joiner);
            if self.created {
                self.give_up("pairing-expired");
            }
            return Ok(false);
        }
        if result.status == MailboxStatus::Resync {
            self.cursor = Cursor::default();
            return Ok(false);
        }
        let silent = result.appended.len() < self.outbox.len();
        let mut outcomes = result.appended.iter();
        self.outbox.retain(|_| !matches!(outcomes.next(), Some(Appended::Stored(_))));
        if silent || result.appended.iter().any(|outcome| matches!(outcome, Appended::Refused(_))) {
            self.give_up("relay-storage");
        }
        if self.stage == Stage::Answering && self.outbox.is_empty() {
            self.stage = Stage::Done;
        }
        let mut joined = false;
        for stored in &result.envelopes {
            self.cursor = self.cursor.then(EnvelopeId::of(&stored.envelope));
            joined |= self.hear(tx, host, &stored.envelope, now)?;
        }
        self.look_at = now + super::LOOK;
        Ok(joined)
    }

    /// One message from the rendezvous. What cannot be opened was not made with this code and says nothing.
    fn hear(&mut self, tx: &Tx<'_>, host: &impl Ground, bytes: &[u8], now: Millis) -> Result<bool> {
        let Ok(message) = self.code()?.open(bytes) else { return Ok(false) };
        let inviter = matches!(self.side, Side::Inviter { .. });
        match (message, &self.stage) {
            (Message::Declined, Stage::Waiting | Stage::Asked(..) | Stage::Asking(..)) => {
                self.stage = Stage::Failed("pairing-cancelled".to_owned());
            }
            (Message::Request(_), Stage::Waiting) if inviter => self.asked(host, bytes, now)?,
            (Message::Request(_), Stage::Asked(known, ..)) if known.as_slice() != bytes => {
                self.decline(host, "pairing-used")?;
            }
            (Message::Request(_), Stage::Waiting) => self.stage = Stage::Failed("pairing-used".to_owned()),
            (Message::Offer(offer), Stage::Waiting) if !inviter => self.ask(tx, host, &offer, now)?,
            (Message::Answer(answer), Stage::Asking(kept, _)) => {
                let opened = Joining::resume(kept, &keys::device(tx)?.agree_key())?.read_answer(&answer);
                let Ok(welcome) = opened else {
                    self.stage = Stage::Failed("pairing-used".to_owned());
                    return Ok(false);
                };
                devices::enter(tx, host, &welcome, &self.name, now)?;
                self.stage = Stage::Fetching;
                return Ok(true);
            }
            _ => {}
        }
        Ok(false)
    }

    fn asked(&mut self, entropy: &dyn Entropy, bytes: &[u8], now: Millis) -> Result<()> {
        // An altered or foreign request is no request.
        let Ok(request) = self.request(bytes, now) else { return Ok(()) };
        let (choices, right) = request.choices(entropy);
        self.name = request.name.clone();
        self.stage = Stage::Asked(bytes.to_vec().into(), choices, right as u8);
        Ok(())
    }

    pub(super) fn request(&self, bytes: &[u8], now: Millis) -> Result<Request> {
        let Side::Inviter { key, offer } = &self.side else { return Err(none()) };
        let Message::Request(sealed) = self.code()?.open(bytes)? else { return Err(none()) };
        let invite = Invite { key: Secret::new(*key), offer: offer.clone() };
        Ok(invite.read_request(&sealed, now)?)
    }

    fn ask(&mut self, tx: &Tx<'_>, entropy: &dyn Entropy, offer: &[u8], now: Millis) -> Result<()> {
        match Offer::read(offer, now) {
            Ok(read) => self.expires_at = read.expires_ms,
            Err(_) => {
                self.stage = Stage::Failed("pairing-expired".to_owned());
                return Ok(());
            }
        }
        let device = keys::device_or_new(tx, entropy)?;
        let (joining, message) =
            Joining::start(offer, &device.sign_key(), &device.agree_key(), &self.name, entropy)?;
        self.stage = Stage::Asking(joining.to_kept().into(), joining.words());
        self.outbox.push(self.code()?.seal(&message, entropy)?.into());
        Ok(())
    }
}
