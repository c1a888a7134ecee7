//! Dissolves: for a while every frame lies on the straight line between the first and the last.
//!
//! That the frames of a dissolve are linear mixes of its ends, so that their variance dips in the
//! middle, is Alattar's (1993); fitting the share and looking at what the fit leaves follows Truong,
//! Dorai & Venkatesh (2000). A camera move takes a bent path instead: each step goes elsewhere.

use super::{apart, digest::THUMB, net, recent::Recent, weights::MIX};

/// Lengths that are tried, seconds.
const LENGTHS_S: [f64; 10] = [0.3, 0.4, 0.5, 0.62, 0.76, 0.93, 1.14, 1.4, 1.7, 2.1];
/// Half the longest.
pub(super) const HALF_S: f64 = 1.05;
/// Clues of a dissolve.
pub(super) const CLUES: usize = 18;
/// Root mean square distance of the ends, levels, below which nothing has changed.
const APART: f32 = 4.0;
/// The most that a mix leaves, and that its shares stray from an even rise: 3 in 1,000 true
/// dissolves of the fit have more than 0.14 and 0.1.
const REST: f32 = 0.2;
const BENT: f32 = 0.15;

/// A stretch that may be a dissolve, as indices of [`Recent`].
pub(super) struct Mix {
    pub from: usize,
    pub to: usize,
    pub clues: [f32; CLUES],
}

struct Fit {
    /// Squared distance of the ends.
    ends: f32,
    /// Mean of what the mix leaves, as a part of `ends`; the most.
    rest: f32,
    worst: f32,
    /// Mean distance of the shares from a straight rise.
    bent: f32,
    /// Sum of the shares' falls.
    falls: f32,
    /// Distance of the ends over the way between them.
    straight: f32,
    /// The largest step over the distance of the ends.
    leap: f32,
}

/// The best stretch about a moment, if any is like a dissolve at all.
pub(super) fn best(recent: &Recent, middle_s: f64) -> Option<Mix> {
    let mut found: Option<(f32, usize, usize, Fit)> = None;
    for length_s in LENGTHS_S {
        let from = recent.after(middle_s - length_s / 2.0 - 1e-6);
        let to = recent
            .after(middle_s + length_s / 2.0 + 1e-6)
            .saturating_sub(1);
        if from == 0 || to + 1 >= recent.len() || to < from + 3 || !recent.reaches(from, to) {
            continue;
        }
        let fit = fit(recent, from, to);
        if fit.ends < APART * APART * THUMB as f32 || fit.rest > 0.3 || fit.straight < 0.25 {
            continue;
        }
        let worth = fit.ends.sqrt() * (1.0 - 3.0 * fit.bent - 1.5 * fit.rest);
        if found.as_ref().is_none_or(|(best, ..)| worth > *best) {
            found = Some((worth, from, to, fit));
        }
    }
    let (_, mut from, mut to, mut fit) = found?;
    if let Some((a, b)) = tighter(recent, from, to) {
        (from, to) = (a, b);
        fit = self::fit(recent, from, to);
    }
    if fit.rest > REST || fit.bent > BENT {
        return None;
    }
    let clues = clues(recent, from, to, &fit);
    Some(Mix { from, to, clues })
}

/// Where the share, which rises evenly between a fifth and four fifths, would leave 0 and reach 1.
fn tighter(recent: &Recent, from: usize, to: usize) -> Option<(usize, usize)> {
    let share = shares(recent, from, to);
    let crossed = |level: f32| {
        let at = (from + 1..=to).find(|at| share(*at) >= level)?;
        let (low, high) = (share(at - 1).min(level), share(at).max(level));
        let part = f64::from((level - low) / (high - low).max(1e-3));
        let (a, b) = (recent.time_s(at - 1), recent.time_s(at));
        Some(a + part * (b - a))
    };
    let (early_s, late_s) = (crossed(0.2)?, crossed(0.8)?);
    let third_s = (late_s - early_s) / 3.0;
    let step_s = (recent.time_s(to) - recent.time_s(from)) / (to - from) as f64;
    let a = recent.after(early_s - third_s - 0.5 * step_s).max(from);
    let b = recent.after(late_s + third_s - 0.5 * step_s).min(to);
    (b >= a + 3 && (a, b) != (from, to)).then_some((a, b))
}

