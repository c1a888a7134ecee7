//! Jump cuts: the same scene, suddenly seen closer or from farther away, as in interviews.
//!
//! A zoom and a shift explain the later picture, but no camera moves so: the pictures before and after
//! move little, and the new view stays. Each limit is the one that 2 in 100 jump cuts of the dev set of
//! `benches/cuts` exceed, or stricter; the score says how far from the nearest limit a jump lies.

use std::collections::VecDeque;

use super::{
    hard_cut::{AROUND_S, Step},
    pose::{self, Pose},
};

/// Least difference in place, levels, and how far it exceeds that of both neighbours.
const DIFFERENT: f32 = 1.5;
const APART: f32 = 1.5;
/// Least and largest zoom, ln: 6 and 31 %. A shift alone is often a jolt, a scrolled page or lost
/// pictures of a pan; a larger zoom is told by [`super::hard_cut`].
const ZOOMED: (f32, f32) = (0.06, 0.27);
/// Largest difference that is left, levels, and relative to that without zoom and shift. Changes of
/// light leave more.
const LEFT: f32 = 28.0;
const LEFT_OF: f32 = 0.68;
/// Largest motion beside the jump, relative to it.
const MOVING: f32 = 0.3;
/// Largest change of its zoom across the neighbourhood, ln.
const STAYS: f32 = 0.04;
/// Scores below this are not worth the comparison with the neighbourhood.
const HOPELESS: f32 = 0.05;

/// Likelihood that `steps[at]` is the first frame of the same scene in another view, 0 to 1: 0.5 at a
/// limit.
pub(super) fn score(steps: &VecDeque<Step>, at: usize) -> Option<f32> {
    let here = steps.get(at)?;
    let before = steps.get(at.checked_sub(1)?)?;
    let after = steps.get(at + 1).map_or(0.0, |s| s.in_place);
    let beside = before.in_place.max(after);
    let sudden = (DIFFERENT / here.in_place).max(APART * beside / here.in_place);
    if likelihood(sudden) < HOPELESS {
        return None;
    }
    let jump = pose::search(&before.digest, &here.digest);
    let zoom = jump.zoom.abs();
    let explained = (jump.rest / LEFT).max(jump.rest / (LEFT_OF * jump.in_place));
    let sized = (ZOOMED.0 / zoom).max(zoom / ZOOMED.1);
    if likelihood(explained.max(sized)) < HOPELESS {
        return None;
    }
    let near = |i: &usize| (steps[*i].digest.time_s - here.digest.time_s).abs() <= AROUND_S;
    // Motion from picture to picture on either side.
    let still = (1..steps.len())
        .filter(|i| *i != at && near(i))
        .map(|i| pose::refine(&steps[i - 1].digest, &steps[i].digest, Pose::default()))
        .map(|p| (p.distance() / jump.distance()).max(p.zoom.abs() / zoom) / MOVING)
        .fold(0.0, f32::max);
    // The view across the whole neighbourhood, which comes back after a flash.
    let first = (0..at).find(near).unwrap_or(at - 1);
    let last = (at..steps.len()).rfind(near).unwrap_or(at);
    let (first, last) = (&steps[first].digest, &steps[last].digest);
    let wide = [jump, Pose::default()]
        .map(|from| pose::refine(first, last, from))
        .into_iter()
        .min_by(|a, b| a.rest.total_cmp(&b.rest))?;
    let stays = (wide.zoom - jump.zoom).abs() / STAYS;
    let worst = [sudden, explained, sized, still, stays];
    Some(likelihood(worst.into_iter().fold(0.0, f32::max)))
}

/// 1 far within the limits, 0.5 at one (`worst` is 1), 0 beyond.
fn likelihood(worst: f32) -> f32 {
    (1.0 - 0.5 * worst * worst).max(0.0)
}
