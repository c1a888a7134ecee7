//! `needledrop index`: a catalog from music files, or an update of one.
//!
//! Files are analysed on several threads; this thread alone writes. Each track is one
//! transaction, so that a stop at any moment loses at most the files being analysed, and the
//! next run goes on from there: a file is known by path, size and time of change, then by its
//! content. A file that cannot be analysed is noted and never stops the rest.

pub mod credits;
mod indexing;
mod licence;
mod pace;
mod pass;
mod report;
mod run_lock;
mod settling;
mod track;
pub mod walk;
mod watch;
mod work;

pub use pass::{IndexRequest, index};
pub use report::{DuplicateDoc, FailedFile, IndexReport};
pub use track::ANALYSIS_VERSION;
pub use watch::watch;
