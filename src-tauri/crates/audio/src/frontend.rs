//! The inputs of the networks for whole signals in memory, for comparison with the references.

use crate::embed::clap_mel::ClapMel;
use crate::embed::log_mel::LogMel;

/// musicnn's log-mel frames, `[frames * 96]`, of 16 kHz mono samples.
pub fn musicnn_frames(samples: &[f32]) -> Vec<f32> {
    let mut mel = LogMel::new();
    mel.push(samples);
    mel.finish();
    mel.frames
}

/// CLAP's picture, `[1001 * 64]` in dB, of at most 10 s of 48 kHz mono samples.
pub fn clap_picture(samples: &[f32]) -> Vec<f32> {
    ClapMel::new().picture(samples)
}
