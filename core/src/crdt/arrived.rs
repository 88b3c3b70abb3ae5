//! Changes on their way into a document, and the order in which they can go in.

use std::collections::{BTreeMap, VecDeque};

use automerge::{Change, ChangeHash};

/// A change from elsewhere on its way into a document.
#[derive(Clone)]
pub(super) struct Arrived {
    /// The device that signed it.
    pub(super) by: [u8; 32],
    /// Its place in the batch that is taken in; none if it waited.
    pub(super) place: Option<usize>,
    pub(super) change: Change,
}

impl Arrived {
    /// Returns a change that waited before.
    pub(super) fn waited(by: [u8; 32], change: Change) -> Self {
        Self { by, place: None, change }
    }

    /// Its hash.
    pub(super) fn hash(&self) -> [u8; 32] {
        self.change.hash().0
    }

    /// Returns its hash and its bytes.
    pub(super) fn with_bytes(&self) -> ([u8; 32], Vec<u8>) {
        (self.hash(), self.change.raw_bytes().to_vec())
    }
}

/// Parts changes that can be applied now, in an order in which they can be, from those that build on something which is
/// neither here nor among them.
pub(super) fn in_order(
    arrived: Vec<Arrived>,
    mut is_here: impl FnMut(&[u8; 32]) -> bool,
) -> (Vec<Arrived>, Vec<Arrived>) {
    let mut waits_for: BTreeMap<ChangeHash, Vec<usize>> = BTreeMap::new();
    let mut lacks = vec![0_usize; arrived.len()];
    for ((n, one), lacks) in arrived.iter().enumerate().zip(&mut lacks) {
        for dep in one.change.deps().iter().filter(|dep| !is_here(&dep.0)) {
            *lacks += 1;
            waits_for.entry(*dep).or_default().push(n);
        }
    }
    let mut left: Vec<Option<Arrived>> = arrived.into_iter().map(Some).collect();
    let mut next: VecDeque<usize> =
        (0..).zip(&lacks).filter(|(_, lacks)| **lacks == 0).map(|(n, _)| n).collect();
    let mut ready = Vec::new();
    while let Some(one) = next.pop_front().and_then(|n| left.get_mut(n)?.take()) {
        for n in waits_for.remove(&one.change.hash()).unwrap_or_default() {
            if let Some(lacks) = lacks.get_mut(n) {
                *lacks -= 1;
                next.extend((*lacks == 0).then_some(n));
            }
        }
        ready.push(one);
    }
    (ready, left.into_iter().flatten().collect())
}