/// How much of a frame is of the last and not of the first: <x - a, b - a> / <b - a, b - a>.
fn shares(recent: &Recent, from: usize, to: usize) -> impl Fn(usize) -> f32 {
    let ends = recent.squared(from, to).max(1.0);
    let (own, across) = (recent.product(from, from), recent.product(from, to));
    move |at| (recent.product(at, to) - recent.product(at, from) - across + own) / ends
}

fn fit(recent: &Recent, from: usize, to: usize) -> Fit {
    let ends = recent.squared(from, to).max(1.0);
    let n = (to - from) as f32;
    let (mut rest, mut worst, mut bent, mut falls) = (0.0f32, 0.0f32, 0.0, 0.0);
    let (mut way, mut leap) = (0.0, 0.0f32);
    let mut before = 0.0;
    let share_of = shares(recent, from, to);
    let span_s = recent.time_s(to) - recent.time_s(from);
    for at in from + 1..=to {
        let away = recent.squared(from, at);
        let share = share_of(at);
        let left = ((away - share * share * ends) / ends).max(0.0);
        let even = (recent.time_s(at) - recent.time_s(from)) / span_s;
        rest += left / n;
        worst = worst.max(left);
        bent += (share - even as f32).abs() / n;
        falls += (before - share).max(0.0);
        before = share;
        let step = recent.squared(at - 1, at).sqrt();
        way += step;
        leap = leap.max(step);
    }
    let length = ends.sqrt();
    Fit {
        ends,
        rest,
        worst,
        bent,
        falls,
        straight: length / way.max(length),
        leap: leap / length,
    }
}

fn clues(recent: &Recent, from: usize, to: usize, fit: &Fit) -> [f32; CLUES] {
    let (a, b) = (recent.digest(from), recent.digest(to));
    let log = |v: f32| (v + 0.02).ln();
    let root = |squared: f32| (squared / THUMB as f32).sqrt();
    let middle = (from + to) / 2;
    let contrast = |at: usize| recent.digest(at).contrast;
    let lesser = a.contrast.min(b.contrast);
    // How much the picture changes just outside, over as long as a quarter of the stretch.
    let quarter = ((to - from) / 4).max(1);
    let before = from.saturating_sub(quarter);
    let after = (to + quarter).min(recent.len() - 1);
    let (before, after) = (
        recent.squared(before, from) / fit.ends,
        recent.squared(to, after) / fit.ends,
    );
    let u = apart::unmatched(a, b);
    // What a mix of pictures that have nothing in common would have left of their contrast.
    let dip = contrast(middle).powi(2) / (0.5 * (a.contrast.powi(2) + b.contrast.powi(2)) + 1.0);
    let half = fit_halves(recent, from, middle, to);
    [
        log(root(fit.ends) / 20.0),
        log(fit.rest),
        log(fit.worst),
        log(fit.bent),
        log(fit.falls),
        log(1.0 - fit.straight),
        log(fit.leap),
        log(before.sqrt()),
        log(after.sqrt()),
        log(u.relative),
        u.lost,
        log(apart::colours(a, b)),
        log(apart::layout(a, b)),
        log(dip),
        log(half),
        log(lesser / 20.0),
        (recent.time_s(to) - recent.time_s(from)) as f32,
        (to - from) as f32,
    ]
}

/// Cosine of the first and the second half of the way, as 1 less it: 0 for a straight line.
fn fit_halves(recent: &Recent, from: usize, middle: usize, to: usize) -> f32 {
    let (p, q) = (recent.squared(from, middle), recent.squared(middle, to));
    let all = recent.squared(from, to);
    let cosine = (all - p - q) / (2.0 * (p * q).sqrt().max(1.0));
    (1.0 - cosine).clamp(0.0, 2.0)
}

/// How likely the clues are those of a dissolve, 0 to 1.
pub(super) fn score(clues: &[f32; CLUES]) -> f32 {
    net::score(&MIX, clues)
}
