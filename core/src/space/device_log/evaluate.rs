//! The pure function from a set of entries to the account's devices.
//!
//! A set is always closed under "past of". What an entry's own past says (`Node::said`) never changes; what is
//! decided here depends on the whole set.

use std::collections::{BTreeMap, BTreeSet};

use super::bits::Bits;
use super::{Devices, Entry, Node, Op};
use crate::crypto::DeviceId;
use crate::crypto::paper::PaperKeys;
use crate::space::Device;

/// What a set of entries says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The devices that may write and are granted keys, by name.
    pub active: BTreeMap<DeviceId, Device>,
    /// Devices that were signed out; none of them ever returns.
    pub gone: BTreeSet<DeviceId>,
    /// Those of them that were signed out by name, rather than left out by the paper.
    revoked: BTreeSet<DeviceId>,
    /// The paper in force. `None` before genesis.
    pub paper: Option<PaperKeys>,
    /// The paper was replaced twice at once: nothing may be changed until a person decides.
    pub frozen: bool,
}

impl State {
    /// Whether a key may sign: an active device, or the paper in force.
    pub fn is_entitled(&self, id: &DeviceId) -> bool {
        self.active.contains_key(id) || self.paper.is_some_and(|paper| paper.root == *id)
    }

    /// Everyone who is granted keys: the active devices, then the paper.
    pub fn recipients(&self) -> Vec<Device> {
        self.active.values().copied().chain(self.paper.map(Device::from)).collect()
    }
}

/// What an entry's past says about it.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// Its signer was active.
    by_active: bool,
    /// No device that it names had been signed out, or was a paper.
    fresh: bool,
    /// Where everyone is named at once.
    reset: Option<Box<Reset>>,
}

/// What a reset starts from.
#[derive(Clone, Debug)]
struct Reset {
    /// The listed devices that were not gone.
    listed: Vec<Device>,
    /// Devices that had been signed out by name.
    revoked: Bits,
    /// Devices that were there or gone.
    seen: Bits,
}

/// What the past of an entry says about it.
pub(super) fn said(entry: &Entry, before: &State, devices: &mut Devices) -> Said {
    let named = entry.op().named();
    let reset = entry.op().is_reset().then(|| {
        let listed = named.iter().filter(|device| !before.gone.contains(&device.id)).copied().collect();
        let seen = devices.set(before.gone.iter().chain(before.active.keys()));
        Box::new(Reset { listed, revoked: devices.set(before.revoked.iter()), seen })
    });
    Said {
        by_active: before.active.contains_key(&entry.signer()),
        fresh: named.iter().all(|device| is_fresh(before, device.id)),
        reset,
    }
}

/// The papers of a set, first to last; the entries that ended each; whether the last one was replaced twice.
struct Papers {
    reigns: Vec<Reign>,
    frozen: bool,
}

/// One paper's time: entries it signed count if they know `from` and were known to `until`.
struct Reign {
    paper: PaperKeys,
    from: Option<usize>,
    until: Vec<usize>,
}

/// The state by the entries of `set`.
pub(super) fn state(nodes: &[Node], devices: &Devices, set: &Bits) -> State {
    let papers = Papers::of(nodes, set);
    let counting = Counting::of(nodes, set, &papers);
    let revoked = counting.revoked(devices);
    let mut active = base(nodes, &counting.resets);
    merge(&mut active, counting.adds.iter().flat_map(|at| named(nodes, *at)));
    active.retain(|id, _| !revoked.contains(id));
    let gone = counting
        .left_out(devices)
        .into_iter()
        .chain(revoked.iter().copied())
        .filter(|id| !active.contains_key(id))
        .collect();
    let paper = papers.reigns.last().map(|reign| reign.paper);
    State { active, gone, revoked, paper, frozen: papers.frozen }
}

/// The state after one more entry that knows all others, where that is plain to see: an active device adds or revokes one.
pub(super) fn after(before: &State, entry: &Entry) -> Option<State> {
    let plain = before.active.contains_key(&entry.signer())
        && before.paper.is_some_and(|paper| paper.root != entry.signer());
    if !plain || before.frozen {
        return None;
    }
    let mut state = before.clone();
    match entry.op() {
        Op::Add { device } if is_fresh(before, device.id) => {
            merge(&mut state.active, std::iter::once(*device));
        }
        Op::Add { .. } => {}
        Op::Revoke { device } => {
            state.active.remove(device);
            state.gone.insert(*device);
            state.revoked.insert(*device);
        }
        Op::Genesis { .. } | Op::Reset { .. } | Op::Paper { .. } => return None,
    }
    Some(state)
}

/// The entries of `set` that count.
pub(super) fn counting(nodes: &[Node], set: &Bits) -> Bits {
    Counting::of(nodes, set, &Papers::of(nodes, set)).all()
}

/// Every paper that was in force once.
pub(super) fn papers(nodes: &[Node], set: &Bits) -> Vec<PaperKeys> {
    Papers::of(nodes, set).reigns.into_iter().map(|reign| reign.paper).collect()
}

