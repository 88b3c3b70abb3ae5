//! Which devices an account has: a signed graph of entries, and a pure function from their set to the answer.

pub(super) mod bits;
mod entry;
mod evaluate;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use bits::Bits;
pub use entry::{Entry, Op};
pub use evaluate::State;

use super::{AccountId, Device, DeviceKeys, EntryId, Refusal};
use crate::crypto::paper::PaperKeys;
use crate::crypto::{DeviceId, Phrase, SignKey};

/// Most entries, and most bytes of them, that an entry may follow: devices come and go all life long and stay far below it.
const MAX_PAST: (usize, usize) = (1024, 256 * 1024);
/// The same for who signs here, before what others signed is left out: an entry and its past are handed on in one message.
const OWN_PAST: (usize, usize) = (128, 24 * 1024);
/// Most bytes of a log that are handed on in one message.
const MAX_SENT: usize = 36 * 1024;
/// Most devices in all states of the past that are kept to be looked up again.
const MAX_KEPT: usize = 16 * 1024;

/// What became of an inserted entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// Now part of the graph, possibly with others that waited for it.
    Connected,
    /// Kept until its parents arrive.
    Waiting,
    /// Already there.
    Known,
}

/// The entries of one account. Equal sets of entries have equal states, however they arrived.
#[derive(Clone)]
pub struct DeviceLog {
    account: AccountId,
    nodes: Vec<Node>,
    index: BTreeMap<EntryId, usize>,
    waiting: BTreeMap<EntryId, Entry>,
    /// What all connected entries say, until one comes.
    now: OnceLock<Arc<State>>,
    /// Connected entries that were told of by [`Self::take_new`].
    told: usize,
    /// Every device that a state named, in the order of their coming: sets of them are kept as places here.
    devices: Devices,
    /// Devices in the states that nodes keep.
    kept: usize,
}

/// A connected entry, with what its own past says about it. A past never changes.
#[derive(Clone)]
struct Node {
    entry: Entry,
    past: Bits,
    said: evaluate::Said,
    /// The state by its past, of some entries only: anybody can sign any number of them, over as many devices.
    before: Option<Arc<State>>,
}

/// Devices by number.
#[derive(Clone, Default)]
struct Devices {
    ids: Vec<DeviceId>,
    places: BTreeMap<DeviceId, usize>,
}

impl Devices {
    fn place(&mut self, id: DeviceId) -> usize {
        let next = self.ids.len();
        let place = *self.places.entry(id).or_insert(next);
        if place == next {
            self.ids.push(id);
        }
        place
    }

    fn set<'a>(&mut self, ids: impl Iterator<Item = &'a DeviceId>) -> Bits {
        let mut set = Bits::default();
        ids.for_each(|id| set.insert(self.place(*id)));
        set
    }

    fn of(&self, set: &Bits) -> impl Iterator<Item = DeviceId> {
        set.iter().filter_map(|place| self.ids.get(place)).copied()
    }
}

impl DeviceLog {
    /// An empty log: nobody is entitled.
    pub fn new(account: AccountId) -> Self {
        let (nodes, index, waiting, now, told, devices, kept) = Default::default();
        Self { account, nodes, index, waiting, now, told, devices, kept }
    }

    /// Starts an account with its paper and its first device.
    pub fn create(phrase: &Phrase, first: Device) -> Result<Self, Refusal> {
        let paper = phrase.keys();
        let mut log = Self::new(AccountId::of(&paper.root));
        let op = Op::Genesis { paper, devices: vec![first] };
        log.author(op, &phrase.sign_key())?;
        Ok(log)
    }

