//! Music files: analysis of one, index of many, moods, texts about them, playback.

pub mod analysis;
pub mod audition;
pub(crate) mod cached_vectors;
pub mod index;
pub(crate) mod mood;
pub(crate) mod text;
