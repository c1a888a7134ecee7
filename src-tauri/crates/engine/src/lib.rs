//! The use cases of Needledrop: match a clip, embed, analyse and index music, search, packs, training. A
//! shell (the command line, the application) calls one function per use case and shows the report; every report
//! serialises to the JSON document of the command contract.
//!
//! One folder per subject: [`clip`], [`music`], [`library`], [`matching`], [`learning`].
//!
//! ```no_run
//! use needledrop_engine::job::{Job, Outcome};
//! use needledrop_engine::matching::{MatchRequest, match_clip};
//! use needledrop_engine::Places;
//!
//! # fn main() -> Result<(), needledrop_engine::EngineError> {
//! let places = Places::find()?;
//! let request = MatchRequest::new("clip.mp4".into(), places.default_catalog.clone());
//! let progress = |p: needledrop_engine::job::Progress| eprintln!("{} {}", p.phase, p.done);
//! let job = Job::new(tokio_util::sync::CancellationToken::new(), &progress);
//! if let Outcome::Completed(report) = match_clip(&places, &request, &job, &mut |_| ())? {
//!     for row in &report.results {
//!         println!("{:2} {} – {}", row.rank, row.track.title, row.why);
//!     }
//! }
//! # Ok(()) }
//! ```
//!
//! Not in this crate: decoding, models, search structures and scoring, which are in the crates below; windows,
//! tables and arguments, which are in the shells above.

pub mod clip;
mod error;
mod file_doc;
mod files;
pub mod job;
pub mod learning;
pub mod library;
pub mod matching;
pub mod music;
pub mod packs;
mod places;
pub mod words;

pub use needledrop_catalog as catalog;
pub use needledrop_media as media;
pub use needledrop_projects as projects;
pub use needledrop_ranking as ranking;
pub use needledrop_vision::DEFAULT_SENSITIVITY;

pub use clip::encoder::ClipEncoder;
pub use error::{Class, EngineError};
pub use file_doc::FileDoc;
pub use files::write_whole;
pub use library::documents::{CatalogDoc, MoodDoc, RateDoc, TrackDoc};
pub use library::open::Library;
pub use library::tracks::tag;
pub use music::text::MusicText;
pub use needledrop_catalog::{Filter, KeyFilter, TagFilter};
pub use needledrop_media::Sampling;
pub use needledrop_models::runtime::Provider;
pub use places::Places;
