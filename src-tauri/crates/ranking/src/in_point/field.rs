//! How likely a cut or hit is at each moment of a track, against one that knows nothing of it.
//!
//! The density of cuts is a mixture: a share lies on bars, a share on beats, the rest anywhere;
//! less on beats that are doubted.
//!
//! "On" means within a normal distribution of 32 ms: a cut is known to a frame (±1 at 25 fps), a
//! beat to about 20 ms, and together that spreads by some 30 ms. Beats with a stronger onset
//! attract more.

use super::Track;
use super::asked::{Asked, Event};
use super::grid::{Grid, length};
use super::starts::Start;
use crate::heard::Curve;

/// Steps a second in which a track is looked up.
const RATE_HZ: f64 = 100.0;
/// Spread of a cut around its beat, seconds.
const SPREAD_S: f64 = 0.032;
/// Steps to either side of a beat that the kernel reaches.
const REACH: usize = 10;
/// Levels of accent.
const LEVELS: usize = 8;

/// Shares of cuts (then of hits) on bars and on beats; the rest lies anywhere.
const CUTS: (f64, f64) = (0.45, 0.30);
const HITS: (f64, f64) = (0.05, 0.30);
/// Share of events that follow the onsets of a track without beats.
const FREE: f64 = 0.4;

/// Log densities over a track.
pub(super) struct Field {
    /// One for each place in the bar that may be the true first beat.
    cuts: Vec<Vec<f32>>,
    hits: Vec<f32>,
    rate_hz: f64,
    /// Log density of cuts (of hits) beyond the track.
    beyond: (f32, f32),
}

impl Field {
    pub(super) fn of(track: &Track<'_>, grid: &Grid, asked: &Asked) -> Field {
        if grid.is_empty() {
            return Field::of_onsets(&track.curves.onsets);
        }
        let steps = (length(track) * RATE_HZ) as usize + REACH + 1;
        let accents = accents(grid, &track.curves.onsets);
        let (on_cuts, on_hits) = (grid.trusted(CUTS), grid.trusted(HITS));
        let cuts = if asked.has_cuts() {
            let template = templates(grid, on_cuts);
            let draw = |first| draw(grid, &accents, &template, steps, first);
            (0..grid.per_bar).map(draw).collect()
        } else {
            Vec::new()
        };
        let hits = if asked.hits.is_empty() {
            Vec::new()
        } else {
            draw(grid, &accents, &templates(grid, on_hits), steps, 0)
        };
        let beyond = (anywhere(on_cuts).ln() as f32, anywhere(on_hits).ln() as f32);
        Field {
            cuts,
            hits,
            rate_hz: RATE_HZ,
            beyond,
        }
    }

    /// For a track without beats: density follows the onset curve.
    fn of_onsets(onsets: &Curve) -> Field {
        let rate_hz = f64::from(onsets.rate_hz);
        let mean = mean(&onsets.values);
        if !(rate_hz.is_finite() && rate_hz > 0.0 && mean > 0.0) {
            return Field {
                cuts: Vec::new(),
                hits: Vec::new(),
                rate_hz: 1.0,
                beyond: (0.0, 0.0),
            };
        }
        let value = |at: usize| onsets.values.get(at).map_or(0.0, |v| f64::from(*v));
        let values = (0..onsets.values.len()).map(|at| {
            let before = at.checked_sub(1).map_or(0.0, value);
            let smooth = 0.25 * before + 0.5 * value(at) + 0.25 * value(at + 1);
            (1.0 - FREE + FREE * smooth / mean).ln() as f32
        });
        let values: Vec<f32> = values.collect();
        Field {
            cuts: vec![values.clone()],
            hits: values,
            // Value k stands for what follows k / rate; half a step is taken off in the sum.
            rate_hz,
            beyond: ((1.0 - FREE).ln() as f32, (1.0 - FREE).ln() as f32),
        }
    }

    /// Evidence of the cuts for a start.
    pub(super) fn cuts(&self, asked: &Asked, start: Start) -> f64 {
        let values = self.cuts.get(start.place).or(self.cuts.first());
        values.map_or(0.0, |values| {
            self.sum(values, &asked.cuts, start, self.beyond.0)
        })
    }

    /// Evidence of the hits for a start.
    pub(super) fn hits(&self, asked: &Asked, start: Start) -> f64 {
        self.sum(&self.hits, &asked.hits, start, self.beyond.1)
    }

