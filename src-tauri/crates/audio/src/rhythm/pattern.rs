//! What repeats from bar to bar: the similarity of beats at each distance, and beats with three
//! parts. Pure.

use super::moments::{Moments, deviation, near};

/// Values of a beat in each range of onsets.
const PLACES: usize = 12;
/// Longest distance, beats: twice the longest bar.
pub const MOST_BEATS: usize = 14;

/// Similarity of the beats by their distance, 1 at distance 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repetition {
    by_distance: [f64; MOST_BEATS + 1],
}

impl Repetition {
    /// Of the onsets within the beats, without what all beats share.
    pub fn of_onsets(moments: &Moments, beats: &[usize]) -> Repetition {
        Repetition::of(columns(moments, beats))
    }

    /// Of one value a beat.
    pub fn of_values(values: &[f64]) -> Repetition {
        Repetition::of(vec![values.to_vec()])
    }

    /// `columns`: values of every beat.
    fn of(mut columns: Vec<Vec<f64>>) -> Repetition {
        let mut sums = [0.0; MOST_BEATS + 1];
        for column in &mut columns {
            let mean = column.iter().sum::<f64>() / column.len().max(1) as f64;
            column.iter_mut().for_each(|x| *x -= mean);
            for (distance, sum) in sums.iter_mut().enumerate() {
                let later = column.iter().skip(distance);
                *sum += column.iter().zip(later).map(|(a, b)| a * b).sum::<f64>();
            }
        }
        let whole = sums[0] + 1e-9;
        Repetition {
            by_distance: sums.map(|sum| sum / whole),
        }
    }

    /// Similarity at one and two bars above that at the other distances, −1 to 1.
    pub fn of_bars(&self, per_bar: usize) -> f64 {
        let distances = 1..=(2 * per_bar).min(MOST_BEATS);
        let mean = |whole: bool| {
            let values = distances.clone().filter(|d| (d % per_bar == 0) == whole);
            let values: Vec<f64> = values.map(|d| self.by_distance[d]).collect();
            values.iter().sum::<f64>() / values.len().max(1) as f64
        };
        mean(true) - mean(false)
    }
}

/// Onset strength at each place within the beats: for every range and place the values of all
/// beats.
fn columns(moments: &Moments, beats: &[usize]) -> Vec<Vec<f64>> {
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for range in &moments.onsets {
        let scale = deviation(range);
        for place in 0..PLACES {
            let level = |pair: &[usize]| {
                let at = |part: usize| pair[0] + (pair[1] - pair[0]) * part / PLACES;
                let (from, to) = (at(place), at(place + 1).max(at(place) + 1));
                let values = &range[from.min(range.len())..to.min(range.len())];
                values.iter().sum::<f64>() / values.len().max(1) as f64 / scale
            };
            columns.push(beats.windows(2).map(level).collect());
        }
    }
    columns
}

/// How much each beat is like the next in what sounds within it: 1 for the same.
pub fn sameness(moments: &Moments, beats: &[usize]) -> f64 {
    let (mut same, mut whole) = (0.0, 0.0);
    for column in columns(moments, beats) {
        same += column.windows(2).map(|p| p[0] * p[1]).sum::<f64>();
        whole += column
            .windows(2)
            .map(|p| (p[0] * p[0] + p[1] * p[1]) / 2.0)
            .sum::<f64>();
    }
    same / (whole + 1e-9)
}

/// Share of the beats' thirds that sound together, in the same beat: near 0 for three against two,
/// which touches one third of every beat.
pub fn together(onsets: &[f64], beats: &[usize]) -> f64 {
    let thirds = |pair: &[usize]| {
        [1, 2].map(|third| near(onsets, pair[0] + (pair[1] - pair[0]) * third / 3))
    };
    let (mut both, mut sums) = (0.0, [0.0; 2]);
    for pair in beats.windows(2) {
        let [second, third] = thirds(pair);
        both += second.min(third);
        sums[0] += second;
        sums[1] += third;
    }
    both / (sums[0].min(sums[1]) + 1e-9)
}

/// Level of the onsets on the beats, at their half, and at their first and second third, as
/// logarithms.
pub fn parts(onsets: &[f64], beats: &[usize]) -> [f64; 4] {
    let level = |part: usize, parts: usize| {
        let at = |pair: &[usize]| near(onsets, pair[0] + (pair[1] - pair[0]) * part / parts);
        let sum: f64 = beats.windows(2).map(at).sum();
        (sum / beats.len().max(1) as f64 / 3.0 + 0.03).ln()
    };
    [level(0, 1), level(1, 2), level(1, 3), level(2, 3)]
}

/// Distance of the strongest of `count` interleaved series of beats to the mean of the others, in
/// nepers.
pub fn alternation(values: &[f64], beats: &[usize], count: usize) -> f64 {
    let level = |first: usize| {
        let series = beats.iter().skip(first).step_by(count);
        let (sum, n) = series.fold((0.0, 0.0), |(s, n), &at| (s + near(values, at), n + 1.0));
        sum / f64::max(n, 1.0) + 0.03
    };
    let levels: Vec<f64> = (0..count).map(level).collect();
    let highest = levels.iter().fold(0.0, |m: f64, &x| m.max(x));
    let rest = (levels.iter().sum::<f64>() - highest) / (count - 1) as f64;
    (highest / rest).ln()
}
