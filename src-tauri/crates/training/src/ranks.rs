//! Scores of an order: ranks, recall and discounted gain, and their values for a random order.

use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use crate::random::Random;

/// Scores of an order, or their expectation for a random order.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Scores {
    /// Share of queries with their own target in the first place.
    pub recall_1: f64,
    /// Share of queries with their own target in the first five places.
    pub recall_5: f64,
    /// Share of queries with their own target in the first ten places.
    pub recall_10: f64,
    /// Median rank of the own target, from 1.
    pub median_rank: f64,
    /// Mean of (rank − 1) / (n − 1): 0 is best, 0.5 is chance.
    pub percentile: f64,
    /// Normalised discounted cumulative gain of the first ten places (Järvelin and Kekäläinen 2002); the
    /// other targets have a gain, too.
    pub ndcg_10: f64,
}

/// Rank of target i among all for query i, from 1; ties count half. Rows are unit vectors.
pub(crate) fn own_ranks(queries: ArrayView2<'_, f32>, targets: ArrayView2<'_, f32>) -> Vec<f64> {
    let scores = queries.dot(&targets.t());
    let own: Vec<usize> = (0..scores.nrows()).collect();
    ranks(&scores, &own)
}

/// Rank of column `own[i]` in row i, from 1; ties count half.
pub(crate) fn ranks(scores: &Array2<f32>, own: &[usize]) -> Vec<f64> {
    own.iter()
        .zip(scores.rows())
        .map(|(&own, row)| {
            let mine = row[own];
            let above = row.iter().filter(|s| **s > mine).count() as f64;
            let level = row.iter().filter(|s| **s == mine).count() as f64 - 1.0;
            1.0 + above + 0.5 * level
        })
        .collect()
}

pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]),
    }
}

pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, n) = values
        .into_iter()
        .fold((0.0, 0usize), |(s, n), v| (s + v, n + 1));
    sum / n.max(1) as f64
}

impl Scores {
    /// Scores of `queries` against `targets`: unit rows, target i belongs to query i. `gains` `[n, n]` holds the gain of
    /// target j for query i.
    pub(crate) fn of(
        queries: ArrayView2<'_, f32>,
        targets: ArrayView2<'_, f32>,
        gains: &Array2<f64>,
    ) -> Scores {
        let n = queries.nrows();
        let ranks = own_ranks(queries, targets);
        let recall = |k: f64| mean(ranks.iter().map(|r| f64::from(u8::from(*r <= k))));
        let scores = queries.dot(&targets.t());
        let ndcg = |i: usize| {
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_by(|&a, &b| scores[[i, b]].total_cmp(&scores[[i, a]]).then(a.cmp(&b)));
            discounted(order.iter().map(|&j| gains[[i, j]])) / ideal(gains, i)
        };
        Scores {
            recall_1: recall(1.0),
            recall_5: recall(5.0),
            recall_10: recall(10.0),
            median_rank: median(&ranks),
            percentile: mean(ranks.iter().map(|r| (r - 1.0) / (n.max(2) - 1) as f64)),
            ndcg_10: mean((0..n).map(ndcg)),
        }
    }

    /// Expected scores of a random order. The number of targets is the number of columns of `gains`.
    pub(crate) fn chance(gains: &Array2<f64>) -> Scores {
        let n = gains.ncols();
        let within = |k: usize| k.min(n) as f64 / n.max(1) as f64;
        let ndcg = |i: usize| {
            let average = mean(gains.row(i).iter().copied());
            discounted(std::iter::repeat_n(average, n)) / ideal(gains, i)
        };
        Scores {
            recall_1: within(1),
            recall_5: within(5),
            recall_10: within(10),
            median_rank: (n as f64 + 1.0) / 2.0,
            percentile: 0.5,
            ndcg_10: mean((0..n).map(ndcg)),
        }
    }
}

fn discounted(gains: impl Iterator<Item = f64>) -> f64 {
    gains
        .take(10)
        .enumerate()
        .map(|(i, g)| g / (i as f64 + 2.0).log2())
        .sum()
}

fn ideal(gains: &Array2<f64>, i: usize) -> f64 {
    let mut best = gains.row(i).to_vec();
    best.sort_by(|a, b| b.total_cmp(a));
    discounted(best.into_iter()).max(f64::MIN_POSITIVE)
}

/// A mean with its 95 % bootstrap interval.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Interval {
    /// Weighted mean of the values.
    pub mean: f64,
    /// 2.5th percentile of the resampled means.
    pub low: f64,
    /// 97.5th percentile of the resampled means.
    pub high: f64,
}

