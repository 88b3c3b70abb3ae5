//! Who is in a shared space: a signed graph of entries over the members' device logs, and a pure function from their
//! set to the answer.
//!
//! Start a space with [`Members::found`]; bring in what comes with [`Members::insert`] (roster entries) and
//! [`Members::insert_device`] (entries of members' device logs), in any order; change it with [`Members::author`].
//! [`Members`] is the space's [`super::roster::Roster`].

mod connect;
mod entry;
mod evaluate;
mod heads;
mod request;
mod roster;
mod state;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

pub use entry::{Entry, MAX_NAME, MAX_PARENTS, Op, Policy, Role, SpaceKind};
use evaluate::{Judged, Right, View, judge};
use heads::few;
pub use request::JoinRequest;
pub use state::{Act, MAX_MEMBERS, Member, Rank, State};

use super::device_log::{self, DeviceLog, Inserted, bits::Bits};
use super::{AccountId, Device, EntryId, Refusal, SpaceId};
use crate::crypto::codec::Extensible;
use crate::crypto::{DeviceId, SignKey};
use crate::platform::Entropy;

/// Most bytes of its own device's entries that an entry of a member who does not lead may follow: some hundred of them.
const MAX_PAST: usize = 128 * 1024;
/// Entries of device logs, by account.
type Named = BTreeMap<AccountId, Vec<EntryId>>;

/// The authority of one shared space. Equal sets of entries have equal states, however they arrived.
#[derive(Clone)]
pub struct Members {
    space: SpaceId,
    nodes: Vec<Node>,
    index: BTreeMap<EntryId, usize>,
    waiting: BTreeMap<EntryId, Entry>,
    logs: BTreeMap<AccountId, DeviceLog>,
    /// What all of it says, until something comes.
    judged: OnceCell<Judged>,
    /// And whose each entitled device is by it.
    claims: OnceCell<BTreeMap<DeviceId, BTreeSet<AccountId>>>,
    /// Accounts that somebody added who had the right to it.
    added: BTreeSet<AccountId>,
    /// Connected entries that were told of by [`Self::take_new`].
    told: usize,
}

/// What somebody who is let in needs to see that they were.
pub struct Admission<'a> {
    /// Entries of device logs, by account, parents before children.
    pub logs: Vec<(AccountId, Vec<&'a device_log::Entry>)>,
    /// Entries of the roster, parents before children.
    pub roster: Vec<&'a Entry>,
}

/// A connected entry, with what its own past says about it. A past never changes.
#[derive(Clone)]
struct Node {
    entry: Entry,
    past: Bits,
    /// Entries of device logs that it names.
    logs: Vec<(AccountId, EntryId)>,
    right: Option<Right>,
    /// Where somebody comes or goes: their devices and paper at that time, and the devices they had lost before.
    holders: BTreeSet<DeviceId>,
    lost: BTreeSet<DeviceId>,
}

impl Members {
    /// A space of which no entry is known: nobody is entitled.
    pub fn new(space: SpaceId) -> Self {
        let (nodes, index, waiting, logs, judged, claims, added, told) = Default::default();
        Self { space, nodes, index, waiting, logs, judged, claims, added, told }
    }

    /// Starts a space. The founder's device log comes along; publish it and the returned entry.
    pub fn found(
        kind: SpaceKind,
        name: &str,
        role: Role,
        log: &DeviceLog,
        key: &SignKey,
        entropy: &dyn Entropy,
    ) -> Result<(Self, Entry), Refusal> {
        let mut nonce = [0; 16];
        entropy.fill(&mut nonce);
        let op = Op::Genesis { kind, name: name.to_owned(), role, nonce };
        let (space, entry) = Entry::found(log.account(), log.heads(), op, key)?;
        let mut members = Self::new(space);
        members.take_log(log)?;
        members.insert(entry.bytes())?;
        Ok((members, entry))
    }

