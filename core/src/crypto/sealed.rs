//! Notes under a shared secret: pairing offers and the paper's beacon.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use super::{Refusal, Secret};
use crate::platform::Entropy;

const VERSION: u8 = 1;
/// Notes are padded to a multiple of this, bytes.
const BLOCK: usize = 1024;
/// Largest note, bytes.
pub const MAX_NOTE: usize = 60 * 1024;

/// Seals a note: `0x01 || nonce (24) || XChaCha20-Poly1305(u32 length || note || zeros)`, `aad` = `purpose`.
pub fn seal(key: &Secret, purpose: &str, note: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, Refusal> {
    if note.len() > MAX_NOTE {
        return Err(Refusal::Oversized);
    }
    let length = u32::try_from(note.len()).map_err(|_| Refusal::Oversized)?;
    let mut plaintext = [&length.to_be_bytes()[..], note].concat();
    plaintext.resize(plaintext.len().next_multiple_of(BLOCK), 0);
    let nonce: Secret<24> = Secret::random(entropy);
    let payload = Payload { msg: &plaintext, aad: purpose.as_bytes() };
    let sealed =
        cipher(key).encrypt(&XNonce::from(*nonce.expose()), payload).map_err(|_| Refusal::Oversized)?;
    Ok([&[VERSION][..], nonce.expose(), &sealed].concat())
}

/// Opens a note of the same key and purpose.
pub fn open(key: &Secret, purpose: &str, bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    if bytes.len() > MAX_NOTE + BLOCK + 64 {
        return Err(Refusal::Oversized);
    }
    let (version, rest) = bytes.split_first().ok_or(Refusal::Malformed)?;
    if *version != VERSION {
        return Err(Refusal::UnknownVersion);
    }
    let (nonce, sealed) = rest.split_first_chunk::<24>().ok_or(Refusal::Malformed)?;
    let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
    let plaintext = cipher(key).decrypt(&XNonce::from(*nonce), payload).map_err(|_| Refusal::CannotOpen)?;
    let (length, rest) = plaintext.split_first_chunk().ok_or(Refusal::Malformed)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Refusal::Malformed)?;
    rest.get(..length).map(<[u8]>::to_vec).ok_or(Refusal::Malformed)
}

fn cipher(key: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.expose().into())
}
