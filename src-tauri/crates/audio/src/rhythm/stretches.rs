//! Stretches of constant tempo. Pure.
//!
//! The tempo class of a window ignores the octave, because music often halves or doubles its pulse
//! while the beat goes on. The likeliest course of classes is found with a cost for every change.

use std::ops::Range;

use super::moments::{Moments, RATE_HZ};
use super::tempo::{Periodicity, STEPS_PER_OCTAVE, WINDOW_HOP_S, WINDOW_S};

const CLASSES: usize = STEPS_PER_OCTAVE as usize;
/// Cost of a leap, in windows that fully contradict it.
const LEAP: f32 = 3.0;
/// Cost of a step by one class; more than `MOST_STEPS` at once is a leap.
const STEP: f32 = 0.02;
const MOST_STEPS: usize = 2;
/// Shorter stretches are passages, not tempi, seconds.
const LEAST_S: f64 = 16.0;
/// Longer stretches are divided, to bound work and memory, seconds.
const MOST_S: f64 = 600.0;

/// Consecutive stretches of one tempo, as ranges of moments.
pub fn stretches(moments: &Moments) -> Vec<Range<usize>> {
    let windows: Vec<Vec<f32>> = Periodicity::windows(moments)
        .map(|window| window.map_or(vec![0.0; CLASSES], |periodicity| folded(&periodicity)))
        .collect();
    let mut bounds = vec![0];
    for at in leaps(&course(&windows)) {
        // The change lies between the middles of two windows.
        let middle_s = (at as f64 - 0.5) * WINDOW_HOP_S + WINDOW_S / 2.0;
        let bound = (middle_s * RATE_HZ) as usize;
        let least = (LEAST_S * RATE_HZ) as usize;
        if bound >= bounds[bounds.len() - 1] + least && bound + least <= moments.len() {
            bounds.push(bound);
        }
    }
    bounds.push(moments.len());
    bounds
        .windows(2)
        .flat_map(|pair| divided(pair[0]..pair[1]))
        .collect()
}

fn divided(range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let parts = (range.len() as f64 / (MOST_S * RATE_HZ)).ceil().max(1.0) as usize;
    let bound = move |part: usize| range.start + range.len() * part / parts;
    (0..parts).map(move |part| bound(part)..bound(part + 1))
}

/// Score of every tempo class; the best is 1.
fn folded(periodicity: &Periodicity) -> Vec<f32> {
    let mut classes = vec![0.0f32; CLASSES];
    for (step, score) in periodicity.scores().into_iter().enumerate() {
        let class = &mut classes[step % CLASSES];
        *class = class.max(score as f32);
    }
    let best = classes.iter().fold(1e-9, |m: f32, &x| m.max(x));
    classes.iter_mut().for_each(|x| *x /= best);
    classes
}

fn apart(a: usize, b: usize) -> usize {
    let d = a.abs_diff(b);
    d.min(CLASSES - d)
}

/// The likeliest class of each window (Viterbi).
fn course(windows: &[Vec<f32>]) -> Vec<usize> {
    let mut scores = vec![0.0f32; CLASSES];
    let mut origins: Vec<Vec<usize>> = Vec::with_capacity(windows.len());
    for window in windows {
        let top = (0..CLASSES)
            .max_by(|&a, &b| scores[a].total_cmp(&scores[b]))
            .unwrap_or(0);
        let mut next = vec![0.0; CLASSES];
        let mut from = vec![top; CLASSES];
        for class in 0..CLASSES {
            next[class] = scores[top] - LEAP;
            for origin in (0..=2 * MOST_STEPS).map(|k| (class + CLASSES + k - MOST_STEPS) % CLASSES)
            {
                let score = scores[origin] - STEP * apart(origin, class) as f32;
                if score > next[class] {
                    (next[class], from[class]) = (score, origin);
                }
            }
            next[class] += window[class];
        }
        scores = next;
        origins.push(from);
    }
    let mut class = (0..CLASSES)
        .max_by(|&a, &b| scores[a].total_cmp(&scores[b]))
        .unwrap_or(0);
    let mut course: Vec<usize> = origins
        .iter()
        .rev()
        .map(|from| {
            let here = class;
            class = from[here];
            here
        })
        .collect();
    course.reverse();
    course
}

fn leaps(course: &[usize]) -> Vec<usize> {
    (1..course.len())
        .filter(|&at| apart(course[at - 1], course[at]) > MOST_STEPS)
        .collect()
}
