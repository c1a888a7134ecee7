//! Learned by `training/beats/fit.py`; do not edit.

use super::{bars, choose};

/// A feature's mean and spread over all ways, and its weight.
#[derive(Clone, Copy)]
pub struct Weight {
    pub mean: f64,
    pub spread: f64,
    pub weight: f64,
}

const fn weight(mean: f64, spread: f64, weight: f64) -> Weight {
    Weight {
        mean,
        spread,
        weight,
    }
}

pub const WAY: [Weight; choose::FEATURES] = [
    weight(0.25481, 0.17210, 0.70209),
    weight(0.27300, 0.19381, 0.21073),
    weight(0.38832, 0.33439, 0.88824),
    weight(-1.38040, 1.04839, 0.43400),
    weight(-0.21114, 0.63074, -0.46513),
    weight(0.44241, 0.46905, -0.75248),
    weight(0.56199, 0.35577, -0.77311),
    weight(0.02054, 0.01980, -0.92696),
    weight(4.04374, 1.67534, 0.05749),
    weight(0.00190, 1.09021, 0.66235),
    weight(0.00170, 1.49477, -0.24371),
    weight(0.79959, 1.26733, 0.27493),
    weight(0.79790, 1.25162, 0.56943),
    weight(0.88025, 1.26513, 0.84157),
    weight(0.00501, 1.69390, 0.30368),
    weight(-0.00067, 1.58584, -0.19542),
    weight(0.59445, 0.99204, 0.69240),
    weight(1.17589, 0.17798, -0.43570),
    weight(1.29324, 0.26465, 0.44747),
    weight(1.48788, 0.36162, 0.91562),
    weight(1.99165, 0.59142, 0.27262),
    weight(1.06893, 0.76115, -0.44849),
    weight(0.06619, 0.02756, 0.57443),
];

pub const READING: [f64; bars::FEATURES] = [
    0.92766, 0.38230, 2.04318, 1.18891, 0.58696, -0.15833, -0.00531, -0.06244, 0.08703, 1.05274,
    0.46776, 0.25176, 0.15458, 0.10065, 0.43850, 0.36768, -0.41104, 0.35362, -0.40724, -0.69045,
    -1.26565,
];
