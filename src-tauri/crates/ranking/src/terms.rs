//! The four terms of the score. Each is a number from 0 to 1 and a reason in plain words; 0.5 is
//! neutral, and stands wherever a signal is missing.

pub(crate) mod key;
mod room;
pub(crate) mod tags;
pub(crate) mod tempo;
pub(crate) mod visual;

/// The score of a term that has nothing to say.
pub(crate) const NEUTRAL: f64 = 0.5;

/// A score pulled towards neutral as far as its signal is doubted.
pub(crate) fn doubt(score: f64, confidence: f32) -> f64 {
    let confidence = if confidence.is_finite() {
        f64::from(confidence).clamp(0.0, 1.0)
    } else {
        0.0
    };
    NEUTRAL + confidence * (score - NEUTRAL)
}

/// Finite input as f64; anything else is as good as missing.
pub(crate) fn finite(value: Option<f32>) -> Option<f64> {
    value.filter(|v| v.is_finite()).map(f64::from)
}

/// Probability of log odds.
pub(crate) fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Log odds of a probability, which is held between `least` and 1 - `least`.
pub(crate) fn log_odds(probability: f64, least: f64) -> f64 {
    let held = probability.clamp(least, 1.0 - least);
    (held / (1.0 - held)).ln()
}

/// Where a set of numbers lies and how far it spreads.
///
/// The centre is the median and the spread 1.4826 times the median absolute deviation, which is
/// the standard deviation for normal data but is not moved by a few outliers (Rousseeuw & Croux
/// 1993). Both depend on the set alone, not on its order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    centre: f64,
    spread: f64,
}

impl Scale {
    /// `floor` is the spread below which differences are noise.
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

    /// Where the set lies.
    pub(crate) fn centre(&self) -> f64 {
        self.centre
    }

    /// How far it spreads.
    pub(crate) fn spread(&self) -> f64 {
        self.spread
    }

    /// Logistic of `slope` times the distance to the centre in spreads: 0.5 at the centre,
    /// strictly rising.
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

/// Share of `sorted` below `value`, equal ones counted half: 0 to 1.
pub(crate) fn percentile(sorted: &[f64], value: f64) -> f64 {
    if sorted.is_empty() {
        return NEUTRAL;
    }
    let below = sorted.partition_point(|v| *v < value);
    let up_to = sorted.partition_point(|v| *v <= value);
    (below + up_to) as f64 / (2 * sorted.len()) as f64
}
