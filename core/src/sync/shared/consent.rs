//! Signing what one agrees to share.

use std::collections::BTreeSet;

use super::{may_write, records};
use crate::error::Result;
use crate::space::consent::{Consent, Given, MAX_KNOWN};
use crate::space::members::Members;
use crate::space::{AccountId, DeviceId, ItemId, Mark, WriterId};
use crate::store::SpaceTx;
use crate::sync::keys;
use crate::sync::opening::write;

/// The consents of this person, in the order they came.
pub fn own(tx: &SpaceTx<'_>, members: &Members) -> Result<Vec<Given>> {
    Ok(records::consents(tx, members)?.remove(&keys::account(tx)?).unwrap_or_default())
}

/// Signs a version that replaces all that stand. Errors: `consent-backdated`, `space-ended`, `space-read-only`,
/// `not-entitled`, `oversized`.
pub fn sign(tx: &SpaceTx<'_>, members: &Members, mut consent: Consent, now: i64) -> Result<()> {
    may_write(tx, members)?;
    let given = own(tx, members)?;
    let replaced: BTreeSet<ItemId> = given.iter().flat_map(|given| given.replaces().to_vec()).collect();
    let standing: BTreeSet<ItemId> = given.iter().map(|given| given.id).collect();
    consent.replaces = standing.difference(&replaced).copied().collect();
    consent.known = known(tx, members, &consent.author)?;
    write(tx, consent.draft()?, now)
}

/// How far each of this person's writers had come. What the relay does not have yet is not in it: a projection that was
/// signed and not sent is dropped by whoever gets it later.
fn known(tx: &SpaceTx<'_>, members: &Members, me: &AccountId) -> Result<Vec<Mark>> {
    let mut marks = Vec::new();
    for head in tx.writer_heads()?.iter().filter(|row| members.speaks_for(&DeviceId(row.device), me)) {
        if let Some((seq, id)) = tx.last_exchanged(&head.writer)? {
            marks.push(Mark { writer: WriterId(head.writer), seq, id: ItemId(id) });
        }
    }
    marks.sort_by_key(|mark| mark.writer);
    marks.truncate(MAX_KNOWN);
    Ok(marks)
}
