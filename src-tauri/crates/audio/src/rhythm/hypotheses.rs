//! Beat hypotheses: candidate tempi with their beats, and the one that people would tap.
//!
//! The features of a hypothesis are the evidence on its beats and between them, the movement of the
//! harmony with it, and how usual its tempo is. A linear score over them, learned by
//! `training/beats/fit.py`, decides. Its weights prefer strong low onsets on the beat, few onsets
//! at thirds of a beat, chords that change with the bar, and tempi near two beats a second.

use super::follow::follow;
use super::moments::{Moments, RATE_HZ, deviation, near};
use super::pattern::{alternation, parts};
use super::tempo::Candidate;
use super::weights;

/// How strictly beats follow the tempo: loosely for players, strictly for machines.
const TIGHTNESS: [f64; 2] = [100.0, 2000.0];
/// Weight of the onsets relative to the network in the evidence that is followed.
const ONSET_SHARE: f64 = 0.7;
/// Fewer beats are not a pulse.
const LEAST_BEATS: usize = 4;

/// Inputs of the score of a hypothesis.
pub const FEATURES: usize = weights::BEATS.len();

/// A tempo and the beats that follow it.
#[derive(Clone, Debug)]
pub struct BeatHypothesis {
    /// The tempo, and the strength of its repetition.
    pub candidate: Candidate,
    /// Beats, as indices of moments.
    pub beats: Vec<usize>,
    /// Inputs of the score.
    pub features: [f64; FEATURES],
    /// Likelihood among all hypotheses; they sum to 1.
    pub likelihood: f64,
}

/// All hypotheses, likeliest first.
pub fn hypotheses(moments: &Moments, candidates: &[Candidate]) -> Vec<BeatHypothesis> {
    let evidence = Evidence::new(moments);
    let strongest = candidates.iter().map(|c| c.strength).fold(1e-9, f64::max);
    let mut hypotheses = Vec::new();
    for &candidate in candidates {
        for tightness in TIGHTNESS {
            let (on, chain) = follow(&evidence.followed, candidate.bpm, tightness);
            if on.len() < LEAST_BEATS {
                continue;
            }
            // The same tempo half a beat later: the assumed beats may be offbeats.
            let off: Vec<usize> = on.windows(2).map(|p| p[0] + (p[1] - p[0]) / 2).collect();
            for beats in [on, off] {
                let strength = candidate.strength / strongest;
                let features = evidence.features(&beats, candidate.bpm, strength, chain);
                hypotheses.push(BeatHypothesis {
                    candidate,
                    beats,
                    features,
                    likelihood: score(&features),
                });
            }
        }
    }
    let best = hypotheses
        .iter()
        .map(|w| w.likelihood)
        .fold(f64::MIN, f64::max);
    hypotheses
        .iter_mut()
        .for_each(|w| w.likelihood = (w.likelihood - best).exp());
    let total: f64 = hypotheses.iter().map(|w| w.likelihood).sum();
    hypotheses.iter_mut().for_each(|w| w.likelihood /= total);
    hypotheses.sort_by(|a, b| b.likelihood.total_cmp(&a.likelihood));
    hypotheses
}

fn score(features: &[f64; FEATURES]) -> f64 {
    let pairs = features.iter().zip(&weights::BEATS);
    pairs.map(|(x, w)| (x - w.mean) / w.spread * w.weight).sum()
}

struct Evidence<'a> {
    moments: &'a Moments,
    network: Vec<f64>,
    onsets: Vec<f64>,
    followed: Vec<f64>,
    /// Squares, in which strong values outweigh many weak ones.
    strong_onsets: Vec<f64>,
    strong_network: Vec<f64>,
    strong_low: Vec<f64>,
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
        let squares = |values: &[f64]| values.iter().map(|x| x * x).collect::<Vec<f64>>();
        let mut strong_onsets = vec![0.0; moments.len()];
        for range in &moments.onsets {
            let squares = squares(range);
            let total = squares.iter().sum::<f64>() + 1e-9;
            let shares = strong_onsets.iter_mut().zip(&squares);
            shares.for_each(|(sum, x)| *sum += x / total);
        }
        Evidence {
            strong_onsets,
            strong_network: squares(&network),
            strong_low: squares(&moments.onsets[0]),
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
        let [_, at_half, second, third] = parts(&self.onsets, beats);
        // Above 0 for beats of three parts.
        let threeness = second.min(third) - at_half;
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
            threeness,
            threeness.max(0.0),
            on - half.max(onset(&thirds)),
            network(beats) - network(&halves).max(network(&thirds)),
            level(low, beats).ln() - level(low, &halves).max(level(low, &thirds)).ln(),
            alternation(&self.onsets, beats, 2),
            alternation(&self.network, beats, 2),
            alternation(&self.onsets, beats, 3),
            covered(&self.strong_onsets, beats),
            covered(&self.strong_network, beats),
            covered(&self.strong_low, beats),
        ]
    }
}

/// Mean over places of the highest value near each.
pub fn mean_near(values: &[f64], places: &[usize]) -> f64 {
    let sum: f64 = places.iter().map(|&at| near(values, at)).sum();
    sum / places.len().max(1) as f64
}

/// Share of all evidence within 40 ms of a beat.
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

/// Standard deviation of the logarithms of the beat distances, relative to their median.
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

/// Movement of the harmony on every second, third, fourth and eighth beat relative to the mean; how
/// much more falls on one of two neighbouring bars; the mean.
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
