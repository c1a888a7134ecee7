//! The distribution of events around beats, and the evidence of a typical track for an edit.

use super::edit_events::{EditEvents, Event};

/// Standard deviation of a cut around its beat, seconds.
const SPREAD_S: f64 = 0.032;
/// Distance from a beat at which the kernel counts as 0, seconds.
const REACH_S: f64 = 0.1;

/// Shares of events on bars and on beats; the rest is anywhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shares {
    pub(super) on_bars: f64,
    pub(super) on_beats: f64,
}

/// Shares of cuts: more on bars than on beats.
pub(super) const CUTS: Shares = Shares {
    on_bars: 0.45,
    on_beats: 0.30,
};
/// Shares of hits: mostly on beats, fewer in all.
pub(super) const HITS: Shares = Shares {
    on_bars: 0.05,
    on_beats: 0.30,
};

impl Shares {
    pub(super) fn anywhere(self) -> f64 {
        1.0 - self.on_bars - self.on_beats
    }
}

/// Density of the normal distribution, per second.
pub(super) fn kernel(off_s: f64) -> f64 {
    let peak = 1.0 / (SPREAD_S * std::f64::consts::TAU.sqrt());
    peak * (-0.5 * (off_s / SPREAD_S).powi(2)).exp()
}

/// Tempi of a typical track, equally spaced by their logarithm. Half a step drifts by about the standard deviation of a
/// cut in a minute.
const SLOWEST_BPM: f64 = 55.0;
const FASTEST_BPM: f64 = 200.0;
const STEP: f64 = 1.001;
/// Beats in a bar of a typical track.
const PER_BAR: f64 = 4.0;
/// Confidence of its beats.
const TRUST: f64 = 0.85;

/// Log evidence of a typical track for an edit: the mean over tempi of a track with a constant tempo that starts on a bar.
/// It is high for an edit that follows some regular grid, and below 0 for other edits.
pub(super) fn typical(edit: &EditEvents) -> f64 {
    let count = ((FASTEST_BPM / SLOWEST_BPM).ln() / STEP.ln()) as usize;
    let tempi = (0..count).map(|at| SLOWEST_BPM * STEP.powi(at as i32));
    let evidence: Vec<f64> = tempi
        .map(|bpm| {
            let beat_s = 60.0 / bpm;
            of_tempo(&edit.cuts, CUTS, beat_s) + of_tempo(&edit.hits, HITS, beat_s)
        })
        .collect();
    let top = evidence.iter().copied().fold(f64::MIN, f64::max);
    let mean = evidence.iter().map(|e| (e - top).exp()).sum::<f64>() / count as f64;
    top + mean.ln()
}

fn of_tempo(events: &[Event], shares: Shares, beat_s: f64) -> f64 {
    let (on_beats, on_bars) = (shares.on_beats * TRUST, shares.on_bars * TRUST);
    let anywhere = 1.0 - on_beats - on_bars;
    let low = anywhere.ln();
    let one = |event: &Event| {
        let beats = event.at_s / beat_s;
        let nearest = beats.round();
        let off_s = (beats - nearest) * beat_s;
        if off_s.abs() > REACH_S {
            return event.weight * low;
        }
        let bar = nearest % PER_BAR == 0.0;
        let height = beat_s * (on_beats + if bar { PER_BAR * on_bars } else { 0.0 });
        event.weight * (anywhere + height * kernel(off_s)).ln()
    };
    events.iter().map(one).sum()
}
