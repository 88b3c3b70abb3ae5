//! Signing what one agrees to share.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::error::Result;
use crate::space::consent::{Consent, Fields, Given, Goals, MAX_KNOWN, RecipientKind, Until};
use crate::space::members::{Members, Role, SpaceKind};
use crate::space::record::{Day, MAX_LIST};
use crate::space::{AccountId, DeviceId, ItemId, Mark, WriterId};
use crate::store::SpaceTx;
use crate::sync::epochs::rotation::{write, write_item};
use crate::sync::keys;
use crate::sync::shared::{may_write, records};

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
    let mut standing: BTreeSet<ItemId> = given.iter().map(|given| given.id).collect();
    standing.retain(|id| !replaced.contains(id));
    consent.known = known(tx, members, &consent.author)?;
    // A device that was stolen may have signed any number of them. What comes between allows nothing.
    while standing.len() > MAX_LIST {
        let some: BTreeSet<ItemId> = standing.iter().take(MAX_LIST).copied().collect();
        let nothing = Consent::new(consent.author, consent.recipient, consent.signed);
        let nothing =
            Consent { replaces: some.iter().copied().collect(), known: consent.known.clone(), ..nothing };
        standing = &standing - &some;
        standing.insert(ItemId(write_item(tx, nothing.draft()?, now)?.id));
    }
    consent.replaces = standing.into_iter().collect();
    write(tx, consent.draft()?, now)
}

/// Signs the end of all sharing here, where a consent of this person lets anything out. True if it was signed. Errors: as
/// [`sign`].
pub fn stop(tx: &SpaceTx<'_>, members: &Members, today: NaiveDate, now: i64) -> Result<bool> {
    let given = own(tx, members)?;
    let replaced: BTreeSet<&ItemId> = given.iter().flat_map(Given::replaces).collect();
    let mut standing = given.iter().filter(|given| !replaced.contains(&given.id));
    if !standing.any(|given| lets_out(given, today.into())) {
        return Ok(false);
    }
    let stop = Consent::new(keys::account(tx)?, recipient(members), today.into());
    sign(tx, members, stop, now).map(|()| true)
}

/// What only a later version understands may let something out there.
fn lets_out(given: &Given, today: Day) -> bool {
    given.consent.known().is_none_or(|consent| {
        let over = matches!(&consent.until, Some(Until::Date(last)) if today > *last);
        !over && (consent.fields != Fields::default() || consent.goals != Goals::None)
    })
}

/// Returns who receives a consent here: the group, a coach, or the other person of a pair.
pub fn recipient(members: &Members) -> RecipientKind {
    let state = members.state();
    let coached = state.members.values().any(|member| member.role == Role::Coach);
    match (state.kind, coached) {
        (Some(SpaceKind::Group), _) => RecipientKind::Group,
        (_, true) => RecipientKind::Coach,
        _ => RecipientKind::Person,
    }
}

/// How far each of this person's writers had come. What the relay does not have yet is not in it: a projection that was
/// signed and not sent is dropped by whoever gets it later.
fn known(tx: &SpaceTx<'_>, members: &Members, me: &AccountId) -> Result<Vec<Mark>> {
    let (mut marks, mut heads) = (Vec::new(), tx.writer_heads()?);
    heads.sort_by_key(|row| std::cmp::Reverse(row.n));
    let own = heads.iter().filter(|row| members.speaks_for(&DeviceId(row.device), me));
    for head in own.take(MAX_KNOWN) {
        if let Some((seq, id)) = tx.last_exchanged(&head.writer)? {
            marks.push(Mark { writer: WriterId(head.writer), seq, id: ItemId(id) });
        }
    }
    marks.sort_by_key(|mark| mark.writer);
    Ok(marks)
}
