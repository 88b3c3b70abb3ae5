//! The seam to epochs and items: who is entitled, and who lost their place.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::{age, judge};
use super::{Members, Node, signed_for};
use crate::crypto::DeviceId;
use crate::space::device_log::{self, DeviceLog, bits::Bits};
use crate::space::roster::Roster;
use crate::space::{AccountId, Device, EntryId};

/// Devices of the members by what is looked at.
struct Sight<'a> {
    nodes: &'a [Node],
    set: Bits,
    devices: BTreeMap<AccountId, device_log::State>,
}

/// Everyone who is granted keys for an account.
pub(super) fn keys_of(state: &device_log::State) -> BTreeSet<DeviceId> {
    state.recipients().into_iter().map(|device| device.id).collect()
}

impl Members {
    fn sight(&self) -> Sight<'_> {
        let members = judge(&self.view()).state.members;
        let of = |account: &AccountId| self.logs.get(account).map(DeviceLog::state).unwrap_or_default();
        let devices = members.keys().map(|account| (*account, of(account))).collect();
        Sight { nodes: &self.nodes, set: Bits::all(self.nodes.len()), devices }
    }

    fn sight_at(&self, heads: &[EntryId]) -> Option<Sight<'_>> {
        let (set, named) = self.past_of(heads)?;
        let members = self.judge_at(&set, &named).state.members;
        let devices = members.keys().map(|account| (*account, self.devices_at(account, &named))).collect();
        Some(Sight { nodes: &self.nodes, set, devices })
    }
}

impl Sight<'_> {
    /// Where two members claim one device, the one it signed for stands; else the smaller keys.
    fn entitled(&self) -> BTreeMap<DeviceId, Device> {
        let own = signed_for(self.nodes, &self.set);
        let mut all: BTreeMap<DeviceId, (bool, Device)> = BTreeMap::new();
        for (account, state) in &self.devices {
            for device in state.recipients() {
                let claim = (!own.contains(&(device.id, *account)), device);
                all.entry(device.id).and_modify(|known| *known = claim.min(*known)).or_insert(claim);
            }
        }
        all.into_iter().map(|(id, (_, device))| (id, device)).collect()
    }

    /// Whoever held a place when somebody came or went by an entry that its own past allowed, and the devices that
    /// members lost since they came; without those entitled.
    fn dropped(&self) -> BTreeSet<DeviceId> {
        let entitled = self.entitled();
        let moved = self.set.iter().filter_map(|at| self.nodes.get(at)).filter(|node| node.right.is_some());
        let mut dropped: BTreeSet<DeviceId> = moved.flat_map(|node| node.holders.iter().copied()).collect();
        for (account, state) in &self.devices {
            let before = self.lost_before(account);
            dropped.extend(state.gone.iter().filter(|device| !before.contains(*device)));
        }
        dropped.retain(|device| !entitled.contains_key(device));
        dropped
    }

    /// The devices that an account had lost before it first came.
    fn lost_before(&self, account: &AccountId) -> BTreeSet<DeviceId> {
        let came = |at: &usize| {
            self.nodes
                .get(*at)
                .is_some_and(|node| node.right.is_some() && node.entry.added() == Some(*account))
        };
        let first = self.set.iter().filter(came).min_by_key(|at| age(self.nodes, *at));
        first.and_then(|at| self.nodes.get(at)).map(|node| node.lost.clone()).unwrap_or_default()
    }
}

impl Roster for Members {
    fn entitled(&self) -> BTreeMap<DeviceId, Device> {
        self.sight().entitled()
    }

    fn entitled_at(&self, heads: &[EntryId]) -> Option<BTreeMap<DeviceId, Device>> {
        Some(self.sight_at(heads)?.entitled())
    }

    fn dropped(&self) -> BTreeSet<DeviceId> {
        self.sight().dropped()
    }

    fn dropped_at(&self, heads: &[EntryId]) -> Option<BTreeSet<DeviceId>> {
        Some(self.sight_at(heads)?.dropped())
    }

    fn authority_heads(&self) -> Vec<EntryId> {
        self.heads(None, None)
    }
}
