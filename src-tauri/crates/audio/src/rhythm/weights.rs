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
    weight(0.25399, 0.17132, 0.71101),
    weight(0.27133, 0.18819, 0.10106),
    weight(0.39124, 0.33438, 0.89046),
    weight(-1.36227, 1.01732, 0.47274),
    weight(-0.21049, 0.62964, -0.45167),
    weight(0.44075, 0.46817, -0.77275),
    weight(0.56045, 0.35586, -0.80019),
    weight(0.02087, 0.01990, -0.94871),
    weight(4.04299, 1.66335, -0.05131),
    weight(0.00179, 1.08254, 0.67437),
    weight(0.00155, 1.44306, -0.23129),
    weight(0.78565, 1.22679, 0.25441),
    weight(0.78410, 1.21371, 0.53215),
    weight(0.86088, 1.23103, 0.86223),
    weight(0.00503, 1.63127, 0.40566),
    weight(-0.00088, 1.54844, -0.22551),
    weight(0.58763, 0.99177, 0.72376),
    weight(1.17351, 0.17739, -0.45941),
    weight(1.28697, 0.26333, 0.42901),
    weight(1.47919, 0.36403, 0.90664),
    weight(1.96986, 0.59345, 0.27949),
    weight(1.04128, 0.75871, -0.41974),
    weight(0.06590, 0.02825, 0.59167),
];

pub const READING: [f64; bars::FEATURES] = [
    0.92570, 0.39161, 2.03404, 1.16493, 0.69223, -0.26839, 0.07672, -0.06228, 0.08536, 1.10097,
    0.49612, 0.25843, 0.16179, 0.10377, 0.43421, 0.38729, -0.41184, 0.40434, -0.41974, -0.75832,
    -1.30166,
];
