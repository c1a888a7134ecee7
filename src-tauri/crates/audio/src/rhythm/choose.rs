//! Which of several ways to beat time people would choose.
//!
//! Each way is described by what lies on its beats and between them, how the harmony moves with it,
//! and how usual its tempo is; a linear score over these, learned by `training/beats/fit.py`, decides.
//! Its weights say what the ear does: strong low onsets on the beat, little between thirds, chords
//! that change with the bar, tempi near two a second.

use super::follow::follow;
use super::moments::{Moments, RATE_HZ, deviation, near};
use super::tempo::Candidate;
use super::weights;

/// Both ways to follow: yielding, for players, and strict, for machines.
const TIGHTNESS: [f64; 2] = [100.0, 2000.0];
/// Share of the onsets beside the network in what is followed.
const ONSET_SHARE: f64 = 0.7;
/// Fewer beats than this are no pulse.
const LEAST_BEATS: usize = 4;

/// Numbers that describe a way.
pub const FEATURES: usize = weights::WAY.len();

/// A way to beat time.
#[derive(Clone, Debug)]
pub struct Way {
    /// The tempo it follows.
    pub candidate: Candidate,
    /// Beats, as moments.
    pub beats: Vec<usize>,
    /// What describes it.
    pub features: [f64; FEATURES],
    /// Share of all ways' likelihood.
    pub likelihood: f64,
}

/// Every way worth considering, likeliest first.
pub fn ways(moments: &Moments, candidates: &[Candidate]) -> Vec<Way> {
    let evidence = Evidence::new(moments);
    let strongest = candidates.iter().map(|c| c.strength).fold(1e-9, f64::max);
    let mut ways = Vec::new();
    for &candidate in candidates {
        for tightness in TIGHTNESS {
            let (on, chain) = follow(&evidence.followed, candidate.bpm, tightness);
            if on.len() < LEAST_BEATS {
                continue;
            }
            // The same tempo, half a beat later: what seemed the beat may be the offbeat.
            let off: Vec<usize> = on.windows(2).map(|p| p[0] + (p[1] - p[0]) / 2).collect();
            for beats in [on, off] {
                let strength = candidate.strength / strongest;
                let features = evidence.features(&beats, candidate.bpm, strength, chain);
                ways.push(Way {
                    candidate,
                    beats,
                    features,
                    likelihood: score(&features),
                });
            }
        }
    }
    let best = ways.iter().map(|w| w.likelihood).fold(f64::MIN, f64::max);
    ways.iter_mut()
        .for_each(|w| w.likelihood = (w.likelihood - best).exp());
    let total: f64 = ways.iter().map(|w| w.likelihood).sum();
    ways.iter_mut().for_each(|w| w.likelihood /= total);
    ways.sort_by(|a, b| b.likelihood.total_cmp(&a.likelihood));
    ways
}

fn score(features: &[f64; FEATURES]) -> f64 {
    let pairs = features.iter().zip(&weights::WAY);
    pairs.map(|(x, w)| (x - w.mean) / w.spread * w.weight).sum()
}

struct Evidence<'a> {
    moments: &'a Moments,
    network: Vec<f64>,
    onsets: Vec<f64>,
    followed: Vec<f64>,
}

