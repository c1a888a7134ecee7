//! Cuts, hits, pulse and arc of an analysed clip at one sensitivity to cuts. Pure.

use needledrop_ranking::{Curve, Cut, Edit, Hit, Pulse};
use needledrop_vision::{Feeling, MotionSample, feeling, hits, impacts, pulse, within_shots};

use super::cached::CachedAnalysis;

/// Values of the arc per second.
const ARC_HZ: f32 = 2.0;
/// The pace at a moment counts the cuts up to this far away, seconds.
const PACE_S: f64 = 4.0;
/// Cuts per second at which the pace is 1.
const FULL_PACE: f32 = 1.0;
/// A cut or hit at most this far from a beat of the pulse lies on it, seconds.
const ON_BEAT_S: f64 = 0.07;
/// A pulse of lower confidence is not reported as a tempo.
pub(crate) const NO_PULSE: f32 = 0.3;

/// The rhythm of a clip.
#[derive(Clone, Debug, Default)]
pub(crate) struct PictureRhythm {
    pub(crate) edit: Edit,
    pub(crate) pulse: Pulse,
    /// Cuts and hits that lie on the pulse, seconds; empty without a pulse.
    pub(crate) beats_s: Vec<f64>,
    pub(crate) feeling: Feeling,
    /// Motion over time without the jumps at cuts.
    pub(crate) moments: Vec<MotionSample>,
}

impl PictureRhythm {
    /// Finds cuts at a sensitivity from 0 (clear ones only) to 1, and all that follows from them.
    pub(crate) fn of(cached: &CachedAnalysis, sensitivity: f32) -> PictureRhythm {
        let range_s = cached.range_s;
        let moving = &cached.moving;
        let inside = |t: f64| t >= range_s.0 - 1e-6 && t <= range_s.1 + 1e-6;
        let cuts: Vec<Cut> = moving
            .shots
            .cuts(sensitivity)
            .into_iter()
            .filter(|c| inside(c.time_s))
            .collect();
        let cuts_s: Vec<f64> = cuts.iter().map(|c| c.time_s).collect();
        let impacts = impacts(&moving.moments, &cuts_s);
        let hits: Vec<Hit> = hits(&moving.moments, &impacts)
            .into_iter()
            .filter(|h| inside(h.time_s))
            .collect();
        let pulse = pulse(&cuts, &hits, range_s);
        let moments = within_shots(&moving.moments, &cuts_s);
        let speech_s = cached
            .sound
            .as_ref()
            .map_or(Vec::new(), |h| h.speech_s.clone());
        let feeling = feeling(&moving.light, &moving.moments, &cuts, range_s.1 - range_s.0);
        let arc = arc(range_s, &moments, &cuts_s);
        PictureRhythm {
            beats_s: beats(&cuts, &hits, &pulse),
            feeling,
            pulse,
            moments,
            edit: Edit {
                range_s,
                cuts,
                hits,
                arc,
                speech_s,
            },
        }
    }
}

/// Half motion, half pace of the cuts, [`ARC_HZ`] values per second.
fn arc((from, to): (f64, f64), moments: &[MotionSample], cuts_s: &[f64]) -> Curve {
    let count = (((to - from) * f64::from(ARC_HZ)).ceil() as usize).max(1);
    let step = 1.0 / f64::from(ARC_HZ);
    let mut motion: Vec<f32> = Vec::with_capacity(count);
    for i in 0..count {
        let start = from + i as f64 * step;
        let first = moments.partition_point(|m| m.time_s < start - step / 2.0);
        let last = moments.partition_point(|m| m.time_s < start + step * 1.5);
        let near = &moments[first..last.max(first)];
        let sum: f32 = near.iter().map(MotionSample::energy).sum();
        motion.push(sum / near.len().max(1) as f32);
    }
    // Relative to the 90th percentile of motion, and by its square root: large motions differ less than their numbers.
    let mut sorted = motion.clone();
    sorted.sort_by(f32::total_cmp);
    let full = sorted[(sorted.len() - 1) * 9 / 10].max(0.02);
    let values = motion.iter().enumerate().map(|(i, &m)| {
        let at = from + (i as f64 + 0.5) * step;
        let near = cuts_s.iter().filter(|&&c| (c - at).abs() <= PACE_S).count();
        let room = (at + PACE_S).min(to) - (at - PACE_S).max(from);
        let pace = near as f32 / room.max(0.5) as f32 / FULL_PACE;
        0.5 * (m / full).min(1.0).sqrt() + 0.5 * pace.min(1.0).sqrt()
    });
    Curve::new(ARC_HZ, values)
}

/// Times of the cuts and hits that lie on the pulse.
fn beats(cuts: &[Cut], hits: &[Hit], pulse: &Pulse) -> Vec<f64> {
    if pulse.confidence < NO_PULSE || pulse.bpm <= 0.0 {
        return Vec::new();
    }
    let period_s = 60.0 / f64::from(pulse.bpm);
    let mut all: Vec<f64> = cuts
        .iter()
        .map(|c| c.time_s)
        .chain(hits.iter().map(|h| h.time_s))
        .filter(|t| {
            let turns = (t - pulse.phase_s) / period_s;
            (turns - turns.round()).abs() * period_s <= ON_BEAT_S
        })
        .collect();
    all.sort_by(f64::total_cmp);
    all.dedup_by(|b, a| *b - *a < ON_BEAT_S);
    all
}
