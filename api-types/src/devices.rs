//! The recovery phrase, one's own devices, and adding one.

use serde::{Deserialize, Serialize};

use crate::app::Lock;
use crate::command::commands;
use crate::settings::Language;
use crate::{Id, Millis};

/// One of the person's devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Device id.
    pub id: Id,
    /// Name the person gave it.
    pub name: String,
    /// This one.
    pub this: bool,
    /// When something of it last arrived here.
    pub seen_at: Option<Millis>,
    /// Whether it is known to have everything that is here.
    pub up_to_date: bool,
    /// Signed out.
    pub signed_out: bool,
}

/// Words that two screens show, to be compared by people. The numbers are the words' places in their list: they are the same
/// where one screen shows its words in another language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchWords {
    /// In the language of this device.
    pub words: Vec<String>,
    /// 1 to 2048, as many as words.
    pub numbers: Vec<u16>,
}

/// What the other device needs, in three forms of the same secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairingOffer {
    /// QR code as SVG markup, dark modules on nothing.
    pub qr_svg: String,
    /// `trellis:` link.
    pub link: String,
    /// Twelve words; they hold the secret, the relay is typed beside them.
    pub words: Vec<String>,
    /// Relay address, to type beside the words.
    pub relay: String,
    /// Not usable after.
    pub expires_at: Millis,
}

/// Where adding a device stands, on either side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PairingState {
    /// No pairing.
    None,
    /// Here: waiting for the other device.
    Offered(PairingOffer),
    /// Here: a device asks. Choose the six words that it shows.
    Asked {
        /// Its name.
        device_name: String,
        /// Three sets of six words; one is right.
        choices: Vec<MatchWords>,
    },
    /// There: joining; show these six words until the person confirms on the first device.
    Joining {
        /// Six words; none before it has asked.
        words: MatchWords,
    },
    /// There: let in; fetching what there is.
    Fetching {
        /// Items received so far.
        received: u32,
    },
    /// Done, on both sides.
    Done,
    /// It failed; code as in [`crate::ApiError`] (`pairing-expired`, `pairing-used`, `pairing-wrong-words`, `pairing-cancelled`, `relay-unreachable`).
    Failed(String),
}

commands! {
    /// The 24 words. Asks for the lock again. Errors: `wrong-passphrase`, `phrase-wiped` (already confirmed).
    PhraseShow {
        /// Present passphrase, where there is one.
        proof: Option<String>,
    } as "phrase_show" -> Vec<String>;
    /// Which words to type for the check: three places, from 1.
    PhraseCheck {} as "phrase_check" -> Vec<u8>;
    /// Types them. Right: the phrase is wiped from this device. Error: `phrase-mismatch`.
    PhraseConfirm {
        /// Place and word.
        words: Vec<(u8, String)>,
    } as "phrase_confirm" -> ();
    /// Own devices, this one first.
    DevicesGet {} as "devices_get" -> Vec<Device>;
    /// Signs another device out. Asks for the lock again.
    DeviceSignOut {
        /// Which.
        id: Id,
        /// Present passphrase, where there is one.
        proof: Option<String>,
    } as "device_sign_out" -> ();
    /// Where pairing stands.
    PairingGet {} as "pairing_get" -> PairingState;
    /// Offers a pairing for ten minutes. Asks for the lock again. Errors: `no-relay`, `relay-unreachable`.
    PairingOfferStart {
        /// Present passphrase, where there is one.
        proof: Option<String>,
    } as "pairing_offer" -> PairingOffer;
    /// Lets the asking device in if `choice` is the right set, else cancels with `pairing-wrong-words`.
    PairingLetIn {
        /// Index into the choices.
        choice: u8,
    } as "pairing_let_in" -> ();
    /// Cancels on either side.
    PairingCancel {} as "pairing_cancel" -> ();
    /// First start as a further device. Errors: `bad-code`, `pairing-expired`, `relay-unreachable`.
    PairingJoin {
        /// Link, or words.
        code: String,
        /// Relay address, needed with words.
        relay: Option<String>,
        /// Language of this device.
        language: Language,
        /// How this device locks.
        lock: Lock,
        /// Name of this device.
        device_name: String,
    } as "pairing_join" -> PairingState;
}
