//! The density of cuts and hits over a track: their likelihood at each time, relative to events that ignore the track.
//!
//! The density of cuts is a mixture: one share lies on bars, one on beats, the rest anywhere. Beats of low confidence get
//! smaller shares. "On" means normally distributed with a standard deviation of 32 ms: a cut is known to a frame (±1 at 25
//! fps) and a beat to about 20 ms, together some 30 ms. A beat with a stronger onset gets more. The mean over the track is
//! 1.

use super::edit_events::{EditEvents, Event, STEPS_HZ};
use super::grid::Grid;
use super::kernel::{CUTS, HITS, Shares, kernel};
use super::starts::Start;
use super::track::Track;
use crate::track_analysis::Curve;

/// Steps that the kernel reaches on each side of a beat.
const REACH: usize = 10;
const WIDTH: usize = 2 * REACH + 1;
/// Number of steps of accent.
const LEVELS: usize = 8;
/// Number of codes of each place in the bar.
const CODES: usize = LEVELS * WIDTH;
/// Share of events on the onsets of a track without beats.
const FREE: f64 = 0.4;

/// Log densities over a track.
pub(super) enum Density {
    /// For a track with beats.
    Beats(BeatDensity),
    /// For a track without beats, at the rate of its onset curve.
    Onsets {
        /// Number of values per second.
        rate_hz: f64,
        /// Log density of cuts and of hits.
        values: Vec<f32>,
    },
}

pub(super) struct BeatDensity {
    /// Code of each step: 0 far from beats, else 1 + place · CODES + level · WIDTH + offset.
    codes: Vec<u16>,
    /// Log density of a cut by code, for each place in the bar that may be the true first beat.
    cuts: Vec<Vec<f32>>,
    /// Log density of a hit by code.
    hits: Vec<f32>,
}

impl Density {
    pub(super) fn of(track: &Track<'_>, grid: &Grid) -> Density {
        if grid.is_empty() {
            return Density::of_onsets(&track.curves.onsets);
        }
        let steps = (track.usable_s() * STEPS_HZ) as usize + REACH + 1;
        let cuts = templates(grid, grid.trusted(CUTS));
        let hits = templates(grid, grid.trusted(HITS));
        Density::Beats(BeatDensity {
            codes: codes(grid, &track.curves.onsets, steps),
            cuts: (0..grid.per_bar).map(|p| values(grid, &cuts, p)).collect(),
            hits: values(grid, &hits, 0),
        })
    }

    fn of_onsets(onsets: &Curve) -> Density {
        let rate_hz = f64::from(onsets.rate_hz);
        let sum: u64 = onsets.values.iter().map(|&v| u64::from(v)).sum();
        let mean = sum as f64 / onsets.values.len().max(1) as f64;
        let usable = rate_hz.is_finite() && rate_hz > 0.0 && mean > 0.0;
        let value = |at: usize| onsets.values.get(at).map_or(0.0, |v| f64::from(*v));
        let values = (0..onsets.values.len()).map(|at| {
            let before = at.checked_sub(1).map_or(0.0, value);
            let smooth = 0.25 * before + 0.5 * value(at) + 0.25 * value(at + 1);
            (1.0 - FREE + FREE * smooth / mean).ln() as f32
        });
        Density::Onsets {
            rate_hz,
            values: if usable { values.collect() } else { Vec::new() },
        }
    }

    /// Evidence of the cuts for a start.
    pub(super) fn cuts(&self, edit: &EditEvents, start: Start) -> f64 {
        match self {
            Density::Beats(density) => density
                .cuts
                .get(start.place)
                .map_or(0.0, |values| density.sum(values, &edit.cuts, start.time_s)),
            Density::Onsets { rate_hz, values } => {
                of_values(values, *rate_hz, &edit.cuts, start.time_s)
            }
        }
    }

    /// Evidence of the hits for a start.
    pub(super) fn hits(&self, edit: &EditEvents, start: Start) -> f64 {
        match self {
            Density::Beats(density) => density.sum(&density.hits, &edit.hits, start.time_s),
            Density::Onsets { rate_hz, values } => {
                of_values(values, *rate_hz, &edit.hits, start.time_s)
            }
        }
    }
}

