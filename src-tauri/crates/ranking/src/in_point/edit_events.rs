//! The usable events of an edit, in seconds of the range.

use crate::edit::{CutKind, Edit};
use crate::track_analysis::Curve;

/// Events nearer to the in-point than this are ignored, because every start puts them on the same sound.
const AT_IN_POINT_S: f64 = 0.15;
/// Weight of a fade or dissolve beside a hard cut, because its time is less sharp.
const GRADUAL: f64 = 0.4;
/// Weight of the strongest hit beside a hard cut. Hits are frequent, come in bursts, and often ignore the beat.
const HIT: f64 = 0.25;
/// Number of hits that are used, the strongest ones.
const MOST_HITS: usize = 96;

/// Steps per second of the density of a track with beats. Rounding start and event to them is off by 10 ms at most, a
/// third of the spread of a cut around its beat.
pub(super) const STEPS_HZ: f64 = 100.0;

/// A cut or hit of the range.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    /// Time after the in-point in seconds.
    pub(super) at_s: f64,
    /// Time after the in-point in steps of [`STEPS_HZ`].
    pub(super) step: usize,
    /// Weight as evidence, 0 to 1.
    pub(super) weight: f64,
}

/// Cuts, hits and arc of an edit, ready to be compared with tracks.
#[derive(Clone, Debug, Default)]
pub(super) struct EditEvents {
    /// In-point in seconds of the clip.
    pub(super) from_s: f64,
    /// Length of the range in seconds.
    pub(super) length_s: f64,
    pub(super) cuts: Vec<Event>,
    pub(super) hits: Vec<Event>,
    /// Mean of the arc in each second from the in-point; empty without an arc.
    pub(super) arc: Vec<f64>,
}

impl EditEvents {
    pub(super) fn of(edit: &Edit) -> EditEvents {
        let (from_s, to_s) = edit.range_s;
        let length_s = if from_s.is_finite() && to_s.is_finite() {
            (to_s - from_s).clamp(0.0, 3600.0)
        } else {
            0.0
        };
        let inside = |time_s: f64| {
            let at_s = time_s - from_s;
            (at_s.is_finite() && at_s > AT_IN_POINT_S && at_s <= length_s).then_some(at_s)
        };
        let cuts = edit.cuts.iter().filter_map(|cut| {
            let sharp = if cut.kind == CutKind::Cut {
                1.0
            } else {
                GRADUAL
            };
            event(inside(cut.time_s)?, cut.score, sharp)
        });
        let hits = edit.hits.iter();
        let hits = hits.filter_map(|hit| event(inside(hit.time_s)?, hit.strength, HIT));
        let mut events = EditEvents {
            from_s: if from_s.is_finite() { from_s } else { 0.0 },
            length_s,
            cuts: cuts.collect(),
            hits: hits.collect(),
            arc: by_second(&edit.arc, length_s),
        };
        events.cuts.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
        let strongest_first = |a: &Event, b: &Event| {
            let weight = b.weight.total_cmp(&a.weight);
            weight.then_with(|| a.at_s.total_cmp(&b.at_s))
        };
        events.hits.sort_by(strongest_first);
        events.hits.truncate(MOST_HITS);
        events
    }

    pub(super) fn has_cuts(&self) -> bool {
        !self.cuts.is_empty()
    }

    pub(super) fn has_events(&self) -> bool {
        self.has_cuts() || !self.hits.is_empty()
    }
}

fn event(at_s: f64, clear: f32, share: f64) -> Option<Event> {
    let clear = f64::from(clear);
    let weight = share
        * if clear.is_finite() {
            clear.clamp(0.0, 1.0)
        } else {
            0.0
        };
    (weight > 0.0).then_some(Event {
        at_s,
        step: (at_s * STEPS_HZ).round() as usize,
        weight,
    })
}

/// Mean of a curve in each second, up to the end of curve or range.
fn by_second(curve: &Curve, length_s: f64) -> Vec<f64> {
    let rate_hz = f64::from(curve.rate_hz);
    if !rate_hz.is_finite() || rate_hz <= 0.0 {
        return Vec::new();
    }
    let reach_s = (curve.values.len() as f64 / rate_hz).min(length_s);
    (0..reach_s as usize)
        .map(|second| curve.mean(second as f64, second as f64 + 1.0))
        .collect()
}
