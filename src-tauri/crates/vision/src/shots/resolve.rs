//! Selection among possible boundaries that exclude each other.

use super::boundary::{Boundary, Kind};

/// Hard cuts closer than this are the same, seconds.
const SAME_CUT_S: f64 = 0.13;
/// A gradual change excludes others up to this distance from its ends, seconds.
const MARGIN_S: f64 = 0.2;
/// Upper bound of the distance of two middles that can exclude each other, seconds: the longest
/// fade is 3.4 s.
const REACH_S: f64 = 4.0;
/// Bonus of a likely fade over the dissolves that its halves resemble.
const FADE_LEAD: f32 = 0.4;

/// Keeps the strongest boundaries that do not exclude each other, in time order. The selection does
/// not depend on a sensitivity, so that a lower threshold keeps all boundaries of a higher one.
pub(super) fn resolve(mut found: Vec<Boundary>) -> Vec<Boundary> {
    let leads = |f: &Boundary| f.kind == Kind::Fade && f.score >= 0.5;
    let rank = |f: &Boundary| f.score + if leads(f) { FADE_LEAD } else { 0.0 };
    found.sort_by(|a, b| {
        rank(b)
            .total_cmp(&rank(a))
            .then(a.from_s.total_cmp(&b.from_s))
    });
    let mut kept: Vec<Boundary> = Vec::new();
    for next in found {
        let first = kept.partition_point(|k| middle(k) < middle(&next) - REACH_S);
        let mut near = (kept[first..].iter()).take_while(|k| middle(k) <= middle(&next) + REACH_S);
        if !near.any(|k| in_the_way(k, &next)) {
            let at = kept.partition_point(|k| middle(k) < middle(&next));
            kept.insert(at, next);
        }
    }
    kept
}

fn middle(f: &Boundary) -> f64 {
    0.5 * (f.from_s + f.to_s)
}

fn in_the_way(a: &Boundary, b: &Boundary) -> bool {
    match (a.kind, b.kind) {
        (Kind::Cut, Kind::Cut) => (a.from_s - b.from_s).abs() < SAME_CUT_S,
        (Kind::Cut, _) => within(a.from_s, b),
        (_, Kind::Cut) => within(b.from_s, a),
        _ => a.from_s < b.to_s + MARGIN_S && b.from_s < a.to_s + MARGIN_S,
    }
}

/// Whether a moment lies in a gradual change. Its outer tenths do not count: they often belong to
/// the neighbouring shots.
fn within(time_s: f64, gradual: &Boundary) -> bool {
    let part = 0.1 * (gradual.to_s - gradual.from_s);
    time_s > gradual.from_s + part && time_s < gradual.to_s - part
}
