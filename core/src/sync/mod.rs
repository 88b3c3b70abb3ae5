//! Exchange with the person's other devices through a blind relay.
//!
//! The engine does no input or output: [`Engine::next`] says which call to make, [`Engine::done`] takes in what came
//! back, and everything in between is in the store. [`driver`] is the thin asynchronous rim around it.

pub mod account;
mod allowance;
mod ask;
mod base;
mod call;
pub mod driver;
mod engine;
mod folding;
mod grants;
pub mod inviting;
mod key_requests;
pub(crate) mod keys;
pub mod known;
mod later;
mod meeting;
mod opening;
mod pace;
pub mod pairing;
mod patience;
pub mod qr;
mod repair;
mod round;
pub mod shared;
pub mod status;
mod take;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests;
mod trim;
mod turns;
mod wanted;
pub mod watch;

pub use call::{Call, NetError, Reply, Transport};
pub use engine::Engine;
pub use keys::{WRITER, begin_on_a_copy, begin_opening};
pub use wanted::{News, Next, Pause, Sent};

use crate::platform::{Clock, Entropy};

/// What exchange asks of the machine: the time and randomness.
pub trait Ground: Clock + Entropy {}

impl<T: Clock + Entropy> Ground for T {}
