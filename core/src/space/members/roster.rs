//! The seam to epochs and items: who is entitled, and who lost their place.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::{Judged, Standing, View, age, judge};
use super::{Members, Named, Node, heads, signed_for};
use crate::crypto::DeviceId;
use crate::space::device_log;
use crate::space::roster::Roster;
use crate::space::{AccountId, Device, EntryId};

/// What is looked at, what it says, and by it the devices of everybody who is or was in the space.
pub(super) struct Sight<'a> {
    view: View<'a>,
    judged: Judged,
    devices: BTreeMap<AccountId, device_log::State>,
    /// Who signed in the device log of which account: papers sign nothing in a roster.
    signers: BTreeSet<(DeviceId, AccountId)>,
}

/// Everyone who is granted keys for an account.
pub(super) fn keys_of(state: &device_log::State) -> BTreeSet<DeviceId> {
    state.recipients().into_iter().map(|device| device.id).collect()
}

impl Members {
    pub(super) fn sight(&self) -> Sight<'_> {
        let newest = |account: &AccountId| Some((*account, heads::newest(self.logs.get(account)?)));
        let named = self.added.iter().filter_map(newest).collect();
        self.sight_of(self.view(), self.judged().clone(), &named)
    }

    fn sight_at(&self, heads: &[EntryId]) -> Option<Sight<'_>> {
        let (set, named) = self.past_of(heads, None)?;
        let view = self.view_at(&set, &named);
        let judged = judge(&view);
        Some(self.sight_of(view, judged, &named))
    }

    /// Most people who are let in sign nothing in the roster, and their devices stay theirs when they are out: so everybody is looked at
    /// who was ever added.
    fn sight_of<'a>(&'a self, view: View<'a>, judged: Judged, named: &Named) -> Sight<'a> {
        let added = self.added_in(&view.set);
        let devices = added.iter().map(|account| (*account, self.devices_at(account, named))).collect();
        let signers = added.iter().flat_map(|account| self.signers(account, named)).collect();
        Sight { view, judged, devices, signers }
    }

    /// Returns who signed in an account's device log, up to the named entries.
    fn signers(&self, account: &AccountId, named: &Named) -> BTreeSet<(DeviceId, AccountId)> {
        let (log, heads) = (self.logs.get(account), named.get(account));
        let entries = log.zip(heads).into_iter().flat_map(|(log, heads)| log.up_to(heads));
        entries.map(|entry| (entry.signer(), *account)).collect()
    }

    /// Returns whose each entitled device is. Where several members claim one, it may be any of theirs.
    pub(super) fn claims(&self) -> &BTreeMap<DeviceId, BTreeSet<AccountId>> {
        self.claims.get_or_init(|| {
            let mut claims = BTreeMap::<DeviceId, BTreeSet<AccountId>>::new();
            for (account, device) in self.sight().claimed() {
                claims.entry(device.id).or_default().insert(account);
            }
            claims
        })
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

    /// Where several members claim one device, the smaller keys stand.
    fn entitled(&self) -> BTreeMap<DeviceId, Device> {
        let mut all: BTreeMap<DeviceId, Device> = BTreeMap::new();
        for (_, device) in self.claimed() {
            all.entry(device.id).and_modify(|known| *known = device.min(*known)).or_insert(device);
        }
        all
    }

    /// Returns the devices and papers of each member that can be theirs.
    fn claimed(&self) -> Vec<(AccountId, Device)> {
        let mut signed: BTreeMap<DeviceId, BTreeSet<AccountId>> = BTreeMap::new();
        let in_roster = signed_for(self.view.nodes, &self.view.set);
        for (device, account) in in_roster.into_iter().chain(self.signers.iter().copied()) {
            signed.entry(device).or_default().insert(account);
        }
        let named = self.of_members().flat_map(|(account, state)| {
            state.recipients().into_iter().map(move |device| (*account, device))
        });
        let may_claim =
            |(account, device): &(_, Device)| self.may_claim(account, &device.id, signed.get(&device.id));
        named.filter(may_claim).collect()
    }

    fn of_members(&self) -> impl Iterator<Item = (&AccountId, &device_log::State)> {
        let members = &self.judged.state.members;
        self.devices.iter().filter(|(account, _)| members.contains_key(account))
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
        let mut others = self.devices.iter().filter(|(other, _)| *other != account);
        !others.any(|(other, state)| {
            let is_out = !members.contains_key(other);
            state.gone.contains(device) || is_out && state.is_entitled(device)
        })
    }

    /// Whoever held a place when somebody came or went by an entry that matters, and the devices that members lost since
    /// they came; without those entitled.
    fn dropped(&self) -> BTreeSet<DeviceId> {
        let entitled = self.entitled();
        let moved = self.view.set.iter().filter(|at| self.matters(*at));
        let moved = moved.filter_map(|at| self.view.nodes.get(at));
        let mut dropped: BTreeSet<DeviceId> = moved.flat_map(|node| node.holders.iter().copied()).collect();
        for (account, state) in self.of_members() {
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
