//! What is heard in music files, the index of them, and how they are played.

pub mod analysis;
pub mod audition;
pub mod index;
pub(crate) mod mood;
pub(crate) mod text;