    /// The space.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// Signs a new entry after all known ones, inserts it, and returns it for publishing.
    ///
    /// Refuses what would not count. For an `Add`, take in the newcomer's device log first ([`Self::take_log`]).
    pub fn author(&mut self, op: Op, account: AccountId, key: &SignKey) -> Result<Entry, Refusal> {
        // Whoever is signed out is signed out here too: what held the space up may be theirs.
        let ends = matches!(op, Op::Leave | Op::Remove { .. } | Op::Demote { .. } | Op::Affirm);
        if self.state().read_only && !ends {
            return Err(Refusal::ReadOnly);
        }
        let parents = match &op {
            Op::Affirm => self.heads(Some(account), &[account]),
            Op::Add { request, .. } => self.heads(None, &[account, request.account]),
            Op::Remove { account: other }
            | Op::Promote { account: other }
            | Op::Demote { account: other } => self.heads(None, &[account, *other]),
            _ => self.heads(None, &[account]),
        };
        let entry = Entry::sign(&self.space, account, parents, Extensible::Known(op), key)?;
        let mut next = self.clone();
        next.connect(self.node_of(entry.clone())?);
        if !next.counts(&entry.id()) {
            return Err(Refusal::NotEntitled);
        }
        *self = next;
        Ok(entry)
    }

    /// Takes in a roster entry from anywhere. Only its own signatures matter, not who brought it.
    ///
    /// A connected entry is refused unless its past names its account and its device was active in that account, so
    /// strangers cannot fill the roster.
    pub fn insert(&mut self, bytes: &[u8]) -> Result<Inserted, Refusal> {
        self.insert_entry(Entry::read(&self.space, bytes)?)
    }

    /// The same with an entry that was read.
    pub fn insert_entry(&mut self, entry: Entry) -> Result<Inserted, Refusal> {
        if self.index.contains_key(&entry.id()) || self.waiting.contains_key(&entry.id()) {
            return Ok(Inserted::Known);
        }
        if !self.has_parents(&entry) {
            self.waiting.insert(entry.id(), entry);
            return Ok(Inserted::Waiting);
        }
        let node = self.node_of(entry)?;
        self.connect(node);
        self.connect_waiting();
        Ok(Inserted::Connected)
    }

    /// Takes in an entry of an account's device log: an item of kind `DeviceLog` whose key is the account.
    pub fn insert_device(&mut self, account: AccountId, bytes: &[u8]) -> Result<Inserted, Refusal> {
        self.forget_judged();
        let inserted = self.logs.entry(account).or_insert_with(|| DeviceLog::new(account)).insert(bytes)?;
        self.connect_waiting();
        Ok(inserted)
    }

    /// Lets the device log of an account go that nobody has let in.
    pub fn forget_log(&mut self, account: &AccountId) {
        if !self.is_added(account) {
            self.forget_judged();
            self.logs.remove(account);
        }
    }

    /// The entries, of the roster and of device logs, that connected since this was last asked.
    pub fn take_new(&mut self) -> Vec<EntryId> {
        let mut new: Vec<EntryId> = self.nodes.iter().skip(self.told).map(|node| node.entry.id()).collect();
        self.told = self.nodes.len();
        new.extend(self.logs.values_mut().flat_map(DeviceLog::take_new));
        new
    }

    /// Takes in a whole device log.
    pub fn take_log(&mut self, log: &DeviceLog) -> Result<(), Refusal> {
        log.entries().try_for_each(|entry| self.insert_device(log.account(), entry.bytes()).map(drop))
    }

    /// The device log of an account, as far as this space knows it.
    pub fn log(&self, account: &AccountId) -> Option<&DeviceLog> {
        self.logs.get(account)
    }

    /// The device logs of all who are or were in the space.
    pub fn logs(&self) -> impl Iterator<Item = &DeviceLog> {
        self.logs.values().filter(|log| self.is_added(&log.account()))
    }

    /// Whether somebody added an account who had the right to it.
    pub fn is_added(&self, account: &AccountId) -> bool {
        self.added.contains(account)
    }

