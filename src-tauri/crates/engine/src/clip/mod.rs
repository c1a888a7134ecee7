//! What is read from a clip: its vector, its analysis over time, its pictures, its proxy.

pub(crate) mod analysis;
pub(crate) mod cache;
mod content_key;
pub(crate) mod embed;
pub mod embedding_report;
pub mod encoder;
pub mod filmstrip;
pub mod frames;
pub(crate) mod notes;
pub mod proxies;
pub mod report;
pub(crate) mod speaking;
