//! The source of a decoder, which joined files need to open again.

use std::fs::File;
use std::io::{Cursor, Result};
use std::sync::Arc;

use symphonia::core::io::MediaSource;

/// An open file, or bytes in memory.
pub(super) enum Origin {
    File(File),
    Bytes(Arc<[u8]>),
}

impl Origin {
    /// A source of the same bytes. Sources of one file share its position, so that only the latest
    /// one may be read.
    pub fn source(&self) -> Result<Box<dyn MediaSource>> {
        Ok(match self {
            Origin::File(file) => Box::new(file.try_clone()?),
            Origin::Bytes(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        })
    }
}
