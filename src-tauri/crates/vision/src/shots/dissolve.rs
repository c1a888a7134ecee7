//! Dissolves: each frame is a linear mix of the first and the last.
//!
//! Alattar (1993) showed that the variance of such mixes dips in the middle; fitting the share and
//! examining the residual follows Truong, Dorai & Venkatesh (2000). A camera move takes a bent path
//! instead: its steps have different directions.

use super::{digest::THUMB, distance, net, weights::DISSOLVE, window::Window};

/// Lengths that are tried, seconds.
const LENGTHS_S: [f64; 10] = [0.3, 0.4, 0.5, 0.62, 0.76, 0.93, 1.14, 1.4, 1.7, 2.1];
/// Half of the longest length, seconds.
pub(super) const HALF_S: f64 = 1.05;
/// Inputs of the net for a dissolve.
pub(super) const CLUES: usize = 18;
/// Smallest root mean square distance of the ends, levels.
const APART: f32 = 4.0;
/// Largest residual of the mix, and largest deviation of the shares from an even rise. 3 in 1,000
/// true dissolves of the training set exceed 0.14 and 0.1.
const REST: f32 = 0.2;
const BENT: f32 = 0.15;

/// A possible dissolve, as indices of [`Window`].
pub(super) struct Dissolve {
    pub from: usize,
    pub to: usize,
    pub clues: [f32; CLUES],
}

struct Fit {
    /// Squared distance of the ends.
    ends: f32,
    /// Residual of the mix relative to `ends`: mean and maximum.
    rest: f32,
    worst: f32,
    /// Mean deviation of the shares from an even rise.
    bent: f32,
    /// Sum of the decreases of the share.
    falls: f32,
    /// Distance of the ends over the length of the path between them.
    straight: f32,
    /// Largest step over the distance of the ends.
    leap: f32,
}

/// The best possible dissolve around a time, if there is one.
pub(super) fn best(window: &Window, middle_s: f64) -> Option<Dissolve> {
    let mut found: Option<(f32, usize, usize, Fit)> = None;
    for length_s in LENGTHS_S {
        let from = window.after(middle_s - length_s / 2.0 - 1e-6);
        let to = window
            .after(middle_s + length_s / 2.0 + 1e-6)
            .saturating_sub(1);
        if from == 0 || to + 1 >= window.len() || to < from + 3 || !window.reaches(from, to) {
            continue;
        }
        let fit = fit(window, from, to);
        if fit.ends < APART * APART * THUMB as f32 || fit.rest > 0.3 || fit.straight < 0.25 {
            continue;
        }
        let worth = fit.ends.sqrt() * (1.0 - 3.0 * fit.bent - 1.5 * fit.rest);
        if found.as_ref().is_none_or(|(best, ..)| worth > *best) {
            found = Some((worth, from, to, fit));
        }
    }
    let (_, mut from, mut to, mut fit) = found?;
    if let Some((a, b)) = tighter(window, from, to) {
        (from, to) = (a, b);
        fit = self::fit(window, from, to);
    }
    if fit.rest > REST || fit.bent > BENT {
        return None;
    }
    let clues = clues(window, from, to, &fit);
    Some(Dissolve { from, to, clues })
}

/// Where the share, extrapolated from its rise between 0.2 and 0.8, reaches 0 and 1.
fn tighter(window: &Window, from: usize, to: usize) -> Option<(usize, usize)> {
    let share = shares(window, from, to);
    let crossed = |level: f32| {
        let at = (from + 1..=to).find(|at| share(*at) >= level)?;
        let (low, high) = (share(at - 1).min(level), share(at).max(level));
        let part = f64::from((level - low) / (high - low).max(1e-3));
        let (a, b) = (window.time_s(at - 1), window.time_s(at));
        Some(a + part * (b - a))
    };
    let (early_s, late_s) = (crossed(0.2)?, crossed(0.8)?);
    let third_s = (late_s - early_s) / 3.0;
    let step_s = (window.time_s(to) - window.time_s(from)) / (to - from) as f64;
    let a = window.after(early_s - third_s - 0.5 * step_s).max(from);
    let b = window.after(late_s + third_s - 0.5 * step_s).min(to);
    (b >= a + 3 && (a, b) != (from, to)).then_some((a, b))
}

/// Share of the last frame in a mix with the first: <x - a, b - a> / <b - a, b - a>.
fn shares(window: &Window, from: usize, to: usize) -> impl Fn(usize) -> f32 {
    let ends = window.squared(from, to).max(1.0);
    let (own, across) = (window.product(from, from), window.product(from, to));
    move |at| (window.product(at, to) - window.product(at, from) - across + own) / ends
}

fn fit(window: &Window, from: usize, to: usize) -> Fit {
    let ends = window.squared(from, to).max(1.0);
    let n = (to - from) as f32;
    let (mut rest, mut worst, mut bent, mut falls) = (0.0f32, 0.0f32, 0.0, 0.0);
    let (mut way, mut leap) = (0.0, 0.0f32);
    let mut before = 0.0;
    let share_of = shares(window, from, to);
    let span_s = window.time_s(to) - window.time_s(from);
    for at in from + 1..=to {
        let away = window.squared(from, at);
        let share = share_of(at);
        let left = ((away - share * share * ends) / ends).max(0.0);
        let even = (window.time_s(at) - window.time_s(from)) / span_s;
        rest += left / n;
        worst = worst.max(left);
        bent += (share - even as f32).abs() / n;
        falls += (before - share).max(0.0);
        before = share;
        let step = window.squared(at - 1, at).sqrt();
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

fn clues(window: &Window, from: usize, to: usize, fit: &Fit) -> [f32; CLUES] {
    let (a, b) = (window.digest(from), window.digest(to));
    let log = |v: f32| (v + 0.02).ln();
    let root = |squared: f32| (squared / THUMB as f32).sqrt();
    let middle = (from + to) / 2;
    let contrast = |at: usize| window.digest(at).contrast;
    let lesser = a.contrast.min(b.contrast);
    // Change of the picture just outside, over a quarter of the length.
    let quarter = ((to - from) / 4).max(1);
    let before = from.saturating_sub(quarter);
    let after = (to + quarter).min(window.len() - 1);
    let (before, after) = (
        window.squared(before, from) / fit.ends,
        window.squared(to, after) / fit.ends,
    );
    let u = distance::unmatched(a, b);
    // Contrast that a mix of two unrelated pictures would have.
    let dip = contrast(middle).powi(2) / (0.5 * (a.contrast.powi(2) + b.contrast.powi(2)) + 1.0);
    let half = fit_halves(window, from, middle, to);
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
        log(distance::colours(a, b)),
        log(distance::layout(a, b)),
        log(dip),
        log(half),
        log(lesser / 20.0),
        (window.time_s(to) - window.time_s(from)) as f32,
        (to - from) as f32,
    ]
}

/// 1 less the cosine between the first and the second half of the path: 0 for a straight line.
fn fit_halves(window: &Window, from: usize, middle: usize, to: usize) -> f32 {
    let (p, q) = (window.squared(from, middle), window.squared(middle, to));
    let all = window.squared(from, to);
    let cosine = (all - p - q) / (2.0 * (p * q).sqrt().max(1.0));
    (1.0 - cosine).clamp(0.0, 2.0)
}

/// Likelihood that the inputs are those of a dissolve, 0 to 1.
pub(super) fn score(clues: &[f32; CLUES]) -> f32 {
    net::score(&DISSOLVE, clues)
}
