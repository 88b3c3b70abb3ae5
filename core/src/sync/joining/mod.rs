//! How a device or a person comes in: mailboxes to meet at, invitations and pairing.

pub(super) mod code;
pub mod invites;
pub mod pairing;
pub mod qr;
pub(super) mod rendezvous;
