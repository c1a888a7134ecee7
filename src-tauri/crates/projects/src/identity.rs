//! What tells whether a file is still the one it was.

use std::{fs, io, path::Path, time::UNIX_EPOCH};

use serde::Serialize;

/// Size and time of the last change of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Bytes.
    pub bytes: u64,
    /// Nanoseconds since 1970; 0 for a file older than that.
    pub modified_ns: u64,
}

impl Identity {
    /// Of the file at `path`.
    ///
    /// # Errors
    /// The system's, [`io::ErrorKind::NotFound`] for one that is gone.
    pub fn of(path: &Path) -> io::Result<Identity> {
        let meta = fs::metadata(path)?;
        if !meta.is_file() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "it is no file"));
        }
        let since = meta.modified()?.duration_since(UNIX_EPOCH);
        Ok(Identity {
            bytes: meta.len(),
            modified_ns: since.map_or(0, |d| u64::try_from(d.as_nanos()).unwrap_or(u64::MAX)),
        })
    }

    /// As SQLite's integers, which have a sign; sizes and times beyond the year 2262 meet at the
    /// largest.
    pub(crate) fn stored(self) -> (i64, i64) {
        let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        (signed(self.bytes), signed(self.modified_ns))
    }
}
