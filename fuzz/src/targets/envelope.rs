//! Envelopes, as a relay can alter them, and plaintexts that a member sealed who ignores the rules.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use trellis_core::crypto::envelope::{EnvelopeKeys, MAX_ITEM, MIN_PLAINTEXT};
use trellis_core::crypto::{Refusal, Secret, Signature};
use trellis_protocol::MailboxId;

use crate::pieces;
use crate::world::{refused, sound, vectors};

const CONTENT: [u8; 32] = [1; 32];
const NONCE: [u8; 32] = [2; 32];
const CODES: &[Refusal] = &[
    Refusal::Malformed,
    Refusal::Oversized,
    Refusal::UnknownVersion,
    Refusal::CannotOpen,
    Refusal::WrongNonce,
    Refusal::BadPadding,
];

/// The first byte chooses: envelopes, plaintexts, or plaintexts that are filled up to a size that fits.
pub fn run(input: &[u8]) {
    let (choice, pieces) = pieces::choice(input);
    for piece in pieces {
        match choice % 3 {
            0 => check(piece),
            1 => check(&sealed(piece)),
            _ => check(&sealed(&filled(piece))),
        }
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let envelope = |item: &[u8]| sound(keys().seal(item, &Signature([5; 64])));
    let items = [vec![vec![7; 3], vec![7; 500]], vectors("item.")].concat();
    let sealed: Vec<Vec<u8>> = items.iter().map(|item| envelope(item)).collect();
    let plain: Vec<Vec<u8>> =
        items.iter().map(|item| [&(item.len() as u32).to_be_bytes()[..], item, &[5; 64]].concat()).collect();
    let all = [(0, &sealed), (1, &plain), (2, &plain)];
    all.iter().map(|(choice, pieces)| pieces::chosen(*choice, pieces)).collect()
}

/// Whatever opens is the one envelope of its item.
fn check(envelope: &[u8]) {
    match keys().open(envelope) {
        Ok(opened) => {
            assert!(opened.item.len() <= MAX_ITEM);
            assert_eq!(keys().seal(&opened.item, &opened.signature).as_deref(), Ok(envelope));
        }
        Err(refusal) => refused(refusal, CODES),
    }
}

fn keys() -> EnvelopeKeys {
    EnvelopeKeys::new(Secret::new(CONTENT), Secret::new(NONCE), MailboxId([3; 32]), &[4; 16])
}

fn filled(plaintext: &[u8]) -> Vec<u8> {
    let mut out = plaintext.to_vec();
    out.resize(plaintext.len().next_power_of_two().max(MIN_PLAINTEXT), 0);
    out
}

/// Sealed with the right nonce, whatever the plaintext.
fn sealed(plaintext: &[u8]) -> Vec<u8> {
    let aad = [&[1][..], &[3; 32], &[4; 16]].concat();
    let mut block = [0; 64];
    block.iter_mut().zip(NONCE).for_each(|(to, from)| *to = from);
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new((&block).into());
    mac.update(plaintext);
    let full: [u8; 32] = mac.finalize().into_bytes().into();
    let mut nonce = [0; 24];
    nonce.iter_mut().zip(full).for_each(|(to, from)| *to = from);
    let payload = Payload { msg: plaintext, aad: &aad };
    let sealed = XChaCha20Poly1305::new((&CONTENT).into()).encrypt(&XNonce::from(nonce), payload);
    [&[1][..], &nonce, &sound(sealed)].concat()
}
