//! The relay of Trellis: append-only mailboxes of envelopes that it cannot read, over HTTP.
//!
//! [`start`] runs one inside this process; the `trellis-relay` program is that plus a command line.

mod app;
mod body;
pub mod config;
mod handlers;
mod hub;
mod limiter;
mod metrics;
pub mod problem;
mod router;
mod server;
pub mod store;

pub use config::Config;
pub use server::{Running, start};
