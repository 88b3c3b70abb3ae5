//! What comes in: answers of the relay, and what of them counts.

pub(super) mod apply;
pub(super) mod response;
