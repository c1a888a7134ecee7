//! Size and time of a file, which show whether it changed.

use std::{fs, io, path::Path, time::UNIX_EPOCH};

use serde::Serialize;

/// Size of a file and time of its last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Size of the file.
    pub bytes: u64,
    /// Time of the last change in nanoseconds since 1970; 0 for an older file.
    pub modified_ns: u64,
}

impl Identity {
    /// Reads the identity of the file at `path`.
    ///
    /// # Errors
    /// Those of the system; [`io::ErrorKind::NotFound`] if there is no file.
    pub fn of(path: &Path) -> io::Result<Identity> {
        let meta = fs::metadata(path)?;
        if !meta.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "expected a file, got a folder or a device",
            ));
        }
        let since = meta.modified()?.duration_since(UNIX_EPOCH);
        Ok(Identity {
            bytes: meta.len(),
            modified_ns: since.map_or(0, |d| u64::try_from(d.as_nanos()).unwrap_or(u64::MAX)),
        })
    }

    /// Bytes and nanoseconds as signed integers of SQLite. Times after the year 2262 are cut off.
    pub(crate) fn stored(self) -> (i64, i64) {
        let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        (signed(self.bytes), signed(self.modified_ns))
    }
}
