//! Exchange with the person's other devices through a blind relay.

mod call;

pub use call::{Call, NetError, Reply, Transport};
