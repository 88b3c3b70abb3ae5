//! How much of something each household holds at once: connections, calls, streams, bytes.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipnet::IpNet;

use crate::household::{Level, levels};

/// What all households hold of one thing.
#[derive(Clone)]
pub(crate) struct Shares {
    most: usize,
    held: Arc<Mutex<HashMap<IpNet, usize>>>,
}

/// What one holder has of it; given back when dropped.
pub(crate) struct Share {
    of: Shares,
    levels: Vec<Level>,
    amount: usize,
}

impl Shares {
    /// At most so much for each household, 0 for no limit.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, held: Arc::default() }
    }

    /// Takes an amount, if the household still has it.
    pub(crate) fn take(&self, address: IpAddr, amount: usize) -> Option<Share> {
        let mut share = Share { of: self.clone(), levels: levels(address), amount: 0 };
        share.grow(amount).then_some(share)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpNet, usize>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share {
    /// Takes more, if the household still has it.
    pub(crate) fn grow(&mut self, amount: usize) -> bool {
        let mut held = self.of.lock();
        let fits = |(network, times): &Level| {
            let most = self.of.most.saturating_mul(*times as usize);
            self.of.most == 0 || held.get(network).copied().unwrap_or(0).saturating_add(amount) <= most
        };
        if !self.levels.iter().all(fits) {
            return false;
        }
        for (network, _) in &self.levels {
            *held.entry(*network).or_default() += amount;
        }
        self.amount += amount;
        true
    }

    /// Gives back all but `amount`.
    pub(crate) fn shrink_to(&mut self, amount: usize) {
        let back = self.amount.saturating_sub(amount);
        self.amount -= back;
        let mut held = self.of.lock();
        for (network, _) in &self.levels {
            if let Some(count) = held.get_mut(network) {
                *count -= back;
                if *count == 0 {
                    held.remove(network);
                }
            }
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.shrink_to(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_has_its_share_and_a_wide_network_a_few_of_them() {
        let shares = Shares::new(2);
        let at = |low: u16| IpAddr::from([0x2001, 0xdb8, 1, low, 0, 0, 0, 1]);
        let mut held: Vec<Share> =
            (0..4).flat_map(|low| [shares.take(at(low), 1), shares.take(at(low), 1)]).flatten().collect();
        assert_eq!(held.len(), 8);
        assert!(shares.take(at(0), 1).is_none(), "a third of one household");
        assert!(shares.take(at(9), 1).is_none(), "the /56 has four shares");
        assert!(shares.take(at(0x900), 1).is_some(), "another /56");
        held.pop();
        assert!(shares.take(at(9), 1).is_some());
        held.clear();
        assert!(shares.lock().is_empty());
    }

    #[test]
    fn a_share_grows_and_shrinks_within_the_limit() {
        let shares = Shares::new(10);
        let address = IpAddr::from([192, 0, 2, 1]);
        let mut share = shares.take(address, 4).unwrap();
        assert!(!share.grow(7) && share.grow(6));
        share.shrink_to(3);
        assert!(shares.take(address, 8).is_none() && shares.take(address, 7).is_some());
    }
}
