//! Key from a pitch-class profile: the best of 24 rotated key profiles by correlation.
//!
//! The method is C. Krumhansl's (*Cognitive foundations of musical pitch*, 1990). The profiles are
//! from J. Albrecht & D. Shanahan, measured on nearly 1,000 pieces (*The use of large corpora to
//! train a new type of key-finding algorithm*, Music Perception 2013). MIREX score on 120 pieces of
//! known key: these 0.98, Aarden's and Krumhansl's 0.96, Temperley's 0.92 (`benches/hearing/run`).

use needledrop_ranking::{Key, KeyEstimate, Mode};

use super::chroma::Chroma;

const MAJOR: [f64; 12] = [
    0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081,
];
const MINOR: [f64; 12] = [
    0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052,
];
/// Difference of two correlations that makes one key e times as likely as the other.
const TEMPERATURE: f64 = 0.08;
/// Below this correlation with the best profile there is no key.
const LEAST_CORRELATION: f64 = 0.2;

/// The key of a track; `None` where nothing tonal sounds.
pub fn estimate(chroma: &Chroma) -> Option<KeyEstimate> {
    let (key, confidence) = of_profile(&chroma.pitch_classes()?)?;
    Some(KeyEstimate {
        key,
        confidence,
        tuning_cents: chroma.tuning_cents() as f32,
    })
}

/// Key and confidence of a profile, C first. The confidence is the best key's share of a softmax
/// over all 24 correlations, times its correlation.
pub fn of_profile(classes: &[f64; 12]) -> Option<(Key, f32)> {
    let mut fits: Vec<(Key, f64)> = (0..12u8)
        .flat_map(|tonic| [(tonic, Mode::Major), (tonic, Mode::Minor)])
        .map(|(tonic, mode)| {
            let profile = if mode == Mode::Major { &MAJOR } else { &MINOR };
            let rotated: [f64; 12] =
                std::array::from_fn(|i| classes[(i + usize::from(tonic)) % 12]);
            (Key::new(tonic, mode), correlation(&rotated, profile))
        })
        .collect();
    fits.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (key, best) = fits[0];
    if best < LEAST_CORRELATION {
        return None;
    }
    let total: f64 = fits
        .iter()
        .map(|f| ((f.1 - best) / TEMPERATURE).exp())
        .sum();
    Some((key, (best / total).clamp(0.0, 1.0) as f32))
}

/// Pearson's correlation; 0 for a flat profile.
fn correlation(a: &[f64; 12], b: &[f64; 12]) -> f64 {
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / 12.0, b.iter().sum::<f64>() / 12.0);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (x - mean_a, y - mean_b);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    let norm = (aa * bb).sqrt();
    if norm > 1e-12 { ab / norm } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::chords;

    fn listen(samples: &[f32]) -> KeyEstimate {
        let mut chroma = Chroma::new();
        chroma.push(samples);
        estimate(&chroma).unwrap()
    }

    /// Root position with the root doubled an octave below, around A3.
    fn triad(root: i32, third: i32) -> [i32; 4] {
        let root = root.rem_euclid(12) - 12;
        [root - 12, root, root + third, root + 7]
    }

    fn progression(tonic: i32, mode: Mode) -> [[i32; 4]; 4] {
        match mode {
            Mode::Major => [
                triad(tonic, 4),
                triad(tonic + 5, 4),
                triad(tonic + 7, 4),
                triad(tonic, 4),
            ],
            Mode::Minor => [
                triad(tonic, 3),
                triad(tonic + 5, 3),
                triad(tonic + 7, 4),
                triad(tonic, 3),
            ],
        }
    }

    #[test]
    fn a_cadence_gives_its_key_in_all_24_keys() {
        for tonic in 0..12u8 {
            for mode in [Mode::Major, Mode::Minor] {
                // Semitones count from A, keys from C.
                let from_a = i32::from(tonic) - 9;
                let got = listen(&chords(&progression(from_a, mode), 440.0, 2));
                assert_eq!(
                    got.key,
                    Key::new(tonic, mode),
                    "confidence {}",
                    got.confidence
                );
                assert!(
                    got.tuning_cents.abs() < 6.0,
                    "tuned to 440, read {}",
                    got.tuning_cents
                );
            }
        }
    }

    #[test]
    fn another_concert_pitch_does_not_change_the_key() {
        for (concert, cents) in [(432.0, -31.8), (446.0, 23.4)] {
            let got = listen(&chords(&progression(-9, Mode::Major), concert, 2));
            assert_eq!(got.key, Key::new(0, Mode::Major), "at A = {concert}");
            assert!(
                (got.tuning_cents - cents).abs() < 6.0,
                "read {}",
                got.tuning_cents
            );
        }
    }

    #[test]
    fn every_profile_is_its_own_key() {
        for tonic in 0..12u8 {
            for (mode, profile) in [(Mode::Major, &MAJOR), (Mode::Minor, &MINOR)] {
                let turned: [f64; 12] =
                    std::array::from_fn(|i| profile[(i + 12 - usize::from(tonic)) % 12]);
                let (key, confidence) = of_profile(&turned).unwrap();
                assert_eq!(key, Key::new(tonic, mode));
                assert!(confidence > 0.5, "{key} with confidence {confidence}");
            }
        }
    }

    #[test]
    fn a_flat_profile_has_no_key() {
        assert!(of_profile(&[1.0 / 12.0; 12]).is_none());
    }
}