impl<'a> Evidence<'a> {
    fn new(moments: &'a Moments) -> Evidence<'a> {
        let (network, onsets) = (moments.either(), moments.all_onsets());
        let (a, b) = (1.0 / deviation(&network), ONSET_SHARE / deviation(&onsets));
        let followed = network
            .iter()
            .zip(&onsets)
            .map(|(n, o)| a * n + b * o)
            .collect();
        Evidence {
            moments,
            network,
            onsets,
            followed,
        }
    }

    fn features(&self, beats: &[usize], bpm: f64, strength: f64, chain: f64) -> [f64; FEATURES] {
        let between = |parts: &[(usize, usize)]| -> Vec<usize> {
            let at = |p: &[usize], (n, d): (usize, usize)| p[0] + n * (p[1] - p[0]) / d;
            beats
                .windows(2)
                .flat_map(|p| parts.iter().map(move |&part| at(p, part)))
                .collect()
        };
        let halves = between(&[(1, 2)]);
        let quarters = between(&[(1, 4), (3, 4)]);
        let thirds = between(&[(1, 3), (2, 3)]);
        let low = &self.moments.onsets[0];
        let high = &self.moments.onsets[2];
        let level = |values: &[f64], places: &[usize]| mean_near(values, places) + 0.03;
        let onset = |places: &[usize]| (mean_near(&self.onsets, places) / 3.0 + 0.03).ln();
        let network = |places: &[usize]| level(&self.network, places).ln();
        let octaves = (bpm / 120.0).log2();
        let harmony = harmony(&self.moments.harmonic_change(beats));
        let (on, half, quarter) = (onset(beats), onset(&halves), onset(&quarters));
        [
            covered(&self.network, beats),
            covered(&self.onsets, beats),
            strength,
            (strength + 1e-3).ln(),
            octaves,
            octaves * octaves,
            octaves.abs(),
            unevenness(beats),
            chain / self.moments.len() as f64 * 60.0 * RATE_HZ / bpm,
            network(beats) - network(&halves),
            on - half,
            on - quarter,
            half - quarter,
            on - onset(&thirds),
            level(low, beats).ln() - level(low, &halves).ln(),
            level(high, beats).ln() - level(high, &halves).ln(),
            network(beats) - network(&thirds),
            harmony[0],
            harmony[1],
            harmony[2],
            harmony[3],
            harmony[4],
            harmony[5],
        ]
    }
}

/// Mean over places of the highest value near each.
pub fn mean_near(values: &[f64], places: &[usize]) -> f64 {
    let sum: f64 = places.iter().map(|&at| near(values, at)).sum();
    sum / places.len().max(1) as f64
}

/// Share of all that lies within 40 ms of a beat.
fn covered(values: &[f64], beats: &[usize]) -> f64 {
    let mut inside = 0.0;
    let mut from = 0;
    for &beat in beats {
        let to = (beat + 5).min(values.len());
        from = from.max(beat.saturating_sub(4)).min(to);
        inside += values[from..to].iter().sum::<f64>();
        from = to;
    }
    inside / (values.iter().sum::<f64>() + 1e-9)
}

/// Spread of the logarithms of the distances around their median.
fn unevenness(beats: &[usize]) -> f64 {
    let mut distances: Vec<f64> = beats.windows(2).map(|p| (p[1] - p[0]) as f64).collect();
    if distances.len() < 3 {
        return 1.0;
    }
    distances.sort_by(f64::total_cmp);
    let middle = distances[distances.len() / 2];
    let logs: Vec<f64> = distances.iter().map(|d| (d / middle).ln()).collect();
    deviation(&logs)
}

/// How much of the harmony's movement falls on every second, third, fourth and eighth beat, how much
/// more on one of two neighbouring bars, and how much there is.
fn harmony(change: &[f64]) -> [f64; 6] {
    let mean = change.iter().sum::<f64>() / change.len().max(1) as f64 + 1e-6;
    let every = |step: usize| -> Option<Vec<f64>> {
        let of = |first: usize| {
            let values: Vec<f64> = change.iter().skip(first).step_by(step).copied().collect();
            values.iter().sum::<f64>() / values.len().max(1) as f64 / mean
        };
        (change.len() >= 2 * step).then(|| (0..step).map(of).collect())
    };
    let highest =
        |step: usize| every(step).map_or(1.0, |values| values.into_iter().fold(f64::MIN, f64::max));
    let alternation = every(8).map_or(0.0, |values| {
        let best = (0..8)
            .max_by(|&a, &b| values[a].total_cmp(&values[b]))
            .unwrap_or(0);
        values[best] - values[(best + 4) % 8]
    });
    [
        highest(2),
        highest(3),
        highest(4),
        highest(8),
        alternation,
        mean,
    ]
}
