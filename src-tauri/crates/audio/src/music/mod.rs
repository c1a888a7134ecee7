//! Rhythm and harmony, without a learned model. Everything here is pure: samples in, estimates out.

pub mod chroma;
pub mod key;
pub mod onset;
#[cfg(test)]
mod synth;
pub mod tempo;
