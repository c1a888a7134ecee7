//! Fades: the picture goes to a flat colour, and another comes from it.
//!
//! The sign of a fade is an even fall and rise of the luma's deviation (Lienhart 1999).

use super::{distance, net, weights::FADE, window::Window};

/// Longest distance from the flat middle of a fade to its ends, seconds.
pub(super) const SIDE_S: f64 = 1.7;
/// Shortest distance of the middles of two fades, seconds.
const ALONE_S: f64 = 0.6;
/// Inputs of the net for a fade.
pub(super) const CLUES: usize = 14;
/// Largest contrast of the flat middle relative to the fainter side.
const DEEP: f32 = 0.35;
/// Least contrast of a side, levels.
const VISIBLE: f32 = 3.0;

/// A possible fade, as indices of [`Window`].
pub(super) struct Fade {
    pub from: usize,
    pub to: usize,
    pub clues: [f32; CLUES],
}

struct Side {
    /// Indices of the frame with full contrast and of the flat frame.
    whole: usize,
    flat: usize,
    contrast: f32,
    /// Largest step of the contrast over its whole change.
    leap: f32,
    /// Sum of the steps in the wrong direction over the whole change.
    wrong: f32,
}

/// The fade whose flat middle is the frame `at`, if there is one.
pub(super) fn at(window: &Window, at: usize) -> Option<Fade> {
    let contrast = |i: usize| window.digest(i).contrast;
    let first = window.after(window.time_s(at) - SIDE_S);
    let last = window.after(window.time_s(at) + SIDE_S).min(window.len()) - 1;
    let low = contrast(at);
    // The first of the lowest frames is the middle; the others nearby are not.
    let near = |i: &usize| (window.time_s(*i) - window.time_s(at)).abs() <= ALONE_S;
    if (first..at).filter(near).any(|i| contrast(i) <= low)
        || (at..=last).filter(near).any(|i| contrast(i) < low)
    {
        return None;
    }
    let left = side(window, at, first)?;
    let right = side(window, at, last)?;
    let lesser = left.contrast.min(right.contrast);
    if low > DEEP * lesser {
        return None;
    }
    let (a, b) = (window.digest(left.whole), window.digest(right.whole));
    let u = distance::unmatched(a, b);
    let log = |v: f32| (v + 0.02).ln();
    let s = |from: usize, to: usize| window.time_s(to) - window.time_s(from);
    let (fall_s, rise_s) = (s(left.whole, left.flat), s(right.flat, right.whole));
    let clues = [
        log(low / lesser),
        log(low / 10.0),
        log(lesser / 20.0),
        log(left.leap.min(right.leap)),
        log(left.leap.max(right.leap)),
        log(left.wrong.max(right.wrong)),
        fall_s.min(rise_s) as f32,
        fall_s.max(rise_s) as f32,
        s(left.flat, right.flat) as f32,
        log(u.relative),
        u.lost,
        log(distance::colours(a, b)),
        log(distance::layout(a, b)),
        (window.digest(at).mean - 128.0).abs() / 128.0,
    ];
    Some(Fade {
        from: left.whole,
        to: right.whole,
        clues,
    })
}

/// Walks from the flat middle to the frame with full contrast.
fn side(window: &Window, middle: usize, last: usize) -> Option<Side> {
    let contrast = |i: usize| window.digest(i).contrast;
    let way: Vec<usize> = if last < middle {
        (last..=middle).rev().collect()
    } else {
        (middle..=last).collect()
    };
    let low = contrast(middle);
    // Up to the next fall of the contrast, if there is one.
    let mut most = 0.0f32;
    let sinks = way.iter().position(|i| {
        most = most.max(contrast(*i));
        most > low + 2.0 * VISIBLE && contrast(*i) < low + DEEP * (most - low)
    });
    let way = &way[..sinks.unwrap_or(way.len())];
    if most < VISIBLE || way.len() < 3 {
        return None;
    }
    let rise = (most - low).max(1.0);
    let flat = *way
        .iter()
        .take_while(|i| contrast(**i) <= low + 0.06 * rise)
        .last()?;
    // The first frame of nearly full contrast: later ones belong to the shot.
    let whole = way.iter().copied().enumerate().find(|(n, i)| {
        let here = contrast(*i);
        let next = way[*n..]
            .iter()
            .take(5)
            .map(|i| contrast(*i))
            .fold(0.0, f32::max);
        here > low + 0.5 * rise && here >= 0.97 * next
    })?;
    let (mut leap, mut wrong) = (0.0f32, 0.0);
    for pair in way[..=whole.0].windows(2) {
        let step = contrast(pair[1]) - contrast(pair[0]);
        leap = leap.max(step / rise);
        wrong += (-step / rise).max(0.0);
    }
    Some(Side {
        whole: whole.1,
        flat,
        contrast: contrast(whole.1),
        leap,
        wrong,
    })
}

/// Likelihood that the inputs are those of a fade between two shots, 0 to 1.
pub(super) fn score(clues: &[f32; CLUES]) -> f32 {
    net::score(&FADE, clues)
}
