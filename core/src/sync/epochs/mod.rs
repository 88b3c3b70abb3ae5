//! Epochs of a space: who gets the key of which, and what is written under it.

pub(super) mod grants;
pub(super) mod key_requests;
mod room;
pub(super) mod rotation;
