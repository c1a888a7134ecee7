//! Where picture and track meet from a start.

use super::asked::{Asked, Event};
use super::grid::Grid;
use super::starts::Start;
use super::track::Track;
use crate::heard::Curve;

/// Farther apart than this and they do not meet, seconds.
const TOLERANCE_S: f64 = 0.07;
/// Hits of at least this weight are named where they meet a beat.
const HARD: f64 = 0.5 * 0.25;

/// What of a track a moment of the picture lands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// A beat.
    Beat,
    /// The first beat of a bar.
    Bar,
    /// The climax or drop.
    Climax,
    /// A strong onset of a track without beats.
    Onset,
}

impl On {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            On::Beat => "beat",
            On::Bar => "bar",
            On::Climax => "climax",
            On::Onset => "onset",
        }
    }
}

/// A moment at which picture and track meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Landing {
    /// The cut or hit, seconds of the clip.
    pub clip_s: f64,
    /// What it lands on, seconds of the track; up to 70 ms away.
    pub track_s: f64,
    /// What that is.
    pub on: On,
}

/// Where a track should begin, and how well it then meets the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct InPoint {
    /// Seconds into the track at which it begins to sound at the range's in-point. On a bar line
    /// where there are bars; on another beat only where the cuts say that the bars are wrong.
    pub start_s: f64,
    /// Probability, 0 to 1, that the edit goes with this track in time: 0.5 where nothing in the
    /// picture tells.
    pub score: f32,
    /// Cuts within 70 ms of a beat (of a strong onset where there are no beats).
    pub cuts_landed: usize,
    /// Cuts that could land: those of the range but for one at its in-point.
    pub cuts: usize,
    /// How many of them would land on average wherever the track began.
    pub cuts_by_chance: f32,
    /// Cuts and hits that meet a beat, a bar or the climax, in time order.
    pub landings: Vec<Landing>,
}

/// The answer for a start.
pub(super) fn answer(
    asked: &Asked,
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
    let lands = |event: &Event| landing(asked, track, grid, onsets, start, event);
    let mut landings: Vec<Landing> = asked.cuts.iter().filter_map(lands).collect();
    let cuts_landed = landings.len();
    let hard = asked.hits.iter().filter(|hit| hit.weight >= HARD);
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
        cuts: asked.cuts.len(),
        cuts_by_chance: (by_chance * asked.cuts.len() as f64) as f32,
        landings,
    }
}

fn landing(
    asked: &Asked,
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
    let met = |track_s: f64, on: On| Landing {
        clip_s: asked.from_s + event.at_s,
        track_s,
        on,
    };
    let near = |time_s: f64| (time_s - sounds_s).abs() <= TOLERANCE_S;
    let climax = track.form.climax_s.filter(|&s| near(s));
    if grid.is_empty() {
        let strong = onsets.is_some_and(|onsets| onsets.strong(sounds_s));
        return climax
            .map(|s| met(s, On::Climax))
            .or_else(|| strong.then(|| met(sounds_s, On::Onset)));
    }
    let beat = grid.nearest(sounds_s).filter(|beat| near(beat.time_s))?;
    Some(match (climax, beat.place == start.place && grid.has_bars) {
        (Some(climax_s), _) => met(climax_s, On::Climax),
        (None, true) => met(beat.time_s, On::Bar),
        (None, false) => met(beat.time_s, On::Beat),
    })
}

/// How far above the mean an onset is strong.
const STRONG: f64 = 2.5;

/// The onsets of a track without beats.
struct Onsets<'a> {
    curve: &'a Curve,
    rate_hz: f64,
    /// What a strong one reaches.
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

    /// Whether there is a strong one near.
    fn strong(&self, time_s: f64) -> bool {
        let place = |s: f64| (s.max(0.0) * self.rate_hz) as usize;
        let around = place(time_s - TOLERANCE_S)..=place(time_s + TOLERANCE_S);
        let mut values = around.filter_map(|at| self.curve.values.get(at));
        values.any(|&v| f64::from(v) >= self.limit)
    }

    /// Share of moments with a strong one near.
    fn share(&self) -> f64 {
        let moments = self.curve.values.len();
        let near = (0..moments).filter(|&at| self.strong((at as f64 + 0.5) / self.rate_hz));
        near.count() as f64 / moments.max(1) as f64
    }
}
