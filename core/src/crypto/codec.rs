//! Deterministic CBOR: a value has one encoding, and only that one is read.

use minicbor::{Decode, Encode};

use super::Refusal;

/// Most bytes of one encoded message, where it has no limit of its own.
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
    decode_up_to(bytes, MAX_BYTES)
}

/// The same for a message with a limit of its own.
pub fn decode_up_to<T: Encode<()> + for<'b> Decode<'b, ()>>(bytes: &[u8], most: usize) -> Result<T, Refusal> {
    if bytes.len() > most {
        return Err(Refusal::Oversized);
    }
    let value: T = minicbor::decode(bytes).map_err(|_| Refusal::Malformed)?;
    if encode(&value) == bytes { Ok(value) } else { Err(Refusal::NotCanonical) }
}

/// A numbered value as this version knows it, or one that only a later version understands, kept as it came.
///
/// Its encoding is an array that starts with a number. What this version would not write in the same way is of a later
/// one: a new number, another field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extensible<T> {
    /// Understood.
    Known(T),
    /// Of a later version: the encoded value.
    Later(Vec<u8>),
}

impl<T> Extensible<T> {
    /// The value, where it is understood.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Later(_) => None,
        }
    }
}

impl<C, T: Encode<()>> Encode<C> for Extensible<T> {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match self {
            Self::Known(value) => e.encode(value)?.ok(),
            Self::Later(bytes) => e.writer_mut().write_all(bytes).map_err(minicbor::encode::Error::write),
        }
    }
}

impl<'b, C, T: Encode<()> + for<'a> Decode<'a, ()>> Decode<'b, C> for Extensible<T> {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let start = d.position();
        d.skip()?;
        let bytes = d.input().get(start..d.position()).unwrap_or_default();
        match minicbor::decode::<T>(bytes) {
            Ok(value) if encode(&value) == bytes => Ok(Self::Known(value)),
            _ if is_numbered(bytes) => Ok(Self::Later(bytes.to_vec())),
            _ => Err(minicbor::decode::Error::message("not a numbered value").at(start)),
        }
    }
}

fn is_numbered(bytes: &[u8]) -> bool {
    let mut decoder = minicbor::Decoder::new(bytes);
    matches!(decoder.array(), Ok(Some(_))) && decoder.u32().is_ok()
}

/// Declares a fixed-length public identifier that prints and parses as hex and encodes as a byte string.
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
                f.write_str(&hex::encode(self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::crypto::Refusal;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let bytes = hex::FromHex::from_hex(text).map_err(|_| $crate::crypto::Refusal::Malformed)?;
                Ok(Self(bytes))
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
