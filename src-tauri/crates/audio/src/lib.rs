//! Analysis of music files: vector, tags, tempo, key, loudness, form and metadata.
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
//! A file is read once, block by block; memory hardly grows with its length. `rhythm`, `harmony`
//! and `form` are pure and do not read files; `track_pass` feeds them in one pass.
//!
//! Not here: playback, and the catalog that stores the results.

mod analyze;
mod character;
mod clip;
mod codecs;
#[warn(clippy::indexing_slicing)] // It reads foreign bytes.
pub mod decode;
mod embed;
mod error;
pub mod fingerprint;
mod form;
pub mod frontend;
mod harmony;
mod levels;
mod loudness;
mod metadata;
mod mono;
mod presence;
mod preview;
mod rhythm;
mod signal;
#[cfg(test)]
mod synth;
mod track_pass;

pub use analyze::{Analyzer, TrackAnalysis};
pub use clip::{ClipSoundAnalysis, ClipSoundAnalyzer};
pub use decode::{Recognised, recognise, recognise_bytes};
pub use error::AudioError;
pub use loudness::{Meter, Speaker};
pub use metadata::{Artwork, Metadata};
pub use rhythm::metre::Metre;
pub use signal::MUSIC_RATE_HZ;
