//! Signal building blocks that work on a stream: resampling, short-time spectra, mel bands; and the
//! sample rates that the analyses work at.

pub mod mel;
pub mod resample;
pub mod stft;

/// Sample rate of the rhythm and harmony analysis, Hz.
pub const MUSIC_RATE_HZ: u32 = 22_050;
/// Sample rate of the speech and music detection in clips, Hz.
pub const CLIP_RATE_HZ: u32 = 16_000;