/// Percentile bootstrap (Efron 1979) of the weighted mean. Groups are drawn with replacement; the (value, weight) pairs of
/// a group are drawn together because they are not independent. With one value per group it is the plain bootstrap.
pub(crate) fn bootstrap(groups: &[Vec<(f64, f64)>], draws: usize, seed: u64) -> Interval {
    let mut random = Random::new(seed);
    let sums: Vec<(f64, f64)> = groups
        .iter()
        .map(|g| {
            (
                g.iter().map(|(v, w)| v * w).sum(),
                g.iter().map(|(_, w)| w).sum(),
            )
        })
        .collect();
    let total = |picked: &mut dyn Iterator<Item = (f64, f64)>| {
        let (sum, weight) = picked.fold((0.0, 0.0), |(s, n), (sum, m)| (s + sum, n + m));
        sum / f64::max(weight, f64::MIN_POSITIVE)
    };
    let mut means: Vec<f64> = (0..draws)
        .map(|_| total(&mut (0..sums.len()).map(|_| sums[random.below(sums.len())])))
        .collect();
    means.sort_by(f64::total_cmp);
    let at = |q: f64| {
        means
            .get((q * (draws.max(1) - 1) as f64).round() as usize)
            .copied()
    };
    let mean = total(&mut sums.iter().copied());
    Interval {
        mean,
        low: at(0.025).unwrap_or(mean),
        high: at(0.975).unwrap_or(mean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_counts_higher_scores_and_half_of_the_equal_ones() {
        let scores = ndarray::array![[0.9f32, 0.1, 0.5], [0.3, 0.3, 0.3], [0.2, 0.8, 0.1]];
        assert_eq!(ranks(&scores, &[2, 0, 2]), [2.0, 2.0, 3.0]);
    }

    #[test]
    fn a_perfect_order_has_the_best_scores_and_chance_is_lower() {
        let unit = Array2::<f32>::eye(20);
        let gains = Array2::<f64>::eye(20);
        let best = Scores::of(unit.view(), unit.view(), &gains);
        assert_eq!(
            (best.recall_1, best.median_rank, best.percentile),
            (1.0, 1.0, 0.0)
        );
        assert!((best.ndcg_10 - 1.0).abs() < 1e-12, "{}", best.ndcg_10);
        let chance = Scores::chance(&gains);
        assert_eq!((chance.recall_5, chance.median_rank), (0.25, 10.5));
        assert!(
            chance.ndcg_10 > 0.1 && chance.ndcg_10 < 0.5,
            "{}",
            chance.ndcg_10
        );
    }

    #[test]
    fn chance_equals_the_scores_of_random_queries() {
        let mut random = Random::new(2);
        let n = 200;
        let mut draw = || {
            let mut m = Array2::from_shape_simple_fn((n, 8), || random.normal());
            crate::network::unit_rows(&mut m);
            m
        };
        let gains = Array2::<f64>::eye(n);
        let random_order = Scores::of(draw().view(), draw().view(), &gains);
        let chance = Scores::chance(&gains);
        assert!((random_order.percentile - chance.percentile).abs() < 0.07);
        assert!((random_order.ndcg_10 - chance.ndcg_10).abs() < 0.03);
    }

    #[test]
    fn the_interval_contains_the_mean_and_more_values_narrow_it() {
        let values = |n: usize| {
            (0..n)
                .map(|i| vec![((i % 10) as f64, 1.0)])
                .collect::<Vec<_>>()
        };
        let (few, many) = (
            bootstrap(&values(20), 2000, 1),
            bootstrap(&values(500), 2000, 1),
        );
        assert!(few.low < 4.5 && 4.5 < few.high, "{few:?}");
        assert!(
            many.high - many.low < few.high - few.low,
            "{many:?} {few:?}"
        );
    }

    #[test]
    fn similar_values_within_groups_widen_the_interval() {
        let alone: Vec<Vec<_>> = (0..40).map(|i| vec![(f64::from(i / 20), 1.0)]).collect();
        let grouped: Vec<Vec<_>> = [0.0, 1.0, 0.0, 1.0].map(|v| vec![(v, 1.0); 10]).to_vec();
        let width = |i: Interval| i.high - i.low;
        assert!(width(bootstrap(&grouped, 2000, 1)) > 2.0 * width(bootstrap(&alone, 2000, 1)));
    }
}
