//! How likely a cut or hit is at each moment of a track, against one that knows nothing of it.
//!
//! The density of cuts is a mixture: a share lies on bars, a share on beats, the rest anywhere;
//! less on beats that are doubted. "On" means within a normal distribution of 32 ms: a cut is
//! known to a frame (±1 at 25 fps), a beat to about 20 ms, and together that spreads by some
//! 30 ms. Beats with a stronger onset attract more. The mean of a density over the track is 1.

use super::asked::{Asked, Event, STEPS_HZ};
use super::grid::Grid;
use super::kernel::{CUTS, HITS, Shares, kernel};
use super::starts::Start;
use super::track::Track;
use crate::heard::Curve;

/// Steps to either side of a beat that the kernel reaches.
const REACH: usize = 10;
const WIDTH: usize = 2 * REACH + 1;
/// Levels of accent.
const LEVELS: usize = 8;
/// Codes of a beat of one place in the bar.
const CODES: usize = LEVELS * WIDTH;
/// Share of events that follow the onsets of a track without beats.
const FREE: f64 = 0.4;

/// Log densities over a track.
pub(super) enum Field {
    /// Of a track with beats.
    Beats(OnBeats),
    /// Of one without: log density at the rate of its onset curve.
    Onsets {
        /// Values a second.
        rate_hz: f64,
        /// For cuts and hits alike.
        values: Vec<f32>,
    },
}

pub(super) struct OnBeats {
    /// What lies at each step: 0 for nothing, else 1 + place · CODES + level · WIDTH + offset.
    codes: Vec<u16>,
    /// Log density of a cut by code, for each place that may be the true first beat.
    cuts: Vec<Vec<f32>>,
    /// Log density of a hit by code.
    hits: Vec<f32>,
}

impl Field {
    pub(super) fn of(track: &Track<'_>, grid: &Grid) -> Field {
        if grid.is_empty() {
            return Field::of_onsets(&track.curves.onsets);
        }
        let steps = (track.usable_s() * STEPS_HZ) as usize + REACH + 1;
        let cuts = templates(grid, grid.trusted(CUTS));
        let hits = templates(grid, grid.trusted(HITS));
        Field::Beats(OnBeats {
            codes: codes(grid, &track.curves.onsets, steps),
            cuts: (0..grid.per_bar).map(|p| values(grid, &cuts, p)).collect(),
            hits: values(grid, &hits, 0),
        })
    }

    fn of_onsets(onsets: &Curve) -> Field {
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
        Field::Onsets {
            rate_hz,
            values: if usable { values.collect() } else { Vec::new() },
        }
    }

    /// Evidence of the cuts for a start.
    pub(super) fn cuts(&self, asked: &Asked, start: Start) -> f64 {
        match self {
            Field::Beats(field) => field
                .cuts
                .get(start.place)
                .map_or(0.0, |values| field.sum(values, &asked.cuts, start.time_s)),
            Field::Onsets { rate_hz, values } => {
                of_values(values, *rate_hz, &asked.cuts, start.time_s)
            }
        }
    }

    /// Evidence of the hits for a start.
    pub(super) fn hits(&self, asked: &Asked, start: Start) -> f64 {
        match self {
            Field::Beats(field) => field.sum(&field.hits, &asked.hits, start.time_s),
            Field::Onsets { rate_hz, values } => {
                of_values(values, *rate_hz, &asked.hits, start.time_s)
            }
        }
    }
}

impl OnBeats {
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

/// Log density around a beat, by accent, then by whether it begins a bar; then anywhere.
struct Templates([[[f32; WIDTH]; 2]; LEVELS], f32);

/// A kernel of area 1 at each of `rate` bars (beats) a second is divided by that rate, which
/// makes the mean 1.
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

/// Log density by code where the bars begin at the place `first`.
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

/// What a level multiplies the pull of a beat by, 0.5 to 1.5.
fn accent(level: usize) -> f64 {
    0.5 + level as f64 / (LEVELS - 1) as f64
}

/// Level of each beat: half of its pull follows the onset there against the mean beat's.
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

/// The code at each step: that of the nearest beat in reach.
fn codes(grid: &Grid, onsets: &Curve, steps: usize) -> Vec<u16> {
    let mut codes = vec![0_u16; steps];
    let mut free = 0;
    for (at, (beat, level)) in grid.beats.iter().zip(accents(grid, onsets)).enumerate() {
        let centre = (beat.time_s * STEPS_HZ).round() as usize;
        let next = grid.beats.get(at + 1);
        // Of two beats in reach of a step the nearer one counts.
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
