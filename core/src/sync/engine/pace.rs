//! How much goes in one call: less after one that did not get through, more after some that did. A phone on a poor line gets its
//! queue through a little at a time.

/// Bytes of the first call.
const FIRST: usize = 256 * 1024;
/// Most bytes of envelopes in one call.
const MOST: usize = 1024 * 1024;
/// Fewest; a single envelope goes all the same.
const FEWEST: usize = 8 * 1024;

/// Calls in a row that get through quickly before the next ones are larger.
const STREAK: u32 = 4;
/// A call is quick if it takes no longer, milliseconds.
const QUICK: i64 = 8_000;
/// A call is slow if it takes longer, milliseconds: twice as much might not be through before it is given up.
const SLOW: i64 = 30_000;

/// Bytes of envelopes that one call takes along, and that it asks for.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    bytes: usize,
    /// Calls that got through since it last changed.
    worked: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { bytes: FIRST, worked: 0 }
    }
}

impl Pace {
    /// Most bytes to send.
    pub fn bytes(self) -> usize {
        self.bytes
    }

    /// Most bytes to ask for; none where the line is good.
    pub fn most_back(self) -> Option<u32> {
        u32::try_from(self.bytes).ok().filter(|_| self.bytes < MOST)
    }

    /// A call that carried so many bytes got through and took so many milliseconds.
    pub fn worked(&mut self, carried: usize, took: i64) {
        if took > SLOW {
            return self.failed();
        }
        // A small one says nothing of how large ones fare.
        if carried < self.bytes / 2 {
            return;
        }
        self.worked = if took <= QUICK { self.worked + 1 } else { 0 };
        if self.worked >= STREAK {
            *self = Self { bytes: (self.bytes * 2).min(MOST), worked: 0 };
        }
    }

    /// A call did not.
    pub fn failed(&mut self) {
        *self = Self { bytes: (self.bytes / 2).max(FEWEST), worked: 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes of calls over a line of so many bytes a second, of which each is cut after two minutes.
    fn over(line: usize, calls: usize) -> Vec<usize> {
        let mut pace = Pace::default();
        let call = |_| {
            let (size, took) = (pace.bytes(), (pace.bytes() * 1000 / line) as i64);
            if took < 120_000 {
                pace.worked(size, took)
            } else {
                pace.failed()
            }
            size
        };
        (0..calls).map(call).collect()
    }

    #[test]
    fn calls_on_a_poor_line_become_small_and_stay_so() {
        let sizes = over(6_250, 60);
        assert!(sizes.iter().all(|size| size / 6_250 < 60), "none of them is cut: {sizes:?}");
        assert!(sizes[1..].iter().all(|size| *size == FIRST / 2), "{sizes:?}");
        assert_eq!(over(1_000, 40).last(), Some(&(FIRST / 16)));
    }

    #[test]
    fn calls_on_a_good_line_grow() {
        assert_eq!(over(10_000_000, 40).last(), Some(&MOST));
    }
}
