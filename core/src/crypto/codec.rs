//! Deterministic CBOR: a value has one encoding, and only that one is read.

use minicbor::{Decode, Encode};

use super::Refusal;

/// Most bytes of one encoded message anywhere in this crate.
pub const MAX_BYTES: usize = 1024 * 1024;

/// The one encoding of a value.
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing into memory cannot fail.
    let done = minicbor::encode(value, &mut out);
    debug_assert!(done.is_ok());
    out
}

/// Reads a value and insists on its one encoding, with nothing before or after.
pub fn decode<T: Encode<()> + for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Result<T, Refusal> {
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::Oversized);
    }
    let value: T = minicbor::decode(bytes).map_err(|_| Refusal::Malformed)?;
    if encode(&value) == bytes { Ok(value) } else { Err(Refusal::NotCanonical) }
}

/// Declares a fixed-length public identifier that prints as hex and encodes as a byte string.
macro_rules! identifier {
    ($(#[$meta:meta])* $name:ident, $len:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(with = "minicbor::bytes")] pub [u8; $len]);

        impl $name {
            /// Reads the identifier from exactly its length in bytes.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, $crate::crypto::Refusal> {
                bytes.try_into().map(Self).map_err(|_| $crate::crypto::Refusal::Malformed)
            }

            /// The identifier's bytes.
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}
pub(crate) use identifier;
