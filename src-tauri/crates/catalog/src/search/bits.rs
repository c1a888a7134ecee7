//! Sets of slots, one bit a slot.

/// A set of slots from 0 up to, but not including, `len`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// The set of all `len` slots.
    pub(crate) fn full(len: usize) -> Self {
        let mut words = vec![u64::MAX; len.div_ceil(64)];
        if let (Some(last), used @ 1..) = (words.last_mut(), len % 64) {
            *last = (1 << used) - 1;
        }
        Self { words, len }
    }

    /// An empty set with room for `len` slots.
    pub(crate) fn empty(len: usize) -> Self {
        Self {
            words: vec![0; len.div_ceil(64)],
            len,
        }
    }

    /// Appends slots up to `len`, all of them in the set.
    pub(crate) fn grow(&mut self, len: usize) {
        for slot in self.len..len {
            if slot.is_multiple_of(64) {
                self.words.push(0);
            }
            self.words[slot / 64] |= 1 << (slot % 64);
        }
        self.len = self.len.max(len);
    }

    /// Adds a slot and returns whether it was new. Slots beyond the end are ignored.
    pub(crate) fn insert(&mut self, slot: usize) -> bool {
        if slot >= self.len {
            return false;
        }
        let (word, bit) = (&mut self.words[slot / 64], 1 << (slot % 64));
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Removes a slot.
    pub(crate) fn remove(&mut self, slot: usize) {
        if slot < self.len {
            self.words[slot / 64] &= !(1 << (slot % 64));
        }
    }

    /// Adds or removes a slot.
    pub(crate) fn set(&mut self, slot: usize, is_in: bool) {
        if is_in {
            self.insert(slot);
        } else {
            self.remove(slot);
        }
    }

    /// Whether the set has the slot.
    pub(crate) fn has(&self, slot: usize) -> bool {
        slot < self.len && self.words[slot / 64] >> (slot % 64) & 1 == 1
    }

    /// Number of slots below `end` in the set.
    pub(crate) fn count_below(&self, end: usize) -> usize {
        let end = end.min(self.len);
        let (whole, rest) = (end / 64, end % 64);
        let ones = |word: &u64| word.count_ones() as usize;
        let mut count = self.words[..whole].iter().map(ones).sum();
        if rest > 0 {
            count += ones(&(self.words[whole] & ((1 << rest) - 1)));
        }
        count
    }

    /// Number of slots in the set.
    pub(crate) fn count(&self) -> usize {
        self.count_below(self.len)
    }

    /// The slots below `end` in the set, ascending.
    pub(crate) fn below(&self, end: usize) -> impl Iterator<Item = usize> + '_ {
        self.words
            .iter()
            .take(end.div_ceil(64))
            .enumerate()
            .flat_map(|(at, &word)| {
                let mut rest = word;
                std::iter::from_fn(move || {
                    (rest != 0).then(|| {
                        let bit = rest.trailing_zeros() as usize;
                        rest &= rest - 1;
                        at * 64 + bit
                    })
                })
            })
            .take_while(move |&slot| slot < end)
    }

    /// Removes the slots that are not in `other`, a set of the same length.
    pub(crate) fn keep(&mut self, other: &Self) {
        for (word, mask) in self.words.iter_mut().zip(&other.words) {
            *word &= mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_bit_set_agrees_with_a_tree_set() {
        for len in [0, 1, 63, 64, 65, 200] {
            let full = Bits::full(len);
            assert_eq!(full.count(), len, "full of {len}");
            let mut bits = Bits::empty(len);
            let mut oracle = BTreeSet::new();
            for slot in (0..len + 5).step_by(3) {
                assert_eq!(bits.insert(slot), slot < len, "{slot} of {len} is new");
                if slot < len {
                    oracle.insert(slot);
                }
            }
            bits.remove(6);
            oracle.remove(&6);
            let end = len / 2;
            assert_eq!(bits.count_below(end), oracle.range(..end).count());
            assert!(
                bits.below(end).eq(oracle.range(..end).copied()),
                "below {end}"
            );
            bits.keep(&full);
            assert!((0..len + 5).all(|slot| bits.has(slot) == oracle.contains(&slot)));
            bits.grow(len + 70);
            oracle.extend(len..len + 70);
            assert!((0..len + 75).all(|slot| bits.has(slot) == oracle.contains(&slot)));
            assert_eq!(bits.count(), oracle.len(), "{len} grown by 70");
        }
    }
}