    /// All connected entries, parents before children.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.nodes.iter().map(|node| &node.entry)
    }

    /// Returns what an account that is let in needs to see it: what an entry that is signed now would follow, and the account's own
    /// device log. What others said beside it comes by the mailboxes, so that nobody can make it too long.
    pub fn admission(&self, newcomer: &AccountId) -> Admission<'_> {
        let (set, mut named) = self.past_of(&self.heads(None, &[*newcomer]), None).unwrap_or_default();
        named.extend(self.logs.get(newcomer).map(|log| (*newcomer, log.heads())));
        let entries = |(account, heads): (AccountId, Vec<EntryId>)| {
            Some((account, self.logs.get(&account)?.up_to(&heads).collect()))
        };
        let roster = set.iter().filter_map(|at| self.nodes.get(at)).map(|node| &node.entry).collect();
        Admission { logs: named.into_iter().filter_map(entries).collect(), roster }
    }

    /// The state by all that is known.
    pub fn state(&self) -> State {
        self.judged().state.clone()
    }

    /// The state by these authority heads and their past; `None` if one of them is not known.
    pub fn state_at(&self, heads: &[EntryId]) -> Option<State> {
        let (set, named) = self.past_of(heads, None)?;
        Some(self.judge_at(&set, &named).state)
    }

    /// Whether a connected entry counts by all that is known.
    pub fn counts(&self, id: &EntryId) -> bool {
        let counting = &self.judged().counting;
        self.index.get(id).is_some_and(|place| counting.contains(*place))
    }

    /// The active devices of a member or former member.
    pub fn devices_of(&self, account: &AccountId) -> Vec<Device> {
        self.devices(account).active.into_values().collect()
    }

    /// Whether a device speaks for an account that is or was in the space: its device log names it, now or once. A device
    /// that is entitled speaks only for the accounts that entitle it, whoever else names it.
    pub fn speaks_for(&self, device: &DeviceId, account: &AccountId) -> bool {
        // The accounts that entitle a device are known already; what an account's log says has to be looked up.
        let through = self.claims().get(device);
        through.is_none_or(|accounts| accounts.contains(account)) && self.names(account, device)
    }

    fn names(&self, account: &AccountId, device: &DeviceId) -> bool {
        let adds = |node: &Node| node.right.is_some() && node.entry.added() == Some(*account);
        self.nodes.iter().any(adds) && {
            let state = self.devices(account);
            state.active.contains_key(device) || state.gone.contains(device)
        }
    }

    /// The account of a device. Where several claim it, it is the one that the device itself signed for.
    pub fn account_of(&self, device: &DeviceId) -> Option<AccountId> {
        let mut claims = self.accounts_of(device);
        if claims.len() > 1 {
            let own = signed_for(&self.nodes, &Bits::all(self.nodes.len()));
            claims.retain(|account| own.contains(&(*device, *account)));
        }
        match claims.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Every account that claims a device.
    pub fn accounts_of(&self, device: &DeviceId) -> Vec<AccountId> {
        self.logs.keys().filter(|account| self.speaks_for(device, account)).copied().collect()
    }

    /// Returns the devices that several accounts name, each with those that it speaks for.
    pub fn contested(&self) -> BTreeSet<(DeviceId, AccountId)> {
        let mut named = BTreeMap::<DeviceId, Vec<AccountId>>::new();
        for account in &self.added {
            let state = self.devices(account);
            let devices = state.active.keys().chain(&state.gone).collect::<BTreeSet<_>>();
            devices.into_iter().for_each(|device| named.entry(*device).or_default().push(*account));
        }
        let several = named.into_iter().filter(|(_, accounts)| accounts.len() > 1);
        let pairs = several.flat_map(|(device, accounts)| accounts.into_iter().map(move |of| (device, of)));
        pairs.filter(|(device, account)| self.speaks_for(device, account)).collect()
    }

    /// Whether a device has signed anything here, or asked to come in.
    pub fn has_spoken(&self, device: &DeviceId) -> bool {
        signed_for(&self.nodes, &Bits::all(self.nodes.len())).iter().any(|(signer, _)| signer == device)
    }

    /// Whether counting entries rest on a device: before its account signs it out, another of the account's devices
    /// signs an `Affirm`.
    pub fn rests_on(&self, device: &DeviceId) -> bool {
        let counting = &self.judged().counting;
        let by_it = |node: &Node| node.entry.device() == *device && !node.entry.is_genesis();
        counting.iter().filter_map(|at| self.nodes.get(at)).any(by_it)
    }

    /// Entries that something waits for: ask for them.
    pub fn missing(&self) -> BTreeSet<EntryId> {
        let wanted = self.waiting.values().flat_map(Entry::parents);
        let known = |id: &EntryId| self.knows(id) || self.waiting.contains_key(id);
        let of_logs = self.logs.values().flat_map(DeviceLog::missing);
        wanted.filter(|id| !known(id)).copied().chain(of_logs).collect()
    }

    fn forget_judged(&mut self) {
        self.judged.take();
        self.claims.take();
    }

    fn judged(&self) -> &Judged {
        self.judged.get_or_init(|| judge(&self.view()))
    }

    fn view(&self) -> View<'_> {
        let signers: BTreeSet<AccountId> = self.nodes.iter().map(|node| node.entry.account()).collect();
        let devices = signers.into_iter().map(|account| (account, self.devices(&account))).collect();
        View { nodes: &self.nodes, set: Bits::all(self.nodes.len()), devices }
    }

    fn judge_at(&self, set: &Bits, named: &Named) -> Judged {
        judge(&self.view_at(set, named))
    }

    fn view_at(&self, set: &Bits, named: &Named) -> View<'_> {
        let signers = set.iter().filter_map(|at| Some(self.nodes.get(at)?.entry.account()));
        let devices = signers
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|account| (account, self.devices_at(&account, named)));
        View { nodes: &self.nodes, set: set.clone(), devices: devices.collect() }
    }

    /// An account's devices by the named entries of its log.
    fn devices_at(&self, account: &AccountId, named: &Named) -> device_log::State {
        let heads = named.get(account).map(Vec::as_slice).unwrap_or_default();
        self.logs.get(account).and_then(|log| log.state_at(heads)).map(few).unwrap_or_default()
    }

    /// The entries of device logs that a set of entries names.
    fn named(&self, set: &Bits) -> Named {
        let mut named = Named::new();
        for (account, id) in set.iter().filter_map(|at| self.nodes.get(at)).flat_map(|node| &node.logs) {
            named.entry(*account).or_default().push(*id);
        }
        named
    }

    /// Heads and all that they lead to: entries of the roster, and of device logs. `None` if one of them is not known, or is in
    /// the device log of an account that these heads do not add and that is not the `newcomer`. So it does not matter which
    /// logs of strangers this device has seen.
    fn past_of(&self, heads: &[EntryId], newcomer: Option<AccountId>) -> Option<(Bits, Named)> {
        let (mut set, mut direct) = (Bits::default(), Vec::new());
        for head in heads {
            match self.index.get(head) {
                Some(place) => {
                    set.unite(&self.nodes.get(*place)?.past);
                    set.insert(*place);
                }
                None => direct.push((self.log_of(head)?, *head)),
            }
        }
        let added = self.added_in(&set);
        if !direct.iter().all(|(account, _)| added.contains(account) || newcomer == Some(*account)) {
            return None;
        }
        let mut named = self.named(&set);
        direct.into_iter().for_each(|(account, id)| named.entry(account).or_default().push(id));
        Some((set, named))
    }

    /// The accounts that a set of entries lets in.
    fn added_in(&self, set: &Bits) -> BTreeSet<AccountId> {
        set.iter().filter_map(|at| self.nodes.get(at)?.entry.added()).collect()
    }

    fn log_of(&self, id: &EntryId) -> Option<AccountId> {
        self.logs.values().find(|log| log.knows(id)).map(DeviceLog::account)
    }

    /// Whether an entry, of the roster or of a device log, is known together with all its past.
    pub fn knows(&self, id: &EntryId) -> bool {
        self.index.contains_key(id) || self.log_of(id).is_some()
    }
}

/// Which device signed for which account, in requests and entries of a set.
fn signed_for(nodes: &[Node], set: &Bits) -> BTreeSet<(DeviceId, AccountId)> {
    let entries = set.iter().filter_map(|at| nodes.get(at)).map(|node| &node.entry);
    let pairs = entries.flat_map(|entry| {
        let request = match entry.op() {
            Some(Op::Add { request, .. }) => Some((request.device, request.account)),
            _ => None,
        };
        [Some((entry.device(), entry.account())), request]
    });
    pairs.flatten().collect()
}
