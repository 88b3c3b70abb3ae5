//! Keys, seals and words. Nothing here reads a clock, a file or a network; randomness is passed in.
//!
//! There is one way to do each thing: [`envelope`] seals items, [`grant`] seals a secret to one device,
//! [`sealed`] seals a note under a shared secret, [`wrap`] locks the database key behind a passphrase.
//! Raw ciphers stay private to these modules.

pub mod codec;
pub mod envelope;
pub mod grant;
pub mod invite;
pub mod kdf;
pub mod pairing;
pub mod paper;
mod refusal;
pub mod sealed;
mod secret;
pub mod sign;
#[cfg(test)]
mod tests;
pub mod words;
pub mod wrap;

pub use grant::{AgreeKey, AgreePublic, Sealed};
pub use paper::Phrase;
pub use refusal::Refusal;
pub use secret::Secret;
pub use sign::{DeviceId, SignKey, Signature};
