//! Trellis without a screen: plan, check-ins, spaces and their exchange.

pub mod net;
pub mod platform;
pub mod sync;
