//! Who is entitled: the seam between epochs, items and whatever decides about membership.

use std::collections::{BTreeMap, BTreeSet};

use super::device_log::DeviceLog;
use super::open::MAX_AUTHORITY;
use super::{Device, EntryId};
use crate::crypto::DeviceId;

/// Decides who may write and who is granted keys. The personal space's is the account's [`DeviceLog`].
pub trait Roster {
    /// Everyone entitled by all that is known: devices and papers.
    fn entitled(&self) -> BTreeMap<DeviceId, Device>;

    /// Everyone entitled by these authority heads and their past; `None` if one of them is not known.
    fn entitled_at(&self, heads: &[EntryId]) -> Option<BTreeMap<DeviceId, Device>>;

    /// Everyone who lost their place, by all that is known.
    fn dropped(&self) -> BTreeSet<DeviceId>;

    /// Everyone who had lost their place by these heads and their past; `None` if one of them is not known.
    fn dropped_at(&self, heads: &[EntryId]) -> Option<BTreeSet<DeviceId>>;

    /// The newest authority heads, sorted, no more than an `open` can name.
    fn authority_heads(&self) -> Vec<EntryId>;
}

impl Roster for DeviceLog {
    fn entitled(&self) -> BTreeMap<DeviceId, Device> {
        self.state().recipients().into_iter().map(|device| (device.id, device)).collect()
    }

    fn entitled_at(&self, heads: &[EntryId]) -> Option<BTreeMap<DeviceId, Device>> {
        let recipients = self.state_at(heads)?.recipients();
        Some(recipients.into_iter().map(|device| (device.id, device)).collect())
    }

    fn dropped(&self) -> BTreeSet<DeviceId> {
        self.state().gone
    }

    fn dropped_at(&self, heads: &[EntryId]) -> Option<BTreeSet<DeviceId>> {
        Some(self.state_at(heads)?.gone)
    }

    fn authority_heads(&self) -> Vec<EntryId> {
        let mut heads = self.newest(MAX_AUTHORITY);
        heads.sort_unstable();
        heads
    }
}
