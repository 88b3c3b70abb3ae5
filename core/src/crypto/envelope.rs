//! Envelopes: padded, sealed under a nonce that the plaintext itself decides.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use trellis_protocol::MailboxId;
use trellis_protocol::limits::{ENVELOPE_OVERHEAD, MAX_ENVELOPE, MAX_PLAINTEXT};
use zeroize::Zeroizing;

use super::{Refusal, Secret, Signature};

/// First byte of every envelope.
pub const VERSION: u8 = 1;
/// Smallest padded plaintext, bytes; larger ones are this times a power of two.
pub const MIN_PLAINTEXT: usize = 512;
/// Bytes around the item in the plaintext: its length and its signature.
pub const FRAME: usize = 4 + 64;
/// Largest item that fits an envelope, bytes.
pub const MAX_ITEM: usize = MAX_PLAINTEXT - FRAME;

/// The keys of one epoch's mailbox. Sealing the same item twice makes the same envelope.
#[derive(Clone)]
pub struct EnvelopeKeys {
    content: Secret,
    nonce: Secret,
    aad: [u8; 49],
}

/// What an envelope held: an item's bytes and its signature, neither checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The item as it was signed.
    pub item: Vec<u8>,
    /// Claimed signature over it.
    pub signature: Signature,
}

impl EnvelopeKeys {
    /// Keys bound to a mailbox and an epoch id.
    pub fn new(content: Secret, nonce: Secret, mailbox: MailboxId, epoch: &[u8; 16]) -> Self {
        let mut aad = [VERSION; 49];
        aad.iter_mut().skip(1).zip(mailbox.0.iter().chain(epoch)).for_each(|(to, from)| *to = *from);
        Self { content, nonce, aad }
    }

    /// Seals an item with its signature.
    pub fn seal(&self, item: &[u8], signature: &Signature) -> Result<Vec<u8>, Refusal> {
        let plaintext = pad(item, signature)?;
        let nonce = self.nonce_of(&plaintext);
        let payload = Payload { msg: &plaintext, aad: &self.aad };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| Refusal::Oversized)?;
        Ok([&[VERSION][..], &nonce, &sealed].concat())
    }

    /// Opens an envelope of this mailbox and epoch.
    pub fn open(&self, envelope: &[u8]) -> Result<Opened, Refusal> {
        let (nonce, sealed) = split(envelope)?;
        let payload = Payload { msg: sealed, aad: &self.aad };
        let plaintext =
            self.cipher().decrypt(&XNonce::from(nonce), payload).map_err(|_| Refusal::CannotOpen)?;
        let plaintext = Zeroizing::new(plaintext);
        if self.nonce_of(&plaintext) != nonce {
            return Err(Refusal::WrongNonce);
        }
        unpad(&plaintext)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.content.expose().into())
    }

    fn nonce_of(&self, plaintext: &[u8]) -> [u8; 24] {
        // HMAC itself fills a key up to its block with zeros.
        let mut block = Zeroizing::new([0; 64]);
        block.iter_mut().zip(self.nonce.expose()).for_each(|(to, from)| *to = *from);
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new((&*block).into());
        mac.update(plaintext);
        let full: [u8; 32] = mac.finalize().into_bytes().into();
        let mut nonce = [0; 24];
        nonce.iter_mut().zip(full).for_each(|(to, from)| *to = from);
        nonce
    }
}

/// Whether `len` is a padded plaintext's length: 512 times a power of two, at most 64 KiB.
fn is_padded_len(len: usize) -> bool {
    len.is_power_of_two() && (MIN_PLAINTEXT..=MAX_PLAINTEXT).contains(&len)
}

fn split(envelope: &[u8]) -> Result<([u8; 24], &[u8]), Refusal> {
    let (version, rest) = envelope.split_first().ok_or(Refusal::Malformed)?;
    if *version != VERSION {
        return Err(Refusal::UnknownVersion);
    }
    if envelope.len() > MAX_ENVELOPE {
        return Err(Refusal::Oversized);
    }
    if !envelope.len().checked_sub(ENVELOPE_OVERHEAD).is_some_and(is_padded_len) {
        return Err(Refusal::Malformed);
    }
    let (nonce, sealed) = rest.split_first_chunk().ok_or(Refusal::Malformed)?;
    Ok((*nonce, sealed))
}

fn pad(item: &[u8], signature: &Signature) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    if item.len() > MAX_ITEM {
        return Err(Refusal::Oversized);
    }
    let size = (item.len() + FRAME).next_power_of_two().max(MIN_PLAINTEXT);
    let length = u32::try_from(item.len()).map_err(|_| Refusal::Oversized)?;
    let mut out = Zeroizing::new(Vec::with_capacity(size));
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(item);
    out.extend_from_slice(signature.as_bytes());
    out.resize(size, 0);
    Ok(out)
}

