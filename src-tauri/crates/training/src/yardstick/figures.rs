//! Figures of a yardstick with their intervals. Items of one source are alike, so an interval resamples sources.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::random::Random;

/// Number of resamples of an interval.
const DRAWS: usize = 2_000;
/// Seed of the resampling, fixed so that a figure can be computed again.
const SEED: u64 = 20_261_130;
/// Fewer sources give no interval.
const LEAST_SOURCES: usize = 3;
/// Fewer items give no correlation.
const LEAST_CORRELATED: usize = 4;

/// A figure over the items of a yardstick.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Figure {
    /// The figure over all items.
    pub value: f64,
    /// 2.5th and 97.5th percentile over resampled sources (percentile bootstrap, Efron 1979); absent for fewer than
    /// three sources.
    pub interval: Option<[f64; 2]>,
    /// Number of items.
    pub items: usize,
    /// Number of sources.
    pub sources: usize,
}

impl Figure {
    /// Value and interval for a table, such as `0.362 [0.276, 0.457]`.
    pub fn text(&self) -> String {
        match self.interval {
            Some([low, high]) => format!("{:.3} [{low:.3}, {high:.3}]", self.value),
            None => format!("{:.3}", self.value),
        }
    }
}

/// A figure for a table; a dash where there is none.
pub fn text(figure: Option<&Figure>) -> String {
    figure.map_or_else(|| "–".to_owned(), Figure::text)
}

/// Values of items, each with the name of its source.
#[derive(Clone, Debug)]
pub struct Sample<'a, T> {
    sources: BTreeMap<&'a str, Vec<T>>,
}

impl<'a, T: Copy> Sample<'a, T> {
    /// Groups the values by source.
    pub fn new(items: impl IntoIterator<Item = (&'a str, T)>) -> Sample<'a, T> {
        let mut sources: BTreeMap<&str, Vec<T>> = BTreeMap::new();
        for (source, value) in items {
            sources.entry(source).or_default().push(value);
        }
        Sample { sources }
    }

    /// The figure that `statistic` computes from the values of each source, with its interval; `None` where the
    /// statistic has no finite value.
    pub fn figure(&self, statistic: impl Fn(&[&[T]]) -> Option<f64>) -> Option<Figure> {
        let groups: Vec<&[T]> = self.sources.values().map(Vec::as_slice).collect();
        let finite = |groups: &[&[T]]| statistic(groups).filter(|v| v.is_finite());
        let value = finite(&groups)?;
        let mut random = Random::new(SEED);
        let mut drawn = Vec::new();
        if groups.len() >= LEAST_SOURCES {
            for _ in 0..DRAWS {
                let picked: Vec<&[T]> = (0..groups.len())
                    .map(|_| groups[random.below(groups.len())])
                    .collect();
                drawn.extend(finite(&picked));
            }
        }
        drawn.sort_by(f64::total_cmp);
        let at = |share: f64| drawn[(share * (drawn.len() - 1) as f64).round() as usize];
        Some(Figure {
            value,
            interval: (!drawn.is_empty()).then(|| [at(0.025), at(0.975)]),
            items: groups.iter().map(|g| g.len()).sum(),
            sources: groups.len(),
        })
    }
}

impl Sample<'_, f64> {
    /// Mean over items.
    pub fn mean(&self) -> Option<Figure> {
        self.figure(|groups| mean(groups.iter().copied().flatten().copied()))
    }

    /// Mean of the sources' means.
    pub fn mean_over_sources(&self) -> Option<Figure> {
        self.figure(|groups| mean(groups.iter().filter_map(|g| mean(g.iter().copied()))))
    }

    /// Share of items of at most `bound`.
    pub fn share_up_to(&self, bound: f64) -> Option<Figure> {
        let yes = |v: &f64| f64::from(u8::from(*v <= bound));
        self.figure(|groups| mean(groups.iter().copied().flatten().map(yes)))
    }
}

impl Sample<'_, (f64, f64)> {
    /// Spearman's rank correlation of the two values of each item.
    pub fn spearman(&self) -> Option<Figure> {
        self.figure(|groups| {
            let items: Vec<(f64, f64)> = groups.iter().copied().flatten().copied().collect();
            spearman(&items)
        })
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_usize), |(s, n), v| (s + v, n + 1));
    (count > 0).then(|| sum / count as f64)
}

