//! The database key behind a passphrase or a short code: Argon2id, then XChaCha20-Poly1305.
//!
//! What a person types is brought to one form first: NFC, since the same letters come as different bytes from different
//! keyboards, and without white space around it, since pasting brings some along.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::{Refusal, Secret};
use crate::platform::Entropy;

/// Under what was typed alone.
const TYPED: u8 = 1;
/// Under what was typed and a secret that lies elsewhere.
const WITH_SECRET: u8 = 2;
/// Memory, KiB.
const MEMORY: u32 = 64 * 1024;
/// Passes over the memory.
const PASSES: u32 = 3;
/// Most memory a blob may ask for, KiB.
const MAX_MEMORY: u32 = 256 * 1024;
/// Most passes a blob may ask for.
const MAX_PASSES: u32 = 16;
/// Version, memory, passes, salt: authenticated with the key.
const HEADER: usize = 1 + 4 + 4 + 16;

/// Wraps a key: `version || memory KiB u32 || passes u32 || salt (16) || nonce (24) || ciphertext (48)`. The version is
/// 1 under what was typed alone, and 2 where `beside`, Argon2's own secret input, is needed as well: then the blob
/// alone cannot be guessed at.
///
/// Takes about 140 ms and 64 MiB on a laptop.
pub fn wrap(
    key: &Secret,
    typed: &str,
    beside: Option<&Secret>,
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, Refusal> {
    wrap_as(key, &composed(typed.trim()), beside, entropy)
}

/// Wraps a key under these very bytes.
pub(super) fn wrap_as(
    key: &Secret,
    form: &str,
    beside: Option<&Secret>,
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, Refusal> {
    let (salt, nonce): (Secret<16>, Secret<24>) = (Secret::random(entropy), Secret::random(entropy));
    let version = if beside.is_some() { WITH_SECRET } else { TYPED };
    let header = [&[version][..], &MEMORY.to_be_bytes(), &PASSES.to_be_bytes(), salt.expose()].concat();
    let cost = Cost { memory: MEMORY, passes: PASSES, salt: *salt.expose() };
    let cipher = cipher(form, beside, &cost)?;
    let payload = Payload { msg: key.expose(), aad: &header };
    let sealed = cipher.encrypt(&XNonce::from(*nonce.expose()), payload).map_err(|_| Refusal::Oversized)?;
    Ok([&header[..], nonce.expose(), &sealed].concat())
}

/// Unwraps a key. Wrong words, a wrong secret and an altered blob cannot be told apart.
///
/// Blobs of before the one form was used lie under the bytes that the keyboard gave: those forms are tried as well.
pub fn unwrap(blob: &[u8], typed: &str, beside: Option<&Secret>) -> Result<Secret, Refusal> {
    let version = if beside.is_some() { WITH_SECRET } else { TYPED };
    if blob.first() != Some(&version) {
        return Err(if blob.is_empty() { Refusal::Malformed } else { Refusal::UnknownVersion });
    }
    let (header, rest) = blob.split_first_chunk::<HEADER>().ok_or(Refusal::Malformed)?;
    let (nonce, sealed) = rest.split_first_chunk::<24>().ok_or(Refusal::Malformed)?;
    if sealed.len() != 32 + 16 {
        return Err(Refusal::Malformed);
    }
    let cost = parse(header)?;
    for form in forms(typed) {
        let payload = Payload { msg: sealed, aad: header };
        if let Ok(key) = cipher(&form, beside, &cost)?.decrypt(&XNonce::from(*nonce), payload) {
            return Secret::from_slice(&Zeroizing::new(key));
        }
    }
    Err(Refusal::WrongPassphrase)
}

/// In the usual form of its letters.
fn composed(typed: &str) -> Zeroizing<String> {
    Zeroizing::new(typed.nfc().collect())
}

/// Every form that a blob may lie under, the usual one first; one only where they are all the same.
fn forms(typed: &str) -> Vec<Zeroizing<String>> {
    let of = |typed: &str| {
        [composed(typed), Zeroizing::new(typed.to_owned()), Zeroizing::new(typed.nfd().collect())]
    };
    let mut forms: Vec<Zeroizing<String>> = Vec::new();
    for form in [of(typed.trim()), of(typed)].into_iter().flatten() {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}

/// What a guess costs, and the salt.
struct Cost {
    memory: u32,
    passes: u32,
    salt: [u8; 16],
}

fn parse(header: &[u8; HEADER]) -> Result<Cost, Refusal> {
    let (memory, rest) = header[1..].split_first_chunk().ok_or(Refusal::Malformed)?;
    let (passes, salt) = rest.split_first_chunk().ok_or(Refusal::Malformed)?;
    let (memory, passes) = (u32::from_be_bytes(*memory), u32::from_be_bytes(*passes));
    if memory > MAX_MEMORY || passes > MAX_PASSES {
        return Err(Refusal::CostTooHigh);
    }
    Ok(Cost { memory, passes, salt: salt.try_into().map_err(|_| Refusal::Malformed)? })
}

fn cipher(typed: &str, beside: Option<&Secret>, cost: &Cost) -> Result<XChaCha20Poly1305, Refusal> {
    let malformed = |_| Refusal::Malformed;
    let params = Params::new(cost.memory, cost.passes, 1, Some(32)).map_err(malformed)?;
    let secret = beside.map_or(&[][..], |secret| &secret.expose()[..]);
    let argon =
        Argon2::new_with_secret(secret, Algorithm::Argon2id, Version::V0x13, params).map_err(malformed)?;
    let mut key = Zeroizing::new([0; 32]);
    argon.hash_password_into(typed.as_bytes(), &cost.salt, &mut *key).map_err(malformed)?;
    Ok(XChaCha20Poly1305::new((&*key).into()))
}
