//! What the members of a space keep together, as registers: every change names the changes that it saw, and stands over
//! them.
//!
//! A slot holds one value. What stands in it is a function of the set of records, whatever the order in which they came: of
//! changes that did not see each other, one that keeps a thing goes before one that takes it away, then the later one in
//! logical time, then the larger id. Naming what was seen, not a number, decides: nobody can claim a number so high that
//! no later change stands over it.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::board::{BoardValue, MAX_OVER};
use super::{Content, Standing};
use crate::domain::board::Board;
use crate::space::{AccountId, ItemId};

/// The newest change of each account, by slot. Those that nothing stands over come first, and of them the one that is shown.
#[derive(Debug, Default)]
pub struct Slots<'a>(BTreeMap<String, Vec<Change<'a>>>);

/// One change of a slot.
#[derive(Clone, Copy, Debug)]
struct Change<'a> {
    value: &'a BoardValue,
    over: &'a [ItemId],
    author: AccountId,
    place: (u64, ItemId),
    /// Another one stands over it.
    past: bool,
}

impl<'a> Slots<'a> {
    /// Of records that stand. Of an author's changes of one slot the newest counts, so that nobody fills it alone.
    pub fn of(records: impl IntoIterator<Item = &'a Standing>) -> Self {
        let mut newest: BTreeMap<(String, AccountId), Change<'a>> = BTreeMap::new();
        for change in records.into_iter().filter_map(Change::read) {
            let held = newest.entry((change.value.slot(), change.author)).or_insert(change);
            *held = if change.place > held.place { change } else { *held };
        }
        let seen: BTreeSet<ItemId> = newest.values().flat_map(|change| change.over).copied().collect();
        let mut slots: BTreeMap<String, Vec<Change<'a>>> = BTreeMap::new();
        for ((slot, _), change) in newest {
            let past = seen.contains(&change.place.1);
            slots.entry(slot).or_default().push(Change { past, ..change });
        }
        slots.values_mut().for_each(|changes| changes.sort_by_key(|it| std::cmp::Reverse(it.rank())));
        Self(slots)
    }

    /// What stands in a slot.
    pub fn value(&self, slot: &str) -> Option<&'a BoardValue> {
        self.0.get(slot)?.first().map(|change| change.value)
    }

    /// Whether a value stands in its slot, and nothing beside it.
    pub fn stands(&self, value: &BoardValue) -> bool {
        let mut standing = self.of_slot(value).iter().filter(|change| !change.past);
        standing.next().is_some_and(|first| first.value == value) && standing.next().is_none()
    }

    /// The record that makes a value stand in its slot. It names what stands, and what is past too: the change that stood
    /// over that may be replaced by this very one.
    pub fn change(&self, value: BoardValue) -> Content {
        let known = self.of_slot(&value).iter().take(MAX_OVER);
        let mut over: Vec<ItemId> = known.map(|change| change.place.1).collect();
        over.sort();
        Content::Board { value, over }
    }

    fn of_slot(&self, value: &BoardValue) -> &[Change<'a>] {
        self.0.get(&value.slot()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The whole board.
    pub fn board(&self) -> Board {
        let mut shown: Vec<&BoardValue> = self.0.values().filter_map(|it| Some(it.first()?.value)).collect();
        shown.sort_by_cached_key(|value| (value.since(), value.slot()));
        let mut board = Board::default();
        for value in shown {
            match value {
                BoardValue::Agreement(text) => board.agreement = text.clone(),
                BoardValue::Focus { question, .. } if question.is_empty() => {}
                BoardValue::Focus { question, at } => board.focus = Some((question.clone(), *at)),
                BoardValue::Meeting { id, meeting, .. } => {
                    board.meetings.extend(meeting.as_ref().and_then(|one| one.shown(id)));
                }
                BoardValue::Resource { id, resource, .. } => {
                    board.resources.extend(resource.as_ref().map(|one| one.shown(id)));
                }
            }
        }
        board
    }
}

impl<'a> Change<'a> {
    fn read(record: &'a Standing) -> Option<Self> {
        let Content::Board { value, over } = &record.content else { return None };
        Some(Self { value, over, author: record.author, place: (record.lamport, record.item), past: false })
    }

    fn rank(&self) -> (bool, bool, u64, ItemId) {
        (!self.past, self.value.holds(), self.place.0, self.place.1)
    }
}
