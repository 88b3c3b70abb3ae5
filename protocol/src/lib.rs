//! What crosses the wire between a device and the relay: messages, ids, limits, error codes.
//!
//! No input or output happens here, and everything compiles for the browser. Bodies are CBOR
//! ([`minicbor`], integer keys); the relay never sees more than the sizes and ids named here.

pub mod error;
pub mod ids;
pub mod limits;
pub mod wire;

pub use error::ErrorCode;
pub use ids::{Cursor, EnvelopeId, MailboxId, Token};
