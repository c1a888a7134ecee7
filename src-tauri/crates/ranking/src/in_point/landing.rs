//! Landings: the cuts and hits that fall on a beat, bar, onset or climax of the track.

use super::edit_events::{EditEvents, Event};
use super::grid::Grid;
use super::starts::Start;
use super::track::Track;
use crate::track_analysis::Curve;

/// Largest distance between a cut and what it lands on, seconds.
const TOLERANCE_S: f64 = 0.07;
/// Smallest weight of a hit that is listed as a landing.
const HARD: f64 = 0.5 * 0.25;

/// The part of a track that a cut or hit lands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LandsOn {
    /// A beat that starts no bar.
    Beat,
    /// The first beat of a bar.
    Bar,
    /// The start of the climax.
    Climax,
    /// A strong onset of a track without beats.
    Onset,
}

impl LandsOn {
    /// The name in JSON documents.
    pub fn as_str(self) -> &'static str {
        match self {
            LandsOn::Beat => "beat",
            LandsOn::Bar => "bar",
            LandsOn::Climax => "climax",
            LandsOn::Onset => "onset",
        }
    }
}

/// A cut or hit that falls on a beat, bar, onset or climax.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Landing {
    /// Time of the cut or hit, seconds of the clip.
    pub clip_s: f64,
    /// Time of what it lands on, seconds of the track; at most 70 ms off.
    pub track_s: f64,
    /// The kind of what it lands on.
    pub on: LandsOn,
}

/// The best start of a track for an edit, and the fit from there on.
#[derive(Clone, Debug, PartialEq)]
pub struct InPoint {
    /// Second of the track that plays at the range's in-point. In a track with bars it is on a bar line, and on another
    /// beat only if the cuts show that the bars are wrong.
    pub start_s: f64,
    /// Probability, 0 to 1, that the edit follows the beats of this track; 0.5 if the picture has no evidence.
    pub score: f32,
    /// Number of cuts within 70 ms of a beat, or of a strong onset in a track without beats.
    pub cuts_landed: usize,
    /// Number of cuts of the range, without one at its in-point.
    pub cuts: usize,
    /// Expected number of landed cuts for a random start.
    pub cuts_by_chance: f32,
    /// All landings in time order.
    pub landings: Vec<Landing>,
}

/// The in-point and its landings for a chosen start.
pub(super) fn answer(
    edit: &EditEvents,
    track: &Track<'_>,
    grid: &Grid,
    start: Start,
    score: f32,
) -> InPoint {
    let onsets = if grid.is_empty() {
        Onsets::of(&track.curves.onsets)
    } else {
        None
    };
    let onsets = onsets.as_ref();
    let lands = |event: &Event| landing(edit, track, grid, onsets, start, event);
    let mut landings: Vec<Landing> = edit.cuts.iter().filter_map(lands).collect();
    let cuts_landed = landings.len();
    let hard = edit.hits.iter().filter(|hit| hit.weight >= HARD);
    landings.extend(hard.filter_map(lands));
    landings.sort_by(|a, b| a.clip_s.total_cmp(&b.clip_s));
    landings.dedup_by(|b, a| b.clip_s - a.clip_s < TOLERANCE_S && a.track_s == b.track_s);
    let by_chance = if grid.is_empty() {
        onsets.map_or(0.0, Onsets::share)
    } else {
        (2.0 * TOLERANCE_S * grid.rate_hz()).min(1.0)
    };
    InPoint {
        start_s: start.time_s.clamp(0.0, track.usable_s()),
        score,
        cuts_landed,
        cuts: edit.cuts.len(),
        cuts_by_chance: (by_chance * edit.cuts.len() as f64) as f32,
        landings,
    }
}

fn landing(
    edit: &EditEvents,
    track: &Track<'_>,
    grid: &Grid,
    onsets: Option<&Onsets<'_>>,
    start: Start,
    event: &Event,
) -> Option<Landing> {
    let sounds_s = start.time_s + event.at_s;
    if sounds_s > track.usable_s() {
        return None;
    }
    let on_target = |track_s: f64, on: LandsOn| Landing {
        clip_s: edit.from_s + event.at_s,
        track_s,
        on,
    };
    let near = |time_s: f64| (time_s - sounds_s).abs() <= TOLERANCE_S;
    let climax = track.form.climax_s.filter(|&s| near(s));
    if grid.is_empty() {
        let strong = onsets.is_some_and(|onsets| onsets.strong(sounds_s));
        return climax
            .map(|s| on_target(s, LandsOn::Climax))
            .or_else(|| strong.then(|| on_target(sounds_s, LandsOn::Onset)));
    }
    let beat = grid.nearest(sounds_s).filter(|beat| near(beat.time_s))?;
    Some(match (climax, beat.place == start.place && grid.has_bars) {
        (Some(climax_s), _) => on_target(climax_s, LandsOn::Climax),
        (None, true) => on_target(beat.time_s, LandsOn::Bar),
        (None, false) => on_target(beat.time_s, LandsOn::Beat),
    })
}

/// A strong onset is at least this many times the mean.
const STRONG: f64 = 2.5;

/// The onsets of a track without beats.
struct Onsets<'a> {
    curve: &'a Curve,
    rate_hz: f64,
    /// Smallest value of a strong onset.
    limit: f64,
}

impl Onsets<'_> {
    fn of(curve: &Curve) -> Option<Onsets<'_>> {
        let rate_hz = f64::from(curve.rate_hz);
        let sum: u64 = curve.values.iter().map(|&v| u64::from(v)).sum();
        let mean = sum as f64 / curve.values.len().max(1) as f64;
        (rate_hz.is_finite() && rate_hz > 0.0 && sum > 0).then_some(Onsets {
            curve,
            rate_hz,
            limit: STRONG * mean,
        })
    }

    /// Whether a strong onset is within the tolerance.
    fn strong(&self, time_s: f64) -> bool {
        let place = |s: f64| (s.max(0.0) * self.rate_hz) as usize;
        let around = place(time_s - TOLERANCE_S)..=place(time_s + TOLERANCE_S);
        let mut values = around.filter_map(|at| self.curve.values.get(at));
        values.any(|&v| f64::from(v) >= self.limit)
    }

    /// Share of times with a strong onset within the tolerance.
    fn share(&self) -> f64 {
        let moments = self.curve.values.len();
        let near = (0..moments).filter(|&at| self.strong((at as f64 + 0.5) / self.rate_hz));
        near.count() as f64 / moments.max(1) as f64
    }
}
