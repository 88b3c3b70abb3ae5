//! A set of small numbers: places in the list of entries.

/// Grows as needed; places beyond its end are not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::space) struct Bits(Vec<u64>);

impl Bits {
    /// All places below `len`.
    pub(in crate::space) fn all(len: usize) -> Self {
        let mut bits = Self::default();
        (0..len).for_each(|place| bits.insert(place));
        bits
    }

    pub(in crate::space) fn insert(&mut self, place: usize) {
        if self.0.len() <= place / 64 {
            self.0.resize(place / 64 + 1, 0);
        }
        if let Some(word) = self.0.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    pub(in crate::space) fn contains(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    pub(in crate::space) fn unite(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
    }

    pub(in crate::space) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(in crate::space) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.0.len() * 64).filter(|place| self.contains(*place))
    }
}
