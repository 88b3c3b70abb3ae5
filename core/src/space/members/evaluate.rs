//! The pure function from a set of entries to the members of a space.
//!
//! A set is always closed under "past of". What an entry's own past lets its signer do (`Node::right`) never changes;
//! what is decided here is which of the entries that did not know each other stand.

use std::collections::{BTreeMap, BTreeSet};

use super::state::{Act, Member, Rank, State};
use super::{Entry, Node, Op, Role, SpaceKind};
use crate::space::AccountId;
use crate::space::device_log::{self, bits::Bits};

/// What is looked at: entries, and the devices of those who signed them.
pub(super) struct View<'a> {
    pub(super) nodes: &'a [Node],
    pub(super) set: Bits,
    pub(super) devices: BTreeMap<AccountId, device_log::State>,
}

/// The answer.
#[derive(Clone)]
pub(super) struct Judged {
    pub(super) state: State,
    pub(super) standing: BTreeMap<AccountId, Standing>,
    pub(super) counting: Bits,
}

/// The counting entries that a member's place rests on.
#[derive(Clone, Default)]
pub(super) struct Standing {
    adds: Vec<usize>,
    promotes: Vec<usize>,
    acting: bool,
}

impl Standing {
    /// The oldest add and the oldest promotion: one of each is enough, and who signs many beside each other gains nothing.
    pub(super) fn rests_on(&self, nodes: &[Node]) -> Vec<usize> {
        let oldest = |all: &[usize]| all.iter().copied().min_by_key(|at| age(nodes, *at));
        oldest(&self.adds).into_iter().chain(oldest(&self.promotes)).collect()
    }
}

/// What its own past says of an entry's signer.
#[derive(Clone)]
pub(super) struct Right {
    pub(super) rank: Rank,
    adds: Vec<usize>,
    power: Power,
}

/// Where the power of a facilitator comes from, for entries that need it.
#[derive(Clone, PartialEq)]
enum Power {
    Needless,
    Founder,
    /// Earliest member of a group that had no facilitator left.
    Acting,
    /// By one of these entries.
    Given(Vec<usize>),
}

/// The right of a signer by what is known in the entry's past; `None` if it may not do this.
pub(super) fn right(past: &Judged, entry: &Entry) -> Option<Right> {
    let (account, act) = (entry.account(), act(entry));
    if entry.is_genesis() {
        let rank = Rank::Facilitator(0, entry.id());
        return Some(Right { rank, adds: Vec::new(), power: Power::Founder });
    }
    if !past.state.permits(&account, act) {
        return None;
    }
    let (member, standing) = (past.state.members.get(&account)?, past.standing.get(&account)?);
    let power = match member.rank {
        _ if !past.state.needs_power(act) => Power::Needless,
        Rank::Facilitator(0, _) => Power::Founder,
        _ if standing.acting => Power::Acting,
        _ => Power::Given(standing.promotes.clone()),
    };
    Some(Right { rank: member.rank, adds: standing.adds.clone(), power })
}

fn act(entry: &Entry) -> Act {
    match entry.op() {
        Some(Op::Add { .. }) => Act::Add,
        Some(Op::Remove { account }) => Act::Remove(*account),
        Some(Op::Promote { account }) => Act::Promote(*account),
        Some(Op::Demote { account }) => Act::Demote(*account),
        Some(Op::Settle { .. }) => Act::Settle,
        Some(Op::Leave) => Act::Leave,
        Some(Op::Genesis { .. } | Op::Role { .. } | Op::Affirm) | None => Act::Speak,
    }
}

/// What the entries in view say.
pub(super) fn judge(view: &View<'_>) -> Judged {
    let rules = Rules::of(view);
    let (grants, strikes) = rules.settle();
    let others = rules.candidates.iter().filter(|at| !rules.grants(**at) && !rules.strikes(**at));
    let others = others.filter(|at| rules.stands(**at, &grants, &strikes));
    let mut counting = Bits::default();
    grants.iter().chain(&strikes).chain(others).for_each(|at| counting.insert(*at));
    Folded { nodes: view.nodes, counting }.judged()
}

