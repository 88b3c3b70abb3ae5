//! Which epochs are valid, which are live, and which one to write to.

use std::collections::{BTreeMap, BTreeSet};

use super::open::{Open, rank};
use super::roster::Roster;
use super::{EpochId, ItemId, Kind, Refusal, VerifiedItem};
use crate::crypto::DeviceId;

/// All `open`s known of one space.
#[derive(Clone, Default)]
pub struct Epochs {
    /// Epochs of an earlier version, whose ids were random.
    older: BTreeSet<EpochId>,
    opens: BTreeMap<EpochId, BTreeMap<[u8; 32], Known>>,
}

/// One `open` and the items that carry it: one in each mailbox it was put into.
#[derive(Clone, Debug)]
pub struct Known {
    /// Who opened it.
    pub signer: DeviceId,
    /// What it says.
    pub open: Open,
    /// Items with this signer and body.
    pub items: BTreeSet<ItemId>,
}

/// Where new items go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Write to this epoch.
    Write(EpochId),
    /// No epoch is fit: open one with these parents (at once if you removed someone, else after 0 to 60 s).
    OpenOver(Vec<EpochId>),
}

impl Epochs {
    /// None yet, beside ids of an earlier version that are known here.
    pub fn with_older(older: impl IntoIterator<Item = EpochId>) -> Self {
        Self { older: older.into_iter().collect(), ..Self::default() }
    }

    /// Takes in an item of kind `Open`, whether or not it counts; others are left alone. Errors: those of [`Open::read`],
    /// `foreign-epoch` for an id that does not follow from space, signer and commitment.
    pub fn insert(&mut self, item: &VerifiedItem) -> Result<(), Refusal> {
        if item.item().kind != Kind::Open {
            return Ok(());
        }
        let open = Open::read(&item.item().body)?;
        let signer = item.item().device;
        let named = EpochId::of(&item.scope().space, &signer, &open.commitment);
        let is_named = open.epoch == named || self.older.contains(&open.epoch);
        if !is_named || item.item().key.as_slice() != open.epoch.as_bytes() {
            return Err(Refusal::ForeignEpoch);
        }
        let same = self.opens.entry(open.epoch).or_default();
        let known =
            same.entry(rank(&open, &signer)).or_insert(Known { signer, open, items: BTreeSet::new() });
        known.items.insert(item.id());
        Ok(())
    }

    /// The valid epochs: signer and recipients entitled by the named heads, parents valid. Of several `open`s of one
    /// id, all by one device, the smallest hash stands. The commitment is checked where the secret is: [`Open::secret_for`].
    pub fn valid(&self, roster: &dyn Roster) -> BTreeMap<EpochId, &Known> {
        let mut fit: BTreeMap<EpochId, Vec<&Known>> = BTreeMap::new();
        for (epoch, opens) in &self.opens {
            fit.insert(*epoch, opens.values().filter(|known| known.is_entitled(roster)).collect());
        }
        let mut valid: BTreeMap<EpochId, &Known> = BTreeMap::new();
        loop {
            let rooted = |known: &&Known| known.open.parents.iter().all(|parent| valid.contains_key(parent));
            let found = fit
                .iter()
                .filter_map(|(epoch, opens)| Some((*epoch, *opens.iter().copied().find(rooted).as_ref()?)));
            let next: BTreeMap<EpochId, &Known> = found.collect();
            if next.len() == valid.len() {
                return next;
            }
            valid = next;
        }
    }

    /// The live epochs: valid, and everyone who may have been handed the secret is still entitled, its maker too.
    /// Grants come later also, so nobody may have lost their place since it was opened, as far as an opening can name that: else
    /// no opening would be enough.
    pub fn live(&self, roster: &dyn Roster) -> BTreeMap<EpochId, &Known> {
        let entitled = roster.entitled();
        let mut live = self.valid(roster);
        let named = roster.dropped_at(&roster.authority_heads()).unwrap_or_default();
        let dropped: BTreeSet<DeviceId> = roster.dropped().intersection(&named).copied().collect();
        live.retain(|_, known| {
            let before = roster.dropped_at(&known.open.authority).unwrap_or_default();
            known.holders().all(|holder| entitled.contains_key(holder)) && dropped.is_subset(&before)
        });
        live
    }

