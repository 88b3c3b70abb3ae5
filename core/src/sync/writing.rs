//! Writing an item: signed, kept and queued in one transaction.

use trellis_protocol::ids::EnvelopeId;

use crate::error::{Error, Result};
use crate::space::{Chain, Draft, EpochId, ItemId, Kind, Position, Refusal, WriterId};
use crate::store::spaces::{ItemRow, ItemState};
use crate::store::{SpaceTx, Tx};
use crate::sync::keys;
use crate::sync::space_state::own_log;

/// Highest logical time that is gone up to at once: no device uses up the numbers of its account.
const HIGHEST: u64 = 1 << 62;

/// Signs an item for an epoch, keeps it and queues it, in this transaction.
pub fn write(
    tx: &SpaceTx<'_>,
    epoch: &[u8; 16],
    writer: WriterId,
    draft: Draft,
    now: i64,
) -> Result<ItemRow> {
    if !keys::knows_epoch(tx, &EpochId(*epoch))? {
        return Err(Refusal::ForeignEpoch.into());
    }
    let epoch_keys = keys::of_epoch(tx, epoch)?;
    let last = tx.last_of_writer(&writer.0)?;
    let lamport = last.as_ref().map_or(0, |item| item.lamport).max(floor(tx, &draft)?);
    let position = Position {
        seq: last.as_ref().map_or(0, |item| item.seq),
        last: last.map(|item| ItemId(item.id)),
        lamport,
    };
    let mut chain = Chain::new(epoch_keys.scope().space, writer, &keys::device(tx)?, position)?;
    chain.saw(tx.lamport()?);
    let item = chain.next(EpochId(*epoch), draft)?;
    let envelope = EnvelopeId::of(&epoch_keys.seal(&item)?);
    let mut row = ItemRow { state: ItemState::Counts, ..keys::row(&item, envelope) };
    row.n = tx.add_item(&row, now)?.ok_or_else(|| Error::new("bad-chain", "the item is there already"))?;
    tx.add_outgoing(row.n, 0)?;
    Ok(row)
}

/// Logical time that a draft has to pass to stand: that of what it replaces, whichever device and writer that is of. The chain of
/// its own writer may be far behind, as it follows others only so fast.
fn floor(tx: &SpaceTx<'_>, draft: &Draft) -> Result<u64> {
    Ok(stands_at(tx, draft)?.min(HIGHEST))
}

fn stands_at(tx: &SpaceTx<'_>, draft: &Draft) -> Result<u64> {
    match draft.kind {
        Kind::Record => {
            let stands = tx.standing_item(&keys::account(tx)?.0, &draft.key)?;
            Ok(stands.map(|n| tx.item(n)).transpose()?.flatten().map_or(0, |row| row.lamport))
        }
        Kind::Consent => tx.lamport_of_kind(draft.kind.into(), &own_devices(tx)?),
        Kind::Heads | Kind::DeviceName => tx.lamport_of_kind(draft.kind.into(), &[keys::own_device(tx)?]),
        _ => Ok(0),
    }
}

fn own_devices(tx: &Tx<'_>) -> Result<Vec<[u8; 32]>> {
    let mut devices = vec![keys::own_device(tx)?];
    if keys::has_account(tx)? {
        let state = own_log(tx)?.state();
        devices.extend(state.active.into_keys().chain(state.gone).map(|device| device.0));
    }
    Ok(devices)
}
