//! Pitch: which notes sound, and in what key.

pub mod chroma;
pub mod key;
