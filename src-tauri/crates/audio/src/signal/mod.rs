//! Signal building blocks that work on a stream: resampling, short-time spectra, mel bands.

pub mod mel;
pub mod resample;
pub mod stft;
