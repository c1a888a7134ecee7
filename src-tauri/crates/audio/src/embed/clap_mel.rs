//! CLAP's input: 10 s of 48 kHz mono sound → a log-mel picture of 1001 × 64.
//!
//! The numbers equal those of `transformers`' `ClapFeatureExtractor` with `truncation="rand_trunc"`
//! and `padding="repeatpad"`: 1024-point periodic Hann window, hop 480, reflected ends, 64 Slaney
//! bands from 50 to 14,000 Hz, power in dB with a floor of 1e-10. The extractor crops at random;
//! here the caller chooses the window.

use crate::signal::mel::MelBank;
use crate::signal::stft::Stft;

/// Sample rate of the input, Hz.
pub const RATE_HZ: u32 = 48_000;
/// Samples of a window: 10 s.
pub const WINDOW: usize = 480_000;
/// Frames of a picture.
pub const FRAMES: usize = 1001;
/// Mel bands of a frame.
pub const BANDS: usize = 64;

const N_FFT: usize = 1024;
const HOP: usize = 480;
const FLOOR: f32 = 1e-10;

/// Computes the picture of a window.
pub struct ClapMel {
    bank: MelBank,
}

impl ClapMel {
    /// Sets up the filter bank.
    pub fn new() -> ClapMel {
        ClapMel {
            bank: MelBank::new(f64::from(RATE_HZ), N_FFT, BANDS, 50.0, 14_000.0),
        }
    }

    /// Picture `[FRAMES * BANDS]` in dB of 1 to [`WINDOW`] samples. A shorter window is repeated as
    /// often as it fits as a whole, then filled with silence.
    pub fn picture(&self, samples: &[f32]) -> Vec<f32> {
        let mut stft = Stft::new(N_FFT, HOP);
        let mut picture = Vec::with_capacity(FRAMES * BANDS);
        let mut frame = |power: &[f32]| self.bank.apply(power, &mut picture);
        let repeats = (WINDOW / samples.len().max(1)).max(1);
        for _ in 0..repeats {
            stft.push(samples, &mut frame);
        }
        let filled = repeats * samples.len();
        stft.push(&vec![0.0; WINDOW.saturating_sub(filled)], &mut frame);
        stft.finish(&mut frame);
        picture
            .iter_mut()
            .for_each(|m| *m = 10.0 * m.max(FLOOR).log10());
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_gives_a_whole_picture() {
        let mel = ClapMel::new();
        for n in [1, 100, 47_999, 200_000, WINDOW] {
            let picture = mel.picture(&vec![0.1; n]);
            assert_eq!(picture.len(), FRAMES * BANDS, "{n} samples");
            assert!(picture.iter().all(|x| x.is_finite()), "{n} samples");
        }
    }

    #[test]
    fn silence_lies_on_the_floor() {
        let picture = ClapMel::new().picture(&[0.0; 48_000]);
        assert!(
            picture.iter().all(|&x| (x + 100.0).abs() < 1e-3),
            "−100 dB everywhere"
        );
    }
}
