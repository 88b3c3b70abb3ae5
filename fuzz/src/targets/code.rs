//! What people type, paste and pass on: codes, links, words of a paper, names, addresses.

use trellis_api_types::settings::Language;
use trellis_api_types::typed;
use trellis_core::crypto::invite::JoinCode;
use trellis_core::crypto::pairing::{MAX_TEXT, PairCode};
use trellis_core::crypto::words::{self, WordError, Words};
use trellis_core::crypto::{Phrase, Refusal, Secret};
use trellis_core::net::address;

use crate::pieces;
use crate::world::{phrase, refused, sound};

const CODES: &[Refusal] = &[Refusal::WordCount, Refusal::UnknownWord, Refusal::Checksum, Refusal::BadLink];

/// Each piece is text.
pub fn run(input: &[u8]) {
    let (_, pieces) = pieces::choice(input);
    for piece in pieces {
        let text = String::from_utf8_lossy(piece);
        pair(&text);
        join(&text);
        paper(&text);
        names(&text);
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let relay = || Some("https://relay.example/sub".to_owned());
    let (pair, join) = (code(relay()), JoinCode::new(Secret::new([5; 16]), relay()));
    let texts = [
        pair.to_link(),
        code(None).to_link(),
        join.to_link(),
        format!("Hi! trellis:pair#05 and\n> {}\n> bye", pair.to_link().replace(":pair", "%3Apair")),
        pair.to_words().say(Language::En).join(" "),
        join.to_words().say(Language::Es).join("\n"),
        phrase(7).words().say(Language::En).join(", "),
        format!("Mis palabras son: {}", phrase(8).words().say(Language::Es).join(" ")),
        "https://user@[::1]:8443/a?b#c".to_owned(),
        "Ana \u{202e}\u{1f468}\u{200d}\u{1f469} e\u{301}".to_owned(),
    ];
    texts.iter().map(|text| pieces::chosen(0, &[text.as_bytes()])).collect()
}

fn code(relay: Option<String>) -> PairCode {
    PairCode { secret: Secret::new([5; 16]), relay }
}

/// Whatever was read from a text is read from the app's own link and words too.
fn pair(text: &str) {
    match PairCode::parse(text) {
        Ok(code) => {
            assert!(code.relay.as_ref().is_none_or(|relay| !relay.is_empty() && relay.len() <= MAX_TEXT));
            let again = sound(PairCode::parse(&code.to_link()));
            assert_eq!((again.secret.expose(), &again.relay), (code.secret.expose(), &code.relay));
            let spoken = spoken(&code.to_words(), PairCode::parse);
            spoken.iter().for_each(|spoken| assert_eq!(spoken.secret.expose(), code.secret.expose()));
        }
        Err(error) => wrong(&error),
    }
}

fn join(text: &str) {
    match JoinCode::parse(text) {
        Ok(code) => {
            let again = sound(JoinCode::parse(&code.to_link()));
            assert_eq!((again.secret().expose(), again.relay()), (code.secret().expose(), code.relay()));
            assert_eq!(again.mailbox(), code.mailbox());
        }
        Err(error) => wrong(&error),
    }
}

fn paper(text: &str) {
    match Phrase::parse(text) {
        Ok(read) => {
            let spoken = spoken(&read.words(), Phrase::parse);
            spoken.iter().for_each(|spoken| assert_eq!(spoken.secret().expose(), read.secret().expose()));
        }
        Err(error) => wrong(&error),
    }
}

fn spoken<T>(words: &Words, read: impl Fn(&str) -> Result<T, WordError>) -> [T; 2] {
    [Language::En, Language::Es].map(|language| sound(read(&words.say(language).join(" "))))
}

fn wrong(error: &WordError) {
    refused(error.refusal, CODES);
    assert!(error.near.len() <= 3 && error.place.is_none_or(|place| place < 24));
}

fn names(text: &str) {
    let name = typed::name(text);
    assert_eq!(typed::name(&name), name, "a tidy name is tidied");
    let _ = words::of_hash(&[text.len() as u8; 32], 8).is_at(0, text);
    if let Ok(url) = address::base(text) {
        assert_eq!(address::base(url.as_str()), Ok(url));
    }
    let _ = address::socks(text).map_err(address::AddressError::code);
}
