//! Beat evidence on one time grid: network activations and onset strength. Pure.

use std::ops::Range;

use needledrop_ranking::Curve;

use super::activation::ACTIVATION_RATE_HZ;
use super::onset::{self, RANGE_COUNT};
use crate::harmony::chroma;
use crate::levels;

/// Number of moments per second.
pub const RATE_HZ: f64 = 100.0;
/// Values a second of the onset curve.
const CURVE_RATE_HZ: f64 = 25.0;
/// Moments on each side of a beat that belong to it.
const AROUND: usize = 3;

/// Beat evidence, one value for each hundredth of a second.
pub struct Moments {
    /// Activation of beat and of downbeat.
    pub beat: Vec<f64>,
    pub downbeat: Vec<f64>,
    /// Onset strength in the low, middle and high range, normalised over time.
    pub onsets: [Vec<f64>; RANGE_COUNT],
    /// Cumulative sums of the pitch classes, [`chroma::FRAME_RATE_HZ`] a second.
    chroma_sums: Vec<[f64; 12]>,
    /// Logarithm of the strength of the strong attacks of the track, and how far they stand out of
    /// the rest.
    pub attack: [f64; 2],
    /// Time of the first moment, seconds.
    pub start_s: f64,
}

impl Moments {
    /// From the activations, onset envelopes and chroma frames of one signal.
    pub fn new(
        activations: &[[f32; 2]],
        envelopes: &[Vec<f32>; RANGE_COUNT],
        chroma: &[[f32; 12]],
    ) -> Moments {
        let seconds = activations.len() as f64 / ACTIVATION_RATE_HZ;
        let count = (seconds * RATE_HZ) as usize;
        let of = |which: usize| {
            let values: Vec<f64> = activations.iter().map(|a| f64::from(a[which])).collect();
            on_grid(&values, ACTIVATION_RATE_HZ, count)
        };
        let onsets = std::array::from_fn(|range| {
            on_grid(&flattened(&envelopes[range]), onset::FRAME_RATE_HZ, count)
        });
        let mut chroma_sums = vec![[0.0; 12]];
        for frame in chroma {
            let last = chroma_sums[chroma_sums.len() - 1];
            chroma_sums.push(std::array::from_fn(|c| last[c] + f64::from(frame[c])));
        }
        Moments {
            beat: of(0),
            downbeat: of(1),
            onsets,
            chroma_sums,
            attack: attack(envelopes),
            start_s: 0.0,
        }
    }

    /// The evidence of a range of moments.
    pub fn part(&self, range: &Range<usize>) -> Moments {
        let frames = |moment: usize| {
            let at = moment as f64 / RATE_HZ * chroma::FRAME_RATE_HZ;
            (at.round() as usize).min(self.chroma_sums.len() - 1)
        };
        Moments {
            beat: self.beat[range.clone()].to_vec(),
            downbeat: self.downbeat[range.clone()].to_vec(),
            onsets: self.onsets.each_ref().map(|o| o[range.clone()].to_vec()),
            chroma_sums: self.chroma_sums[frames(range.start)..=frames(range.end)].to_vec(),
            attack: self.attack,
            start_s: self.start_s + range.start as f64 / RATE_HZ,
        }
    }

    /// Number of moments in the track.
    pub fn len(&self) -> usize {
        self.beat.len()
    }

    /// Sum of the activations of beat and downbeat.
    pub fn either(&self) -> Vec<f64> {
        let both = self.beat.iter().zip(&self.downbeat);
        both.map(|(beat, downbeat)| beat + downbeat).collect()
    }

    /// Sum of the onset strength of all ranges.
    pub fn all_onsets(&self) -> Vec<f64> {
        let [low, middle, high] = &self.onsets;
        (0..self.len())
            .map(|i| low[i] + middle[i] + high[i])
            .collect()
    }

    /// Onset strength as a curve, scaled so that 1 is the 99 % quantile.
    pub fn onset_curve(&self) -> Curve {
        let step = (RATE_HZ / CURVE_RATE_HZ) as usize;
        let highest = |values: &[f64]| values.iter().fold(0.0, |m: f64, &x| m.max(x));
        let values: Vec<f64> = self.all_onsets().chunks(step).map(highest).collect();
        let top = levels::quantile(&values, 0.99).max(1e-6);
        Curve::new(
            CURVE_RATE_HZ as f32,
            values.iter().map(|v| (v / top) as f32),
        )
    }

