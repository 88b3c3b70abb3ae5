//! The code of an invitation: what it opens, how long it lasts, and how it is forgotten.

use std::collections::BTreeSet;

use crate::crdt::{DocId, Docs, read_invites};
use crate::crypto::Secret;
use crate::crypto::invite::JoinCode;
use crate::error::Result;
use crate::store::SpaceTx;
use crate::store::rendezvous::RendezvousRow;
use crate::sync::keys;

/// How long an invitation is looked for, milliseconds.
pub const MONTH: i64 = 31 * 24 * 3_600_000;

/// The code behind a rendezvous.
pub fn code(row: &RendezvousRow, relay: Option<String>) -> JoinCode {
    JoinCode::new(Secret::new(row.secret), relay)
}

/// Takes what led into a space off this device: invitations of one's own, and the one that was answered.
pub fn forget(tx: &SpaceTx<'_>, docs: &mut Docs) -> Result<()> {
    let space = keys::space(tx).to_string();
    let own: BTreeSet<String> = read_invites(docs.get(tx, DocId::Spaces)?)
        .into_iter()
        .filter(|invite| invite.space == space)
        .map(|invite| invite.id)
        .collect();
    let rows = tx.all_rendezvous()?;
    let of_space = rows.iter().filter(|row| own.contains(&row.id) || row.joined == Some(tx.space));
    of_space.into_iter().try_for_each(|row| tx.remove_rendezvous(row))
}
