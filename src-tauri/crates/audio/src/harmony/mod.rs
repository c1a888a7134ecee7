//! Pitch: the notes of a track and its key.

pub mod chroma;
pub mod key;
