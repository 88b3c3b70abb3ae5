//! Who may have made a change.

use super::{Kind, Refusal, VerifiedItem};
use crate::crdt::chunk;

/// Refuses a change whose actor is not the item's writer, and anything that is not one raw change chunk within its limits.
pub fn check_author(item: &VerifiedItem) -> Result<(), Refusal> {
    match item.item().kind {
        Kind::Change if chunk::facts(&item.item().body)?.actor == item.item().writer.0 => Ok(()),
        Kind::Change => Err(Refusal::ForeignWriter),
        _ => Ok(()),
    }
}
