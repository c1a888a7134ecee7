//! Valence and arousal of a clip from its light, colour and motion.
//!
//! Colour after Valdez & Mehrabian (*Effects of color on emotions*, 1994), in deviations from usual
//! footage: pleasure = 0.69 B + 0.22 S, arousal = −0.31 B + 0.60 S. Motion and the rate of cuts
//! raise arousal (Hanjalic & Xu, *Affective video content representation and modeling*, 2005).

use needledrop_ranking::Cut;

use crate::light::Light;
use crate::motion::MotionSample;

/// Brightness and saturation of usual footage: mean and standard deviation.
const BRIGHTNESS: (f32, f32) = (0.45, 0.17);
const SATURATION: (f32, f32) = (0.33, 0.17);
/// Motion of usual footage, log2 of picture widths a second: mean and standard deviation.
const MOTION: (f32, f32) = (-3.9, 1.6);
/// Pace of usual footage, log2 of cuts a minute: mean and standard deviation.
const PACE: (f32, f32) = (3.0, 1.3);
/// Cuts of usual footage that are added to those seen, in the time that they take at usual pace: the
/// mean of a rate under a gamma prior of this weight. A short range without a cut says little about
/// pace, a still nothing.
const PACE_PRIOR_CUTS: f32 = 1.0;
/// Factors from deviations to arousal and valence.
const AROUSAL: f32 = 0.9;
const VALENCE: f32 = 0.8;

/// Valence and arousal of a clip, −1 to 1; 0 is usual footage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Feeling {
    /// Unpleasant (−1) to pleasant (1).
    pub valence: f32,
    /// Calm (−1) to excited (1).
    pub arousal: f32,
}

/// Valence and arousal of a range of `length_s` seconds, from its light, motion and cuts.
pub fn feeling(light: &[Light], moments: &[MotionSample], cuts: &[Cut], length_s: f64) -> Feeling {
    let off = |value: f32, (usual, spread): (f32, f32)| ((value - usual) / spread).clamp(-2.5, 2.5);
    let mean =
        |of: fn(&Light) -> f32| light.iter().map(of).sum::<f32>() / light.len().max(1) as f32;
    let (bright, saturated) = if light.is_empty() {
        (0.0, 0.0)
    } else {
        (
            off(mean(|l| l.brightness), BRIGHTNESS),
            off(mean(|l| l.saturation), SATURATION),
        )
    };
    let moved: Vec<f32> = moments
        .iter()
        .filter(|m| m.since_s > 0.0)
        .map(MotionSample::energy)
        .collect();
    let motion = if moved.is_empty() {
        0.0
    } else {
        let mean = moved.iter().sum::<f32>() / moved.len() as f32;
        off((mean + 1e-3).log2(), MOTION)
    };
    let pace = off(cuts_a_minute(cuts.len(), length_s).log2(), PACE);
    let colour = -0.31 * bright + 0.60 * saturated;
    let arousal = AROUSAL * (0.45 * motion + 0.40 * pace + 0.15 * colour);
    let valence = VALENCE * (0.69 * bright + 0.22 * saturated);
    Feeling {
        valence: valence.tanh(),
        arousal: arousal.tanh(),
    }
}

/// Cuts a minute of a range of `length_s` seconds, drawn to usual pace the more the shorter it is.
fn cuts_a_minute(cuts: usize, length_s: f64) -> f32 {
    let prior_minutes = PACE_PRIOR_CUTS / PACE.0.exp2();
    let minutes = (length_s / 60.0).max(0.0) as f32;
    (cuts as f32 + PACE_PRIOR_CUTS) / (minutes + prior_minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn light(brightness: f32, saturation: f32) -> Vec<Light> {
        vec![
            Light {
                brightness,
                saturation,
                ..Light::default()
            };
            4
        ]
    }

    fn moving(energy: f32) -> Vec<MotionSample> {
        let mut moment = MotionSample {
            since_s: 0.1,
            ..MotionSample::default()
        };
        moment.directions[0] = energy;
        vec![moment; 10]
    }

    #[test]
    fn light_raises_valence_and_motion_raises_arousal() {
        let cuts = vec![Cut::default(); 30];
        let meadow = feeling(&light(0.7, 0.4), &moving(0.01), &[], 60.0);
        let chase = feeling(&light(0.3, 0.3), &moving(0.5), &cuts, 60.0);
        assert!(meadow.valence > 0.3 && meadow.arousal < 0.0, "{meadow:?}");
        assert!(chase.valence < 0.0 && chase.arousal > 0.3, "{chase:?}");
    }

    #[test]
    fn an_empty_range_has_usual_valence_and_finite_arousal() {
        let nothing = feeling(&[], &[], &[], 0.0);
        assert_eq!(nothing.valence, 0.0);
        assert!(nothing.arousal.abs() <= 1.0 && nothing.arousal.is_finite());
    }

    #[test]
    fn a_range_without_a_cut_is_calmer_the_longer_it_is() {
        let arousal = |length_s| feeling(&[], &[], &[], length_s).arousal;
        assert!(arousal(2.0) < 0.0 && arousal(2.0) > arousal(12.0));
        assert!(arousal(12.0) > arousal(60.0));
    }

    #[test]
    fn a_still_has_usual_pace() {
        assert!((cuts_a_minute(0, 0.0).log2() - PACE.0).abs() < 1e-5);
    }
}
