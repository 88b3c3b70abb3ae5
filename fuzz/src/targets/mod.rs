//! What is fed, and what must hold.

pub mod answer;
pub mod change;
pub mod code;
pub mod consent;
pub mod device_log;
pub mod document;
pub mod envelope;
pub mod item;
pub mod open;
pub mod record;
pub mod repair;
pub mod roster;
pub mod snapshot;
pub mod wire;