    /// Change of harmony at each beat: cosine distance of the pitch classes of the beat before and
    /// the beat after it; 0 at the first.
    pub fn harmonic_change(&self, beats: &[usize]) -> Vec<f64> {
        let last_frame = self.chroma_sums.len() - 1;
        let frame = |moment: usize| {
            let at = moment as f64 / RATE_HZ * chroma::FRAME_RATE_HZ;
            (at.round() as usize).min(last_frame)
        };
        let mut bounds: Vec<usize> = beats.iter().map(|&b| frame(b)).collect();
        if let [.., before, last] = beats {
            bounds.push(frame(2 * last - before));
        }
        let spans: Vec<[f64; 12]> = bounds
            .windows(2)
            .map(|pair| {
                let to = pair[1].max(pair[0] + 1).min(last_frame);
                let from = pair[0].min(to.saturating_sub(1));
                std::array::from_fn(|c| self.chroma_sums[to][c] - self.chroma_sums[from][c])
            })
            .collect();
        let mut change = vec![0.0; beats.len()];
        for (at, pair) in spans.windows(2).enumerate() {
            change[at + 1] = 1.0 - cosine(&pair[0], &pair[1]);
        }
        change
    }
}

fn cosine(a: &[f64; 12], b: &[f64; 12]) -> f64 {
    let dot = |x: &[f64; 12], y: &[f64; 12]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    dot(a, b) / ((dot(a, a).sqrt() + 1e-9) * (dot(b, b).sqrt() + 1e-9))
}

/// Values at `rate_hz` interpolated at `count` moments.
fn on_grid(values: &[f64], rate_hz: f64, count: usize) -> Vec<f64> {
    let Some(&last) = values.last() else {
        return vec![0.0; count];
    };
    (0..count)
        .map(|i| {
            let at = i as f64 / RATE_HZ * rate_hz;
            let below = at as usize;
            match values.get(below..below + 2) {
                Some(pair) => pair[0] + (pair[1] - pair[0]) * at.fract(),
                None => last,
            }
        })
        .collect()
}

/// The 97 % quantile of the onset strength, and its distance to the median, both as logarithms.
fn attack(envelopes: &[Vec<f32>; RANGE_COUNT]) -> [f64; 2] {
    let [low, middle, high] = envelopes;
    let both = low.iter().zip(middle).zip(high);
    let mut all: Vec<f32> = both.map(|((l, m), h)| l + m + h).collect();
    all.sort_by(f32::total_cmp);
    let quantile = |share: f64| {
        let at = (share * all.len().saturating_sub(1) as f64) as usize;
        (f64::from(all.get(at).copied().unwrap_or_default()) + 0.01).ln()
    };
    [quantile(0.97), quantile(0.97) - quantile(0.5)]
}

/// The envelope above its mean over the surrounding second, normalised over 8 seconds.
fn flattened(envelope: &[f32]) -> Vec<f64> {
    let second = onset::FRAME_RATE_HZ as usize;
    let values: Vec<f64> = envelope.iter().map(|&x| f64::from(x)).collect();
    let local = moving_mean(&values, second);
    let risen: Vec<f64> = values
        .iter()
        .zip(&local)
        .map(|(x, m)| (x - m).max(0.0))
        .collect();
    let squares: Vec<f64> = risen.iter().map(|x| x * x).collect();
    let level = moving_mean(&squares, 8 * second);
    let overall = squares.iter().sum::<f64>() / squares.len().max(1) as f64;
    risen
        .iter()
        .zip(&level)
        .map(|(x, l)| x / (l + 0.01 * overall + 1e-6).sqrt())
        .collect()
}

/// Mean over `width` values around each.
fn moving_mean(values: &[f64], width: usize) -> Vec<f64> {
    let mut sums = vec![0.0];
    values
        .iter()
        .for_each(|v| sums.push(sums[sums.len() - 1] + v));
    (0..values.len())
        .map(|i| {
            let from = i.saturating_sub(width / 2);
            let to = (i + width / 2 + 1).min(values.len());
            (sums[to] - sums[from]) / (to - from) as f64
        })
        .collect()
}

/// The highest value within [`AROUND`] moments.
pub fn near(values: &[f64], at: usize) -> f64 {
    let to = (at + AROUND + 1).min(values.len());
    let around = values
        .get(at.saturating_sub(AROUND)..to)
        .unwrap_or_default();
    around.iter().fold(0.0, |m: f64, &x| m.max(x))
}

/// Standard deviation plus 1e-6, so that it can be divided by.
pub fn deviation(values: &[f64]) -> f64 {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    square.sqrt() + 1e-6
}
