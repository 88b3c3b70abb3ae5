//! Rates and shares per token and per household. Kept in memory only, in separate tables, so that nothing ties one to the other.

use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use ipnet::IpNet;
use trellis_protocol::MailboxId;

use crate::config::Config;
use crate::household::{WIDEST, levels};
use crate::shares::{Share, Shares};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Bytes that stored envelopes are charged by.
const BLOCK: usize = 4096;
/// Envelopes of the smallest size that a caller may append a minute, and at once, to a mailbox that is busy.
const RESERVE: u32 = 30;

/// How long to wait before trying again.
pub(crate) struct Wait(pub(crate) Duration);

/// All rates and shares of this process.
pub(crate) struct Limiter {
    appends: Rate<MailboxId>,
    /// By a hash that only this process can make, of a mailbox and a household: what a busy mailbox still takes of each.
    reserve: Rate<u64>,
    secret: RandomState,
    calls: Rate<IpNet>,
    creations: Rate<IpNet>,
    stored: Rate<IpNet>,
    streams: Shares,
    running: Shares,
    bytes: Shares,
    connections: Shares,
}

impl Limiter {
    pub(crate) fn new(config: &Config) -> Self {
        let blocks = config.address_stored.div_ceil(BLOCK as u64).try_into().unwrap_or(u32::MAX / WIDEST);
        let reserve = if config.token_rate == 0 { 0 } else { RESERVE };
        Self {
            appends: Rate::new(config.token_rate, MINUTE, config.token_burst),
            reserve: Rate::new(reserve, MINUTE, RESERVE),
            secret: RandomState::new(),
            calls: Rate::of_households(config.address_rate, MINUTE, config.address_burst),
            creations: Rate::of_households(config.address_creations, DAY, config.address_creations),
            stored: Rate::of_households(blocks, DAY, blocks),
            streams: Shares::new(config.address_streams),
            running: Shares::new(config.address_calls),
            bytes: Shares::new(config.address_memory),
            connections: Shares::new(config.address_connections),
        }
    }

    /// Charges a mailbox for `envelopes` appended.
    pub(crate) fn append(&self, mailbox: MailboxId, envelopes: usize) -> Result<(), Wait> {
        self.appends.charge(&mailbox, envelopes)
    }

    /// Charges what is kept for small envelopes to a busy mailbox: a call for help gets through, whoever fills the rest.
    pub(crate) fn reserve(&self, mailbox: MailboxId, address: IpAddr) -> Result<(), Wait> {
        let household = levels(address).first().map(|(network, _)| *network);
        self.reserve.charge(&self.secret.hash_one((mailbox, household)), 1)
    }

    /// Charges a household for a call that names `mailboxes`.
    pub(crate) fn call(&self, address: IpAddr, mailboxes: usize) -> Result<(), Wait> {
        self.calls.charge_household(address, mailboxes)
    }

    /// Charges a household for creating one mailbox.
    pub(crate) fn create(&self, address: IpAddr) -> Result<(), Wait> {
        self.creations.charge_household(address, 1)
    }

    /// Charges a household for `bytes` to be stored.
    pub(crate) fn store(&self, address: IpAddr, bytes: usize) -> Result<(), Wait> {
        self.stored.charge_household(address, bytes.div_ceil(BLOCK))
    }

    /// Counts one more event stream of a household.
    pub(crate) fn stream(&self, address: IpAddr) -> Result<Share, Wait> {
        self.streams.take(address, 1).ok_or(Wait(MINUTE))
    }

    /// Counts one more running call of a household.
    pub(crate) fn run(&self, address: IpAddr) -> Result<Share, Wait> {
        self.running.take(address, 1).ok_or(Wait(Duration::ZERO))
    }

    /// Starts counting the bytes that a call of a household holds.
    pub(crate) fn bytes(&self, address: IpAddr) -> Option<Share> {
        self.bytes.take(address, 0)
    }

    /// Counts one more connection of a household.
    pub(crate) fn connection(&self, address: IpAddr) -> Option<Share> {
        self.connections.take(address, 1)
    }

    /// Forgets whoever has been quiet long enough to start afresh anyway.
    pub(crate) fn forget_quiet(&self) {
        self.appends.forget_quiet();
        self.reserve.forget_quiet();
        self.calls.forget_quiet();
        self.creations.forget_quiet();
        self.stored.forget_quiet();
    }
}

/// One rate with a burst; `None` limits nothing.
struct Rate<K: Hash + Eq + Clone> {
    inner: Option<(DefaultKeyedRateLimiter<K>, NonZeroU32)>,
}

impl Rate<IpNet> {
    /// A rate in which a household's unit counts [`WIDEST`], and a network that has a few shares is charged less for it.
    fn of_households(amount: u32, per: Duration, burst: u32) -> Self {
        Self::new(amount.saturating_mul(WIDEST), per, burst.saturating_mul(WIDEST))
    }

    fn charge_household(&self, address: IpAddr, units: usize) -> Result<(), Wait> {
        let charge =
            |(network, share)| self.charge(&network, units.saturating_mul((WIDEST / share) as usize));
        levels(address).into_iter().try_for_each(charge)
    }
}

impl<K: Hash + Eq + Clone> Rate<K> {
    fn new(amount: u32, per: Duration, burst: u32) -> Self {
        let quota = NonZeroU32::new(amount).and_then(|amount| Quota::with_period(per / amount.get()));
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        Self { inner: quota.map(|quota| (RateLimiter::keyed(quota.allow_burst(burst)), burst)) }
    }

    /// What costs more than the whole burst is charged the whole burst, so that it can go through at all.
    fn charge(&self, key: &K, units: usize) -> Result<(), Wait> {
        let Some((limiter, burst)) = &self.inner else { return Ok(()) };
        let units = u32::try_from(units).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
        match limiter.check_key_n(key, units.min(*burst)) {
            Ok(Err(until)) => Err(Wait(until.wait_time_from(DefaultClock::default().now()))),
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }

    fn forget_quiet(&self) {
        if let Some((limiter, _)) = &self.inner {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}
