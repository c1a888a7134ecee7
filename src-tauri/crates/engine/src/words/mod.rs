//! The words of a brief: what each becomes, and how far tracks obey.
//!
//! A word becomes a measured wish (tempo, energy, valence, mode, tags, voices), a refusal, or a direction in sentence
//! space. [`reading`] decides it without IO; [`neighbours`] gives an unknown word the meaning of a known one that is near
//! in sentence space; [`census`] holds the catalog's numbers that wishes are compared with.

pub(crate) mod census;
pub(crate) mod document;
mod feelings;
mod instruments;
pub(crate) mod known_tags;
pub(crate) mod neighbours;
mod numbers;
mod pieces;
pub(crate) mod reading;
mod scale;
mod tokens;
pub(crate) mod understood;
pub(crate) mod vocabulary_file;

pub use document::{BecameDoc, WordDoc};
