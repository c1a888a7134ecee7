//! What a piece of music is like: its vector and tags, tempo, key, loudness and what its file says.
//!
//! ```no_run
//! use needledrop_audio::Analyzer;
//! use needledrop_models::Pack;
//! use tokio_util::sync::CancellationToken;
//! # fn main() -> Result<(), needledrop_audio::AudioError> {
//! let pack = Pack::open("models/embedded".as_ref())?;
//! let mut analyzer = Analyzer::open(&pack, 1)?;
//! let track = analyzer.analyze("music/dusk.ogg".as_ref(), &CancellationToken::new())?;
//! println!("{:?} {:?} {:?}", track.metadata.title, track.tempo, track.key);
//! # Ok(()) }
//! ```
//!
//! A file is read once, block by block; memory hardly grows with its length.
//!
//! Not here: playback, the catalog that keeps the results, beats and structure within a track.

mod analyze;
mod codecs;
pub mod decode;
mod embed;
mod error;
pub mod fingerprint;
pub mod frontend;
mod harmony;
mod loudness;
mod metadata;
mod preview;
mod rhythm;
mod signal;
#[cfg(test)]
mod synth;

pub use analyze::{Analyzer, MUSIC_RATE_HZ, TrackAnalysis};
pub use error::AudioError;
pub use loudness::Meter;
pub use metadata::Metadata;
