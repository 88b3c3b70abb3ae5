//! Exchange with the person's other devices through a blind relay.
//!
//! The engine does no input or output: [`Engine::next`] says which call to make, [`Engine::done`] takes in what came
//! back, and everything in between is in the store. [`driver`] is the thin asynchronous layer around it.

mod allowance;
mod anti_entropy;
mod compaction;
pub mod devices;
pub mod driver;
mod engine;
mod epochs;
mod ingest;
pub mod joining;
pub(crate) mod keys;
mod later;
pub mod relay_choice;
pub mod shared;
pub mod space_state;
pub mod status;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests;
pub mod watch;
pub(crate) mod writing;

pub use engine::Engine;
pub use engine::effects::{News, Next, Pause, Sent};
pub use keys::{WRITER, begin_on_a_copy, begin_opening};

use crate::platform::{Clock, Entropy};

/// What exchange asks of the machine: the time and randomness.
pub trait Ground: Clock + Entropy {}

impl<T: Clock + Entropy> Ground for T {}
