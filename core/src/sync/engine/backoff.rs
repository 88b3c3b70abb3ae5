//! When to try again after a failure, and what to say of it meanwhile. All times are running time: setting the clock makes no
//! wait shorter or longer.

use trellis_api_types::sync::SyncState;

use crate::transport::NetError;

/// First wait after a failure, milliseconds.
const FIRST: i64 = 2_000;
/// Longest wait, milliseconds.
const LONGEST: i64 = 15 * 60_000;

/// Failures in a row and when the next try may come.
#[derive(Debug)]
pub struct Patience {
    longest: i64,
    failures: u32,
    retry_at: i64,
    last: Option<NetError>,
}

impl Default for Patience {
    fn default() -> Self {
        Self::up_to(LONGEST)
    }
}

impl Patience {
    /// Waits that grow up to `longest` milliseconds.
    pub fn up_to(longest: i64) -> Self {
        Self { longest, failures: 0, retry_at: 0, last: None }
    }

    /// A call worked.
    pub fn worked(&mut self) {
        *self = Self::up_to(self.longest);
    }

    /// The person asks for it now.
    pub fn hurry(&mut self) {
        self.retry_at = 0;
    }

    /// A call failed. `luck` is random: it spreads devices between half and all of the wait.
    pub fn failed(&mut self, error: NetError, now: i64, luck: u32) {
        let doubled = FIRST.saturating_mul(1 << self.failures.min(20));
        let wait = doubled.min(self.longest);
        let spread = wait / 2 + i64::from(luck) * (wait / 2) / i64::from(u32::MAX);
        let asked = match error {
            NetError::RateLimited { retry_after: Some(seconds) } => i64::from(seconds) * 1000,
            _ => 0,
        };
        self.failures = self.failures.saturating_add(1);
        self.retry_at = now + spread.max(asked.min(self.longest));
        self.last = Some(error);
    }

    /// When the next try may come, if it has to wait.
    pub fn wait_until(&self, now: i64) -> Option<i64> {
        (now < self.retry_at).then_some(self.retry_at)
    }

    /// What to say, if something failed, by a clock that is this much ahead of running time.
    pub fn state(&self, ahead: i64) -> Option<SyncState> {
        match self.last.as_ref()? {
            NetError::Offline => Some(SyncState::Offline),
            error => {
                Some(SyncState::Failed { code: error.code().to_owned(), retry_at: self.retry_at + ahead })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_quarter_of_an_hour_and_are_spread() {
        let mut patience = Patience::default();
        let mut waits = Vec::new();
        for _ in 0..40 {
            patience.failed(NetError::Unreachable, 0, u32::MAX);
            waits.push(patience.retry_at);
        }
        assert_eq!(waits[..4], [2_000, 4_000, 8_000, 16_000]);
        assert_eq!(waits[39], LONGEST);
        patience.worked();
        patience.failed(NetError::Unreachable, 0, 0);
        assert_eq!(patience.retry_at, 1_000);
    }

    #[test]
    fn a_relay_that_names_a_time_is_heard() {
        let mut patience = Patience::default();
        patience.failed(NetError::RateLimited { retry_after: Some(60) }, 0, 0);
        assert_eq!(patience.wait_until(59_999), Some(60_000));
        assert_eq!(patience.wait_until(60_000), None);
    }
}
