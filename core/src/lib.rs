//! Trellis without a screen: plan, check-ins, spaces and their exchange.

pub mod platform;
