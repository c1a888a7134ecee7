//! The application without its window: the open clip, its match in two answers, picks, sound, settings, jobs and events. A
//! shell calls the methods of a [`Session`] and gives it an event sink and a way to make URLs.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use needledrop_engine::Places;
//! use needledrop_session::{Event, FileUrls, Opened, Session, SessionOptions};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sink = Arc::new(|event: Event| println!("{event:?}"));
//! let session = Session::new(SessionOptions::new(Places::find()?, Arc::new(FileUrls), sink));
//! if let Opened::Clip { clip } = session.open("clip.mp4".as_ref())? {
//!     session.play();
//!     println!("{} is open, {} s", clip.name, clip.duration_s);
//! }
//! # Ok(()) }
//! ```
//!
//! Consistency: slow work (reading a file, embedding, analysing) runs without a lock and changes nothing. A short commit
//! under one lock then changes state, sound and store together, if the work is not superseded. Openings have numbers, each
//! match has a number and a family of cancellation tokens, every call that changes a clip names it, and every clock names
//! the clip that it is for.
//!
//! Deliberately not here: decoding, ranking and search (the engine), and windows, dialogs, drag and drop and HTTP (the
//! shells).

mod app;
mod backend;
mod catalog;
mod clips;
mod current_match;
mod dto;
mod encoder;
mod events;
mod fault;
mod filmstrip;
mod folder;
#[doc(hidden)]
pub mod fuzzing;
mod jobs;
mod matching;
mod picks;
mod proxy;
mod range;
mod session;
mod settings_store;
mod sound;
mod store;
mod sync;
mod urls;
mod write_behind;

pub use backend::{ClipBackend, ClipFile, FilmRequest, FilmSink, MediaBackend};
pub use dto::*;
pub use events::{Event, EventSink, JobKind, JobProgress};
pub use fault::Fault;
pub use needledrop_engine as engine;
pub use session::{Session, SessionOptions};
pub use urls::{FileUrls, MediaUrls};
