//! The in-point of a track: the second at which it starts so that its beats meet the cuts of an edit.
//!
//! Every possible start is a hypothesis: "the edit was cut to this track, and the track starts here". Its evidence is a
//! log-likelihood ratio against an edit that is independent of the track. Each cut adds ln f(t), where t is the second of
//! the track that plays at the cut, and f is a density with mean 1 over the track: high at bars, lower at beats, low
//! between them. In a track with many beats per second f is low at each beat, so more beats give no advantage by chance,
//! and no random offsets are needed to correct for it. Hits add the same with less weight. The edit's arc adds the
//! likelihood of its correlation with the track's energy.
//!
//! The evidence of the track is the mean over its starts, `B = Σ π(s) exp E(s)`: the Bayes factor with the start
//! integrated out (Kass & Raftery 1995), which corrects for the luck of trying many starts. A typical track of unknown
//! tempo has the evidence `M`, the mean over tempi. Only a share `q` of clips is cut to music. So the odds that the edit
//! was cut to this track and not to a typical one are `((1 - q) + q·B) / ((1 - q) + q·M)`. The score is their probability:
//! 0.5 for every track if the edit follows no beat, near 1 for a track whose beats it follows, near 0 for a track if it
//! clearly follows other beats.

use crate::edit::Edit;

mod density;
mod edit_events;
mod grid;
mod kernel;
mod landing;
mod shape;
mod starts;
mod track;

use density::Density;
use edit_events::EditEvents;
use grid::Grid;
use shape::Shape;
use starts::Start;

pub use landing::{InPoint, Landing, LandsOn};
pub use track::Track;

/// Share of clips that are cut to some music.
const CUT_TO_MUSIC: f64 = 0.6;
/// Largest number of starts whose hits and arc are compared, after the cuts of all starts.
const MAX_REFINED: usize = 96;
/// A start whose evidence for enough music is below this is not compared with the cuts.
const NO_ROOM: f64 = -8.0;

/// Finds the in-point of a track for an edit.
///
/// The result is deterministic, and the start lies within the track. No number makes it panic: a number that is not
/// finite counts as missing.
///
/// ```
/// use needledrop_ranking::{Beats, Curves, Cut, Edit, Form, in_point};
///
/// // 120 BPM from 0.3 s on, bars of four; cuts every two seconds from the clip's start.
/// let beats = Beats {
///     times_s: (0..240).map(|i| 0.3 + 0.5 * f64::from(i)).collect(),
///     downbeats: (0..60).map(|i| 4 * i).collect(),
///     per_bar: 4,
///     confidence: 1.0,
/// };
/// let cut = |time_s: f64| Cut { time_s, span_s: (time_s, time_s), score: 1.0, ..Cut::default() };
/// let edit = Edit {
///     range_s: (10.0, 40.0),
///     cuts: (6..20).map(|i| cut(2.0 * f64::from(i))).collect(),
///     ..Edit::default()
/// };
/// let (curves, form) = (Curves::default(), Form::default());
/// let track = needledrop_ranking::Track {
///     duration_s: 121.0, beats: Some(&beats), curves: &curves, form: &form, sections: &[], section_fit: &[],
/// };
/// let found = in_point(&edit, &track);
/// assert!((found.start_s - 0.3) % 2.0 < 1e-6, "a bar line");
/// assert_eq!((found.cuts_landed, found.cuts), (14, 14));
/// assert!(found.score > 0.95);
/// ```
pub fn in_point(edit: &Edit, track: &Track<'_>) -> InPoint {
    Timing::of(edit).in_point(track)
}

/// An edit, prepared once for many tracks.
#[derive(Clone, Debug)]
pub struct Timing {
    edit: EditEvents,
    /// Log evidence `M` of a typical track.
    typical: f64,
}

impl Timing {
    /// Prepares an edit in a few milliseconds.
    pub fn of(edit: &Edit) -> Timing {
        let edit = EditEvents::of(edit);
        let typical = if edit.has_events() {
            kernel::typical(&edit)
        } else {
            0.0
        };
        Timing { edit, typical }
    }

