//! Whether a file can be opened without waiting.

use crate::MediaError;
use std::{fs::File, io::ErrorKind, path::Path};

/// Checks that the file exists and can be opened without waiting.
pub(crate) fn check_readable(path: &Path) -> Result<(), MediaError> {
    let unreadable = |reason: String| MediaError::Unreadable {
        reason,
        path: path.into(),
    };
    let meta = match std::fs::metadata(path) {
        Ok(meta) => meta,
        Err(e) if e.kind() == ErrorKind::NotFound => {
            return Err(MediaError::NotFound { path: path.into() });
        }
        Err(e) => return Err(unreadable(e.to_string())),
    };
    // Opening a named pipe would wait for its other end.
    if meta.is_dir() {
        return Err(unreadable("it is a folder".into()));
    }
    if !meta.is_file() {
        return Err(unreadable("it is not a regular file".into()));
    }
    File::open(path).map_err(|e| unreadable(e.to_string()))?;
    if meta.len() == 0 {
        return Err(MediaError::EmptyFile { path: path.into() });
    }
    Ok(())
}