impl View<'_> {
    /// Whether an entry is by a device that its account has not signed out since; or somebody upholds it.
    pub(super) fn is_voiced(&self, at: usize) -> bool {
        let Some(node) = self.nodes.get(at) else { return false };
        node.entry.is_genesis() || self.is_active(node) || self.upholder(at).is_some()
    }

    /// The first entry that lets the entry of a signed-out device stand: the account itself, by another device, or
    /// whoever put the account out, knew it.
    pub(super) fn upholder(&self, at: usize) -> Option<usize> {
        let node = self.nodes.get(at).filter(|node| !self.is_active(node))?;
        let speaks_for = |other: &Node| match other.entry.op() {
            Some(Op::Remove { account }) if other.right.is_some() => *account == node.entry.account(),
            _ => other.entry.account() == node.entry.account(),
        };
        let knows = |other: &Node| other.past.contains(at) && speaks_for(other) && self.is_active(other);
        let upholds = |other: &usize| self.nodes.get(*other).is_some_and(knows);
        self.set.iter().filter(upholds).min_by_key(|other| age(self.nodes, *other))
    }

    fn is_active(&self, node: &Node) -> bool {
        let devices = self.devices.get(&node.entry.account());
        devices.is_some_and(|state| state.active.contains_key(&node.entry.device()))
    }
}

/// What decides between entries that did not know each other.
struct Rules<'a> {
    nodes: &'a [Node],
    candidates: Vec<usize>,
}

impl<'a> Rules<'a> {
    fn of(view: &View<'a>) -> Self {
        let may_count =
            |at: &usize| view.nodes.get(*at).is_some_and(|node| node.right.is_some()) && view.is_voiced(*at);
        let mut rules = Self { nodes: view.nodes, candidates: view.set.iter().filter(may_count).collect() };
        rules.keep_pair();
        rules
    }

    /// Of several people let into a pair at once, the first one stands.
    fn keep_pair(&mut self) {
        if !is_pair(self.nodes) {
            return;
        }
        let nodes = self.nodes;
        let newcomer = |at: &usize| nodes.get(*at).filter(|node| !node.entry.is_genesis())?.entry.added();
        let adds = self.candidates.iter().filter(|at| newcomer(at).is_some());
        let first = adds.min_by_key(|at| age(nodes, **at)).and_then(newcomer);
        self.candidates.retain(|at| newcomer(at).is_none_or(|account| Some(account) == first));
    }

    /// An entry falls with the entries its signer's place rests on, and by a strike that does not know it. Where these
    /// chase each other in a circle, the strikes stand and what they hit falls, on every device alike.
    fn settle(&self) -> (BTreeSet<usize>, BTreeSet<usize>) {
        let mut most: BTreeSet<usize> =
            self.candidates.iter().copied().filter(|at| self.strikes(*at)).collect();
        loop {
            let grants = self.standing_grants(&most);
            let fewest = self.standing_strikes(&grants, &most);
            let next = self.standing_strikes(&self.standing_grants(&fewest), &fewest);
            if next == most {
                return (grants, most);
            }
            most = next;
        }
    }

    /// The adds and promotions that stand if exactly `strikes` do. What a signer's place rests on is earlier in the list.
    fn standing_grants(&self, strikes: &BTreeSet<usize>) -> BTreeSet<usize> {
        let mut standing = BTreeSet::new();
        for at in self.candidates.iter().filter(|at| self.grants(**at)) {
            if self.stands(*at, &standing, strikes) {
                standing.insert(*at);
            }
        }
        standing
    }

    fn standing_strikes(&self, grants: &BTreeSet<usize>, strikes: &BTreeSet<usize>) -> BTreeSet<usize> {
        let stands = |at: &usize| self.strikes(*at) && self.stands(*at, grants, strikes);
        self.candidates.iter().copied().filter(stands).collect()
    }

    fn stands(&self, at: usize, grants: &BTreeSet<usize>, strikes: &BTreeSet<usize>) -> bool {
        let Some((entry, right)) =
            self.nodes.get(at).and_then(|node| Some((&node.entry, node.right.as_ref()?)))
        else {
            return false;
        };
        let empowered = match &right.power {
            Power::Given(by) => by.iter().any(|by| grants.contains(by)),
            Power::Needless | Power::Founder | Power::Acting => true,
        };
        let placed = entry.is_genesis() || right.adds.iter().any(|add| grants.contains(add));
        placed && empowered && !strikes.iter().any(|strike| self.hits(*strike, at))
    }

