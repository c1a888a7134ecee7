//! The weights of the four terms.

/// The weights of the four terms, normalised: they add up to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    visual: f64,
    tempo: f64,
    tags: f64,
    key: f64,
}

/// The reason why four numbers are no weights.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WeightsError {
    /// A weight was negative, infinite or not a number.
    #[error("expected weights of zero or more, got {0}; give four numbers such as 60,25,10,5")]
    NotAWeight(f64),
    /// All four were zero.
    #[error(
        "expected at least one weight above zero, got 0,0,0,0; give four numbers such as 60,25,10,5"
    )]
    AllZero,
}

impl Default for Weights {
    /// 0.60 visual, 0.25 tempo, 0.10 tags, 0.05 key.
    fn default() -> Self {
        Self {
            visual: 0.60,
            tempo: 0.25,
            tags: 0.10,
            key: 0.05,
        }
    }
}

impl Weights {
    /// Weights from four numbers of zero or more, at least one of them above zero. Only their proportions count.
    ///
    /// # Errors
    /// [`WeightsError`] for a negative, infinite or undefined weight, or when all are zero.
    pub fn new(visual: f64, tempo: f64, tags: f64, key: f64) -> Result<Self, WeightsError> {
        let all = [visual, tempo, tags, key];
        if let Some(bad) = all.iter().find(|w| !w.is_finite() || **w < 0.0) {
            return Err(WeightsError::NotAWeight(*bad));
        }
        // Dividing by the largest first keeps the sum finite for any finite input.
        let top = all.iter().copied().fold(0.0, f64::max);
        if top == 0.0 {
            return Err(WeightsError::AllZero);
        }
        let sum: f64 = all.iter().map(|w| w / top).sum();
        let share = |w: f64| w / top / sum;
        Ok(Self {
            visual: share(visual),
            tempo: share(tempo),
            tags: share(tags),
            key: share(key),
        })
    }

    /// Shares of visual, tempo, tags and key, which add up to 1.
    pub fn shares(&self) -> [f64; 4] {
        [self.visual, self.tempo, self.tags, self.key]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_proportions_matter() {
        let a = Weights::new(60.0, 25.0, 10.0, 5.0).unwrap();
        for (got, want) in a.shares().iter().zip(Weights::default().shares()) {
            assert!((got - want).abs() < 1e-12, "{got} should be {want}");
        }
        let huge = Weights::new(f64::MAX, f64::MAX, 0.0, 0.0).unwrap();
        assert_eq!(huge.shares(), [0.5, 0.5, 0.0, 0.0]);
    }

    #[test]
    fn impossible_weights_are_refused() {
        assert_eq!(
            Weights::new(1.0, -0.5, 0.0, 0.0),
            Err(WeightsError::NotAWeight(-0.5))
        );
        assert!(Weights::new(f64::NAN, 1.0, 1.0, 1.0).is_err());
        assert_eq!(Weights::new(0.0, 0.0, 0.0, 0.0), Err(WeightsError::AllZero));
    }
}
