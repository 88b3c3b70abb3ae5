//! The 24 words: shown until the person has written them down and passed the check, then wiped.

use trellis_api_types::devices::{PhraseCheck, PhraseConfirm, PhraseShow};
use trellis_api_types::settings::Language;

use super::App;
use crate::crdt::{DocId, write_paper_confirmed};
use crate::crypto::words::Words;
use crate::crypto::{Phrase, Secret};
use crate::error::{Error, Result};
use crate::platform::{Entropy, Host};
use crate::store::Tx;

/// Setting with the 32 bytes behind the words, until they are confirmed.
pub const PAPER: &str = "space.phrase";
/// Setting with three places and their words in English to rehearse with, kept after the wipe.
const REHEARSE: &str = "space.rehearse";
/// Places that are asked for.
const ASKED: usize = 3;

impl<H: Host> App<H> {
    /// The 24 words, in the person's language. Asks for the lock again. Errors: `wrong-passphrase`, `try-later`, `phrase-wiped`.
    pub fn phrase_show(&mut self, PhraseShow { proof }: PhraseShow) -> Result<Vec<String>> {
        self.session()?;
        self.prove(proof.as_deref())?;
        let language = self.language();
        Ok(self.session()?.read(|tx, _| words(tx))?.say(language))
    }

    /// Three places to type the words of, from 1, in order. Error: `phrase-wiped`.
    pub fn phrase_check(&mut self, PhraseCheck {}: PhraseCheck) -> Result<Vec<u8>> {
        let (session, host) = self.parts()?;
        let count = session.read(|tx, _| words(tx))?.len();
        let places = places(host, count);
        session.asked.clone_from(&places);
        Ok(places)
    }

    /// Types the words of the places that were asked for; if they are right, the phrase is wiped from this device.
    /// Errors: `phrase-mismatch`, `phrase-wiped`.
    pub fn phrase_confirm(&mut self, PhraseConfirm { words: typed }: PhraseConfirm) -> Result<()> {
        let (session, host) = self.parts()?;
        let phrase = session.read(|tx, _| words(tx))?;
        let asked = std::mem::take(&mut session.asked);
        let mut named: Vec<u8> = typed.iter().map(|(place, _)| *place).collect();
        named.sort_unstable();
        if asked.is_empty()
            || named != asked
            || !typed.iter().all(|(place, word)| phrase.is_at(usize::from(*place).wrapping_sub(1), word))
        {
            session.asked = asked;
            return Err(Error::new("phrase-mismatch", "not the words that were asked for"));
        }
        let words = phrase.say(Language::En);
        let kept: Vec<(u8, &String)> = places(host, phrase.len())
            .into_iter()
            .filter_map(|place| words.get(usize::from(place) - 1).map(|word| (place, word)))
            .collect();
        let kept = serde_json::to_vec(&kept).map_err(|_| Error::new("phrase-mismatch", "cannot be kept"))?;
        session.tx(|tx, docs| {
            tx.set_setting(REHEARSE, &kept)?;
            tx.remove_setting(PAPER)?;
            docs.edit(tx, DocId::Settings, write_paper_confirmed).map(drop)
        })?;
        session.store.settle()
    }
}

fn words(tx: &Tx<'_>) -> Result<Words> {
    let bytes = tx.setting(PAPER)?.ok_or_else(|| Error::new("phrase-wiped", "already written down"))?;
    let phrase = Phrase::new(Secret::from_slice(&zeroize::Zeroizing::new(bytes))?);
    Ok(phrase.words())
}

/// Different places of `count`, from 1, in order.
fn places(entropy: &impl Entropy, count: usize) -> Vec<u8> {
    let mut places = std::collections::BTreeSet::new();
    while places.len() < ASKED.min(count) {
        let [byte] = entropy.bytes();
        // Bytes past the last whole multiple would make the first places likelier.
        if usize::from(byte) < 256 / count * count {
            places.extend(u8::try_from(usize::from(byte) % count + 1));
        }
    }
    places.into_iter().collect()
}
