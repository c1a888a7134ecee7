//! Signal processing on streams: resampling, short-time spectra, mel bands; and the sample rates of
//! the analyses.

pub mod mel;
pub mod resample;
pub mod stft;

/// Sample rate of the rhythm and harmony analysis, Hz.
pub const MUSIC_RATE_HZ: u32 = 22_050;
/// Sample rate of speech and music detection in clips, Hz.
pub const CLIP_RATE_HZ: u32 = 16_000;