    /// Whether a strike that neither knows an entry nor is known to it voids it. A senior's answer to it stands.
    fn hits(&self, strike: usize, at: usize) -> bool {
        let (Some(by), Some(hit)) = (self.nodes.get(strike), self.nodes.get(at)) else { return false };
        let (Some(from), Some(right)) = (&by.right, &hit.right) else { return false };
        let (striker, account) = (by.entry.account(), hit.entry.account());
        let answers = match hit.entry.op() {
            Some(Op::Remove { account } | Op::Demote { account }) => {
                *account == striker && right.rank < from.rank
            }
            _ => false,
        };
        let meant = match by.entry.op() {
            Some(Op::Leave) => striker == account,
            Some(Op::Remove { account: target }) => *target == account && !answers,
            Some(Op::Demote { account: target }) => {
                *target == account && right.power != Power::Needless && !answers
            }
            _ => false,
        };
        let apart = !by.past.contains(at) && !hit.past.contains(strike) && strike != at;
        meant && apart && hit.entry.op() != Some(&Op::Leave)
    }

    fn strikes(&self, at: usize) -> bool {
        let op = self.nodes.get(at).and_then(|node| node.entry.op());
        matches!(op, Some(Op::Remove { .. } | Op::Demote { .. } | Op::Leave))
    }

    fn grants(&self, at: usize) -> bool {
        let op = self.nodes.get(at).and_then(|node| node.entry.op());
        matches!(op, Some(Op::Genesis { .. } | Op::Add { .. } | Op::Promote { .. }))
    }
}

/// Counting entries on their way to a state. Nothing is in doubt any more.
struct Folded<'a> {
    nodes: &'a [Node],
    counting: Bits,
}

impl<'a> Folded<'a> {
    fn judged(self) -> Judged {
        let mut state = State { policy: self.policy(), ..self.named() };
        let mut standing = BTreeMap::new();
        for account in self.iter().filter_map(|(_, node)| node.entry.added()).collect::<BTreeSet<_>>() {
            if let Some((member, place)) = self.member(account) {
                state.members.insert(account, member);
                standing.insert(account, place);
            }
        }
        if state.kind == Some(SpaceKind::Group) {
            self.lead_by_earliest(&mut state, &mut standing);
        }
        let gone = self.iter().any(|(_, node)| node.entry.departed().is_some());
        state.ended = state.members.is_empty() || (state.kind == Some(SpaceKind::Pair) && gone);
        state.read_only = self.iter().any(|(_, node)| node.entry.op().is_none() && binds(node, &state));
        Judged { state, standing, counting: self.counting }
    }

