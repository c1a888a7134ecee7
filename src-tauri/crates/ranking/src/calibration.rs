//! Calibration of a pack's cosines to people's choices, and the confidence of an answer.

use crate::terms::{Scale, logistic};

/// The relation between a pack's cosines and people's choices of music for pictures, fitted with
/// `examples/calibration.rs`. A pack's manifest holds its own. That of `embedded` was fitted to 600 pictures from 15 games
/// and the music that their designers chose among 197 tracks; its projector was trained on none of them. The slope is
/// 0.50 (95 % of resamples of the games give 0.17 to 0.84; leaving out any one game gives 0.40 to 0.57). The expected
/// calibration error on the game left out is 0.034. Predictions are overconfident for tracks more than two spreads apart.
///
/// The model is Bradley & Terry's (1952): if the cosines of two tracks are `d` spreads apart, a person prefers the track
/// with the higher cosine with probability `1 / (1 + exp(-slope · d))`. A chosen track then beats a random one with
/// probability Φ(slope / √2): 0.64 at slope 0.5, 0.76 at slope 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Log odds of a preference per spread of cosine, above 0; see [`crate::Brief::visual_slope`].
    pub slope: f32,
    /// Median cosine between a picture and any piece of music, -1 to 1.
    pub centre: f32,
    /// Spread of the cosines between a picture and any piece of music: 1.4826 times the median absolute deviation,
    /// above 0.
    pub spread: f32,
}

impl Calibration {
    /// The slope for a pack without calibration. The default weights (0.60 for the picture) were set with it.
    pub const UNKNOWN_SLOPE: f32 = 1.0;

    /// For a pack without calibration: centre and spread of a query's cosines to background tracks, sampled from a
    /// catalog or, better, from several. Confidence then only says how far the best track stands out from the
    /// background. `None` without finite cosines.
    pub fn of_background(cosines: &[f32]) -> Option<Calibration> {
        let cosines = cosines.iter().copied().filter(|c| c.is_finite());
        let scale = Scale::of(cosines.map(f64::from), 0.01)?;
        Some(Calibration {
            slope: Calibration::UNKNOWN_SLOPE,
            centre: scale.centre() as f32,
            spread: scale.spread() as f32,
        })
    }
}

/// Confidence below this is reported as "no good match in this catalog".
///
/// Measured on the calibration pictures of `embedded`: every full catalog of 197 tracks lies above it. All catalogs of the
/// worst-fitting third lie below it, and so do nine of ten catalogs without the best-fitting third.
pub const NO_GOOD_MATCH: f64 = 0.60;

/// Probability, 0 to 1, that a person prefers the best track over a typical piece of music for the picture: 0.5 for a
/// track that fits like any other, less for a catalog that fits worse than music in general. 0 for a cosine that is not
/// finite. `best_cosine` is the greatest cosine between the query and a track.
///
/// The typical piece comes from music in general, not from the catalog, because the best track of a catalog always
/// stands out from that catalog.
///
/// It separates catalogs with good tracks from catalogs without (AUC 1.00 for full catalogs against their worst thirds,
/// 0.90 against catalogs without the best tenth). It does not predict whether a designer's own choice is among the
/// thirty rows (AUC 0.53).
///
/// ```
/// use needledrop_ranking::{Calibration, NO_GOOD_MATCH, confidence};
///
/// let known = Calibration { slope: 0.5, centre: -0.011, spread: 0.232 };
/// assert!(confidence(0.45, &known) > NO_GOOD_MATCH);
/// assert!(confidence(0.02, &known) < NO_GOOD_MATCH);
/// ```
pub fn confidence(best_cosine: f64, calibration: &Calibration) -> f64 {
    let [slope, centre, spread] =
        [calibration.slope, calibration.centre, calibration.spread].map(f64::from);
    let z = (best_cosine - centre) / spread;
    if !(z.is_finite() && slope.is_finite()) {
        return 0.0;
    }
    logistic(slope * z)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: Calibration = Calibration {
        slope: 0.5,
        centre: -0.011,
        spread: 0.232,
    };

    #[test]
    fn confidence_rises_with_the_best_cosine_and_is_half_at_the_centre() {
        let at = |z: f64| {
            confidence(
                f64::from(GIVEN.centre) + z * f64::from(GIVEN.spread),
                &GIVEN,
            )
        };
        assert!((at(0.0) - 0.5).abs() < 1e-6);
        assert!(at(-1.0) < at(0.0) && at(0.0) < at(1.0) && at(1.0) < at(3.0));
        assert!((0.0..=1.0).contains(&at(1e9)));
    }

    #[test]
    fn no_answer_gives_no_confidence() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(confidence(bad, &GIVEN), 0.0);
        }
        let flat = Calibration {
            spread: 0.0,
            ..GIVEN
        };
        assert_eq!(confidence(0.3, &flat), 0.0);
    }

    #[test]
    fn centre_and_spread_come_from_the_background() {
        let cosines: Vec<f32> = (0..101).map(|i| 0.2 + 0.001 * i as f32).collect();
        let found = Calibration::of_background(&cosines).unwrap();
        assert!((confidence(0.25, &found) - 0.5).abs() < 1e-3);
        assert!(confidence(0.4, &found) > 0.95);
        assert_eq!(Calibration::of_background(&[f32::NAN]), None);
    }
}
