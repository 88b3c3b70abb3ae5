//! Bytes that are wiped when dropped and cannot be printed.

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Refusal;
use crate::platform::Entropy;

/// `N` secret bytes. There is no `Debug`, no `PartialEq` and no serialisation: what leaves, leaves by name.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret<const N: usize = 32>([u8; N]);

impl<const N: usize> Secret<N> {
    /// Takes over bytes; the caller's copy is its own to wipe.
    pub fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// Fresh random bytes.
    pub fn random(entropy: &dyn Entropy) -> Self {
        let mut out = [0; N];
        entropy.fill(&mut out);
        Self(out)
    }

    /// Takes over a slice of exactly `N` bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, Refusal> {
        bytes.try_into().map(Self).map_err(|_| Refusal::Malformed)
    }

    /// The bytes themselves, for deriving, sealing or the encrypted database.
    pub fn expose(&self) -> &[u8; N] {
        &self.0
    }
}
