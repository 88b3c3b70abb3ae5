//! Keys of shared spaces among one's own devices.

use std::collections::BTreeSet;

use hex::FromHex;

use crate::crdt::{DocId, Docs, KnownEpoch, read_epochs, read_spaces, write_epoch};
use crate::crypto::Secret;
use crate::error::Result;
use crate::space::{EpochId, EpochKey, EpochSecret, SpaceId};
use crate::store::spaces::EpochRow;
use crate::store::{SpaceTx, Tx};
use crate::sync::keys;
use crate::sync::shared::{drop_space, list};

/// Epochs that are kept by one change.
const AT_ONCE: usize = 64;

/// Keeps the keys of a space for one's other devices.
pub fn keep_keys(tx: &SpaceTx<'_>, docs: &mut Docs) -> Result<()> {
    let held: BTreeSet<String> =
        read_epochs(docs.get(tx, DocId::Spaces)?).into_iter().map(|epoch| epoch.id).collect();
    let space = keys::space(tx).to_string();
    let epoch = |row: EpochRow| KnownEpoch {
        id: EpochId(row.id).to_string(),
        space: space.clone(),
        secret: hex::encode(row.secret),
        opener: row.opener.map(hex::encode).unwrap_or_default(),
    };
    let rows = tx.epochs()?.into_iter().map(epoch);
    let new: Vec<_> = rows.filter(|epoch| !held.contains(&epoch.id)).collect();
    // However many there are, each change stays far below what an item holds.
    for some in new.chunks(AT_ONCE) {
        docs.edit(tx, DocId::Spaces, |edit| some.iter().try_for_each(|epoch| write_epoch(edit, epoch)))?;
    }
    Ok(())
}

/// Enters the spaces that another device of this person entered, and lets those go that it took away. True if anything
/// changed.
pub fn enter_known(tx: &Tx<'_>, docs: &mut Docs, now: i64) -> Result<bool> {
    let doc = docs.get(tx, DocId::Spaces)?;
    let wanted: BTreeSet<String> = read_spaces(doc).into_iter().map(|space| space.id).collect();
    let (epochs, mut changed) = (read_epochs(doc), false);
    for epoch in epochs.iter().filter(|epoch| wanted.contains(&epoch.space)) {
        changed |= learn(tx, epoch, now)?.unwrap_or(false);
    }
    for space in list(tx)?.into_iter().filter(|space| !wanted.contains(&space.to_string())) {
        drop_space(&tx.within(space.0), docs)?;
        changed = true;
    }
    Ok(changed)
}

/// `None` for what a later version wrote in another way.
fn learn(tx: &Tx<'_>, epoch: &KnownEpoch, now: i64) -> Result<Option<bool>> {
    let (space, id): (Result<SpaceId, _>, Result<EpochId, _>) = (epoch.space.parse(), epoch.id.parse());
    let (Ok(space), Ok(id), Ok(secret)) = (space, id, FromHex::from_hex(&epoch.secret)) else {
        return Ok(None);
    };
    let here = &tx.within(space.0);
    if tx.epoch(&id.0)?.is_some() {
        return Ok(Some(false));
    }
    let secret = EpochSecret::new(Secret::new(secret));
    if epoch.opener.is_empty() {
        keys::learn_older(here, id, &secret, now)?;
    } else {
        let Ok(opener) = epoch.opener.parse() else { return Ok(None) };
        keys::learn_epoch(here, &EpochKey { opener, secret }, now)?;
    }
    if keys::write_epoch(here)?.is_none() {
        keys::set_write_epoch(here, &id)?;
    }
    Ok(Some(true))
}

/// The id of a space as the screens name it. Error: `not-found`.
pub fn space_id(text: &str) -> Result<SpaceId> {
    text.parse().map_err(|_| crate::error::Error::new("not-found", "no such space"))
}