impl Papers {
    fn of(nodes: &[Node], set: &Bits) -> Self {
        let genesis = |at: usize| match nodes.get(at)?.entry.op() {
            Op::Genesis { paper, .. } => Some(*paper),
            _ => None,
        };
        let first = set.iter().filter_map(genesis).min();
        let mut papers = Self { reigns: Vec::new(), frozen: false };
        let mut next = first.map(|paper| (paper, None));
        while let Some((paper, from)) = next.take() {
            let until = successors(nodes, set, &papers.reigns, &paper, from);
            papers.frozen = until.len() > 1;
            if let [only] = until.as_slice() {
                next = named_paper(nodes, *only).map(|paper| (paper, Some(*only)));
            }
            papers.reigns.push(Reign { paper, from, until });
        }
        papers
    }

    /// Whether the entry at `at` was signed by a paper in its time: an end of its reign knows it, or there is none.
    fn signed(&self, nodes: &[Node], at: usize) -> bool {
        let Some(node) = nodes.get(at) else { return false };
        let known = |end: &usize| *end == at || nodes.get(*end).is_some_and(|end| end.past.contains(at));
        self.reigns.iter().any(|reign| {
            reign.paper.root == node.entry.signer()
                && reign.from.is_none_or(|from| node.past.contains(from))
                && (reign.until.is_empty() || reign.until.iter().any(known))
        })
    }
}

/// The `paper` entries by which `paper` names a successor, none of them knowing another.
fn successors(
    nodes: &[Node],
    set: &Bits,
    earlier: &[Reign],
    paper: &PaperKeys,
    from: Option<usize>,
) -> Vec<usize> {
    let used = |root: &DeviceId| *root == paper.root || earlier.iter().any(|reign| reign.paper.root == *root);
    let names = |at: &usize| named_paper(nodes, *at).is_some_and(|new| !used(&new.root));
    let by_it = |at: &usize| {
        nodes.get(*at).is_some_and(|node| {
            node.entry.signer() == paper.root && from.is_none_or(|from| node.past.contains(from))
        })
    };
    let all: Vec<usize> = set.iter().filter(by_it).filter(names).collect();
    let knows_other =
        |at: usize| nodes.get(at).is_some_and(|node| all.iter().any(|other| node.past.contains(*other)));
    all.iter().copied().filter(|at| !knows_other(*at)).collect()
}

fn named_paper(nodes: &[Node], at: usize) -> Option<PaperKeys> {
    match nodes.get(at)?.entry.op() {
        Op::Paper { paper } => Some(*paper),
        _ => None,
    }
}

/// The counting entries of a set, by what they do.
struct Counting<'a> {
    nodes: &'a [Node],
    resets: Vec<usize>,
    adds: BTreeSet<usize>,
    revokes: BTreeSet<usize>,
    papers: Vec<usize>,
}

impl<'a> Counting<'a> {
    fn of(nodes: &'a [Node], set: &Bits, papers: &Papers) -> Self {
        let by_root: BTreeSet<usize> = set.iter().filter(|at| papers.signed(nodes, *at)).collect();
        let ops = |wanted: fn(&Op) -> bool| {
            let is = move |at: &usize| nodes.get(*at).is_some_and(|node| wanted(node.entry.op()));
            set.iter().filter(is).collect::<Vec<_>>()
        };
        let resets =
            maximal(nodes, ops(Op::is_reset).into_iter().filter(|at| by_root.contains(at)).collect());
        let candidate = |at: &usize| is_candidate(nodes, &resets, &by_root, *at);
        let rules = Rules {
            nodes,
            by_root: &by_root,
            base: base(nodes, &resets),
            adds: ops(|op| matches!(op, Op::Add { .. })).into_iter().filter(candidate).collect(),
            revokes: ops(|op| matches!(op, Op::Revoke { .. })).into_iter().filter(candidate).collect(),
        };
        let (adds, revokes) = rules.settle();
        let papers =
            ops(|op| matches!(op, Op::Paper { .. })).into_iter().filter(|at| by_root.contains(at)).collect();
        Self { nodes, resets, adds, revokes, papers }
    }

    fn all(&self) -> Bits {
        let mut bits = Bits::default();
        let places = self.resets.iter().chain(&self.adds).chain(&self.revokes).chain(&self.papers);
        places.for_each(|at| bits.insert(*at));
        bits
    }

    fn newest(&self) -> impl Iterator<Item = &'a Reset> + '_ {
        self.resets.iter().filter_map(|at| reset(self.nodes, *at))
    }

    /// Signed out by name, now or before a newest reset.
    fn revoked(&self, devices: &Devices) -> BTreeSet<DeviceId> {
        let now = self.revokes.iter().filter_map(|at| target(self.nodes, *at));
        let mut before = Bits::default();
        self.newest().for_each(|reset| before.unite(&reset.revoked));
        now.chain(devices.of(&before)).collect()
    }

    /// Whoever was there or gone when a newest reset was signed; the caller takes out who is active.
    fn left_out(&self, devices: &Devices) -> Vec<DeviceId> {
        let mut seen = Bits::default();
        self.newest().for_each(|reset| seen.unite(&reset.seen));
        devices.of(&seen).collect()
    }
}