    fn iter(&self) -> impl Iterator<Item = (usize, &'a Node)> + '_ {
        self.counting.iter().filter_map(|at| Some((at, self.nodes.get(at)?)))
    }

    fn named(&self) -> State {
        match self.iter().next().and_then(|(_, node)| node.entry.op()) {
            Some(Op::Genesis { kind, name, .. }) => {
                State { kind: Some(*kind), name: name.clone(), ..State::default() }
            }
            _ => State::default(),
        }
    }

    /// An account is in by an add that knows all its departures, and leads by a promotion that also knows all its
    /// demotions.
    fn member(&self, account: AccountId) -> Option<(Member, Standing)> {
        let gone = self.places(|entry| entry.departed() == Some(account));
        let demoted =
            self.places(|entry| matches!(entry.op(), Some(Op::Demote { account: who }) if *who == account));
        let knows = |at: usize, all: &[usize]| {
            self.nodes.get(at).is_some_and(|node| all.iter().all(|other| node.past.contains(*other)))
        };
        let mut adds = self.places(|entry| entry.added() == Some(account));
        adds.retain(|at| knows(*at, &gone));
        let since = adds.iter().copied().min_by_key(|at| age(self.nodes, *at))?;
        let given = self.iter().filter_map(|(at, node)| Some((at, given(node, account)?)));
        let given: Vec<_> = given.filter(|(at, _)| knows(*at, &gone) && knows(*at, &demoted)).collect();
        let rank = given.iter().map(|(_, rank)| *rank).min().unwrap_or(Rank::Member);
        let role = self.role(account, &adds, since)?;
        let promotes = given.into_iter().map(|(at, _)| at).collect();
        let since = self.nodes.get(since)?.entry.id();
        Some((Member { role, rank, since }, Standing { adds, promotes, acting: false }))
    }

    /// The role that the account named last, else the one it came with.
    fn role(&self, account: AccountId, adds: &[usize], since: usize) -> Option<Role> {
        let named = self.iter().filter(|(_, node)| {
            let here = adds.iter().any(|add| node.past.contains(*add));
            here && node.entry.account() == account && matches!(node.entry.op(), Some(Op::Role { .. }))
        });
        let last = named.map(|(at, _)| at).max_by_key(|at| age(self.nodes, *at)).unwrap_or(since);
        match self.nodes.get(last)?.entry.op()? {
            Op::Genesis { role, .. } | Op::Add { role, .. } | Op::Role { role } => Some(*role),
            _ => None,
        }
    }

    /// The policy that no other one knew; of several the senior's.
    fn policy(&self) -> super::Policy {
        let settles: Vec<(&Node, super::Policy)> = self
            .iter()
            .filter_map(|(_, node)| match node.entry.op() {
                Some(Op::Settle { policy }) => Some((node, *policy)),
                _ => None,
            })
            .collect();
        let places = self.places(|entry| matches!(entry.op(), Some(Op::Settle { .. })));
        let newest = settles
            .iter()
            .zip(&places)
            .filter(|(_, at)| !settles.iter().any(|(other, _)| other.past.contains(**at)));
        let senior = newest.min_by_key(|((node, _), _)| {
            (node.right.as_ref().map_or(Rank::Member, |right| right.rank), node.entry.id())
        });
        senior.map(|((_, policy), _)| *policy).unwrap_or_default()
    }

    fn lead_by_earliest(&self, state: &mut State, standing: &mut BTreeMap<AccountId, Standing>) {
        if state.members.values().any(|member| member.rank.is_facilitator()) {
            return;
        }
        let age = |place: &Standing| place.adds.iter().map(|at| age(self.nodes, *at)).min();
        let first = standing.iter_mut().min_by_key(|(_, place)| age(place));
        if let Some((account, place)) = first
            && let Some(member) = state.members.get_mut(account)
        {
            member.rank = Rank::Facilitator(1, member.since);
            place.acting = true;
        }
    }

    fn places(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<usize> {
        self.iter().filter(|(_, node)| wanted(&node.entry)).map(|(at, _)| at).collect()
    }
}

/// The rank that an entry gives an account. Whoever led for want of another and let someone in or up goes on leading.
fn given(node: &Node, account: AccountId) -> Option<Rank> {
    let right = node.right.as_ref()?;
    match node.entry.op()? {
        Op::Genesis { .. } if node.entry.account() == account => Some(right.rank),
        Op::Promote { account: who } if *who == account => Some(right.rank.below(node.entry.id())),
        Op::Promote { .. } | Op::Add { .. } if node.entry.account() == account => {
            (right.power == Power::Acting).then_some(right.rank)
        }
        _ => None,
    }
}

/// Whether an entry that only a later version understands holds the space up: it is by somebody who led then and is still
/// here, or by one of a pair. What a member says of themselves changes nothing for the others.
fn binds(node: &Node, state: &State) -> bool {
    let led = node.right.as_ref().is_some_and(|right| right.rank.is_facilitator());
    let here = state.members.contains_key(&node.entry.account());
    here && (led || state.kind == Some(SpaceKind::Pair))
}

fn is_pair(nodes: &[Node]) -> bool {
    let first = nodes.first().and_then(|node| node.entry.op());
    matches!(first, Some(Op::Genesis { kind: SpaceKind::Pair, .. }))
}

/// Order of time where there is one, and some fixed order else: how much an entry's past holds, then its id.
pub(super) fn age(nodes: &[Node], at: usize) -> Option<(usize, crate::space::EntryId)> {
    nodes.get(at).map(|node| (node.past.len(), node.entry.id()))
}
