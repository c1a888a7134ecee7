//! Bars: which beats are downbeats, in how many beats. Pure.
//!
//! Cues of a downbeat: the network's activation, a change of harmony, an onset in the bass (the
//! same cues as in S. Durand, J. Bello, B. David & G. Richard, *Downbeat tracking with multiple
//! features and deep neural networks*, ICASSP 2015). A linear score, learned by
//! `training/beats/fit.py`, compares the cues on and off the downbeats of each hypothesis, and how
//! well its bars repeat.

use super::moments::{Moments, RATE_HZ, deviation, near};
use super::pattern::{Repetition, parts, together};
use super::weights;

/// Cues of a beat.
const CUES: usize = 7;
/// Inputs of the score of a hypothesis.
pub const FEATURES: usize = weights::BARS.len();
/// Beats in a bar. Two are a bar of 6/8.
const METRES: [usize; 5] = [2, 3, 4, 5, 7];
/// Thirds that sound less together than this are those of three against two.
const LEAST_TOGETHER: f64 = 0.25;
/// [`compound_odds`] from which 6/8 is considered.
const LEAST_ODDS: f64 = -0.85;
/// A metre is heard in at least so many of its bars.
const LEAST_BARS: usize = 2;
/// Rare metres need more.
const LEAST_RARE_BARS: usize = 4;

/// One way to group the beats into bars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BarHypothesis {
    /// Beats in a bar: 2 to 7.
    pub per_bar: usize,
    /// Index of the first downbeat.
    pub first: usize,
    /// Inputs of the score.
    pub features: [f64; FEATURES],
    /// Likelihood among all hypotheses; they sum to 1.
    pub likelihood: f64,
}

/// Logarithm of the odds that the beats have three equal parts, as in 6/8 and 12/8. A swung beat
/// has a weak second part, and is faster.
pub fn compound_odds(moments: &Moments, beats: &[usize]) -> f64 {
    let onsets = moments.all_onsets();
    if together(&onsets, beats) < LEAST_TOGETHER {
        return f64::NEG_INFINITY;
    }
    let [on, half, second, third] = parts(&onsets, beats);
    let beat_s = match beats {
        [first, .., last] => (last - first) as f64 / RATE_HZ / (beats.len() - 1) as f64,
        _ => return f64::NEG_INFINITY,
    };
    let octaves = (60.0 / beat_s / 100.0).log2();
    let [bias, weights @ ..] = weights::COMPOUND;
    let inputs = [half - on, second - on, third - on, octaves];
    bias + inputs.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>()
}

impl BarHypothesis {
    /// Whether its beats have three equal parts, by the [`compound_odds`] of the beats.
    pub fn compound(&self, odds: f64) -> bool {
        match self.per_bar {
            2 => true,
            3 | 4 => odds > 0.0,
            _ => false,
        }
    }
}

/// All hypotheses, likeliest first; empty for fewer than eight beats.
pub fn hypotheses(moments: &Moments, beats: &[usize]) -> Vec<BarHypothesis> {
    if beats.len() < 8 {
        return Vec::new();
    }
    let odds = compound_odds(moments, beats);
    let heard = |per_bar: &&usize| {
        let bars = match per_bar {
            2..=4 => LEAST_BARS,
            _ => LEAST_RARE_BARS,
        };
        beats.len() >= bars * **per_bar && (**per_bar > 2 || odds > LEAST_ODDS)
    };
    let (cues, repetition) = cues(moments, beats);
    let mut readings: Vec<BarHypothesis> = METRES
        .iter()
        .filter(heard)
        .flat_map(|&per_bar| (0..per_bar).map(move |first| (per_bar, first)))
        .map(|(per_bar, first)| {
            let features = features(&cues, &repetition, odds, per_bar, first);
            let pairs = features.iter().zip(&weights::BARS);
            let likelihood = pairs.map(|(x, w)| x * w).sum();
            BarHypothesis {
                per_bar,
                first,
                features,
                likelihood,
            }
        })
        .collect();
    let best = readings
        .iter()
        .map(|r| r.likelihood)
        .fold(f64::MIN, f64::max);
    readings
        .iter_mut()
        .for_each(|r| r.likelihood = (r.likelihood - best).exp());
    let total: f64 = readings.iter().map(|r| r.likelihood).sum();
    readings.iter_mut().for_each(|r| r.likelihood /= total);
    readings.sort_by(|a, b| b.likelihood.total_cmp(&a.likelihood));
    readings
}

