//! The seam to epochs and items: who is entitled, and who lost their place.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::{Judged, Standing, View, age, judge};
use super::{Members, Node, heads, signed_for};
use crate::crypto::DeviceId;
use crate::space::device_log::{self, DeviceLog};
use crate::space::roster::Roster;
use crate::space::{AccountId, Device, EntryId};

/// What is looked at, what it says, and the members' devices by it.
pub(super) struct Sight<'a> {
    view: View<'a>,
    judged: Judged,
    devices: BTreeMap<AccountId, device_log::State>,
    /// Who signed in the device log of which account: papers sign nothing in a roster.
    signers: Vec<(DeviceId, AccountId)>,
}

/// Everyone who is granted keys for an account.
pub(super) fn keys_of(state: &device_log::State) -> BTreeSet<DeviceId> {
    state.recipients().into_iter().map(|device| device.id).collect()
}

impl Members {
    pub(super) fn sight(&self) -> Sight<'_> {
        let (view, judged) = (self.view(), self.judged().clone());
        let devices = judged.state.members.keys().map(|account| (*account, self.devices(account))).collect();
        let heads = |log: &DeviceLog| heads::newest(log);
        let signers = self.signers(view.devices.keys().chain(judged.state.members.keys()), heads);
        Sight { view, judged, devices, signers }
    }

    /// Who signed in device logs, up to these heads of each.
    fn signers<'a>(
        &self,
        accounts: impl Iterator<Item = &'a AccountId>,
        heads: impl Fn(&DeviceLog) -> Vec<EntryId>,
    ) -> Vec<(DeviceId, AccountId)> {
        let accounts: BTreeSet<&AccountId> = accounts.collect();
        let logs = accounts.into_iter().filter_map(|account| self.logs.get(account));
        let of = |log: &DeviceLog| {
            let signers: BTreeSet<DeviceId> = log.up_to(&heads(log)).map(device_log::Entry::signer).collect();
            let account = log.account();
            signers.into_iter().map(move |signer| (signer, account)).collect::<Vec<_>>()
        };
        logs.flat_map(of).collect()
    }

    fn sight_at(&self, heads: &[EntryId]) -> Option<Sight<'_>> {
        let (set, named) = self.past_of(heads, None)?;
        let view = self.view_at(&set, &named);
        let judged = judge(&view);
        let of = |account: &AccountId| (*account, self.devices_at(account, &named));
        let devices = judged.state.members.keys().map(of).collect();
        let heads = |log: &DeviceLog| named.get(&log.account()).cloned().unwrap_or_default();
        let signers = self.signers(view.devices.keys().chain(judged.state.members.keys()), heads);
        Some(Sight { view, judged, devices, signers })
    }
}

impl Sight<'_> {
    /// The members.
    pub(super) fn members(&self) -> impl Iterator<Item = &AccountId> {
        self.judged.state.members.keys()
    }

    /// The entries that an account's place rests on.
    pub(super) fn rests_on(&self, account: &AccountId) -> Vec<usize> {
        let standing: Option<&Standing> = self.judged.standing.get(account);
        standing.map(|standing| standing.rests_on(self.view.nodes)).unwrap_or_default()
    }

    /// Whether an entry says anything to the others: it counts, or might have without what others said at the same time.
    /// What somebody who is out says beside their going does not.
    pub(super) fn matters(&self, at: usize) -> bool {
        let of_member = |node: &Node| self.judged.state.members.contains_key(&node.entry.account());
        let node = self.view.nodes.get(at).filter(|node| node.right.is_some() && self.view.is_voiced(at));
        node.is_some_and(|node| self.judged.counting.contains(at) || of_member(node))
    }

    /// The entries that let what counts by signed-out devices stand.
    pub(super) fn upholders(&self) -> impl Iterator<Item = usize> {
        self.judged.counting.iter().filter_map(|at| self.view.upholder(at))
    }

    /// Where several members claim one device, the smaller keys stand, unless it signed for one of them.
    fn entitled(&self) -> BTreeMap<DeviceId, Device> {
        let mut signed: BTreeMap<DeviceId, BTreeSet<AccountId>> = BTreeMap::new();
        let in_roster = signed_for(self.view.nodes, &self.view.set);
        for (device, account) in in_roster.into_iter().chain(self.signers.iter().copied()) {
            signed.entry(device).or_default().insert(account);
        }
        let mut all: BTreeMap<DeviceId, Device> = BTreeMap::new();
        for (account, state) in &self.devices {
            let own = state.recipients().into_iter();
            for device in own.filter(|device| self.may_claim(account, &device.id, signed.get(&device.id))) {
                all.entry(device.id).and_modify(|known| *known = device.min(*known)).or_insert(device);
            }
        }
        all
    }

    /// Whether a device can be this account's. One that signed for an account here is of no other, or whoever was signed out or removed
    /// would come back by the claim of a friend. One that signed nothing is nobody's while another account says that it is gone.
    fn may_claim(
        &self,
        account: &AccountId,
        device: &DeviceId,
        signed: Option<&BTreeSet<AccountId>>,
    ) -> bool {
        if let Some(signed) = signed {
            return signed.len() == 1 && signed.contains(account);
        }
        let members = &self.judged.state.members;
        let mut others = self.view.devices.iter().chain(&self.devices).filter(|(other, _)| *other != account);
        !others.any(|(other, state)| {
            let is_out = !members.contains_key(other);
            state.gone.contains(device) || is_out && state.active.contains_key(device)
        })
    }

    /// Whoever held a place when somebody came or went by an entry that matters, and the devices that members lost since
    /// they came; without those entitled.
    fn dropped(&self) -> BTreeSet<DeviceId> {
        let entitled = self.entitled();
        let moved = self.view.set.iter().filter(|at| self.matters(*at));
        let moved = moved.filter_map(|at| self.view.nodes.get(at));
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
        let nodes = self.view.nodes;
        let came = |at: &usize| nodes.get(*at).is_some_and(|node| node.entry.added() == Some(*account));
        let first = self.judged.counting.iter().filter(came).min_by_key(|at| age(nodes, *at));
        first.and_then(|at| nodes.get(at)).map(|node| node.lost.clone()).unwrap_or_default()
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
        self.heads(None, &[])
    }
}
