//! Model packs, the runtime for their models, and text towers.
//!
//! A pack is a folder with a `pack.toml` and the files that it lists. [`Pack::open`] reads the
//! manifest; [`Pack::file`] gives a file after checking its SHA-256; [`runtime::session`] opens a
//! model and reports which provider runs it.
//!
//! ```no_run
//! use needledrop_models::{Pack, SentenceEncoder, TextTower, runtime::SessionOptions};
//! # fn main() -> Result<(), needledrop_models::ModelError> {
//! let pack = Pack::open("models/embedded".as_ref())?;
//! let mut sentences = SentenceEncoder::open(&pack, &SessionOptions::default())?;
//! let vectors = sentences.embed(&["a slow dolly through tall grass at dusk"])?;
//! assert_eq!(vectors[0].len(), sentences.dim());
//! # Ok(()) }
//! ```
//!
//! Not here: encoders for pictures and sound (`vision` and `audio`, built on [`runtime`]), and the
//! choice of a pack.

mod digest;
mod error;
mod fetch;
mod folders;
#[doc(hidden)]
pub mod fuzzing;
mod import;
mod lock;
mod manifest;
mod pack;
pub mod runtime;
mod tensors;
mod text;
mod transport;
mod whole_file;

pub use error::ModelError;
pub use fetch::{FetchOptions, FetchReport, FetchedFile, fetch};
pub use folders::pack_store;
pub use import::{ImportItem, ImportReport, import, match_files};
pub use lock::{LOCK_FILE, Lock, LockedFile};
pub use manifest::{
    Audio, AudioKind, ChoiceCalibration, Crop, Filter, Manifest, MoodCalibration, PackFile,
    ProjectorFile, Text, TextKind, TextModel, Visual, VisualKind,
};
pub use pack::{FileProgress, FileState, MANIFEST_FILE, Pack, VerifiedFile, VerifyReport};
pub use tensors::{Tensor, Tensors};
pub use text::{ClapText, ClipText, SentenceEncoder, TextTower};
pub use transport::{HttpTransport, Reply, Request, Transport, TransportError};