    fn sum(&self, values: &[f32], events: &[Event], start: Start, beyond: f32) -> f64 {
        if values.is_empty() {
            return 0.0;
        }
        let half = if self.rate_hz < RATE_HZ { 0.0 } else { 0.5 };
        let from = start.time_s * self.rate_hz + half;
        let value = |event: &Event| {
            let at = (from + event.at_s * self.rate_hz) as usize;
            event.weight * f64::from(values.get(at).copied().unwrap_or(beyond))
        };
        events.iter().map(value).sum()
    }
}

fn anywhere(shares: (f64, f64)) -> f64 {
    1.0 - shares.0 - shares.1
}

/// Log density around a beat, by accent, then by whether it begins a bar.
type Templates = [[[f32; 2 * REACH + 1]; 2]; LEVELS];

/// The density has mean 1 over the track: a kernel of area 1 at each of `rate` bars (beats) a
/// second is divided by that rate.
fn templates(grid: &Grid, shares: (f64, f64)) -> Templates {
    let rate_hz = grid.rate_hz();
    let on_beat = shares.1 / rate_hz;
    let on_bar = shares.0 * grid.per_bar as f64 / rate_hz;
    let peak = 1.0 / (SPREAD_S * std::f64::consts::TAU.sqrt());
    let mut templates = [[[0.0; 2 * REACH + 1]; 2]; LEVELS];
    for (level, by_bar) in templates.iter_mut().enumerate() {
        for (bar, values) in by_bar.iter_mut().enumerate() {
            let height = accent(level) * (on_beat + if bar == 1 { on_bar } else { 0.0 });
            for (at, value) in values.iter_mut().enumerate() {
                let off_s = (at as f64 - REACH as f64) / RATE_HZ;
                let kernel = peak * (-0.5 * (off_s / SPREAD_S).powi(2)).exp();
                *value = (anywhere(shares) + height * kernel).ln() as f32;
            }
        }
    }
    templates
}

/// What a level multiplies the pull of a beat by, 0.5 to 1.5.
fn accent(level: usize) -> f64 {
    0.5 + level as f64 / (LEVELS - 1) as f64
}

/// Level of each beat: half of its pull follows the onset there against the mean beat's.
fn accents(grid: &Grid, onsets: &Curve) -> Vec<usize> {
    let rate_hz = f64::from(onsets.rate_hz);
    let even = LEVELS / 2;
    if !(rate_hz.is_finite() && rate_hz > 0.0) {
        return vec![even; grid.beats.len()];
    }
    let strength = |time_s: f64| {
        let at = (time_s * rate_hz) as usize;
        let around = at.saturating_sub(1)..(at + 2).min(onsets.values.len());
        let values = onsets.values.get(around).unwrap_or_default();
        f64::from(values.iter().copied().max().unwrap_or(0))
    };
    let strengths: Vec<f64> = grid.beats.iter().map(|b| strength(b.time_s)).collect();
    let mean = strengths.iter().sum::<f64>() / strengths.len().max(1) as f64;
    if mean <= 0.0 {
        return vec![even; grid.beats.len()];
    }
    let level = |s: f64| (s / mean * 0.5 * (LEVELS - 1) as f64).round() as usize;
    strengths
        .iter()
        .map(|&s| level(s).min(LEVELS - 1))
        .collect()
}

fn draw(
    grid: &Grid,
    accents: &[usize],
    templates: &Templates,
    steps: usize,
    first: usize,
) -> Vec<f32> {
    // All templates end at the log density of a cut anywhere, near enough.
    let low = templates[0][0][0];
    let mut values = vec![low; steps];
    for (beat, &level) in grid.beats.iter().zip(accents) {
        let bar = usize::from(beat.place == first);
        let centre = (beat.time_s * RATE_HZ).round() as usize;
        for (at, &value) in templates[level][bar].iter().enumerate() {
            let Some(step) = (centre + at).checked_sub(REACH) else {
                continue;
            };
            if let Some(held) = values.get_mut(step) {
                *held = held.max(value);
            }
        }
    }
    values
}

fn mean(values: &[u8]) -> f64 {
    let sum: u64 = values.iter().map(|&v| u64::from(v)).sum();
    sum as f64 / values.len().max(1) as f64
}
