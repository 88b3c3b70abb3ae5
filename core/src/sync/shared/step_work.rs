//! Shared answers of step work: each stands in the spaces it was shared in, until sharing it is taken back on any device.

use crate::crdt::{DocId, Docs, leave_work, read_shares};
use crate::error::Result;
use crate::space::consent::record_key;
use crate::space::members::Members;
use crate::space::record::{Content, Standing};
use crate::store::records::Pick;
use crate::store::{SpaceTx, Tx};
use crate::sync::keys;
use crate::sync::shared::{records, unsay};

/// Takes back what another device said again before it heard that sharing it was taken back. True if there was any.
pub fn reconcile(tx: &SpaceTx<'_>, docs: &mut Docs, members: &Members, now: i64) -> Result<bool> {
    let (space, mut wrote) = (keys::space(tx), false);
    let mut shares = read_shares(docs.get(tx, DocId::Work)?);
    shares.retain(|share| share.words.is_none() && share.space == space.to_string());
    for share in shares {
        let key = record_key(&space, &share.answer);
        let standing = records::one(tx, members, &keys::account(tx)?, &key)?;
        if standing.is_some_and(|one| matches!(one.content, Content::StepWork { .. })) {
            unsay(tx, members, key, now)?;
            wrote = true;
        }
    }
    Ok(wrote)
}

/// Whether an answer is shared in a space.
pub fn goes_on(tx: &SpaceTx<'_>, docs: &mut Docs) -> Result<bool> {
    let space = keys::space(tx).to_string();
    let shares = read_shares(docs.get(tx, DocId::Work)?);
    Ok(shares.iter().any(|share| share.space == space && share.words.is_some()))
}

/// Answers that are shared in a space do not follow there any more. What it has of them stays, or with `retract` is taken back
/// by whichever device shares next. True if there were any.
pub fn leave(tx: &Tx<'_>, docs: &mut Docs, space: &str, retract: bool) -> Result<bool> {
    Ok(docs.edit(tx, DocId::Work, |edit| leave_work(edit, space, retract))?.is_some())
}

/// Takes back all answers and weekly updates of this person in a space.
pub fn retract(tx: &SpaceTx<'_>, members: &Members, now: i64) -> Result<()> {
    let written = |one: &Standing| matches!(one.content, Content::StepWork { .. } | Content::Weekly { .. });
    let standing = records::standing(tx, members, &Pick::Of(&keys::account(tx)?.0))?;
    standing.into_iter().filter(written).try_for_each(|one| unsay(tx, members, one.key, now))
}
