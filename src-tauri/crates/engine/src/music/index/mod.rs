//! `needledrop index`: a catalog from music files, or an update of one.
//!
//! Several threads analyse files; one thread writes. Each track is one transaction, so a run that is stopped loses at
//! most the files being analysed, and the next run continues. A file is recognised by path, size and time of change,
//! then by its content. A file that cannot be analysed is recorded as failed, and the others are indexed.

mod background;
mod content;
pub mod credits;
mod folders;
mod indexing;
mod licence;
mod pace;
mod pass;
mod passed_over;
mod report;
mod run_lock;
mod settling;
mod track;
pub mod walk;
mod watch;
mod work;

pub use pass::{IndexRequest, index};
pub use passed_over::{PassedOver, Reason};
pub use report::{DuplicateDoc, FailedFile, IndexReport};
pub use track::ANALYSIS_VERSION;
pub use watch::watch;
