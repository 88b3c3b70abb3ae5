//! How much one account can make the others name and grant.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::age;
use super::{AccountId, EntryId, Members, Node};
use crate::space::device_log::{self, DeviceLog, bits::Bits};

/// Most newest entries of one account that are named, of its device log and of its own in the roster; of a device log with
/// more than that the others say nothing yet. So one member cannot fill the list of parents.
pub(super) const MAX_HEADS: (usize, usize) = (4, 4);
/// Most devices of one account in a shared space, those with the smaller ids. So one member cannot fill the list of grants.
const MAX_DEVICES: usize = 11;

impl Members {
    /// An account's devices, as far as its device log is known.
    pub(super) fn devices(&self, account: &AccountId) -> device_log::State {
        let state = |log: &DeviceLog| log.state_at(&newest(log));
        self.logs.get(account).and_then(state).map(few).unwrap_or_default()
    }

    /// The newest authority entries: of the roster those that matter (and all of `own`), and of the device logs of members
    /// (and a newcomer) what these do not name.
    pub(super) fn heads(&self, own: Option<AccountId>, newcomer: Option<AccountId>) -> Vec<EntryId> {
        let sight = self.sight();
        let upholders: BTreeSet<usize> = sight.upholders().collect();
        let own = |at: usize| self.nodes.get(at).is_some_and(|node| Some(node.entry.account()) == own);
        let mut past = Bits::default();
        let mut heads = Vec::new();
        let mut of_account: BTreeMap<AccountId, usize> = BTreeMap::new();
        for (at, node) in self.newest_first() {
            if !past.contains(at) && (sight.matters(at) || upholders.contains(&at) || own(at)) {
                let named = of_account.entry(node.entry.account()).or_default();
                *named += 1;
                if *named > MAX_HEADS.1 && !upholders.contains(&at) && !own(at) {
                    continue;
                }
                heads.push(node.entry.id());
                past.insert(at);
                past.unite(&node.past);
            }
        }
        heads.extend(self.unnamed(&past, sight.members().copied().chain(newcomer)));
        heads.sort_unstable();
        heads
    }

    /// All entries, children before parents, in the same order wherever and however they came.
    fn newest_first(&self) -> Vec<(usize, &Node)> {
        let mut all: Vec<(usize, &Node)> = self.nodes.iter().enumerate().collect();
        all.sort_by_key(|(at, _)| std::cmp::Reverse(age(&self.nodes, *at)));
        all
    }

    /// Newest entries in the device logs of members and signers that no entry of `past` names.
    fn unnamed(&self, past: &Bits, members: impl Iterator<Item = AccountId>) -> Vec<EntryId> {
        let named: BTreeSet<EntryId> = self.named(past).into_values().flatten().collect();
        let signers = self.nodes.iter().map(|node| node.entry.account());
        let accounts: BTreeSet<AccountId> = members.chain(signers).collect();
        let heads = accounts.iter().filter_map(|account| self.logs.get(account)).flat_map(newest);
        heads.filter(|head| !named.contains(head)).collect()
    }
}

/// The newest entries of a device log, no more than can be named.
fn newest(log: &DeviceLog) -> Vec<EntryId> {
    log.heads().into_iter().take(MAX_HEADS.0).collect()
}

/// An account's devices, no more than can be granted to.
pub(super) fn few(mut state: device_log::State) -> device_log::State {
    if let Some(last) = state.active.keys().nth(MAX_DEVICES).copied() {
        state.active.split_off(&last);
    }
    state
}
