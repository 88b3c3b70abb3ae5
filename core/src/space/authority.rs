//! Which items count: a pure function over the set of known items.

use std::collections::{BTreeMap, BTreeSet};

use super::epochs::{Epochs, Known};
use super::roster::Roster;
use super::snapshot::contents;
use super::{Item, ItemId, Mark, Refusal, VerifiedItem, WriterId};
use crate::crypto::DeviceId;

/// What the judgement needs of an item: everything but key and body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Who signed.
    pub device: DeviceId,
    /// Whose chain.
    pub writer: WriterId,
    /// Place in the chain.
    pub seq: u64,
    /// The item before it.
    pub prev: Option<ItemId>,
}

/// The set of known items of one space.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    facts: BTreeMap<ItemId, Fact>,
    inside: BTreeMap<ItemId, Vec<ItemId>>,
}

/// Which items count. Two at one place of a chain both do: what each kind says is judged as a set, so that nothing depends on
/// which of them a device still holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Items that count.
    pub counting: BTreeSet<ItemId>,
}

impl From<&Item> for Fact {
    fn from(item: &Item) -> Self {
        Self { device: item.device, writer: item.writer, seq: item.seq, prev: item.prev }
    }
}

impl Ledger {
    /// Takes in an item, and those inside it if it is a carry or a snapshot part; returns the ones inside, to be
    /// stored like any other. An item that breaks a rule inside refuses the whole container.
    pub fn insert(&mut self, item: &VerifiedItem) -> Result<Vec<VerifiedItem>, Refusal> {
        if self.facts.contains_key(&item.id()) {
            return Ok(Vec::new());
        }
        let mut staged = Self::default();
        let found = staged.unpack(item)?;
        self.facts.extend(staged.facts);
        self.inside.extend(staged.inside);
        Ok(found)
    }

    /// Takes in what is known of an item whose body was erased.
    pub fn insert_fact(&mut self, id: ItemId, fact: Fact) {
        self.facts.entry(id).or_insert(fact);
    }

    /// Facts by id.
    pub fn facts(&self) -> &BTreeMap<ItemId, Fact> {
        &self.facts
    }

    fn unpack(&mut self, item: &VerifiedItem) -> Result<Vec<VerifiedItem>, Refusal> {
        super::change::check_author(item)?;
        self.facts.insert(item.id(), Fact::from(item.item()));
        let mut found = Vec::new();
        for inner in contents(item.item())? {
            let inner = inner.verify(item.scope().space)?;
            self.inside.entry(item.id()).or_default().push(inner.id());
            found.extend(self.unpack(&inner)?);
            found.push(inner);
        }
        Ok(found)
    }
}

/// Says which items count: those of entitled devices, those within the cut of a counting valid `open`, and those
/// inside a counting carry or snapshot.
pub fn judge(ledger: &Ledger, epochs: &Epochs, roster: &dyn Roster) -> Judgement {
    let entitled = roster.entitled();
    let mut open: Vec<&Known> =
        epochs.valid(roster).into_values().filter(|known| !known.open.cuts.is_empty()).collect();
    let by_entitled = ledger.facts.iter().filter(|(_, fact)| entitled.contains_key(&fact.device));
    let mut next: Vec<ItemId> = by_entitled.map(|(id, _)| *id).collect();
    let mut counting = BTreeSet::new();
    loop {
        count(ledger, &mut counting, &mut next);
        let (ready, rest) = open.into_iter().partition(|known| !known.items.is_disjoint(&counting));
        let ready: Vec<&Known> = ready;
        open = rest;
        next.extend(ready.iter().flat_map(|known| within_cuts(ledger, known, roster)));
        if next.is_empty() {
            return Judgement { counting };
        }
    }
}

/// The cuts of an `open`: for each writer of a device that lost its place, the newest item this device had accepted.
///
/// `accepted` is what counted here before the loss. What is in it and counts no more once the `open` does, is to be
/// published by [`super::snapshot::carry`].
pub fn cuts(ledger: &Ledger, accepted: &BTreeSet<ItemId>, roster: &dyn Roster) -> Vec<Mark> {
    let entitled = roster.entitled();
    let mut newest: BTreeMap<WriterId, Mark> = BTreeMap::new();
    for (id, fact) in accepted.iter().filter_map(|id| Some((*id, ledger.facts.get(id)?))) {
        let mark = Mark { writer: fact.writer, seq: fact.seq, id };
        if !entitled.contains_key(&fact.device) {
            let held = newest.entry(fact.writer).or_insert(mark);
            *held = if mark.seq > held.seq { mark } else { *held };
        }
    }
    newest.into_values().collect()
}

/// Counts what is waiting, and everything inside it.
fn count(ledger: &Ledger, counting: &mut BTreeSet<ItemId>, next: &mut Vec<ItemId>) {
    while let Some(id) = next.pop() {
        if counting.insert(id) {
            next.extend(ledger.inside.get(&id).into_iter().flatten());
        }
    }
}

/// The items that an `open`'s cuts let count. A cut says nothing about a device that the same `open` holds for
/// entitled, so nobody can vouch for their own future.
fn within_cuts(ledger: &Ledger, known: &Known, roster: &dyn Roster) -> Vec<ItemId> {
    let Some(entitled) = roster.entitled_at(&known.open.authority) else { return Vec::new() };
    let cuts = known
        .open
        .cuts
        .iter()
        .filter(|cut| ledger.facts.get(&cut.id).is_some_and(|fact| !entitled.contains_key(&fact.device)));
    cuts.flat_map(|cut| chain_before(ledger, cut)).collect()
}

/// The known chain that leads back from a cut. What lies beyond a gap waits until the gap is filled.
fn chain_before(ledger: &Ledger, cut: &Mark) -> Vec<ItemId> {
    let mut chain = Vec::new();
    let mut next = Some((cut.id, cut.seq));
    while let Some((id, seq)) = next.take() {
        let fact = ledger.facts.get(&id).filter(|fact| fact.writer == cut.writer && fact.seq == seq);
        if let Some(fact) = fact {
            chain.push(id);
            next = fact.prev.map(|prev| (prev, seq - 1));
        }
    }
    chain
}