fn unpad(plaintext: &[u8]) -> Result<Opened, Refusal> {
    let (length, rest) = plaintext.split_first_chunk().ok_or(Refusal::Malformed)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Refusal::Malformed)?;
    let (item, rest) = rest.split_at_checked(length).ok_or(Refusal::Malformed)?;
    let (signature, zeros) = rest.split_first_chunk().ok_or(Refusal::Malformed)?;
    let opened = Opened { item: item.to_vec(), signature: Signature(*signature) };
    let tight = pad(&opened.item, &opened.signature)?.len() == plaintext.len();
    if tight && zeros.iter().all(|byte| *byte == 0) { Ok(opened) } else { Err(Refusal::BadPadding) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> EnvelopeKeys {
        EnvelopeKeys::new(Secret::new([1; 32]), Secret::new([2; 32]), MailboxId([3; 32]), &[4; 16])
    }

    /// Seals any plaintext under any nonce, as a member who ignores the rules could.
    fn raw(nonce: [u8; 24], plaintext: &[u8]) -> Vec<u8> {
        let keys = keys();
        let payload = Payload { msg: plaintext, aad: &keys.aad };
        let sealed = keys.cipher().encrypt(&XNonce::from(nonce), payload).unwrap();
        [&[VERSION][..], &nonce, &sealed].concat()
    }

    fn padded(item: &[u8]) -> Vec<u8> {
        pad(item, &Signature([5; 64])).unwrap().to_vec()
    }

    #[test]
    fn sizes_are_powers_of_two() {
        for (item, size) in [(0, 512), (444, 512), (445, 1024), (2000, 4096), (MAX_ITEM, MAX_PLAINTEXT)] {
            let sealed = keys().seal(&vec![7; item], &Signature([5; 64])).unwrap();
            assert_eq!(sealed.len(), size + ENVELOPE_OVERHEAD);
            assert_eq!(keys().open(&sealed).unwrap().item, vec![7; item]);
        }
        let over = keys().seal(&vec![7; MAX_ITEM + 1], &Signature([5; 64]));
        assert_eq!(over, Err(Refusal::Oversized));
    }

    #[test]
    fn a_nonce_of_ones_own_choice_is_refused() {
        assert_eq!(keys().open(&raw([9; 24], &padded(b"item"))), Err(Refusal::WrongNonce));
    }

    #[test]
    fn padding_is_zeros_and_tight() {
        let mut dirty = padded(b"item");
        *dirty.last_mut().unwrap() = 1;
        let mut loose = padded(b"item");
        loose.resize(1024, 0);
        let mut long = padded(b"item");
        long[0] = 0xff;
        for (plaintext, refusal) in
            [(dirty, Refusal::BadPadding), (loose, Refusal::BadPadding), (long, Refusal::Malformed)]
        {
            let nonce = keys().nonce_of(&plaintext);
            assert_eq!(keys().open(&raw(nonce, &plaintext)), Err(refusal));
        }
    }

    #[test]
    fn an_envelope_opens_in_its_mailbox_and_epoch_only() {
        let sealed = keys().seal(b"item", &Signature([5; 64])).unwrap();
        let elsewhere = |mailbox, epoch: &[u8; 16]| {
            EnvelopeKeys::new(Secret::new([1; 32]), Secret::new([2; 32]), MailboxId(mailbox), epoch)
        };
        assert!(elsewhere([3; 32], &[4; 16]).open(&sealed).is_ok());
        assert_eq!(elsewhere([0; 32], &[4; 16]).open(&sealed), Err(Refusal::CannotOpen));
        assert_eq!(elsewhere([3; 32], &[0; 16]).open(&sealed), Err(Refusal::CannotOpen));
    }

    #[test]
    fn lengths_and_versions_are_checked_first() {
        let sealed = keys().seal(b"item", &Signature([5; 64])).unwrap();
        let mut newer = sealed.clone();
        newer[0] = 2;
        assert_eq!(keys().open(&newer), Err(Refusal::UnknownVersion));
        assert_eq!(keys().open(&[]), Err(Refusal::Malformed));
        assert_eq!(keys().open(&sealed[..sealed.len() - 1]), Err(Refusal::Malformed));
        assert_eq!(keys().open(&vec![1; MAX_ENVELOPE + 1]), Err(Refusal::Oversized));
    }
}
