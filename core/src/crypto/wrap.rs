//! The database key behind a passphrase: Argon2id, then XChaCha20-Poly1305.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use super::{Refusal, Secret};
use crate::platform::Entropy;

const VERSION: u8 = 1;
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

/// Wraps a key: `0x01 || memory KiB u32 || passes u32 || salt (16) || nonce (24) || ciphertext (48)`.
///
/// Takes about 140 ms and 64 MiB on a laptop.
pub fn wrap(key: &Secret, passphrase: &str, entropy: &dyn Entropy) -> Result<Vec<u8>, Refusal> {
    let (salt, nonce): (Secret<16>, Secret<24>) = (Secret::random(entropy), Secret::random(entropy));
    let header = [&[VERSION][..], &MEMORY.to_be_bytes(), &PASSES.to_be_bytes(), salt.expose()].concat();
    let cipher = cipher(passphrase, salt.expose(), MEMORY, PASSES)?;
    let payload = Payload { msg: key.expose(), aad: &header };
    let sealed = cipher.encrypt(&XNonce::from(*nonce.expose()), payload).map_err(|_| Refusal::Oversized)?;
    Ok([&header[..], nonce.expose(), &sealed].concat())
}

/// Unwraps a key. A wrong passphrase and an altered blob cannot be told apart.
pub fn unwrap(blob: &[u8], passphrase: &str) -> Result<Secret, Refusal> {
    if blob.first() != Some(&VERSION) {
        return Err(if blob.is_empty() { Refusal::Malformed } else { Refusal::UnknownVersion });
    }
    let (header, rest) = blob.split_first_chunk::<HEADER>().ok_or(Refusal::Malformed)?;
    let (nonce, sealed) = rest.split_first_chunk::<24>().ok_or(Refusal::Malformed)?;
    if sealed.len() != 32 + 16 {
        return Err(Refusal::Malformed);
    }
    let (memory, passes, salt) = parse(header)?;
    let cipher = cipher(passphrase, &salt, memory, passes)?;
    let payload = Payload { msg: sealed, aad: header };
    let key = cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| Refusal::WrongPassphrase)?;
    Secret::from_slice(&zeroize::Zeroizing::new(key))
}

fn parse(header: &[u8; HEADER]) -> Result<(u32, u32, [u8; 16]), Refusal> {
    let (memory, rest) = header[1..].split_first_chunk().ok_or(Refusal::Malformed)?;
    let (passes, salt) = rest.split_first_chunk().ok_or(Refusal::Malformed)?;
    let (memory, passes) = (u32::from_be_bytes(*memory), u32::from_be_bytes(*passes));
    if memory > MAX_MEMORY || passes > MAX_PASSES {
        return Err(Refusal::CostTooHigh);
    }
    Ok((memory, passes, salt.try_into().map_err(|_| Refusal::Malformed)?))
}

fn cipher(passphrase: &str, salt: &[u8; 16], memory: u32, passes: u32) -> Result<XChaCha20Poly1305, Refusal> {
    let params = Params::new(memory, passes, 1, Some(32)).map_err(|_| Refusal::Malformed)?;
    let mut key = zeroize::Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut *key)
        .map_err(|_| Refusal::Malformed)?;
    Ok(XChaCha20Poly1305::new((&*key).into()))
}
