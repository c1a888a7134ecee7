//! Visual impacts, after Davis & Agrawala, *Visual rhythm and beat* (SIGGRAPH 2018).
//!
//! A bounce, a step, the end of a gesture, a stop of the camera: motion in one direction ends
//! within a few pictures. The impact of a moment is the motion lost since the moment before, summed
//! over the directions.

use needledrop_ranking::Hit;

use super::sample::{DIRECTIONS, MotionSample};

/// A hit is the strongest moment within this distance, seconds.
const ALONE_S: f64 = 0.15;
/// The level around a moment is the mean within this distance, seconds.
const AROUND_S: f64 = 0.1;
/// A hit exceeds that level by this share of the clip's strongest impact.
const ABOVE: f32 = 0.10;
/// Weaker impacts are coding noise, picture widths a second lost at once.
const NOISE: f32 = 0.012;

/// Impact of each moment in picture widths a second. 0 across a cut (`cuts_s`: ascending, seconds),
/// where the difference of two pictures is not motion.
pub fn impacts(moments: &[MotionSample], cuts_s: &[f64]) -> Vec<f32> {
    let mut impacts = vec![0.0; moments.len()];
    for at in 2..moments.len() {
        let (two, before, now) = (&moments[at - 2], &moments[at - 1], &moments[at]);
        if before.since_s == 0.0 || now.since_s == 0.0 || breaks(cuts_s, two.time_s, now.time_s) {
            continue;
        }
        impacts[at] = (0..DIRECTIONS)
            .map(|d| (smooth(before, d) - smooth(now, d)).max(0.0))
            .sum();
    }
    impacts
}

/// Motion in a direction, smoothed over its neighbours, so that noise of the angle is no loss.
fn smooth(moment: &MotionSample, direction: usize) -> f32 {
    let at = |d: usize| moment.directions[d % DIRECTIONS];
    0.5 * at(direction) + 0.25 * (at(direction + 1) + at(direction + DIRECTIONS - 1))
}

/// The moments with the apparent motion across cuts (`cuts_s`: ascending, seconds) replaced by the
/// motion after the cut.
pub fn within_shots(moments: &[MotionSample], cuts_s: &[f64]) -> Vec<MotionSample> {
    let mut cleaned = moments.to_vec();
    for at in (1..moments.len()).rev() {
        let from_s = moments[at].time_s - f64::from(moments[at].since_s);
        if breaks(cuts_s, from_s, moments[at].time_s) {
            let after = cleaned.get(at + 1).copied().unwrap_or_default();
            cleaned[at] = MotionSample {
                time_s: moments[at].time_s,
                since_s: 0.0,
                ..after
            };
        }
    }
    cleaned
}

/// Whether there is a cut after `from_s`, up to and including `to_s`.
fn breaks(cuts_s: &[f64], from_s: f64, to_s: f64) -> bool {
    let at = cuts_s.partition_point(|&c| c <= from_s + 1e-6);
    cuts_s.get(at).is_some_and(|&c| c <= to_s + 1e-6)
}

/// Moments of impact in time order; the strongest has strength 1. A hit lies between the picture
/// with motion and the one without.
pub fn hits(moments: &[MotionSample], impacts: &[f32]) -> Vec<Hit> {
    let most = impacts.iter().copied().fold(0.0, f32::max);
    if most < NOISE {
        return Vec::new();
    }
    let time = |at: usize| moments[at].time_s - f64::from(moments[at].since_s) / 2.0;
    let within = |at: usize, far_s: f64| {
        let near = |&other: &usize| (moments[other].time_s - moments[at].time_s).abs() <= far_s;
        let from = (0..at).rev().take_while(near).last().unwrap_or(at);
        let to = (at + 1..moments.len())
            .take_while(near)
            .last()
            .unwrap_or(at);
        from..to + 1
    };
    (0..moments.len())
        .filter(|&at| impacts[at] >= NOISE)
        .filter(|&at| {
            let rivals = within(at, ALONE_S);
            rivals.clone().all(|other| {
                impacts[other] < impacts[at] || (impacts[other] == impacts[at] && other >= at)
            })
        })
        .filter(|&at| {
            let around = within(at, AROUND_S);
            let level = impacts[around.clone()].iter().sum::<f32>() / around.len() as f32;
            // With few pictures a second the only moment in the window is the moment itself.
            around.len() < 3 || impacts[at] >= level + ABOVE * most
        })
        .map(|at| Hit {
            time_s: time(at),
            strength: impacts[at] / most,
        })
        .collect()
}
