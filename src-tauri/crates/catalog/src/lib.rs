//! The catalog: tracks with their analysis and vectors in one SQLite file, and the search over them.
//!
//! ```
//! use needledrop_catalog::{Catalog, Filter, NewTrack, SourceFile, TrackDetails, TrackFacts};
//!
//! let dir = tempfile::tempdir()?;
//! let mut catalog = Catalog::create(dir.path(), "embedded-audio-1", 3, "mine")?;
//! catalog.put(&NewTrack {
//!     file: SourceFile { path: "rain.ogg".into(), bytes: 9, modified_ns: 0, sha256: [7; 32] },
//!     facts: TrackFacts { title: "Rain".into(), duration_s: 61.0, ..TrackFacts::default() },
//!     vector: vec![0.0, 3.0, 4.0],
//!     sections: Vec::new(),
//!     details: TrackDetails::default(),
//!     analysis_version: 1,
//!     same_as: Vec::new(),
//! })?;
//! let hits = catalog.search(&[0.0, 1.0, 0.0], 200, &Filter::default())?;
//! assert_eq!(hits[0].cosine, 0.6);
//! assert_eq!(catalog.tracks_at(&[hits[0].row])?[0].facts.title, "Rain");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Deliberately absent: analysis of sound, models, publishing, and any opinion on which of the hits is best.

mod choices;
mod connection;
mod details;
mod disk;
mod encoding;
mod error;
mod feelings;
mod files;
mod filter;
mod insert;
mod measured;
mod path_text;
mod query;
mod recordings;
mod schema;
pub mod search;
mod sql;
mod store;
mod track;
mod vector;
mod whole_file;

pub use choices::FilterChoices;
pub use connection::DATABASE;
pub use error::CatalogError;
pub use files::{Failure, FileState, KnownFile};
pub use filter::{Filter, KeyFilter, TagFilter};
pub use measured::ContentState;
pub use needledrop_ranking::{KeyEstimate, Measured, Section, Tempo};
pub use recordings::{Fingerprinted, Recording};
pub use search::Hit;
pub use store::{Catalog, CatalogInfo};
pub use track::{NewTrack, SourceFile, Track, TrackCredits, TrackDetails, TrackFacts, track_id};
pub use vector::{MIN_NORM, unit};
