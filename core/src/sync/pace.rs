//! How much goes in one call: less after one that did not get through, more after some that did. A phone on a poor line gets its
//! queue through a little at a time.

/// Bytes of the first call.
const FIRST: usize = 256 * 1024;
/// Most bytes of envelopes in one call.
const MOST: usize = 1024 * 1024;
/// Fewest; a single envelope goes all the same.
const FEWEST: usize = 8 * 1024;

/// Calls in a row that get through before the next ones are larger.
const STREAK: u32 = 4;

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

    /// A call got through.
    pub fn worked(&mut self) {
        self.worked += 1;
        if self.worked >= STREAK {
            *self = Self { bytes: (self.bytes * 2).min(MOST), worked: 0 };
        }
    }

    /// A call did not.
    pub fn failed(&mut self) {
        *self = Self { bytes: (self.bytes / 2).max(FEWEST), worked: 0 };
    }
}
