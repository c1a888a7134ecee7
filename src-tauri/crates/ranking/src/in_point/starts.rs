//! The possible starts of a track with their prior probabilities, before the picture is considered.

use super::edit_events::EditEvents;
use super::grid::Grid;
use super::track::Track;
use crate::track_analysis::{Curve, Ending, Form};

/// Probability that the analysis found the right first beats of bars.
const BARS_RIGHT: f64 = 0.85;
/// Log odds of a start at the start of a section, and at the start of the track.
const SECTION: f64 = 1.0;
const OPENING: f64 = 0.5;
/// Log odds between the best and the worst fitting section: with evidence from the picture, and without.
const FIT: f64 = 1.5;
const FIT_ALONE: f64 = 20.0;
/// Log odds of a start that puts a real ending on the end of the range.
const ENDS_TOGETHER: f64 = 0.8;
/// Largest distance between an ending and the end of the range, seconds.
const TOGETHER_S: f64 = 1.0;
/// Number of onsets, the strongest ones, that are possible starts of a track without beats.
const MOST_ONSETS: usize = 200;

/// A possible start of a track.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Start {
    pub(super) time_s: f64,
    /// Place in the bar. A start here assumes that this place is the true first beat.
    pub(super) place: usize,
    /// Log prior probability, up to a constant.
    pub(super) prior: f64,
    /// Evidence against a start with too little music after it, 0 or less.
    pub(super) room: f64,
}

/// All possible starts in time order.
pub(super) fn of(edit: &EditEvents, track: &Track<'_>, grid: &Grid, decided: bool) -> Vec<Start> {
    let mut starts = if grid.is_empty() {
        free(track)
    } else {
        on_beats(grid, edit.has_cuts())
    };
    let opening = starts.first().map_or(0.0, |start| start.time_s);
    let sections = Sections::of(track, if decided { FIT } else { FIT_ALONE });
    let tolerance_s = if grid.is_empty() {
        0.05
    } else {
        0.5 / grid.rate_hz()
    };
    for start in &mut starts {
        start.prior += sections.prior(start.time_s, tolerance_s);
        if start.time_s <= opening + 0.01 {
            start.prior += OPENING;
        }
        let (room, end) = room(edit.length_s, start.time_s, track.usable_s(), track.form);
        start.room = room;
        start.prior += end;
    }
    starts
}

/// The beats: those that start bars share the probability [`BARS_RIGHT`], the others share the rest. Without cuts only the
/// starts of bars, because only cuts can show that the bars are wrong.
fn on_beats(grid: &Grid, cuts: bool) -> Vec<Start> {
    let mut counts = vec![0.0_f64; grid.per_bar];
    for beat in &grid.beats {
        counts[beat.place] += 1.0;
    }
    let places = grid.per_bar as f64;
    let share = |place: usize| match (grid.has_bars && grid.per_bar > 1, place) {
        (false, _) => 1.0 / places,
        (true, 0) => BARS_RIGHT,
        (true, _) => (1.0 - BARS_RIGHT) / (places - 1.0),
    };
    let bars_alone = !cuts && counts[0] > 0.0;
    let beats = grid.beats.iter().filter(|b| !bars_alone || b.place == 0);
    beats
        .map(|beat| Start {
            time_s: beat.time_s,
            place: beat.place,
            prior: (share(beat.place) / counts[beat.place]).ln(),
            room: 0.0,
        })
        .collect()
}

/// The starts of a track without beats: its first second, its sections, its strongest onsets.
fn free(track: &Track<'_>) -> Vec<Start> {
    let end_s = track.usable_s();
    let sections = track.sections.iter().map(|section| section.start_s);
    let mut times: Vec<f64> = sections
        .chain(onsets(&track.curves.onsets))
        .chain([0.0])
        .filter(|time_s| time_s.is_finite() && (0.0..=end_s).contains(time_s))
        .collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let prior = -(times.len() as f64).ln();
    times
        .into_iter()
        .map(|time_s| Start {
            time_s,
            prior,
            ..Start::default()
        })
        .collect()
}

/// Times of the strongest peaks of an onset curve.
fn onsets(curve: &Curve) -> Vec<f64> {
    let rate_hz = f64::from(curve.rate_hz);
    if !(rate_hz.is_finite() && rate_hz > 0.0) {
        return Vec::new();
    }
    let mut peaks: Vec<(u8, usize)> = curve
        .values
        .windows(3)
        .enumerate()
        .filter(|(_, w)| w[1] > w[0] && w[1] >= w[2])
        .map(|(at, w)| (w[1], at + 1))
        .collect();
    peaks.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    peaks.truncate(MOST_ONSETS);
    peaks.iter().map(|&(_, at)| at as f64 / rate_hz).collect()
}

/// Sections as (start in seconds, end in seconds, log odds of a start inside).
struct Sections(Vec<(f64, f64, f64)>);

impl Sections {
    fn of(track: &Track<'_>, weight: f64) -> Sections {
        let fit = |at: usize| track.section_fit.get(at).copied().filter(|f| f.is_finite());
        let fits = (0..track.sections.len()).filter_map(fit).map(f64::from);
        let (low, high) = fits.fold((f64::MAX, f64::MIN), |(low, high), f| {
            (low.min(f), high.max(f))
        });
        let spread = (high - low).max(1e-6);
        let sections = track.sections.iter().enumerate().map(|(at, section)| {
            let fit = fit(at).map_or(0.0, |f| (f64::from(f) - high) / spread);
            (section.start_s, section.end_s, weight * fit)
        });
        Sections(sections.collect())
    }

    fn prior(&self, time_s: f64, tolerance_s: f64) -> f64 {
        let begins = |s: &(f64, f64, f64)| (s.0 - time_s).abs() <= tolerance_s;
        if let Some(section) = self.0.iter().find(|s| begins(s)) {
            return SECTION + section.2;
        }
        let within = |s: &&(f64, f64, f64)| s.0 <= time_s && time_s < s.1;
        let lowest = || self.0.iter().map(|s| s.2).fold(0.0, f64::min);
        self.0.iter().find(within).map_or_else(lowest, |s| s.2)
    }
}

/// Evidence against a start with too little music after it, and log odds of a start that puts the ending on the end of
/// the range.
fn room(range_s: f64, start_s: f64, end_s: f64, form: &Form) -> (f64, f64) {
    let missing = (start_s + range_s - end_s).max(0.0);
    if missing > TOGETHER_S && range_s > 0.0 {
        let share = missing / range_s;
        let loops = form
            .loop_s
            .is_some_and(|(from, to)| to - from > 1.0 && start_s < to && to <= end_s);
        let against = if loops {
            0.3 + share
        } else {
            2.0 + 20.0 * share
        };
        return (-against, 0.0);
    }
    let ending_s = form.ending_s.filter(|s| s.is_finite()).unwrap_or(end_s);
    let out_s = start_s + range_s;
    let together = form.ending == Ending::Real && out_s >= ending_s - TOGETHER_S;
    (0.0, if together { ENDS_TOGETHER } else { 0.0 })
}
