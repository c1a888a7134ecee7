//! Learned by `training/beats/fit.py`; do not edit. @generated

/// A feature's mean and spread over all hypotheses, and its weight.
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

pub const BEATS: [Weight; 23] = [
    weight(0.25627, 0.17516, 0.71512),
    weight(0.27587, 0.19868, 0.30261),
    weight(0.38574, 0.33427, 1.00446),
    weight(-1.39256, 1.05462, 0.44249),
    weight(-0.20943, 0.63044, -0.50863),
    weight(0.44131, 0.46409, -0.73485),
    weight(0.56222, 0.35387, -0.66406),
    weight(0.02040, 0.01960, -0.89908),
    weight(4.02912, 1.68477, 0.19118),
    weight(0.00170, 1.11508, 0.47830),
    weight(0.00133, 1.52193, -0.20187),
    weight(0.82986, 1.29910, 0.17596),
    weight(0.82854, 1.28045, 0.41846),
    weight(0.90905, 1.30649, 0.82817),
    weight(0.00459, 1.70103, 0.27958),
    weight(-0.00100, 1.62028, -0.19529),
    weight(0.59598, 1.00943, 0.72907),
    weight(1.17195, 0.17579, -0.41939),
    weight(1.28946, 0.26300, 0.40280),
    weight(1.47839, 0.35931, 0.86774),
    weight(1.97685, 0.59747, 0.23070),
    weight(1.06018, 0.77055, -0.39457),
    weight(0.06992, 0.03433, 0.41636),
];

pub const BARS: [f64; 21] = [
    0.61314, 0.80414, 1.90011, 1.09282, 0.23737, -0.06803, -0.07970, -0.33539, -0.12998, 1.26613,
    0.59688, 0.06770, -0.05492, -0.18846, 0.32212, 0.61867, -0.58839, 0.68243, -0.06869, -0.46063,
    -1.14519,
];
