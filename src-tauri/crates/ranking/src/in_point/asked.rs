//! An edit with what is not usable left out, in seconds of the range.

use crate::heard::Curve;
use crate::seen::{CutKind, Edit};

/// Events nearer to the in-point than this say nothing of where the track should begin: they
/// fall on whatever it begins with.
const AT_IN_POINT_S: f64 = 0.15;
/// What a fade or dissolve counts beside a hard cut, as its moment is not sharp.
const GRADUAL: f64 = 0.4;
/// What the hardest hit counts beside a cut: hits are many, come in bursts and are only in part
/// about time.
const HIT: f64 = 0.25;
/// Most hits that are read, the hardest.
const MOST_HITS: usize = 96;

/// Steps a second in which a track with beats is looked up; rounding to them is off by 10 ms at
/// most, a third of what a cut and a beat are.
pub(super) const STEPS_HZ: f64 = 100.0;

/// Something at a moment of the range.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    /// Seconds after the in-point.
    pub(super) at_s: f64,
    /// The same in steps of [`STEPS_HZ`].
    pub(super) step: usize,
    /// How much it counts, 0 to 1.
    pub(super) weight: f64,
}

/// What an edit asks of a track in time.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// Second of the clip at which the range begins.
    pub(super) from_s: f64,
    /// Length of the range in seconds.
    pub(super) length_s: f64,
    pub(super) cuts: Vec<Event>,
    pub(super) hits: Vec<Event>,
    /// Mean of the arc second by second from the in-point; empty where there is none.
    pub(super) arc: Vec<f64>,
}

impl Asked {
    pub(super) fn of(edit: &Edit) -> Asked {
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
        let mut asked = Asked {
            from_s: if from_s.is_finite() { from_s } else { 0.0 },
            length_s,
            cuts: cuts.collect(),
            hits: hits.collect(),
            arc: by_second(&edit.arc, length_s),
        };
        asked.cuts.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
        let hardest = |a: &Event, b: &Event| {
            let weight = b.weight.total_cmp(&a.weight);
            weight.then_with(|| a.at_s.total_cmp(&b.at_s))
        };
        asked.hits.sort_by(hardest);
        asked.hits.truncate(MOST_HITS);
        asked
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

/// Mean of a curve second by second, as far as it and the range reach.
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
