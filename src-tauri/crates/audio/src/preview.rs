//! The preview: the most typical window of a track. Pure.
//!
//! Of all windows the one wins whose vector is nearest to the mean of the whole track and whose
//! energy is as high as the track's usual energy.

use needledrop_ranking::Curve;

/// Bonus of a window with full energy over one without energy, as cosine.
const ENERGY_WORTH: f64 = 0.3;
/// Penalty of a window in the first 4 % of the track: openings are rarely typical.
const EDGE_COST: f64 = 0.1;
/// More energy than this share of the track's own level brings no further bonus.
const ENOUGH: f64 = 0.9;

/// The middle of a window, seconds, and its unit vector.
pub struct Moment {
    pub middle_s: f64,
    pub vector: Vec<f32>,
}

/// The preview window in seconds. `within_s`: only this much of the start is considered. Windows of
/// `window_s` start on `starts_s` (bar lines) or, without bar lines, on multiples of `step_s`. A
/// track of no more than one window is its own preview.
pub fn preview_s(
    within_s: f64,
    window_s: f64,
    step_s: f64,
    starts_s: &[f64],
    moments: &[Moment],
    energy: &Curve,
) -> (f64, f64) {
    if within_s <= window_s + step_s {
        return (0.0, within_s.min(window_s));
    }
    let whole = sum(moments, 0.0, f64::INFINITY);
    let level = energy.mean(0.0, within_s);
    let last_s = within_s - window_s;
    let on_grid = (0..=(last_s / step_s) as usize).map(|i| i as f64 * step_s);
    let mut starts: Vec<f64> = starts_s
        .iter()
        .copied()
        .filter(|s| (0.0..=last_s).contains(s))
        .collect();
    if starts.is_empty() {
        starts = on_grid.collect();
    }
    let worth = |start_s: f64| {
        let end_s = start_s + window_s;
        let likeness = cosine(&sum(moments, start_s, end_s), &whole);
        let full = energy.mean(start_s, end_s) / level.max(1e-6);
        let edge = if start_s < 0.04 * within_s {
            EDGE_COST
        } else {
            0.0
        };
        likeness + ENERGY_WORTH * full.min(1.0 / ENOUGH) - edge
    };
    let mut best = (0.0, f64::MIN);
    for start_s in starts {
        let worth = worth(start_s);
        // The earlier of two equal windows wins.
        if worth > best.1 + 1e-3 {
            best = (start_s, worth);
        }
    }
    (best.0, best.0 + window_s)
}

fn sum(moments: &[Moment], start_s: f64, end_s: f64) -> Vec<f64> {
    let mut sum = vec![0.0; moments.first().map_or(0, |m| m.vector.len())];
    for moment in moments
        .iter()
        .filter(|m| (start_s..end_s).contains(&m.middle_s))
    {
        sum.iter_mut()
            .zip(&moment.vector)
            .for_each(|(s, x)| *s += f64::from(*x));
    }
    sum
}

fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(kinds: &[usize]) -> Vec<Moment> {
        let moment = |(at, &kind): (usize, &usize)| Moment {
            middle_s: at as f64 * 10.0 + 5.0,
            vector: (0..3).map(|k| f32::from(u8::from(k == kind))).collect(),
        };
        kinds.iter().enumerate().map(moment).collect()
    }

    fn even(seconds: usize) -> Curve {
        Curve::new(2.0, vec![0.8; 2 * seconds])
    }

    #[test]
    fn an_opening_unlike_the_rest_is_not_the_preview() {
        let kinds = [1, 0, 0, 0, 0, 0, 0, 0, 0, 2];
        let (start, end) = preview_s(100.0, 30.0, 1.0, &[], &moments(&kinds), &even(100));
        assert!((5.0..=65.0).contains(&start), "starts at {start}");
        assert_eq!(end - start, 30.0);
    }

    #[test]
    fn a_quiet_stretch_is_not_the_preview() {
        let level = (0..200).map(|i| if (80..140).contains(&i) { 0.1 } else { 0.9 });
        let energy = Curve::new(2.0, level);
        let (start, _) = preview_s(100.0, 30.0, 1.0, &[], &moments(&[0; 10]), &energy);
        assert!(!(20.0..=60.0).contains(&start), "starts at {start}");
    }

    #[test]
    fn the_preview_starts_on_a_bar_line() {
        let bars: Vec<f64> = (0..50).map(|b| 0.3 + 2.1 * f64::from(b)).collect();
        let kinds = [1, 1, 1, 0, 0, 0, 0, 0, 0, 2];
        let (start, _) = preview_s(100.0, 30.0, 1.0, &bars, &moments(&kinds), &even(100));
        assert!(bars.contains(&start), "starts at {start}");
    }

    #[test]
    fn a_short_track_is_its_own_preview() {
        assert_eq!(preview_s(12.0, 30.0, 1.0, &[], &[], &even(12)), (0.0, 12.0));
        assert_eq!(preview_s(30.5, 30.0, 1.0, &[], &[], &even(30)), (0.0, 30.0));
    }
}
