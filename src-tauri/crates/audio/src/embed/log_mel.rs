//! musicnn's input: 16 kHz mono → log-mel patches of 187 × 96.
//!
//! `librosa.feature.melspectrogram(sr=16000, n_fft=512, hop_length=256, n_mels=96)` of the release
//! that musicnn 0.1.0 was written for (reflected ends), then `log10(10000 m + 1)`. The package rounds
//! the power to half precision before the logarithm, where loud low tones overflow to infinity; here
//! it stays in single precision, as in Essentia's port of the model.

use crate::signal::mel::MelBank;
use crate::signal::stft::Stft;

/// Sample rate of the input, Hz.
pub const RATE_HZ: u32 = 16_000;
/// Samples between frames.
pub const HOP: usize = 256;
/// Mel bands of a frame.
pub const BANDS: usize = 96;
/// Frames of a patch. Patches follow one another without overlap: 187 frames are 2.992 s.
pub const PATCH_FRAMES: usize = 187;
/// Length of a patch and distance of patches, seconds.
pub const PATCH_S: f64 = (PATCH_FRAMES * HOP) as f64 / RATE_HZ as f64;

const N_FFT: usize = 512;

/// Turns a stream of samples into log-mel frames.
pub struct LogMel {
    stft: Stft,
    bank: MelBank,
    /// Frames that were not taken yet, `BANDS` numbers each.
    pub frames: Vec<f32>,
}

impl LogMel {
    /// At the start of a signal.
    pub fn new() -> LogMel {
        LogMel {
            stft: Stft::new(N_FFT, HOP),
            bank: MelBank::new(f64::from(RATE_HZ), N_FFT, BANDS, 0.0, 8000.0),
            frames: Vec::new(),
        }
    }

    /// Takes samples at 16 kHz in.
    pub fn push(&mut self, samples: &[f32]) {
        let (bank, frames) = (&self.bank, &mut self.frames);
        self.stft.push(samples, |power| frame(bank, power, frames));
    }

    /// Completes the frames of the signal's end.
    pub fn finish(&mut self) {
        let (bank, frames) = (&self.bank, &mut self.frames);
        self.stft.finish(|power| frame(bank, power, frames));
    }
}

fn frame(bank: &MelBank, power: &[f32], frames: &mut Vec<f32>) {
    let first = frames.len();
    bank.apply(power, frames);
    frames[first..]
        .iter_mut()
        .for_each(|m| *m = (10_000.0 * *m + 1.0).log10());
}