impl BeatDensity {
    fn sum(&self, values: &[f32], events: &[Event], start_s: f64) -> f64 {
        let from = (start_s * STEPS_HZ).round() as usize;
        let codes = self.codes.get(from..).unwrap_or_default();
        let mut sum = 0.0;
        for event in events {
            let code = codes.get(event.step).map_or(0, |&code| usize::from(code));
            sum += event.weight * f64::from(values[code]);
        }
        sum
    }
}

fn of_values(values: &[f32], rate_hz: f64, events: &[Event], start_s: f64) -> f64 {
    let value = |event: &Event| {
        let at = ((start_s + event.at_s) * rate_hz) as usize;
        let beyond = (1.0 - FREE).ln();
        event.weight * values.get(at).map_or(beyond, |v| f64::from(*v))
    };
    if values.is_empty() {
        return 0.0;
    }
    events.iter().map(value).sum()
}

/// Log density around a beat by accent, then by whether it starts a bar; and the log density far from beats.
struct Templates([[[f32; WIDTH]; 2]; LEVELS], f32);

/// The kernel has area 1. Dividing it by the number of bars (or beats) per second makes the mean of the density 1.
fn templates(grid: &Grid, shares: Shares) -> Templates {
    let rate_hz = grid.rate_hz();
    let on_beat = shares.on_beats / rate_hz;
    let on_bar = shares.on_bars * grid.per_bar as f64 / rate_hz;
    let mut templates = [[[0.0; WIDTH]; 2]; LEVELS];
    for (level, by_bar) in templates.iter_mut().enumerate() {
        for (bar, values) in by_bar.iter_mut().enumerate() {
            let height = accent(level) * (on_beat + if bar == 1 { on_bar } else { 0.0 });
            for (at, value) in values.iter_mut().enumerate() {
                let off_s = (at as f64 - REACH as f64) / STEPS_HZ;
                *value = (shares.anywhere() + height * kernel(off_s)).ln() as f32;
            }
        }
    }
    Templates(templates, shares.anywhere().ln() as f32)
}

/// Log density by code if the bars start at the place `first`.
fn values(grid: &Grid, templates: &Templates, first: usize) -> Vec<f32> {
    let mut values = Vec::with_capacity(1 + grid.per_bar * CODES);
    values.push(templates.1);
    for place in 0..grid.per_bar {
        let bar = usize::from(place == first);
        for by_bar in &templates.0 {
            values.extend_from_slice(&by_bar[bar]);
        }
    }
    values
}

/// Factor of a beat's share by accent level, 0.5 to 1.5.
fn accent(level: usize) -> f64 {
    0.5 + level as f64 / (LEVELS - 1) as f64
}

/// Accent level of each beat, from its onset strength relative to the mean of all beats.
fn accents(grid: &Grid, onsets: &Curve) -> Vec<usize> {
    let rate_hz = f64::from(onsets.rate_hz);
    let even = vec![LEVELS / 2; grid.beats.len()];
    if !(rate_hz.is_finite() && rate_hz > 0.0) {
        return even;
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
        return even;
    }
    let level = |s: f64| (s / mean * 0.5 * (LEVELS - 1) as f64).round() as usize;
    strengths
        .iter()
        .map(|&s| level(s).min(LEVELS - 1))
        .collect()
}

/// The code of each step, from the nearest beat within reach.
fn codes(grid: &Grid, onsets: &Curve, steps: usize) -> Vec<u16> {
    let mut codes = vec![0_u16; steps];
    let mut free = 0;
    for (at, (beat, level)) in grid.beats.iter().zip(accents(grid, onsets)).enumerate() {
        let centre = (beat.time_s * STEPS_HZ).round() as usize;
        let next = grid.beats.get(at + 1);
        // The nearer one of two beats within reach counts.
        let half = next.map_or(steps, |next| {
            (f64::midpoint(beat.time_s, next.time_s) * STEPS_HZ) as usize + 1
        });
        let to = (centre + REACH + 1).min(half).min(steps);
        let base = 1 + beat.place * CODES + level * WIDTH + REACH;
        let from = centre.saturating_sub(REACH).max(free);
        for (code, step) in codes[from.min(to)..to].iter_mut().zip(from..) {
            *code = (base + step - centre) as u16;
        }
        free = to;
    }
    codes
}
