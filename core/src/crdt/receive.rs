//! Changes from elsewhere: each is tried on a copy before it counts, and waits outside of Automerge for what it builds on.

use std::collections::{BTreeMap, BTreeSet};

use automerge::VerificationMode;

use super::arrived::{Arrived, in_order};
use super::doc::{Doc, guarded, load, parse};

/// How many changes of one device are refused at once; the rest of that device waits for another time, as a try saves and
/// loads the document. None is refused untried: what others built on it would wait for ever.
const MOST_REFUSED: usize = 16;

/// What became of a batch of changes from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Changes of the batch that are part of the document now, with their hashes; to be kept.
    pub kept: Vec<([u8; 32], Vec<u8>)>,
    /// Changes of the batch that wait, unseen, for others which are missing or for their turn; to be kept.
    pub waits: Vec<([u8; 32], Vec<u8>)>,
    /// Places in the batch of those that cannot be used, with a stable code.
    pub bad: Vec<(usize, &'static str)>,
    /// Changes that waited and are part of the document now.
    pub joined: Vec<[u8; 32]>,
    /// Changes that waited and cannot be used.
    pub refused: Vec<[u8; 32]>,
    /// How many changes are known to be missing.
    pub missing: usize,
}

impl Received {
    /// Whether the document holds more than before.
    pub fn has_changed(&self) -> bool {
        !self.kept.is_empty() || !self.joined.is_empty()
    }
}

/// A batch at work.
#[derive(Default)]
struct Batch {
    received: Received,
    /// How many of each device were refused.
    refused: BTreeMap<[u8; 32], usize>,
}

impl Batch {
    fn refuse(&mut self, one: &Arrived) {
        *self.refused.entry(one.by).or_default() += 1;
        match one.place {
            Some(place) => self.received.bad.push((place, "change-refused")),
            None => self.received.refused.push(one.hash()),
        }
    }

    fn may_try(&self, one: &Arrived) -> bool {
        self.refused.get(&one.by).is_none_or(|refused| *refused < MOST_REFUSED)
    }
}

impl Doc {
    /// Takes in what a device signed, and what waited for it or for its turn.
    pub fn receive(&mut self, by: &[u8; 32], batch: &[Vec<u8>]) -> Received {
        let mut batch_at_work = Batch::default();
        let arrived = self.arrived(by, batch, &mut batch_at_work.received);
        let joined = self.apply(arrived, &mut batch_at_work);
        let mut received = batch_at_work.received;
        self.loose += joined.iter().map(|one| one.change.raw_bytes().len()).sum::<usize>();
        let (new, waited): (Vec<_>, Vec<_>) = joined.iter().partition(|one| one.place.is_some());
        received.kept = new.into_iter().map(Arrived::with_bytes).collect();
        received.joined = waited.into_iter().map(Arrived::hash).collect();
        let new = self.waiting.iter().filter(|one| one.place.is_some());
        received.waits = new.map(Arrived::with_bytes).collect();
        received.missing = self.missing();
        received
    }

    /// What waited and what is new, each change once.
    fn arrived(&mut self, by: &[u8; 32], batch: &[Vec<u8>], received: &mut Received) -> Vec<Arrived> {
        let waited = std::mem::take(&mut self.waiting).into_iter();
        let mut arrived: Vec<_> = waited.map(|one| Arrived::waited(one.by, one.change)).collect();
        let mut seen: BTreeSet<[u8; 32]> = arrived.iter().map(Arrived::hash).collect();
        for (place, bytes) in batch.iter().enumerate() {
            match parse(bytes) {
                Ok(change) if self.has(&change.hash().0) || !seen.insert(change.hash().0) => {}
                Ok(change) => arrived.push(Arrived { by: *by, place: Some(place), change }),
                Err(e) => received.bad.push((place, e.code)),
            }
        }
        arrived
    }

    /// Returns what is part of the document now; what builds on something that is missing waits.
    fn apply(&mut self, arrived: Vec<Arrived>, batch: &mut Batch) -> Vec<Arrived> {
        let (now, later): (Vec<_>, Vec<_>) = arrived.into_iter().partition(|one| batch.may_try(one));
        let (mut ready, waiting) = in_order(now, |hash| self.has(hash));
        self.waiting.extend(later.into_iter().chain(waiting));
        if ready.is_empty() || self.try_all(&ready) {
            return ready;
        }
        if let [one] = ready.as_slice() {
            batch.refuse(one);
            return Vec::new();
        }
        // Half and half: a few bad ones among many cost a few tries each.
        let second = ready.split_off(ready.len() / 2);
        let mut joined = self.apply(ready, batch);
        joined.extend(self.apply(second, batch));
        joined
    }

    /// Applies changes to a copy, which is kept if it can be saved and loaded again, to the same heads: what Automerge does
    /// not write as it was read would be another change then, and nobody else had what is built on that.
    fn try_all(&mut self, ready: &[Arrived]) -> bool {
        let tried = guarded(|| {
            let mut copy = self.am.clone();
            copy.apply_changes(ready.iter().map(|one| one.change.clone())).ok()?;
            load(&copy.save(), VerificationMode::Check)?;
            Some(copy)
        });
        tried.map(|copy| self.am = copy).is_some()
    }

    /// How many changes are missing that others wait for.
    fn missing(&mut self) -> usize {
        let here: BTreeSet<_> = self.waiting.iter().map(|one| one.change.hash()).collect();
        let deps = self.waiting.iter().flat_map(|one| one.change.deps()).copied();
        let deps: Vec<_> = deps.filter(|dep| !here.contains(dep)).collect();
        self.am.get_missing_deps(&deps).len()
    }
}
