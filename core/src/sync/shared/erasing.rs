//! Erasing what its author replaced.

use crate::error::Result;
use crate::store::SpaceTx;
use crate::store::spaces::{ItemRow, ItemState};
use crate::sync::keys;

/// Erases an item if its author replaced it, unless it may have to be said again.
pub fn erase_replaced(tx: &SpaceTx<'_>, row: &ItemRow, author: &[u8; 32]) -> Result<()> {
    if keys::unlooked(tx)?.contains(&row.writer) { Ok(()) } else { erase(tx, row, author) }
}

/// Erases an item if its author replaced it, whatever writer it is of.
pub(super) fn erase(tx: &SpaceTx<'_>, row: &ItemRow, author: &[u8; 32]) -> Result<()> {
    if row.state == ItemState::Erased {
        return Ok(());
    }
    tx.erase_replaced(row.n, &keys::before(&keys::kept(row)?), author)
}
