//! The relay of Trellis: append-only mailboxes of envelopes that it cannot read, over HTTP.
//!
//! [`start`] runs one inside this process; the `trellis-relay` program is that plus a command line.

mod app;
mod body;
mod caller;
pub mod config;
mod handlers;
mod household;
mod hub;
mod inflight;
mod limiter;
mod metrics;
pub mod problem;
mod router;
mod server;
mod shares;
pub mod store;

pub use config::Config;
pub use server::{Running, start};
