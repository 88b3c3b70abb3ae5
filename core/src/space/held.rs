//! What a new mailbox holds, judged by its content: no maker of a snapshot is believed.

use std::collections::{BTreeMap, BTreeSet};

use super::snapshot::contents;
use super::{DeviceId, Item, ItemId, Kind, SpaceId};
use crate::crdt::chunk;
use crate::crypto::kdf;

/// What a snapshot and the items after it hold.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Hashes of the changes inside saved documents.
    pub changes: BTreeSet<[u8; 32]>,
    items: BTreeSet<ItemId>,
    /// Authority counts by what it says, whichever item brings it.
    authority: BTreeSet<[u8; 32]>,
    newest: BTreeMap<Slot, (u64, ItemId)>,
}

/// Of all items in one slot only the newest matters.
type Slot = (Kind, DeviceId, Vec<u8>);

impl Held {
    /// Takes in an item that is held verbatim.
    pub fn add(&mut self, id: ItemId, item: &Item) {
        self.items.insert(id);
        if item.kind.is_authority() {
            self.authority.insert(said(item));
        }
        if let Some(slot) = slot(item) {
            let held = self.newest.entry(slot).or_insert((item.lamport, id));
            *held = (*held).max((item.lamport, id));
        }
    }

    /// Whether nothing is lost when an item goes. Questions and lists of heads are of their moment.
    ///
    /// A snapshot part is not looked into: false.
    pub fn holds(&self, space: SpaceId, id: ItemId, item: &Item) -> bool {
        let newest = || slot(item).and_then(|slot| self.newest.get(&slot));
        self.items.contains(&id)
            || match item.kind {
                Kind::Change => self.changes.contains(&chunk::hash(&item.body)),
                Kind::Heads | Kind::Need | Kind::KeyRequest => true,
                Kind::Carry => self.holds_inside(space, item),
                kind if kind.is_authority() => self.authority.contains(&said(item)),
                _ => newest().is_some_and(|newest| *newest >= (item.lamport, id)),
            }
    }

    fn holds_inside(&self, space: SpaceId, container: &Item) -> bool {
        contents(container)
            .unwrap_or_default()
            .iter()
            .all(|carried| carried.unchecked().is_ok_and(|item| self.holds(space, carried.id(space), &item)))
    }
}

/// The slot of a kind where a device's newest item replaces those before.
pub fn slot(item: &Item) -> Option<Slot> {
    let replaces = matches!(item.kind, Kind::Record | Kind::DeviceName | Kind::Heads);
    replaces.then(|| (item.kind, item.device, item.key.to_vec()))
}

/// What an item of the authority says, whoever brings it.
pub fn said(item: &Item) -> [u8; 32] {
    kdf::hash(&[&u16::from(item.kind).to_be_bytes(), &item.body])
}
