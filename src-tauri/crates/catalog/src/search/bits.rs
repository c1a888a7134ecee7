//! A set of slots.

/// A set of slots from 0 to `len`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// All of `len` slots.
    pub(crate) fn full(len: usize) -> Self {
        let mut words = vec![u64::MAX; len.div_ceil(64)];
        if let (Some(last), used @ 1..) = (words.last_mut(), len % 64) {
            *last = (1 << used) - 1;
        }
        Self { words, len }
    }

    /// None of `len` slots.
    pub(crate) fn empty(len: usize) -> Self {
        Self {
            words: vec![0; len.div_ceil(64)],
            len,
        }
    }

    /// Takes a slot in; says whether it was new. Slots beyond the end are ignored.
    pub(crate) fn insert(&mut self, slot: usize) -> bool {
        if slot >= self.len {
            return false;
        }
        let (word, bit) = (&mut self.words[slot / 64], 1 << (slot % 64));
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Leaves a slot out.
    pub(crate) fn remove(&mut self, slot: usize) {
        if slot < self.len {
            self.words[slot / 64] &= !(1 << (slot % 64));
        }
    }

    /// Whether the slot is in.
    pub(crate) fn has(&self, slot: usize) -> bool {
        slot < self.len && self.words[slot / 64] >> (slot % 64) & 1 == 1
    }

    /// How many slots below `end` are in.
    pub(crate) fn count_below(&self, end: usize) -> usize {
        self.below(end).count()
    }

    /// How many slots are in.
    pub(crate) fn count(&self) -> usize {
        self.words
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    /// The slots below `end` that are in, in order.
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

    /// Keeps only what `other`, of the same length, holds too.
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
    fn a_set_of_slots_is_a_set() {
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
            assert!(
                bits.below(end).eq(oracle.range(..end).copied()),
                "below {end}"
            );
            bits.keep(&full);
            assert!((0..len + 5).all(|slot| bits.has(slot) == oracle.contains(&slot)));
        }
    }
}