/// Two entries may name one device with different keys for grants: the smaller one stands, whoever came first.
fn merge(into: &mut BTreeMap<DeviceId, Device>, devices: impl Iterator<Item = Device>) {
    for device in devices {
        into.entry(device.id).and_modify(|known| *known = device.min(*known)).or_insert(device);
    }
}

/// Newest resets: those that no other reset knows.
fn maximal(nodes: &[Node], resets: Vec<usize>) -> Vec<usize> {
    let known =
        |at: usize| resets.iter().any(|other| nodes.get(*other).is_some_and(|other| other.past.contains(at)));
    resets.iter().copied().filter(|at| !known(*at)).collect()
}

/// The union of the newest resets' lists, without keys that were gone when each was signed.
fn base(nodes: &[Node], resets: &[usize]) -> BTreeMap<DeviceId, Device> {
    let listed = |at: &usize| reset(nodes, *at).map(|reset| &reset.listed);
    let mut devices = BTreeMap::new();
    merge(&mut devices, resets.iter().filter_map(listed).flatten().copied());
    devices
}

fn reset(nodes: &[Node], at: usize) -> Option<&Reset> {
    nodes.get(at)?.said.reset.as_deref()
}

fn named(nodes: &[Node], at: usize) -> impl Iterator<Item = Device> + '_ {
    nodes.get(at).into_iter().flat_map(|node| node.entry.op().named()).copied()
}

fn target(nodes: &[Node], at: usize) -> Option<DeviceId> {
    match nodes.get(at)?.entry.op() {
        Op::Revoke { device } => Some(*device),
        _ => None,
    }
}

/// Whether an add or revoke may count at all, by its own past and the newest resets.
fn is_candidate(nodes: &[Node], resets: &[usize], by_root: &BTreeSet<usize>, at: usize) -> bool {
    let Some(node) = nodes.get(at) else { return false };
    let superseded =
        resets.iter().any(|reset| nodes.get(*reset).is_some_and(|reset| reset.past.contains(at)));
    let descends = resets.iter().any(|reset| node.past.contains(*reset));
    let right = if by_root.contains(&at) { descends || !superseded } else { descends && node.said.by_active };
    right && node.said.fresh
}

/// A key that was signed out, or that is a paper's, cannot be added.
fn is_fresh(before: &State, id: DeviceId) -> bool {
    !before.gone.contains(&id) && before.paper.is_none_or(|paper| paper.root != id)
}

/// What decides between adds and revokes that did not know each other.
struct Rules<'a> {
    nodes: &'a [Node],
    by_root: &'a BTreeSet<usize>,
    base: BTreeMap<DeviceId, Device>,
    adds: Vec<usize>,
    revokes: Vec<usize>,
}

impl Rules<'_> {
    /// An add falls with its signer; a revoke falls if its signer's add falls. Where the two chase each other in a
    /// circle, the revokes stand and the adds fall, on every device alike (the well-founded reading of the rule).
    fn settle(&self) -> (BTreeSet<usize>, BTreeSet<usize>) {
        let mut most: BTreeSet<usize> = self.revokes.iter().copied().collect();
        loop {
            let fewest_adds = self.standing_adds(&most);
            let fewest = self.standing_revokes(&fewest_adds);
            let next = self.standing_revokes(&self.standing_adds(&fewest));
            if next == most {
                return (fewest_adds, most);
            }
            most = next;
        }
    }

    /// The adds that stand if exactly `revokes` do. A signer's own add is always earlier in the list.
    fn standing_adds(&self, revokes: &BTreeSet<usize>) -> BTreeSet<usize> {
        let mut standing = BTreeSet::new();
        for at in &self.adds {
            if self.by_root.contains(at) || (self.has_place(*at, &standing) && !self.falls(*at, revokes)) {
                standing.insert(*at);
            }
        }
        standing
    }

    fn standing_revokes(&self, adds: &BTreeSet<usize>) -> BTreeSet<usize> {
        let stands = |at: &usize| self.by_root.contains(at) || self.has_place(*at, adds);
        self.revokes.iter().copied().filter(stands).collect()
    }

    /// Whether the signer is in the base, or was brought in by one of `adds` that the entry knows.
    fn has_place(&self, at: usize, adds: &BTreeSet<usize>) -> bool {
        let Some(node) = self.nodes.get(at) else { return false };
        let signer = node.entry.signer();
        let brought = |add: &usize| {
            node.past.contains(*add) && named(self.nodes, *add).any(|device| device.id == signer)
        };
        self.base.contains_key(&signer) || adds.iter().any(brought)
    }

    /// Whether a revoke that does not know this add names its signer.
    fn falls(&self, at: usize, revokes: &BTreeSet<usize>) -> bool {
        let Some(node) = self.nodes.get(at) else { return true };
        revokes.iter().filter_map(|revoke| self.nodes.get(*revoke)).any(|revoke| {
            matches!(revoke.entry.op(), Op::Revoke { device } if *device == node.entry.signer())
                && !revoke.past.contains(at)
        })
    }
}
