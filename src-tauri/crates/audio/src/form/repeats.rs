//! A stretch that can be looped without a seam. Pure.

use needledrop_ranking::Curve;

use super::units::Units;

/// Loop lengths that are tried, bars, in order of preference.
const LENGTHS: [usize; 6] = [16, 8, 12, 24, 32, 4];
/// Bars on both sides of the seam that must match.
const SEAM: usize = 2;
/// Least similarity across the seam.
const LEAST: f64 = 0.8;
/// A longer loop is preferred if its similarity is at most this much worse.
const WORTH: f64 = 0.03;
const LEAST_S: f64 = 5.0;
/// A loop with less than this share of the track's usual energy is a fade or a break.
const FULL: f64 = 0.8;

/// The best loop in seconds, on bar lines: the bars after its end sound like those after its start.
/// `None` where nothing repeats so well, or where there are no bars.
pub fn loop_s(units: &Units, energy: &Curve) -> Option<(f64, f64)> {
    if !units.on_bars {
        return None;
    }
    let bounds = &units.bounds_s;
    let usual = energy.mean(0.0, bounds[bounds.len() - 1]);
    let mut best: Option<(f64, usize, usize)> = None;
    for length in LENGTHS {
        // The first and the last unit may be incomplete bars.
        for start in SEAM + 1..units.len().saturating_sub(length + SEAM) {
            let (from, to) = (start, start + length);
            let (from_s, to_s) = (bounds[from], bounds[to]);
            if to_s - from_s < LEAST_S || energy.mean(from_s, to_s) < FULL * usual {
                continue;
            }
            let before = (1..=SEAM).map(|k| units.alike(from - k, to - k));
            let after = (0..SEAM).map(|k| units.alike(from + k, to + k));
            let seam = before.chain(after).fold(1.0, f64::min);
            if seam >= LEAST && best.is_none_or(|(known, ..)| seam > known + WORTH) {
                best = Some((seam, from, to));
            }
        }
    }
    best.map(|(_, from, to)| (units.bounds_s[from], units.bounds_s[to]))
}
