//! From a brief and candidates to thirty explained rows, and the plain musical types that the
//! rest of Needledrop shares.
//!
//! Nothing here does IO: time, files, models and catalogs live in other crates.

mod music;

pub use music::{Camelot, Key, Mode, ParseKeyError};
