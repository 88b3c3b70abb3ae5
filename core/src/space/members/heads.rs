//! How much one account can make the others name and grant.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::age;
use super::{AccountId, EntryId, MAX_PARENTS, Members, Node};
use crate::space::device_log::{self, DeviceLog, bits::Bits};

/// Most newest entries of one account that are named, of its device log and of its own in the roster; of a device log with
/// more than that the others say nothing yet. So one member cannot fill the list of parents.
pub(super) const MAX_HEADS: (usize, usize) = (4, 4);
/// Most newest entries of its own that somebody names who affirms them.
const MAX_OWN: usize = 64;
/// Most bytes that the others follow for one account: of its entries, and of the device logs that these name.
const MAX_FOLLOWED: usize = 192 * 1024;
/// Most bytes of one device log that are named beside.
const MAX_LOG: usize = 64 * 1024;
/// Most devices of one account in a shared space, those with the smaller ids. So one member cannot fill the list of grants.
const MAX_DEVICES: usize = 11;

impl Members {
    /// An account's devices, as far as its device log is known.
    pub(super) fn devices(&self, account: &AccountId) -> device_log::State {
        let state = |log: &DeviceLog| log.state_at(&newest(log));
        self.logs.get(account).and_then(state).map(few).unwrap_or_default()
    }

    /// The newest authority entries: of the roster those that matter (and those of `own`), and of the device logs of members
    /// (and a newcomer) what these do not name. There are never more than an entry can follow: what `first` said comes first, then
    /// one of each account, then the second of each.
    pub(super) fn heads(&self, own: Option<AccountId>, first: &[AccountId]) -> Vec<EntryId> {
        let sight = self.sight();
        let upholders: BTreeSet<usize> = sight.upholders().collect();
        let is_own = |node: &Node| Some(node.entry.account()) == own;
        // An entry always names what gives its signer and its subject their places, whatever they have said since.
        let bases: BTreeSet<usize> = first.iter().flat_map(|account| sight.rests_on(account)).collect();
        let unread =
            own.filter(|_| self.state().read_only).map(|own| self.unread_of(&own)).unwrap_or_default();
        let (mut past, mut heads) = (Bits::default(), Vec::new());
        let mut of_account: BTreeMap<AccountId, usize> = BTreeMap::new();
        for (at, node) in self.newest_first() {
            let account = node.entry.account();
            if past.contains(at) || !(sight.matters(at) || upholders.contains(&at) || is_own(node)) {
                continue;
            }
            // Nobody upholds what holds the space up and they cannot read.
            if unread.iter().any(|other| at == *other || node.past.contains(*other)) {
                continue;
            }
            let named = of_account.entry(account).or_default();
            let has_room = *named < if is_own(node) { MAX_OWN } else { MAX_HEADS.1 };
            if bases.contains(&at) || has_room && self.adds_little(&past, at, node) {
                let is_first = bases.contains(&at) || first.contains(&account) && *named == 0;
                let turn = if is_first { 0 } else { 1 + *named };
                *named += 1;
                heads.push((turn, node.entry.id()));
                past.insert(at);
                past.unite(&node.past);
            }
        }
        heads.extend(self.unnamed(&past, &sight.members().copied().collect(), first));
        heads.sort_unstable();
        self.let_in(heads.into_iter().take(MAX_PARENTS).map(|(_, id)| id).collect(), first)
    }

    /// Entries of an account that only a later version understands.
    fn unread_of(&self, account: &AccountId) -> Vec<usize> {
        let is = |node: &Node| node.entry.op().is_none() && node.entry.account() == *account;
        self.nodes.iter().enumerate().filter(|(_, node)| is(node)).map(|(at, _)| at).collect()
    }

    /// Keeps the heads in the roster, and those in device logs of accounts that these heads add or that `first` names.
    fn let_in(&self, mut heads: Vec<EntryId>, first: &[AccountId]) -> Vec<EntryId> {
        let (mut past, is_roster) = (Bits::default(), |id: &EntryId| self.index.get(id).copied());
        for at in heads.iter().filter_map(is_roster) {
            past.unite(&self.nodes.get(at).map(|node| node.past.clone()).unwrap_or_default());
            past.insert(at);
        }
        let added = self.added_in(&past);
        let is_in = |account: AccountId| added.contains(&account) || first.contains(&account);
        heads.retain(|id| is_roster(id).is_some() || self.log_of(id).is_some_and(is_in));
        heads.sort_unstable();
        heads
    }

    /// Whether what its account said stays within what one account may make the others follow.
    fn adds_little(&self, past: &Bits, at: usize, node: &Node) -> bool {
        if node.right.as_ref().is_some_and(|right| right.rank.is_facilitator()) {
            return true;
        }
        let mut with = past.clone();
        with.unite(&node.past);
        with.insert(at);
        let of_account = |other: &&Node| other.entry.account() == node.entry.account();
        let all: Vec<&Node> = with.iter().filter_map(|at| self.nodes.get(at)).filter(of_account).collect();
        let entries: usize = all.iter().map(|node| node.entry.bytes().len()).sum();
        entries + self.named_bytes(&all) <= MAX_FOLLOWED
    }

    /// Bytes of the device logs that entries name.
    fn named_bytes(&self, nodes: &[&Node]) -> usize {
        let mut named = super::Named::new();
        for (account, id) in nodes.iter().flat_map(|node| &node.logs) {
            named.entry(*account).or_default().push(*id);
        }
        let bytes = |(account, heads): (AccountId, Vec<EntryId>)| {
            let log = self.logs.get(&account)?;
            Some(log.up_to(&heads).map(|entry| entry.bytes().len()).sum::<usize>())
        };
        named.into_iter().filter_map(bytes).sum()
    }

    /// All entries, children before parents, in the same order wherever and however they came.
    fn newest_first(&self) -> Vec<(usize, &Node)> {
        let mut all: Vec<(usize, &Node)> = self.nodes.iter().enumerate().collect();
        all.sort_by_key(|(at, _)| std::cmp::Reverse(age(&self.nodes, *at)));
        all
    }

    /// Newest entries in the device logs of members and signers that no entry of `past` names, each with its turn.
    fn unnamed(
        &self,
        past: &Bits,
        members: &BTreeSet<AccountId>,
        first: &[AccountId],
    ) -> Vec<(usize, EntryId)> {
        let named: BTreeSet<EntryId> = self.named(past).into_values().flatten().collect();
        let signers = self.nodes.iter().map(|node| node.entry.account());
        let accounts: BTreeSet<AccountId> = members.iter().chain(first).copied().chain(signers).collect();
        let logs = accounts.iter().filter_map(|account| self.logs.get(account));
        let heads = logs.flat_map(|log| {
            // Those who are here come before those who were.
            let away = if members.contains(&log.account()) { 0 } else { MAX_PARENTS };
            let turn = move |place| if first.contains(&log.account()) { 0 } else { 1 + place + away };
            let heads = log.newest_within(MAX_HEADS.0, MAX_LOG);
            heads.into_iter().enumerate().map(move |(place, head)| (turn(place), head))
        });
        heads.filter(|(_, head)| !named.contains(head)).collect()
    }
}

/// The newest entries of a device log, no more than can be named.
pub(super) fn newest(log: &DeviceLog) -> Vec<EntryId> {
    log.newest(MAX_HEADS.0)
}

/// An account's devices, no more than can be granted to.
pub(super) fn few(mut state: device_log::State) -> device_log::State {
    if let Some(last) = state.active.keys().nth(MAX_DEVICES).copied() {
        state.active.split_off(&last);
    }
    state
}
