//! musicnn's input: 16 kHz mono sound → log-mel patches of 187 × 96.
//!
//! The numbers equal `log10(10000 m + 1)` of `librosa.feature.melspectrogram(sr=16000, n_fft=512,
//! hop_length=256, n_mels=96)` in the release that musicnn 0.1.0 used (reflected ends). The package
//! rounds the power to half precision before the logarithm, so that loud low tones overflow to
//! infinity; here it stays in single precision, as in Essentia's port of the model.

use crate::signal::mel::MelBank;
use crate::signal::stft::Stft;

/// Sample rate of the input, Hz.
pub const RATE_HZ: u32 = 16_000;
/// Samples from one frame to the next.
pub const HOP: usize = 256;
/// Mel bands of a frame.
pub const BANDS: usize = 96;
/// Frames of a patch. Patches do not overlap: 187 frames are 2.992 s.
pub const PATCH_FRAMES: usize = 187;
/// Length of a patch, and distance of patches, seconds.
pub const PATCH_S: f64 = (PATCH_FRAMES * HOP) as f64 / RATE_HZ as f64;

const N_FFT: usize = 512;

/// Computes log-mel frames from a stream of samples.
pub struct LogMel {
    stft: Stft,
    bank: MelBank,
    /// Frames that the caller has not taken yet, `BANDS` numbers each.
    pub frames: Vec<f32>,
}

impl LogMel {
    /// Starts the analysis of a track.
    pub fn new() -> LogMel {
        LogMel {
            stft: Stft::new(N_FFT, HOP),
            bank: MelBank::new(f64::from(RATE_HZ), N_FFT, BANDS, 0.0, 8000.0),
            frames: Vec::new(),
        }
    }

    /// Takes 16 kHz mono samples.
    pub fn push(&mut self, samples: &[f32]) {
        let (bank, frames) = (&self.bank, &mut self.frames);
        self.stft.push(samples, |power| frame(bank, power, frames));
    }

    /// Completes the frames at the end of the signal.
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
