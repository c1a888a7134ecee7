//! Where in a track to begin, so that it meets the picture.
//!
//! Every possible start is a hypothesis: "the edit was cut to this track, and the track begins
//! here". Its evidence is a log-likelihood ratio against an edit that knows nothing of the track:
//! each cut adds ln f(t), where t is the moment of the track that sounds at the cut and f a
//! density whose mean over the track is 1, high at bars, lower at beats, low between them. A
//! track with many beats a second has a low f at each of them, so density gains nothing; chance
//! is taken off by construction, with no random offsets to draw. Hits add the same with less
//! weight, the edit's arc adds the likelihood of its correlation with the track's energy.
//!
//! The evidence of the track is the mean over its starts, `B = Σ π(s) exp E(s)`: the Bayes factor
//! with the start integrated out (Kass & Raftery 1995), which takes off what trying many starts
//! gains by luck. A typical track of unknown tempo has the evidence `M`, the mean over tempi. Not
//! every clip is cut to music at all (a share `q` is), so the odds that this track goes with the
//! edit rather than a typical one are `((1 - q) + q·B) / ((1 - q) + q·M)`, and the score is the
//! probability that goes with them: 0.5 for every track where the edit follows no beat, towards 1
//! where it follows this one's, towards 0 where it clearly follows another.

use crate::seen::Edit;

mod asked;
mod field;
mod grid;
mod kernel;
mod landing;
mod shape;
mod starts;
mod track;

use asked::Asked;
use field::Field;
use grid::Grid;
use shape::Shape;
use starts::Start;

pub use landing::{InPoint, Landing, On};
pub use track::Track;

/// Share of clips that are taken to be cut to some music.
const CUT_TO_MUSIC: f64 = 0.6;
/// Most starts that are compared beyond their cuts.
const CLOSELY: usize = 96;
/// Evidence against a start for want of music, below which its cuts are not looked at.
const NO_ROOM: f64 = -8.0;

/// Finds where in a track to begin for an edit.
///
/// Deterministic and without panics for any numbers: what is not finite counts as missing, a
/// start lies within the track.
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

/// What an edit asks of a track in time, made ready once for many tracks.
#[derive(Clone, Debug)]
pub struct Timing {
    asked: Asked,
    /// Log evidence of a typical track.
    typical: f64,
}

impl Timing {
    /// Reads an edit; a few milliseconds.
    pub fn of(edit: &Edit) -> Timing {
        let asked = Asked::of(edit);
        let typical = if asked.has_events() {
            kernel::typical(&asked)
        } else {
            0.0
        };
        Timing { asked, typical }
    }

    /// As [`in_point()`], a tenth of a millisecond a track.
    pub fn in_point(&self, track: &Track<'_>) -> InPoint {
        let asked = &self.asked;
        let grid = Grid::of(track);
        let shape = Shape::of(asked, track);
        let decided = asked.has_events() || shape.tells();
        let starts = starts::of(asked, track, &grid, decided);
        if !decided || starts.is_empty() {
            // With nothing else to go by, room comes before fit.
            let at = best(starts.iter().map(|s| s.prior + 10.0 * s.room));
            let start = at.map_or_else(Start::default, |at| starts[at]);
            return landing::answer(asked, track, &grid, start, 0.5);
        }
        let field = Field::of(track, &grid);
        let of_cuts = |start: &Start| match start.room {
            room if room < NO_ROOM => room,
            room => room + field.cuts(asked, *start),
        };
        let mut evidence: Vec<f64> = starts.iter().map(of_cuts).collect();
        let close = close_ones(&starts, &mut evidence, |start| {
            field.hits(asked, start) + shape.evidence(start.time_s)
        });
        let odds = self.odds(&starts, &evidence);
        let score = (odds / (1.0 + odds)) as f32;
        let at = best(close.iter().map(|&at| starts[at].prior + evidence[at]));
        let start = at.map_or_else(Start::default, |at| starts[close[at]]);
        landing::answer(asked, track, &grid, start, score)
    }

    /// Odds of this track against a typical one. Where the music does not last from any start,
    /// that counts even if the edit follows no beat.
    fn odds(&self, starts: &[Start], evidence: &[f64]) -> f64 {
        let room = starts.iter().map(|s| s.room).fold(f64::MIN, f64::max);
        let music = |ln: f64| (1.0 - CUT_TO_MUSIC) + CUT_TO_MUSIC * ln.clamp(-50.0, 50.0).exp();
        let this = music(mean_evidence(starts, evidence) - room) * room.exp();
        (this / music(self.typical)).clamp(1e-4, 1e4)
    }
}

/// The likeliest starts by their cuts, in time order, with `more` evidence added to each; the
/// others are taken to have the mean of it.
fn close_ones(starts: &[Start], evidence: &mut [f64], more: impl Fn(Start) -> f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..starts.len()).collect();
    let mut others = Vec::new();
    if order.len() > CLOSELY {
        let weight = |at: usize| starts[at].prior + evidence[at];
        order.select_nth_unstable_by(CLOSELY, |&a, &b| {
            weight(b).total_cmp(&weight(a)).then_with(|| a.cmp(&b))
        });
        others = order.split_off(CLOSELY);
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

/// Log of the mean of the evidence, by prior.
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

/// The first of the greatest.
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
