//! A catalog with the pack that reads it: tracks, searches, documents.

pub(crate) mod documents;
pub(crate) mod open;
pub mod search;
mod text_towers;
pub mod tracks;
pub mod word_search;
