//! Saying again what was said on an older copy of the database before its first look: what its device had said later, and this
//! copy had forgotten, does not take its place.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::platform::Entropy;
use crate::space::{Draft, Kind};
use crate::store::SpaceTx;
use crate::store::spaces::ItemRow;
use crate::sync::keys;
use crate::sync::shared::erasing::erase;
use crate::sync::shared::{may_write, ready, records, write};
use crate::sync::space_state::Known;

/// Says again what was written here under these writers, wherever an item of this device under another writer stands instead.
pub fn say_again(
    tx: &SpaceTx<'_>,
    entropy: &dyn Entropy,
    known: &mut Known,
    writers: &[[u8; 16]],
    now: i64,
) -> Result<()> {
    let (me, mut written) = (keys::account(tx)?.0, Vec::new());
    for writer in writers {
        written.extend(tx.records_of_writer(writer)?);
    }
    let lost = lost(tx, &me, &written, writers)?;
    if !lost.is_empty() && may_write(tx, known.members()?).is_ok() {
        ready(tx, entropy, known, now)?;
        lost.values().try_for_each(|row| repeat(tx, row, now))?;
        records::index(tx, known.members()?, lost.into_keys())?;
    }
    written.iter().try_for_each(|row| erase(tx, row, &me))
}

/// The last word of these under each key, where this device's own word of before stands instead.
fn lost<'a>(
    tx: &SpaceTx<'_>,
    me: &[u8; 32],
    written: &'a [ItemRow],
    writers: &[[u8; 16]],
) -> Result<BTreeMap<Vec<u8>, &'a ItemRow>> {
    let own = keys::own_device(tx)?;
    let mut last: BTreeMap<Vec<u8>, &ItemRow> = written.iter().map(|row| (row.key.clone(), row)).collect();
    let mut stands = BTreeMap::new();
    for key in last.keys() {
        stands.insert(key.clone(), tx.standing_item(me, key)?.map(|n| tx.item(n)).transpose()?.flatten());
    }
    let of_before = |row: &ItemRow| row.device == own && !writers.contains(&row.writer);
    last.retain(|key, _| stands.get(key).and_then(Option::as_ref).is_some_and(of_before));
    Ok(last)
}

fn repeat(tx: &SpaceTx<'_>, row: &ItemRow, now: i64) -> Result<()> {
    let body = keys::kept(row)?.body.to_vec();
    write(tx, Draft { kind: Kind::Record, key: row.key.clone(), body }, now)
}
