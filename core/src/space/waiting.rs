//! Entries that came before those they follow.

use std::collections::BTreeMap;

use super::device_log::Inserted;
use super::{DeviceId, EntryId};

/// Most entries that wait of those that one device brought; all devices that nobody knows count as one.
const SHARE: usize = 256;

/// Entries whose parents are not known yet, with the device that brought each. No device takes the place of another.
#[derive(Clone)]
pub struct Waiting<T>(BTreeMap<EntryId, (Option<DeviceId>, T)>);

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Waiting<T> {
    /// Keeps an entry if that device has a place left.
    pub fn insert(&mut self, id: EntryId, entry: T, by: Option<DeviceId>) -> Inserted {
        if self.0.values().filter(|(bringer, _)| *bringer == by).count() >= SHARE {
            return Inserted::Full;
        }
        self.0.insert(id, (by, entry));
        Inserted::Waiting
    }

    /// Whether an entry waits.
    pub fn contains(&self, id: &EntryId) -> bool {
        self.0.contains_key(id)
    }

    /// The first entry that `ready` is true of.
    pub fn find(&self, ready: impl Fn(&T) -> bool) -> Option<EntryId> {
        self.0.iter().find(|(_, (_, entry))| ready(entry)).map(|(id, _)| *id)
    }

    /// Takes an entry out.
    pub fn remove(&mut self, id: &EntryId) -> Option<T> {
        self.0.remove(id).map(|(_, entry)| entry)
    }

    /// All that wait, by id.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.values().map(|(_, entry)| entry)
    }
}
