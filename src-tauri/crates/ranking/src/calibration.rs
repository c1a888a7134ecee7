//! What a pack's cosines tell of what people choose, and whether an answer is any good.

use crate::terms::{Scale, logistic};

/// What the cosines of a pack tell, fitted to people's own choices for pictures
/// (`examples/calibration.rs`); a pack names its own. For `embedded`, fitted to 600 pictures of 15
/// games and the music that their designers chose among 197 tracks, none of which its projector has
/// seen: slope 0.50, in 95 of 100 resamples of the games 0.17 to 0.84, with any one game left out
/// 0.40 to 0.57; predictions on the game left out are off by 0.034 on average (expected calibration
/// error), and too sure where two tracks lie more than two spreads apart.
///
/// The model is Bradley & Terry's (1952): of two tracks whose cosines are `d` spreads apart, a
/// person prefers the nearer one with probability `1 / (1 + exp(-slope · d))`. Under it a chosen
/// track beats a random one with probability Φ(slope / √2): 0.64 at 0.5, 0.76 at 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Log odds of a preference a spread of cosine, above 0; for [`crate::Brief::visual_slope`].
    pub slope: f32,
    /// Cosine of a typical piece of music to a picture, -1 to 1.
    pub centre: f32,
    /// Spread of the cosines of music at large to a picture: 1.4826 times the median absolute
    /// deviation, above 0.
    pub spread: f32,
}

impl Calibration {
    /// The slope of a pack that nothing is known of: the one at which 0.60 for the picture was
    /// set beside the other weights. Where choices are measured, their slope takes its place.
    pub const UNKNOWN_SLOPE: f32 = 1.0;

    /// For a pack that nothing is known of: centre and spread of the cosines of a query to a
    /// background, tracks from all over a catalog or better from several. Confidence then only
    /// tells how far the best stands out of that background. `None` without finite cosines.
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

/// Confidence below this is told as "no good match in this catalog".
///
/// On the pictures that `embedded` is calibrated on, every whole catalog of 197 tracks lies above it;
/// below lie all catalogs of the third of those tracks that fits the picture worst, and nine of
/// ten that lack only the third that fits it best.
pub const NO_GOOD_MATCH: f64 = 0.60;

/// Probability, 0 to 1, that a person prefers the best answer over a typical piece of music for
/// the picture: 0.5 where it fits no better than any, and less where the whole catalog lies on
/// the far side. It tells good answers from a catalog without any (AUC 1.00 of whole catalogs
/// against their worst thirds, 0.90 against all but the best tenth), not right answers from wrong
/// ones: whether a designer's own choice was among the thirty it does not foresee (AUC 0.53).
/// 0 without an answer (a cosine that is not finite).
///
/// The typical piece is one of music at large, not of the catalog: the best of a catalog always
/// stands out of that catalog. `best_cosine` is the greatest cosine of the query to a track.
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
    fn confidence_rises_with_the_best_and_is_even_at_the_typical() {
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
    fn a_background_is_its_own_scale() {
        let cosines: Vec<f32> = (0..101).map(|i| 0.2 + 0.001 * i as f32).collect();
        let found = Calibration::of_background(&cosines).unwrap();
        assert!((confidence(0.25, &found) - 0.5).abs() < 1e-3);
        assert!(confidence(0.4, &found) > 0.95);
        assert_eq!(Calibration::of_background(&[f32::NAN]), None);
    }
}
