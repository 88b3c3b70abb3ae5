//! How many epochs of each device are read.

use std::collections::{BTreeMap, BTreeSet};

use crate::crypto::DeviceId;
use crate::error::Result;
use crate::space::EpochId;
use crate::space::epochs::Choice;
use crate::store::SpaceTx;
use crate::sync::space_state::Known;

/// Most epochs that are read because one device opened them, beside the one that is written to.
const MAX_OF_ONE: usize = 512;

/// How many more epochs of each device are read here: nobody makes the others read mailboxes without end.
pub struct Room {
    held: BTreeSet<EpochId>,
    of: BTreeMap<DeviceId, usize>,
    write: Option<EpochId>,
}

impl Room {
    /// By what is held and known now.
    pub fn new(tx: &SpaceTx<'_>, known: &Known) -> Result<Self> {
        let (mut held, mut of) = (BTreeSet::new(), BTreeMap::new());
        for row in tx.epochs()? {
            held.insert(EpochId(row.id));
            *row.opener.map_or(&mut 0, |opener| of.entry(DeviceId(opener)).or_default()) += 1;
        }
        let write = match known.epochs.choose(known.roster()) {
            Choice::Write(epoch) => Some(epoch),
            Choice::OpenOver(_) => None,
        };
        Ok(Self { held, of, write })
    }

    /// Whether an epoch of this device is not here and would be read.
    pub fn is_for(&self, epoch: &EpochId, opener: &DeviceId) -> bool {
        let full = self.of.get(opener).is_some_and(|count| *count >= MAX_OF_ONE);
        !self.held.contains(epoch) && (!full || self.write == Some(*epoch))
    }

    /// Counts one more. False if it was here.
    pub fn take(&mut self, epoch: EpochId, opener: DeviceId) -> bool {
        *self.of.entry(opener).or_default() += 1;
        self.held.insert(epoch)
    }
}
