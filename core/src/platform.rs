//! What the core asks of the machine it runs on: the time and randomness.

use chrono::NaiveDateTime;

/// Source of time. A wrong clock is expected: nothing that must hold depends on it.
pub trait Clock {
    /// Milliseconds since 1970, UTC.
    fn now_ms(&self) -> i64;
    /// The person's local date and time, for which day a check-in belongs to.
    fn local(&self) -> NaiveDateTime;
}

/// Source of randomness for keys, ids and jitter.
pub trait Entropy {
    /// Fills `out` with random bytes fit for keys.
    fn fill(&self, out: &mut [u8]);

    /// Fresh random bytes.
    fn bytes<const N: usize>(&self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }
}
