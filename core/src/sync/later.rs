//! Rows of authority that are not read yet: those that lack what they follow, and the device logs of accounts that nobody has let
//! in. Only their numbers are kept, so that however many there are, none is dropped: what counts never depends on the order
//! in which things came.

use std::collections::{BTreeMap, BTreeSet};

use crate::space::{AccountId, EntryId};

/// Such rows, and those whose turn has come.
#[derive(Default)]
pub struct Later {
    lacking: BTreeMap<EntryId, BTreeSet<i64>>,
    idle: BTreeMap<AccountId, BTreeMap<EntryId, i64>>,
    ready: BTreeSet<i64>,
}

impl Later {
    /// A row waits until an entry is known.
    pub fn lacks(&mut self, parent: EntryId, row: i64) {
        self.lacking.entry(parent).or_default().insert(row);
    }

    /// A row holds an entry of the device log of an account that nobody has added.
    pub fn is_idle(&mut self, account: AccountId, id: EntryId, row: i64) {
        self.idle.entry(account).or_default().insert(id, row);
        self.came(&id);
    }

    /// An entry came: what waits for it has its turn.
    pub fn came(&mut self, id: &EntryId) {
        self.ready.extend(self.lacking.remove(id).unwrap_or_default());
    }

    /// An account was let in: its device log has its turn.
    pub fn was_let_in(&mut self, account: &AccountId) {
        self.ready.extend(self.idle.remove(account).unwrap_or_default().into_values());
    }

    /// The accounts whose device logs are not read.
    pub fn idle(&self) -> impl Iterator<Item = &AccountId> {
        self.idle.keys()
    }

    /// The entries of such a device log, with their rows.
    pub fn log_of(&self, account: &AccountId) -> Option<&BTreeMap<EntryId, i64>> {
        self.idle.get(account)
    }

    /// The next row whose turn has come, in the order in which they came.
    pub fn next(&mut self) -> Option<i64> {
        self.ready.pop_first()
    }
}
