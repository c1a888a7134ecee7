//! Any channels on two sides.

use crate::loudness::Speaker;

/// Gain of a channel that is neither left nor right, on both sides: −3 dB.
pub(super) const BESIDE: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Gain of each channel on left and right. The first two front channels are left and right, as in
/// every order in use; surrounds come in pairs; channels without a side go to both.
pub(super) fn to_stereo(speakers: &[Speaker]) -> Vec<[f32; 2]> {
    if let [_] = speakers {
        return vec![[1.0, 1.0]];
    }
    let (mut fronts, mut surrounds) = (0, 0);
    let weight = |speaker: &Speaker| match speaker {
        Speaker::LowFrequency => [0.0, 0.0],
        Speaker::Front => {
            fronts += 1;
            match fronts {
                1 => [1.0, 0.0],
                2 => [0.0, 1.0],
                _ => [BESIDE, BESIDE],
            }
        }
        Speaker::Surround => {
            surrounds += 1;
            if surrounds % 2 == 1 {
                [BESIDE, 0.0]
            } else {
                [0.0, BESIDE]
            }
        }
    };
    speakers.iter().map(weight).collect()
}
