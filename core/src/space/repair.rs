//! Finding and filling gaps, and noticing two truths.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use super::authority::Ledger;
use super::{Draft, ItemId, Kind, Mark, Refusal, WriterId};
use crate::crypto::codec;

/// Most marks in one `heads`.
pub const MAX_HEADS: usize = 512;
/// Most items one `need` may ask for.
pub const MAX_NEED: u64 = 4096;

/// Body of an item of kind `Heads`: the newest item held of each writer, sorted by writer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Heads(pub Vec<Mark>);

/// Body of an item of kind `Need`: who has these items, please repeat them (after a random wait).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct Need {
    /// Whose chain.
    #[n(0)]
    pub writer: WriterId,
    /// First number asked for.
    #[n(1)]
    pub from: u64,
    /// Last number asked for.
    #[n(2)]
    pub to: u64,
}

/// What another device's heads tell this one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Items it has and this device lacks.
    pub missing: Vec<Need>,
    /// Its marks that name another item than the one held at that place: a fork whose other side is not here yet.
    pub disagreeing: Vec<Mark>,
}

impl Heads {
    /// What this device holds: per writer the largest number, and the lowest id there.
    pub fn of(ledger: &Ledger) -> Self {
        let mut newest: BTreeMap<WriterId, (u64, ItemId)> = BTreeMap::new();
        for (id, fact) in ledger.facts() {
            let mark = newest.entry(fact.writer).or_insert((fact.seq, *id));
            if fact.seq > mark.0 {
                *mark = (fact.seq, *id);
            }
        }
        let mark = |(writer, (seq, id))| Mark { writer, seq, id };
        Self(newest.into_iter().map(mark).take(MAX_HEADS).collect())
    }

    /// The item to sign.
    pub fn draft(&self) -> Draft {
        Draft { kind: Kind::Heads, key: Vec::new(), body: codec::encode(self) }
    }

    /// Reads the body of an item of kind `Heads`.
    pub fn read(body: &[u8]) -> Result<Self, Refusal> {
        let heads: Self = codec::decode(body)?;
        if heads.0.len() > MAX_HEADS {
            return Err(Refusal::Oversized);
        }
        let fine =
            heads.0.is_sorted_by(|a, b| a.writer < b.writer) && heads.0.iter().all(|mark| mark.seq > 0);
        if fine { Ok(heads) } else { Err(Refusal::Malformed) }
    }

    /// Compares another device's heads with what this one holds. `covered` is what snapshots stand for.
    pub fn compare(&self, ledger: &Ledger, covered: &BTreeMap<WriterId, u64>) -> Comparison {
        let held = held(ledger);
        let mut result = Comparison::default();
        for mark in &self.0 {
            let have = held.get(&mark.writer);
            result.missing.extend(holes(mark.writer, have, mark.seq, covered));
            let other = |have: &BTreeMap<u64, BTreeSet<ItemId>>| {
                have.get(&mark.seq).is_some_and(|ids| !ids.contains(&mark.id))
            };
            if have.is_some_and(other) {
                result.disagreeing.push(*mark);
            }
        }
        result
    }
}

impl Need {
    /// The item to sign.
    pub fn draft(&self) -> Draft {
        Draft { kind: Kind::Need, key: self.writer.0.to_vec(), body: codec::encode(self) }
    }

    /// Reads the body of an item of kind `Need`.
    pub fn read(body: &[u8]) -> Result<Self, Refusal> {
        let need: Self = codec::decode(body)?;
        match need.to.checked_sub(need.from) {
            _ if need.from == 0 => Err(Refusal::Malformed),
            None => Err(Refusal::Malformed),
            Some(span) if span >= MAX_NEED => Err(Refusal::Oversized),
            Some(_) => Ok(need),
        }
    }

    /// Items held here that fill the gap, oldest first, all that were signed at one place.
    pub fn answer(&self, ledger: &Ledger) -> Vec<ItemId> {
        let held = held(ledger);
        let chain = held.get(&self.writer).into_iter();
        chain.flat_map(|chain| chain.range(self.from..=self.to)).flat_map(|(_, ids)| ids).copied().collect()
    }
}

/// Gaps in what this device holds: numbers below a writer's newest item that are neither here nor covered.
pub fn gaps(ledger: &Ledger, covered: &BTreeMap<WriterId, u64>) -> Vec<Need> {
    let newest = |chain: &BTreeMap<u64, _>| chain.last_key_value().map_or(0, |(seq, _)| *seq);
    let held = held(ledger);
    held.iter().flat_map(|(writer, chain)| holes(*writer, Some(chain), newest(chain), covered)).collect()
}

type Chains = BTreeMap<WriterId, BTreeMap<u64, BTreeSet<ItemId>>>;

fn held(ledger: &Ledger) -> Chains {
    let mut held = Chains::new();
    for (id, fact) in ledger.facts() {
        held.entry(fact.writer).or_default().entry(fact.seq).or_default().insert(*id);
    }
    held
}

/// The holes of a chain up to `to`, in bites of at most [`MAX_NEED`], at most 16 of them at a time.
fn holes(
    writer: WriterId,
    chain: Option<&BTreeMap<u64, BTreeSet<ItemId>>>,
    to: u64,
    covered: &BTreeMap<WriterId, u64>,
) -> Vec<Need> {
    let mut from = covered.get(&writer).copied().unwrap_or(0).saturating_add(1);
    let mut holes = Vec::new();
    let held = chain.into_iter().flat_map(|chain| chain.keys().copied()).filter(|seq| *seq <= to);
    for seq in held.chain(std::iter::once(to.saturating_add(1))) {
        while from < seq && holes.len() < 16 {
            let last = (seq - 1).min(from.saturating_add(MAX_NEED - 1));
            holes.push(Need { writer, from, to: last });
            from = last.saturating_add(1);
        }
        from = from.max(seq.saturating_add(1));
    }
    holes
}
