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

pub const BEATS: [Weight; 34] = [
    weight(0.25627, 0.17516, 0.47525),
    weight(0.27587, 0.19868, 0.43069),
    weight(0.38574, 0.33427, 1.12173),
    weight(-1.39256, 1.05462, 0.20718),
    weight(-0.20943, 0.63044, -0.75266),
    weight(0.44131, 0.46409, -0.80524),
    weight(0.56222, 0.35387, -0.63626),
    weight(0.02040, 0.01960, -1.32225),
    weight(4.02912, 1.68477, 0.38020),
    weight(0.00170, 1.11508, 0.78147),
    weight(0.00133, 1.52193, -0.21670),
    weight(0.82986, 1.29910, 0.03767),
    weight(0.82854, 1.28045, 0.29578),
    weight(0.90905, 1.30649, 0.55210),
    weight(0.00459, 1.70103, 0.44158),
    weight(-0.00100, 1.62028, -0.16615),
    weight(0.59598, 1.00943, 0.14054),
    weight(1.17195, 0.17579, -0.53663),
    weight(1.28946, 0.26300, 0.22612),
    weight(1.47839, 0.35931, 0.89489),
    weight(1.97685, 0.59747, 0.26980),
    weight(1.06018, 0.77055, -0.23642),
    weight(0.06992, 0.03433, 0.81355),
    weight(-1.42896, 1.92659, 0.20008),
    weight(0.26431, 0.72913, 0.22217),
    weight(-0.31876, 1.60272, -0.46696),
    weight(-0.18923, 0.98776, -0.05506),
    weight(-0.35817, 1.89281, -0.03743),
    weight(0.77034, 1.18783, -0.06447),
    weight(0.41182, 0.62226, -0.21866),
    weight(0.84770, 1.33257, -0.04852),
    weight(0.32519, 0.26841, 0.43179),
    weight(0.29481, 0.23041, 0.15580),
    weight(0.32465, 0.29402, 0.24753),
];

pub const BARS: [f64; 28] = [
    1.12300, -0.12365, 1.60664, 0.61087, 0.47339, 0.70371, -0.87899, -0.45850, -0.94056, 0.42934,
    0.12946, -0.04483, 0.15717, -0.62853, 0.35087, 0.58617, -0.32323, 0.11390, -0.11980, 0.18188,
    -0.35084, 1.40062, 1.01406, 2.04499, 0.56972, -1.09732, -1.22883, -0.00047,
];

/// Of the odds that beats have three parts: constant, half, second, third, octaves of tempo.
pub const COMPOUND: [f64; 5] = [-4.94500, -1.74300, -0.00600, 1.10900, -3.34700];

/// Of the odds that a tempo is right.
pub const CONFIDENCE_BIAS: f64 = 0.39672;

pub const CONFIDENCE: [Weight; 16] = [
    weight(0.75497, 0.26237, 0.95243),
    weight(-2.04945, 1.32205, -0.63687),
    weight(-1.26557, 1.04351, 0.68551),
    weight(-0.53790, 0.68392, 0.77990),
    weight(-3.52317, 0.12518, 0.11225),
    weight(0.44052, 0.23128, 0.19744),
    weight(0.51250, 0.26378, 0.66531),
    weight(1.10494, 0.99878, 0.32785),
    weight(1.07524, 1.17049, 0.11272),
    weight(0.93393, 0.91402, -0.40806),
    weight(2.49298, 0.85624, 0.25571),
    weight(3.66522, 2.09142, -0.94963),
    weight(0.85197, 0.14003, 0.10985),
    weight(-2.78554, 1.50431, 0.28020),
    weight(-0.51974, 0.43317, 0.55302),
    weight(4.21182, 0.59649, 0.33221),
];

/// Of the odds that a metre is right: constant, odds of the metre, odds of the tempo.
pub const METRE: [f64; 3] = [-0.51895, 0.76415, 0.98582];
