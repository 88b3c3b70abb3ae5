//! Rates per token and per address. Kept in memory only, in separate tables, so that nothing ties one to the other.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use trellis_protocol::MailboxId;

use crate::config::Config;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait before trying again.
pub(crate) struct Wait(pub(crate) Duration);

/// All rates of this process.
pub(crate) struct Limiter {
    appends: Rate<MailboxId>,
    calls: Rate<IpAddr>,
    creations: Rate<IpAddr>,
    streams: Arc<Streams>,
}

/// How many event streams each address has open.
struct Streams {
    most: usize,
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// One open event stream, counted until dropped.
pub(crate) struct Stream {
    streams: Arc<Streams>,
    address: IpAddr,
}

impl Limiter {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            appends: Rate::new(config.token_rate, MINUTE, config.token_burst),
            calls: Rate::new(config.address_rate, MINUTE, config.address_burst),
            creations: Rate::new(config.address_creations, DAY, config.address_creations),
            streams: Arc::new(Streams { most: config.address_streams, open: Mutex::default() }),
        }
    }

    /// Charges a mailbox for `envelopes` appended.
    pub(crate) fn append(&self, mailbox: MailboxId, envelopes: usize) -> Result<(), Wait> {
        self.appends.charge(&mailbox, envelopes)
    }

    /// Charges an address for a call that names `mailboxes`.
    pub(crate) fn call(&self, address: IpAddr, mailboxes: usize) -> Result<(), Wait> {
        self.calls.charge(&household(address), mailboxes)
    }

    /// Charges an address for creating one mailbox.
    pub(crate) fn create(&self, address: IpAddr) -> Result<(), Wait> {
        self.creations.charge(&household(address), 1)
    }

    /// Counts one more event stream of an address.
    pub(crate) fn stream(&self, address: IpAddr) -> Result<Stream, Wait> {
        let address = household(address);
        let mut open = self.streams.lock();
        let count = open.entry(address).or_default();
        if self.streams.most > 0 && *count >= self.streams.most {
            return Err(Wait(MINUTE));
        }
        *count += 1;
        Ok(Stream { streams: self.streams.clone(), address })
    }

    /// Forgets whoever has been quiet long enough to start afresh anyway.
    pub(crate) fn forget_quiet(&self) {
        self.appends.forget_quiet();
        self.calls.forget_quiet();
        self.creations.forget_quiet();
    }
}

impl Streams {
    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// An IPv6 customer has a whole /64; anything finer would be no limit.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (!0 << 64)).into(),
        v4 => v4,
    }
}

/// One rate with a burst; `None` limits nothing.
struct Rate<K: Hash + Eq + Clone> {
    inner: Option<(DefaultKeyedRateLimiter<K>, NonZeroU32)>,
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
