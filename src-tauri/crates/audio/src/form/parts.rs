//! The parts of a track and their kinds.

use needledrop_ranking::{Curve, SectionKind};

use super::novelty::{changes, novelty};
use super::units::Units;

/// Shortest and longest part, seconds. Shorter ones are details; longer ones offer too few places
/// to start.
const LEAST_S: f64 = 7.0;
const MOST_S: f64 = 45.0;
/// A part is full if its energy is at least this share of the track's usual energy.
const FULL: f64 = 0.8;
/// A part is a break if its energy is below this share of both its neighbours'.
const BREAK: f64 = 0.8;
/// Largest share of a track that is intro, and that is outro.
const MOST_EDGE: f64 = 0.3;

/// A stretch of the track of one kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    pub start_s: f64,
    pub end_s: f64,
    pub kind: SectionKind,
    /// Mean of the energy curve, 0 to 1.
    pub energy: f64,
}

/// Divides a track at its changes. The parts cover it without gaps.
pub fn parts(units: &Units, energy: &Curve) -> Vec<Part> {
    let bounds = &units.bounds_s;
    let duration_s = bounds[bounds.len() - 1];
    let unit_s = duration_s / units.len() as f64;
    let least = ((LEAST_S / unit_s).round() as usize).max(1);
    let novelty = novelty(units);
    let mut chosen = changes(&novelty, least);
    split_long(&mut chosen, &novelty, bounds, least);
    let mut parts: Vec<Part> = chosen
        .windows(2)
        .map(|pair| {
            let (start_s, end_s) = (bounds[pair[0]], bounds[pair[1]]);
            let energy = energy.mean(start_s, end_s);
            Part {
                start_s,
                end_s,
                kind: SectionKind::Body,
                energy,
            }
        })
        .collect();
    name(&mut parts, duration_s);
    parts
}

/// Divides parts that are too long at their largest change; uniform ones at a multiple of four
/// units.
fn split_long(chosen: &mut Vec<usize>, novelty: &[f64], bounds: &[f64], least: usize) {
    let mut at = 0;
    while at + 1 < chosen.len() {
        let (from, to) = (chosen[at], chosen[at + 1]);
        if bounds[to] - bounds[from] <= MOST_S || to - from < 2 * least {
            at += 1;
            continue;
        }
        let middle = (from + to) / 2;
        let even = |bound: usize| {
            if (bound - from).is_multiple_of(4) {
                0.02
            } else {
                0.0
            }
        };
        let off = |bound: usize| bound.abs_diff(middle) as f64 / (to - from) as f64;
        let worth = |bound: usize| novelty[bound] + even(bound) - 0.02 * off(bound);
        let best = (from + least..=to - least).max_by(|&a, &b| worth(a).total_cmp(&worth(b)));
        chosen.insert(at + 1, best.unwrap_or(middle));
    }
}

fn name(parts: &mut [Part], duration_s: f64) {
    let Some(top) = parts.iter().map(|p| p.energy).max_by(f64::total_cmp) else {
        return;
    };
    let usual = parts
        .iter()
        .map(|p| p.energy * (p.end_s - p.start_s))
        .sum::<f64>()
        / duration_s;
    let full = |part: &Part| part.energy >= FULL * usual;
    let (Some(first), Some(last)) = (parts.iter().position(full), parts.iter().rposition(full))
    else {
        return;
    };
    for part in &mut parts[..first] {
        if part.end_s <= MOST_EDGE * duration_s {
            part.kind = SectionKind::Intro;
        }
    }
    for part in &mut parts[last + 1..] {
        if part.start_s >= (1.0 - MOST_EDGE) * duration_s {
            part.kind = SectionKind::Outro;
        }
    }
    for at in 1..parts.len().saturating_sub(1) {
        let least = parts[at - 1].energy.min(parts[at + 1].energy);
        if parts[at].kind == SectionKind::Body && parts[at].energy < BREAK * least {
            parts[at].kind = SectionKind::Break;
        }
    }
    // A uniform track has no climax.
    let lowest = parts.iter().map(|p| p.energy).fold(f64::MAX, f64::min);
    if parts.len() > 1 && lowest < 0.9 * top {
        let loudest = parts
            .iter_mut()
            .max_by(|a, b| a.energy.total_cmp(&b.energy));
        loudest
            .into_iter()
            .for_each(|part| part.kind = SectionKind::Climax);
    }
}

/// Start of the climax: of the bounds from a little before it to its middle, the one with the
/// largest rise of energy. `None` where there is no climax.
pub fn climax_s(units: &Units, parts: &[Part], energy: &Curve) -> Option<f64> {
    let climax = parts.iter().find(|p| p.kind == SectionKind::Climax)?;
    let middle_s = (climax.start_s + climax.end_s) / 2.0;
    let rise = |s: f64| energy.mean(s, s + 6.0) - energy.mean(s - 6.0, s);
    let near = units.bounds_s.iter().copied();
    near.filter(|s| (climax.start_s - 1.0..=middle_s).contains(s))
        .max_by(|a, b| rise(*a).total_cmp(&rise(*b)))
}
