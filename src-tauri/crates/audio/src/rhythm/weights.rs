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
    weight(0.25628, 0.17484, 0.67993),
    weight(0.27592, 0.19845, 0.31039),
    weight(0.38748, 0.33454, 0.97010),
    weight(-1.38795, 1.06012, 0.43530),
    weight(-0.21129, 0.63281, -0.53094),
    weight(0.44509, 0.47189, -0.73250),
    weight(0.56386, 0.35658, -0.68886),
    weight(0.02038, 0.01967, -0.88770),
    weight(4.04806, 1.69197, 0.17327),
    weight(0.00172, 1.11061, 0.51875),
    weight(0.00141, 1.52079, -0.20504),
    weight(0.82967, 1.29724, 0.20555),
    weight(0.82825, 1.27870, 0.45238),
    weight(0.91414, 1.30729, 0.83144),
    weight(0.00465, 1.70162, 0.26936),
    weight(-0.00091, 1.61786, -0.19285),
    weight(0.60167, 1.00686, 0.71064),
    weight(1.17233, 0.17616, -0.40266),
    weight(1.28755, 0.26231, 0.41290),
    weight(1.47834, 0.36011, 0.86967),
    weight(1.97584, 0.59449, 0.21500),
    weight(1.05812, 0.76579, -0.39758),
    weight(0.07009, 0.03453, 0.39460),
];

pub const READING: [f64; bars::FEATURES] = [
    0.61728, 0.75006, 1.87225, 1.04955, 0.26189, -0.01283, -0.00250, -0.07096, 0.09197, 1.21817,
    0.56018, 0.29914, 0.18410, 0.11123, 0.41823, 0.59398, -0.52374, 0.69378, -0.03623, -0.40514,
    -1.45264,
];
