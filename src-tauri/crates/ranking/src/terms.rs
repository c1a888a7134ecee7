//! The four terms of the score. Each gives a number from 0 to 1 and a reason in words. 0.5 is neutral: the value for
//! missing data.

pub(crate) mod key;
mod room;
pub(crate) mod tags;
pub(crate) mod tempo;
pub(crate) mod visual;

/// The score of a term without data.
pub(crate) const NEUTRAL: f64 = 0.5;

/// A score moved towards neutral: unchanged at confidence 1, neutral at confidence 0.
pub(crate) fn doubt(score: f64, confidence: f32) -> f64 {
    let confidence = if confidence.is_finite() {
        f64::from(confidence).clamp(0.0, 1.0)
    } else {
        0.0
    };
    NEUTRAL + confidence * (score - NEUTRAL)
}

/// Finite input as f64; other values count as missing.
pub(crate) fn finite(value: Option<f32>) -> Option<f64> {
    value.filter(|v| v.is_finite()).map(f64::from)
}

/// Probability of log odds.
pub(crate) fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Log odds of a probability, clamped to `least` to 1 - `least`.
pub(crate) fn log_odds(probability: f64, least: f64) -> f64 {
    let held = probability.clamp(least, 1.0 - least);
    (held / (1.0 - held)).ln()
}

/// Centre and spread of a set of numbers.
///
/// The centre is the median. The spread is 1.4826 times the median absolute deviation: for normal data it is the standard
/// deviation, and a few outliers do not move it (Rousseeuw & Croux 1993). Both are independent of the order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    centre: f64,
    spread: f64,
}

impl Scale {
    /// `floor` is the smallest spread; smaller differences are noise.
    pub(crate) fn of(values: impl Iterator<Item = f64>, floor: f64) -> Option<Self> {
        let mut values: Vec<f64> = values.collect();
        let centre = median(&mut values)?;
        let mut deviations: Vec<f64> = values.iter().map(|v| (v - centre).abs()).collect();
        let spread = 1.4826 * median(&mut deviations)?;
        Some(Self {
            centre,
            spread: spread.max(floor),
        })
    }

    /// The median of the set.
    pub(crate) fn centre(&self) -> f64 {
        self.centre
    }

    /// The robust standard deviation, at least the floor.
    pub(crate) fn spread(&self) -> f64 {
        self.spread
    }

    /// Logistic of `slope` times the distance to the centre in spreads: 0.5 at the centre, strictly increasing.
    pub(crate) fn place(&self, value: f64, slope: f64) -> f64 {
        logistic(slope * (value - self.centre) / self.spread)
    }
}

fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    Some(if values.len() % 2 == 1 {
        values[half]
    } else {
        f64::midpoint(values[half - 1], values[half])
    })
}

/// Share of `sorted` below `value`, 0 to 1; equal values count half.
pub(crate) fn percentile(sorted: &[f64], value: f64) -> f64 {
    if sorted.is_empty() {
        return NEUTRAL;
    }
    let below = sorted.partition_point(|v| *v < value);
    let up_to = sorted.partition_point(|v| *v <= value);
    (below + up_to) as f64 / (2 * sorted.len()) as f64
}
