//! How likely the tempo is right, and how likely the metre. Pure.
//!
//! Two logistic models, learned by `training/beats/confidence.py` from music of known tempo and
//! from sounds without a pulse: pads, noise, speech, rain, rubato.

use super::hypotheses::{BeatHypothesis, mean_near};
use super::moments::Moments;
use super::pace::Pace;
use super::weights;

/// Inputs of the confidence of a tempo.
pub const FEATURES: usize = weights::CONFIDENCE.len();

/// What speaks for the tempo of the best hypothesis.
///
/// `share`: likelihood of its tempo. `agreeing`: likelihood of its beats. Both 0 to 1.
pub fn features(
    moments: &Moments,
    best: &BeatHypothesis,
    share: f64,
    agreeing: f64,
    pace: Option<&Pace>,
) -> [f64; FEATURES] {
    let unit = |x: f64| (x.clamp(0.0, 1.0) + 0.02).ln();
    let [level, peak] = moments.attack;
    let network = mean_near(&moments.either(), &best.beats);
    let error = pace.map_or(0.1, |p| {
        p.error_s / p.beat_s * (best.beats.len() as f64).powf(1.5)
    });
    [
        share,
        unit(1.0 - share),
        unit(best.candidate.clarity),
        unit(agreeing),
        unit(best.features[7]),
        best.features[0],
        best.features[1],
        best.features[9],
        best.features[25],
        best.features[26],
        level,
        peak,
        pace.map_or(0.0, |p| p.steady),
        (error + 1e-3).ln(),
        unit(network),
        (best.beats.len() as f64).ln(),
    ]
}

/// Probability that the tempo is right, within 4 %.
pub fn of_tempo(features: &[f64; FEATURES]) -> f64 {
    let pairs = features.iter().zip(&weights::CONFIDENCE);
    logistic(
        weights::CONFIDENCE_BIAS
            + pairs
                .map(|(x, w)| (x - w.mean) / w.spread * w.weight)
                .sum::<f64>(),
    )
}

/// Probability that the metre is right: from its likelihood among the metres, which is also the most
/// that it can be, and the confidence of the tempo.
pub fn of_metre(likelihood: f64, tempo: f64) -> f64 {
    let odds = |p: f64| ((p + 0.01) / (1.01 - p)).ln();
    let [bias, metre, pulse] = weights::METRE;
    logistic(bias + metre * odds(likelihood) + pulse * odds(tempo)).min(likelihood)
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
