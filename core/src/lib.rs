//! Trellis without a screen: plan, check-ins, spaces and their exchange.

// What tests inside and beside the crate share names it in one way.
#[cfg(test)]
extern crate self as trellis_core;

pub mod app;
pub mod crdt;
pub mod crypto;
pub mod domain;
pub mod error;
mod fault;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
pub mod net;
pub mod platform;
pub mod print;
pub mod space;
pub mod store;
pub mod sync;
pub mod transport;

pub use error::{Error, Result};