/// Spearman's rank correlation (1904): Pearson's correlation of the ranks, equal values sharing their mean rank. `None`
/// for fewer than four pairs and where one side is constant.
pub fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < LEAST_CORRELATED {
        return None;
    }
    let a = ranked(pairs.iter().map(|p| p.0));
    let b = ranked(pairs.iter().map(|p| p.1));
    let centre = (pairs.len() as f64 - 1.0) / 2.0;
    let sum = |x: &[f64], y: &[f64]| -> f64 {
        let products = x.iter().zip(y).map(|(x, y)| (x - centre) * (y - centre));
        products.sum()
    };
    let spread = (sum(&a, &a) * sum(&b, &b)).sqrt();
    (spread > 0.0).then(|| sum(&a, &b) / spread)
}

/// Ranks from 0; equal values share the mean of their ranks.
fn ranked(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = values.enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut ranks = vec![0.0; order.len()];
    let mut from = 0;
    while from < order.len() {
        let equal = order[from..]
            .iter()
            .take_while(|o| o.1 == order[from].1)
            .count()
            .max(1);
        let shared = from as f64 + (equal - 1) as f64 / 2.0;
        for (item, _) in &order[from..from + equal] {
            ranks[*item] = shared;
        }
        from += equal;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spearman_is_one_for_any_rising_order_and_shares_ties() {
        let rising: Vec<(f64, f64)> = (0..9).map(|i| (f64::from(i), f64::from(i * i))).collect();
        assert!((spearman(&rising).unwrap() - 1.0).abs() < 1e-12);
        let falling: Vec<(f64, f64)> = rising.iter().map(|(a, b)| (*a, -b)).collect();
        assert!((spearman(&falling).unwrap() + 1.0).abs() < 1e-12);
        // scipy.stats.spearmanr([1,2,2,3,5],[2,1,4,4,5]) = 0.763157894736842
        let ties = [(1.0, 2.0), (2.0, 1.0), (2.0, 4.0), (3.0, 4.0), (5.0, 5.0)];
        assert!((spearman(&ties).unwrap() - 0.763_157_894_736_842).abs() < 1e-9);
        assert_eq!(spearman(&[(1.0, 1.0); 5]), None, "a constant has no order");
        assert_eq!(spearman(&rising[..3]), None, "three pairs are too few");
    }

    #[test]
    fn an_interval_resamples_sources_and_not_items() {
        let items = |sources: usize| {
            (0..120).map(move |i| {
                let source = ["a", "b", "c", "d", "e", "f"][i % sources];
                (source, f64::from(u8::from((i % sources) * 2 >= sources)))
            })
        };
        let alike = Sample::new(items(6)).mean().unwrap();
        let [low, high] = alike.interval.unwrap();
        assert_eq!((alike.value, alike.items, alike.sources), (0.5, 120, 6));
        assert!(high - low > 0.5, "six sources say little: {low} to {high}");
        assert_eq!(
            alike,
            Sample::new(items(6)).mean().unwrap(),
            "computed again, the same"
        );
        let two = Sample::new(items(2)).mean().unwrap();
        assert_eq!(two.interval, None, "two sources give no interval");
    }

    #[test]
    fn the_mean_over_sources_counts_a_large_source_once() {
        let mut items = vec![("large", 1.0); 9];
        items.push(("small", 0.0));
        let sample = Sample::new(items);
        assert!((sample.mean().unwrap().value - 0.9).abs() < 1e-12);
        assert!((sample.mean_over_sources().unwrap().value - 0.5).abs() < 1e-12);
        assert!((sample.share_up_to(0.1).unwrap().value - 0.1).abs() < 1e-12);
        assert_eq!(Sample::<f64>::new([]).mean(), None);
    }
}
