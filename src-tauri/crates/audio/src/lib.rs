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
//! A file is read once, block by block; memory hardly grows with its length. `rhythm`, `harmony` and
//! `form` are pure and know nothing of files; `listen` is the one pass that feeds them.
//!
//! Not here: playback, and the catalog that keeps the results.

mod analyze;
mod character;
mod clip;
mod codecs;
pub mod decode;
mod embed;
mod error;
pub mod fingerprint;
mod form;
pub mod frontend;
mod harmony;
mod levels;
mod listen;
mod loudness;
mod metadata;
mod presence;
mod preview;
mod rhythm;
mod signal;
#[cfg(test)]
mod synth;

pub use analyze::{Analyzer, TrackAnalysis};
pub use clip::{ClipEars, ClipSound};
pub use error::AudioError;
pub use loudness::{Meter, Speaker};
pub use metadata::{Artwork, Metadata};
pub use signal::MUSIC_RATE_HZ;