    /// Like [`in_point()`], in a tenth of a millisecond per track.
    pub fn in_point(&self, track: &Track<'_>) -> InPoint {
        let edit = &self.edit;
        let grid = Grid::of(track);
        let shape = Shape::of(edit, track);
        let decided = edit.has_events() || shape.is_known();
        let starts = starts::of(edit, track, &grid, decided);
        if !decided || starts.is_empty() {
            // Without any other evidence, enough music counts more than the fit of the section.
            let at = best(starts.iter().map(|s| s.prior + 10.0 * s.room));
            let start = at.map_or_else(Start::default, |at| starts[at]);
            return landing::answer(edit, track, &grid, start, 0.5);
        }
        let density = Density::of(track, &grid);
        let of_cuts = |start: &Start| match start.room {
            room if room < NO_ROOM => room,
            room => room + density.cuts(edit, *start),
        };
        let mut evidence: Vec<f64> = starts.iter().map(of_cuts).collect();
        let refined = refine(&starts, &mut evidence, |start| {
            density.hits(edit, start) + shape.evidence(start.time_s)
        });
        let odds = self.odds(&starts, &evidence);
        let score = (odds / (1.0 + odds)) as f32;
        let at = best(refined.iter().map(|&at| starts[at].prior + evidence[at]));
        let start = at.map_or_else(Start::default, |at| starts[refined[at]]);
        landing::answer(edit, track, &grid, start, score)
    }

    /// Odds of this track against a typical one. Too little music after every start lowers them even if the edit follows
    /// no beat.
    fn odds(&self, starts: &[Start], evidence: &[f64]) -> f64 {
        let room = starts.iter().map(|s| s.room).fold(f64::MIN, f64::max);
        let music = |ln: f64| (1.0 - CUT_TO_MUSIC) + CUT_TO_MUSIC * ln.clamp(-50.0, 50.0).exp();
        let this = music(mean_evidence(starts, evidence) - room) * room.exp();
        (this / music(self.typical)).clamp(1e-4, 1e4)
    }
}

/// Adds the evidence `more` to the likeliest starts by their cuts, and its mean to all others. Gives the likeliest
/// starts in time order.
fn refine(starts: &[Start], evidence: &mut [f64], more: impl Fn(Start) -> f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..starts.len()).collect();
    let mut others = Vec::new();
    if order.len() > MAX_REFINED {
        let weight = |at: usize| starts[at].prior + evidence[at];
        order.select_nth_unstable_by(MAX_REFINED, |&a, &b| {
            weight(b).total_cmp(&weight(a)).then_with(|| a.cmp(&b))
        });
        others = order.split_off(MAX_REFINED);
        order.sort_unstable();
    }
    let mut sum = 0.0;
    for &at in &order {
        let more = more(starts[at]);
        evidence[at] += more;
        sum += more;
    }
    let mean = sum / order.len() as f64;
    others.iter().for_each(|&at| evidence[at] += mean);
    order
}

/// Log of the mean evidence, weighted by prior.
fn mean_evidence(starts: &[Start], evidence: &[f64]) -> f64 {
    let top = evidence.iter().copied().fold(f64::MIN, f64::max);
    let (mut sum, mut whole) = (0.0, 0.0);
    for (start, evidence) in starts.iter().zip(evidence) {
        let prior = start.prior.exp();
        sum += prior * (evidence - top).exp();
        whole += prior;
    }
    top + (sum / whole).ln()
}

/// Index of the greatest value; the first of equal ones.
fn best(values: impl Iterator<Item = f64>) -> Option<usize> {
    let mut found: Option<(usize, f64)> = None;
    for (at, value) in values.enumerate() {
        if found.is_none_or(|(_, top)| value > top) {
            found = Some((at, value));
        }
    }
    found.map(|(at, _)| at)
}

#[cfg(test)]
mod tests;
