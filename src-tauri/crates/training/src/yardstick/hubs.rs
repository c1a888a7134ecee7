//! Hubs: items that come first for many queries, whatever these show.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Number of the most frequent items that [`Hubs::ten_share`] counts.
const MOST_FREQUENT: usize = 10;

/// How the first places of queries are shared among items.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Hubs {
    /// Number of queries.
    pub queries: usize,
    /// Number of items that every query ranks.
    pub items: usize,
    /// Share of first places that the ten most frequent items hold.
    pub ten_share: f64,
    /// Share of first places that the most frequent item holds.
    pub largest_share: f64,
}

impl Hubs {
    /// The hubs of queries whose first places are `first`, as indices of items. `None` without queries.
    pub fn of(first: &[usize], items: usize) -> Option<Hubs> {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for item in first {
            *counts.entry(*item).or_default() += 1;
        }
        let mut counts: Vec<usize> = counts.into_values().collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let share = |count: usize| count as f64 / first.len() as f64;
        Some(Hubs {
            queries: first.len(),
            items,
            ten_share: share(counts.iter().take(MOST_FREQUENT).sum()),
            largest_share: share(*counts.first()?),
        })
    }

    /// Both shares for a table, such as `0.77, 0.26`.
    pub fn text(&self) -> String {
        format!("{:.2}, {:.2}", self.ten_share, self.largest_share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_places_are_counted_by_item() {
        let mut first: Vec<usize> = (0..20).collect();
        first.extend([3; 20]);
        let hubs = Hubs::of(&first, 50).unwrap();
        assert_eq!((hubs.queries, hubs.items), (40, 50));
        assert!((hubs.largest_share - 21.0 / 40.0).abs() < 1e-12);
        assert!((hubs.ten_share - 30.0 / 40.0).abs() < 1e-12);
        assert_eq!(Hubs::of(&[], 50), None);
    }
}