/// The cues of every beat, each with mean 0 and standard deviation 1, and the repetition of the
/// onsets, of the harmony's change and of the downbeats' odds.
fn cues(moments: &Moments, beats: &[usize]) -> (Vec<[f64; CUES]>, [Repetition; 3]) {
    let of = |values: &[f64]| -> Vec<f64> { beats.iter().map(|&b| near(values, b)).collect() };
    let (beat, downbeat) = (of(&moments.beat), of(&moments.downbeat));
    let log = |x: &f64| (x + 0.02).ln();
    let odds = downbeat
        .iter()
        .zip(&beat)
        .map(|(d, b)| log(d) - log(b))
        .collect();
    let change = moments.harmonic_change(beats);
    let change_log = change.iter().map(log).collect();
    let [low, _, high] = &moments.onsets;
    let mut columns: [Vec<f64>; CUES] = [
        odds,
        downbeat,
        change_log,
        change,
        of(low),
        of(&moments.all_onsets()),
        of(high),
    ];
    for column in &mut columns {
        let mean = column.iter().sum::<f64>() / column.len() as f64;
        let spread = deviation(column);
        column.iter_mut().for_each(|x| *x = (*x - mean) / spread);
    }
    let repetition = [
        Repetition::of_onsets(moments, beats),
        Repetition::of_values(&columns[3]),
        Repetition::of_values(&columns[0]),
    ];
    let of_beat = |at: usize| std::array::from_fn(|cue| columns[cue][at]);
    ((0..beats.len()).map(of_beat).collect(), repetition)
}

fn features(
    cues: &[[f64; CUES]],
    repetition: &[Repetition; 3],
    odds: f64,
    per_bar: usize,
    first: usize,
) -> [f64; FEATURES] {
    let mean = |wanted: &dyn Fn(usize) -> bool| -> [f64; CUES] {
        let mut sums = [0.0; CUES];
        let mut count = 0.0;
        for (at, cue) in cues.iter().enumerate() {
            if wanted((at + per_bar - first) % per_bar) {
                sums.iter_mut().zip(cue).for_each(|(s, c)| *s += c);
                count += 1.0;
            }
        }
        sums.map(|s| s / f64::max(count, 1.0))
    };
    let (on, off) = (mean(&|place| place == 0), mean(&|place| place != 0));
    let in_three = f64::from(u8::from(per_bar == 3));
    let mut features = [0.0; FEATURES];
    for cue in 0..CUES {
        features[cue] = on[cue] - off[cue];
        features[CUES + cue] = in_three * features[cue];
    }
    if per_bar == 4 {
        let [second, third, fourth] = [1, 2, 3].map(|wanted| mean(&|place| place == wanted));
        for (at, cue) in [4, 5, 6].into_iter().enumerate() {
            features[14 + at] = (second[cue] + fourth[cue] - on[cue] - third[cue]) / 2.0;
        }
        for (at, cue) in [0, 2, 4].into_iter().enumerate() {
            features[17 + at] = third[cue];
        }
    }
    features[20] = in_three;
    for (feature, repetition) in features[21..24].iter_mut().zip(repetition) {
        *feature = repetition.of_bars(per_bar);
    }
    features[24] = f64::from(u8::from(per_bar == 2));
    features[25] = f64::from(u8::from(per_bar == 5));
    features[26] = f64::from(u8::from(per_bar == 7));
    features[27] = features[24] * odds.clamp(-4.0, 4.0);
    features
}