    /// Where to write: the smallest live epoch without a live descendant.
    pub fn choose(&self, roster: &dyn Roster) -> Choice {
        self.choose_held(roster, |_| false)
    }

    /// The same, but rather one whose key is `held`: nobody is silenced by an epoch whose maker gives its key to nobody.
    pub fn choose_held(&self, roster: &dyn Roster, held: impl Fn(&EpochId) -> bool) -> Choice {
        let valid = self.valid(roster);
        let live: BTreeSet<EpochId> = self.live(roster).into_keys().collect();
        let has_heir = |epoch: &EpochId| live.iter().any(|other| descends(&valid, other, epoch));
        let ends: Vec<&EpochId> = live.iter().filter(|epoch| !has_heir(epoch)).collect();
        match ends.iter().find(|epoch| held(epoch)).or(ends.first()) {
            Some(epoch) => Choice::Write(**epoch),
            None => Choice::OpenOver(leaves(&valid)),
        }
    }

    /// The valid epochs that nothing follows: the parents of the next one.
    pub fn leaves(&self, roster: &dyn Roster) -> Vec<EpochId> {
        leaves(&self.valid(roster))
    }

    /// All `open`s known of an epoch.
    pub fn opens_of(&self, epoch: &EpochId) -> impl Iterator<Item = &Known> {
        self.opens.get(epoch).into_iter().flat_map(BTreeMap::values)
    }
}

impl Known {
    /// Whether a device made this epoch or was granted it at the opening.
    pub fn is_held_by(&self, device: &DeviceId) -> bool {
        self.holders().any(|holder| holder == device)
    }

    fn holders(&self) -> impl Iterator<Item = &DeviceId> {
        std::iter::once(&self.signer).chain(self.open.grants.iter().map(|grant| &grant.device))
    }

    fn is_entitled(&self, roster: &dyn Roster) -> bool {
        let entitled = roster.entitled_at(&self.open.authority);
        entitled.is_some_and(|entitled| self.holders().all(|holder| entitled.contains_key(holder)))
    }
}

fn leaves(valid: &BTreeMap<EpochId, &Known>) -> Vec<EpochId> {
    let parents: BTreeSet<&EpochId> = valid.values().flat_map(|known| &known.open.parents).collect();
    valid.keys().filter(|epoch| !parents.contains(epoch)).copied().collect()
}

/// Returns the epochs that follow one and lead to another, which is among them.
pub fn between(valid: &BTreeMap<EpochId, &Known>, from: &EpochId, to: &EpochId) -> BTreeSet<EpochId> {
    let mut heirs = BTreeMap::<EpochId, Vec<EpochId>>::new();
    for (epoch, known) in valid {
        known.open.parents.iter().for_each(|parent| heirs.entry(*parent).or_default().push(*epoch));
    }
    let before = reached(to, |epoch| valid.get(epoch).map(|known| known.open.parents.as_slice()));
    let after = reached(from, |epoch| heirs.get(epoch).map(Vec::as_slice));
    before.intersection(&after).chain(after.get(to)).copied().collect()
}

/// Returns all that is reached from an epoch, step by step.
fn reached<'a>(from: &EpochId, next: impl Fn(&EpochId) -> Option<&'a [EpochId]>) -> BTreeSet<EpochId> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![*from]);
    while let Some(epoch) = open.pop() {
        open.extend(next(&epoch).unwrap_or_default().iter().filter(|other| seen.insert(**other)));
    }
    seen
}

/// Whether an epoch follows another one, near or far.
pub fn descends(valid: &BTreeMap<EpochId, &Known>, epoch: &EpochId, ancestor: &EpochId) -> bool {
    let mut seen = BTreeSet::new();
    let mut next: Vec<EpochId> = valid.get(epoch).map(|known| known.open.parents.clone()).unwrap_or_default();
    while let Some(parent) = next.pop() {
        if parent == *ancestor {
            return true;
        }
        if seen.insert(parent) {
            next.extend(valid.get(&parent).iter().flat_map(|known| &known.open.parents));
        }
    }
    false
}