    /// Reads kept or received entries into a log; refused ones are left out and returned with their place.
    pub fn from_entries<'a>(
        account: AccountId,
        entries: impl IntoIterator<Item = &'a [u8]>,
    ) -> (Self, Vec<(usize, Refusal)>) {
        let mut log = Self::new(account);
        let mut refused = Vec::new();
        for (place, bytes) in entries.into_iter().enumerate() {
            if let Err(refusal) = log.insert(bytes) {
                refused.push((place, refusal));
            }
        }
        (log, refused)
    }

    /// The account.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Signs a new entry after all known ones, inserts it, and returns it for publishing.
    ///
    /// Refuses what would not count: a signer without the right to it, a device key that was here before.
    pub fn author(&mut self, op: Op, key: &SignKey) -> Result<Entry, Refusal> {
        if self.state().frozen {
            return Err(Refusal::Frozen);
        }
        let entry = Entry::sign(&self.account, self.parents(&key.id()), op, key)?;
        let id = entry.id();
        let mut next = self.clone();
        next.connect(entry.clone());
        if !next.counts(&id) {
            return Err(Refusal::NotEntitled);
        }
        *self = next;
        Ok(entry)
    }

    /// Adds a device, signed by this one.
    pub fn add(&mut self, device: Device, by: &DeviceKeys) -> Result<Entry, Refusal> {
        self.author(Op::Add { device }, &by.sign_key())
    }

    /// Signs a device out, signed by this one.
    pub fn revoke(&mut self, device: DeviceId, by: &DeviceKeys) -> Result<Entry, Refusal> {
        self.author(Op::Revoke { device }, &by.sign_key())
    }

    /// Takes in an entry from anywhere. Only its own signature matters, not who brought it.
    ///
    /// A connected entry of a signer whom nothing in its past names is refused, so strangers cannot fill the log.
    pub fn insert(&mut self, bytes: &[u8]) -> Result<Inserted, Refusal> {
        let entry = Entry::read(&self.account, bytes)?;
        if self.index.contains_key(&entry.id()) || self.waiting.contains_key(&entry.id()) {
            return Ok(Inserted::Known);
        }
        if !self.has_parents(&entry) {
            self.waiting.insert(entry.id(), entry);
            return Ok(Inserted::Waiting);
        }
        self.check(&entry)?;
        self.connect(entry);
        self.connect_waiting();
        Ok(Inserted::Connected)
    }

    /// The entries that connected since this was last asked.
    pub fn take_new(&mut self) -> Vec<EntryId> {
        let new = self.nodes.iter().skip(self.told).map(|node| node.entry.id()).collect();
        self.told = self.nodes.len();
        new
    }

    /// The state by all connected entries.
    pub fn state(&self) -> State {
        self.now().as_ref().clone()
    }

    /// The state by these entries and their past; `None` if one of them is not known.
    pub fn state_at(&self, heads: &[EntryId]) -> Option<State> {
        let mut past = Bits::default();
        for head in heads {
            let place = *self.index.get(head)?;
            past.unite(&self.nodes.get(place)?.past);
            past.insert(place);
        }
        Some(self.by(&past, heads).as_ref().clone())
    }

    /// These entries and all that they follow, parents before children.
    pub fn up_to(&self, heads: &[EntryId]) -> impl Iterator<Item = &Entry> {
        let mut past = Bits::default();
        for node in heads.iter().filter_map(|head| self.node(head)) {
            past.unite(&node.past);
        }
        heads.iter().filter_map(|head| self.index.get(head)).for_each(|place| past.insert(*place));
        let within = move |(place, _): &(usize, &Node)| past.contains(*place);
        self.nodes.iter().enumerate().filter(within).map(|(_, node)| &node.entry)
    }

    /// The connected entries without a successor, sorted.
    pub fn heads(&self) -> Vec<EntryId> {
        let parents: BTreeSet<&EntryId> = self.nodes.iter().flat_map(|node| node.entry.parents()).collect();
        self.index.keys().filter(|id| !parents.contains(id)).copied().collect()
    }

    /// The newest entries, at most so many: those of who may sign now come first, then those that know most. Whoever lost their
    /// place cannot hide what ended it.
    pub fn newest(&self, most: usize) -> Vec<EntryId> {
        let mut heads: Vec<&Node> = self.heads().iter().filter_map(|id| self.node(id)).collect();
        self.sort(&mut heads);
        heads.into_iter().take(most).map(|node| node.entry.id()).collect()
    }

    /// The same, of which all that they follow takes no more than so many bytes.
    pub fn newest_within(&self, most: usize, bytes: usize) -> Vec<EntryId> {
        let mut chosen = Chosen::default();
        let newest = self.newest(most);
        newest
            .iter()
            .filter_map(|id| self.node(id))
            .for_each(|node| chosen.take(self, node, (usize::MAX, bytes)));
        chosen.ids()
    }

    /// As much of the log as is handed on in one message, parents before children: what an entry follows first, where there is one.
    pub fn sent(&self, first: Option<EntryId>) -> Vec<&Entry> {
        let mut chosen = Chosen::default();
        let heads = first.into_iter().chain(self.newest(usize::MAX));
        for node in heads.filter_map(|id| self.node(&id)) {
            let room = if first == Some(node.entry.id()) { usize::MAX } else { MAX_SENT };
            chosen.take(self, node, (usize::MAX, room));
        }
        self.up_to(&chosen.ids()).collect()
    }

    /// What a new entry of this key follows: first what it signed, then the entry that names it first, then as much of the rest as
    /// leaves room, so that nobody's entries keep others from signing one, or make it large.
    fn parents(&self, signer: &DeviceId) -> Vec<EntryId> {
        let counting = evaluate::counting(&self.nodes, &Bits::all(self.nodes.len()));
        let mut all: Vec<&Node> = self.nodes.iter().collect();
        self.sort(&mut all);
        let (signed, others): (Vec<&Node>, Vec<&Node>) =
            all.into_iter().partition(|node| node.entry.signer() == *signer);
        let (mut naming, rest): (Vec<&Node>, Vec<&Node>) =
            others.into_iter().partition(|node| names(node.entry.op(), signer));
        let counts = |node: &Node| self.index.get(&node.entry.id()).is_some_and(|at| counting.contains(*at));
        naming.sort_by_key(|node| (!counts(node), node.past.len()));
        let mut chosen = Chosen::default();
        let named = naming.first().copied();
        signed.into_iter().chain(named).for_each(|node| chosen.take(self, node, MAX_PAST));
        naming.into_iter().skip(1).chain(rest).for_each(|node| chosen.take(self, node, OWN_PAST));
        chosen.ids()
    }

    /// Those of who may sign now first: of each signer the one that knows most, then the second of each.
    fn sort(&self, nodes: &mut [&Node]) {
        let (now, mut of_signer) = (self.now(), BTreeMap::<DeviceId, usize>::new());
        nodes.sort_by_key(|node| (std::cmp::Reverse(node.past.len()), node.entry.id()));
        nodes.sort_by_cached_key(|node| {
            let turn = of_signer.entry(node.entry.signer()).or_default();
            *turn += 1;
            (!now.is_entitled(&node.entry.signer()), *turn)
        });
    }

    fn node(&self, id: &EntryId) -> Option<&Node> {
        self.nodes.get(*self.index.get(id)?)
    }

    fn fits(&self, past: &Bits, (entries, bytes): (usize, usize)) -> bool {
        let sizes = past.iter().filter_map(|at| self.nodes.get(at)).map(|node| node.entry.bytes().len());
        past.len() < entries && sizes.sum::<usize>() <= bytes
    }

    /// All connected entries, parents before children.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.nodes.iter().map(|node| &node.entry)
    }

    /// Whether a connected entry counts by all that is known.
    pub fn counts(&self, id: &EntryId) -> bool {
        let all = Bits::all(self.nodes.len());
        let counting = evaluate::counting(&self.nodes, &all);
        self.index.get(id).is_some_and(|place| counting.contains(*place))
    }

    /// Whether an entry is known together with all its past.
    pub fn knows(&self, id: &EntryId) -> bool {
        self.index.contains_key(id)
    }

    /// Whether a device is or was one of the account's.
    pub fn names(&self, device: &DeviceId) -> bool {
        let state = self.now();
        state.active.contains_key(device) || state.gone.contains(device)
    }

    /// Entries that something waits for: ask for them.
    pub fn missing(&self) -> BTreeSet<EntryId> {
        let wanted = self.waiting.values().flat_map(Entry::parents);
        wanted.filter(|id| !self.index.contains_key(id) && !self.waiting.contains_key(id)).copied().collect()
    }

    /// The counting entries that only the paper can have signed, oldest first: each is told to the person.
    pub fn root_notices(&self) -> Vec<&Entry> {
        let all = Bits::all(self.nodes.len());
        let counting = evaluate::counting(&self.nodes, &all);
        let papers = evaluate::papers(&self.nodes, &all);
        let by_root = |node: &Node| papers.iter().any(|paper: &PaperKeys| paper.root == node.entry.signer());
        let nodes = self.nodes.iter().enumerate();
        nodes
            .filter(|(at, node)| counting.contains(*at) && by_root(node))
            .map(|(_, node)| &node.entry)
            .collect()
    }

    fn has_parents(&self, entry: &Entry) -> bool {
        entry.parents().iter().all(|parent| self.index.contains_key(parent))
    }

    fn check(&self, entry: &Entry) -> Result<(), Refusal> {
        if !self.is_from_someone(entry) {
            return Err(Refusal::NotEntitled);
        }
        if self.fits(&self.past_of(entry), MAX_PAST) { Ok(()) } else { Err(Refusal::Oversized) }
    }

    fn is_from_someone(&self, entry: &Entry) -> bool {
        let past = self.past_of(entry);
        let signer = entry.signer();
        matches!(entry.op(), Op::Genesis { .. })
            || past.iter().filter_map(|at| self.nodes.get(at)).any(|node| names(node.entry.op(), &signer))
    }

    fn past_of(&self, entry: &Entry) -> Bits {
        let mut past = Bits::default();
        for place in entry.parents().iter().filter_map(|parent| self.index.get(parent)) {
            if let Some(node) = self.nodes.get(*place) {
                past.unite(&node.past);
            }
            past.insert(*place);
        }
        past
    }

    fn connect(&mut self, entry: Entry) {
        let past = self.past_of(&entry);
        let before = self.by(&past, entry.parents());
        let next = if past.len() == self.nodes.len() { evaluate::after(&before, &entry) } else { None };
        self.now = next.map(|state| OnceLock::from(Arc::new(state))).unwrap_or_default();
        let said = evaluate::said(&entry, &before, &mut self.devices);
        let size = before.active.len() + before.gone.len();
        let before = (self.kept + size <= MAX_KEPT).then_some(before);
        self.kept += if before.is_some() { size } else { 0 };
        self.index.insert(entry.id(), self.nodes.len());
        self.nodes.push(Node { entry, past, said, before });
    }

    fn now(&self) -> &Arc<State> {
        self.now.get_or_init(|| Arc::new(self.evaluate(&Bits::all(self.nodes.len()))))
    }

    fn evaluate(&self, set: &Bits) -> State {
        evaluate::state(&self.nodes, &self.devices, set)
    }

    /// The state by a past that ends in `heads`. Most entries know all others, or as much as the one before them.
    fn by(&self, past: &Bits, heads: &[EntryId]) -> Arc<State> {
        if past.len() == self.nodes.len() {
            return self.now().clone();
        }
        let same =
            self.nodes.iter().rev().find(|node| node.before.is_some() && node.entry.parents() == heads);
        same.and_then(|node| node.before.clone()).unwrap_or_else(|| Arc::new(self.evaluate(past)))
    }

    fn connect_waiting(&mut self) {
        let ready = |log: &Self| log.waiting.values().find(|entry| log.has_parents(entry)).map(Entry::id);
        while let Some(id) = ready(self) {
            let Some(entry) = self.waiting.remove(&id) else { return };
            if self.check(&entry).is_ok() {
                self.connect(entry);
            }
        }
    }
}

/// Entries that a new one follows, and all that they lead to.
#[derive(Default)]
struct Chosen<'a> {
    past: Bits,
    nodes: Vec<(usize, &'a Node)>,
}

impl<'a> Chosen<'a> {
    fn ids(self) -> Vec<EntryId> {
        self.nodes.into_iter().map(|(_, node)| node.entry.id()).collect()
    }

    /// Takes an entry if it is not followed yet and there is room for its past.
    fn take(&mut self, log: &DeviceLog, node: &'a Node, room: (usize, usize)) {
        let place = log.index.get(&node.entry.id()).filter(|place| !self.past.contains(**place));
        let Some(place) = place.filter(|_| self.nodes.len() < entry::MAX_PARENTS) else { return };
        let mut past = self.past.clone();
        past.unite(&node.past);
        past.insert(*place);
        if log.fits(&past, room) {
            self.past = past;
            self.nodes.retain(|(other, _)| !node.past.contains(*other));
            self.nodes.push((*place, node));
        }
    }
}

fn names(op: &Op, signer: &DeviceId) -> bool {
    match op {
        Op::Genesis { paper, .. } | Op::Paper { paper } if paper.root == *signer => true,
        op => op.named().iter().any(|device| device.id == *signer),
    }
}
