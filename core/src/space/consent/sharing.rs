//! When to publish a projection, and when to drop somebody else's.

use super::effective::retracts;
use super::project::fields_of;
use super::{Consent, Given};
use crate::space::ItemId;
use crate::space::record::{Basis, Content, Posted};

/// What the author does with one projection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing: it is as it should be, or stays as it was last sent.
    Keep,
    /// Publish this.
    Publish(Content),
    /// Publish a tombstone.
    Tombstone,
}

/// What a receiver does with somebody's projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Show it.
    Show,
    /// A consent that it names is not here yet: keep it, and do not show it.
    Wait,
    /// It was written after its consent had ended: drop it.
    Drop,
}

/// What to do about a private record: `wanted` is its projection by the consents in force (`None` if it may not be
/// shared), `published` the newest one of this account, `given` all the account's consents. `deleted`: the private record
/// is gone.
///
/// What was published under a wider consent stays as last sent, unless a consent takes it back or the record changes;
/// deletions always flow; a later version's work on the same source is left alone.
pub fn next(wanted: Option<Content>, published: Option<&Content>, given: &[Given], deleted: bool) -> Step {
    let Some(published) = published else {
        return wanted.filter(|_| !deleted).map_or(Step::Keep, Step::Publish);
    };
    match wanted {
        _ if deleted => Step::Tombstone,
        None if retracts(given) => Step::Tombstone,
        None => Step::Keep,
        Some(wanted) if should_replace(&wanted, published, retracts(given)) => Step::Publish(wanted),
        Some(_) => Step::Keep,
    }
}

fn should_replace(wanted: &Content, published: &Content, retract: bool) -> bool {
    let (Some(new), Some(old)) = (wanted.basis(), published.basis()) else { return wanted != published };
    if new.source != old.source {
        return true;
    }
    if old.version > new.version || same_words(wanted, published) {
        return false;
    }
    match (wanted, published) {
        (Content::CheckIn(new), Content::CheckIn(old)) => retract || fields_of(new).has(fields_of(old)),
        _ => true,
    }
}

/// Whether two projections of one source differ in nothing but the consents they name.
fn same_words(one: &Content, other: &Content) -> bool {
    let (mut one, mut other) = (one.clone(), other.clone());
    [&mut one, &mut other]
        .into_iter()
        .filter_map(Content::basis_mut)
        .for_each(|basis| basis.consents.clear());
    one == other
}

/// Whether to show a projection, by its author's consents that are here: it is dropped if it names no consent, or one that
/// was replaced by a consent which did not know the item.
pub fn verdict(posted: &Posted, basis: &Basis, given: &[Given]) -> Verdict {
    let here = |id: &ItemId| given.iter().any(|given| given.id == *id);
    let named = |consent: &&Consent| consent.replaces.iter().any(|id| basis.consents.contains(id));
    let mut successors = given.iter().filter_map(|given| given.consent.known()).filter(named);
    if basis.consents.is_empty() || successors.any(|consent| !knew(consent, posted)) {
        Verdict::Drop
    } else if basis.consents.iter().all(here) {
        Verdict::Show
    } else {
        Verdict::Wait
    }
}

fn knew(consent: &Consent, posted: &Posted) -> bool {
    consent.known.iter().any(|mark| mark.writer == posted.writer && posted.seq <= mark.seq)
}
