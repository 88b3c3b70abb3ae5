//! The one derivation, `X(ikm, label, ctx)`.

use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use super::Secret;

/// HKDF-SHA256 with salt `trellis/v1` and info `label || 0x00 || ctx`, 32 bytes.
pub fn derive(ikm: &[u8], label: &str, ctx: &[u8]) -> Secret {
    let mut out = [0; 32];
    let hkdf = Hkdf::<Sha256>::new(Some(b"trellis/v1"), ikm);
    // 32 bytes are far below HKDF's limit of 255 blocks, the only way to fail.
    let done = hkdf.expand_multi_info(&[label.as_bytes(), &[0], ctx], &mut out);
    debug_assert!(done.is_ok());
    Secret::new(out)
}

/// SHA-256 over the parts, one after another. All parts but the last have a fixed length at every call.
pub fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut sha = Sha256::new();
    parts.iter().for_each(|part| sha.update(part));
    sha.finalize().into()
}
