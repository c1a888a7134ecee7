//! Fades: the picture sinks into a flat colour, and another rises from it.
//!
//! That the deviation of the luma falls and rises evenly is Lienhart's (1999) sign of a fade.

use super::{apart, net, recent::Recent, weights::FLAT};

/// How far to either side of its flat middle a fade may reach, seconds.
pub(super) const SIDE_S: f64 = 1.7;
/// Two fades have their middles further apart than this, seconds.
const ALONE_S: f64 = 0.6;
/// Clues of a fade.
pub(super) const CLUES: usize = 14;
/// Contrast of the flat middle over that of the fainter side, at most.
const DEEP: f32 = 0.35;
/// Contrast that a side must have, levels.
const VISIBLE: f32 = 3.0;

/// A stretch that may be a fade, as indices of [`Recent`].
pub(super) struct Flat {
    pub from: usize,
    pub to: usize,
    pub clues: [f32; CLUES],
}

struct Side {
    /// Where the picture is whole, and where it is flat.
    whole: usize,
    flat: usize,
    contrast: f32,
    /// The largest step of the contrast over all of it.
    leap: f32,
    /// Sum of steps the wrong way over all of it.
    wrong: f32,
}

/// The fade whose flat middle is the kept frame `at`, if it is one at all.
pub(super) fn at(recent: &Recent, at: usize) -> Option<Flat> {
    let contrast = |i: usize| recent.digest(i).contrast;
    let first = recent.after(recent.time_s(at) - SIDE_S);
    let last = recent.after(recent.time_s(at) + SIDE_S).min(recent.len()) - 1;
    let low = contrast(at);
    // The first of the lowest is the middle; others nearby leave it to that one.
    let near = |i: &usize| (recent.time_s(*i) - recent.time_s(at)).abs() <= ALONE_S;
    if (first..at).filter(near).any(|i| contrast(i) <= low)
        || (at..=last).filter(near).any(|i| contrast(i) < low)
    {
        return None;
    }
    let left = side(recent, at, first)?;
    let right = side(recent, at, last)?;
    let lesser = left.contrast.min(right.contrast);
    if low > DEEP * lesser {
        return None;
    }
    let (a, b) = (recent.digest(left.whole), recent.digest(right.whole));
    let u = apart::unmatched(a, b);
    let log = |v: f32| (v + 0.02).ln();
    let s = |from: usize, to: usize| recent.time_s(to) - recent.time_s(from);
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
        log(apart::colours(a, b)),
        log(apart::layout(a, b)),
        (recent.digest(at).mean - 128.0).abs() / 128.0,
    ];
    Some(Flat {
        from: left.whole,
        to: right.whole,
        clues,
    })
}

/// Walks from the flat middle to where the picture is whole.
fn side(recent: &Recent, middle: usize, last: usize) -> Option<Side> {
    let contrast = |i: usize| recent.digest(i).contrast;
    let way: Vec<usize> = if last < middle {
        (last..=middle).rev().collect()
    } else {
        (middle..=last).collect()
    };
    let low = contrast(middle);
    // Up to where the picture sinks again, if it does.
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
    // The first of those nearly as high as any nearby: whatever comes later is the shot itself.
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

/// How likely the clues are those of a fade from one shot to another, 0 to 1.
pub(super) fn score(clues: &[f32; CLUES]) -> f32 {
    net::score(&FLAT, clues)
}
