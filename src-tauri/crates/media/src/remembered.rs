//! What was read of a file lately, as long as the file stays the same.

use std::{
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

/// Files that are remembered.
const MOST: usize = 16;

/// A file as it was: its path, length in bytes and time of change.
type Key = (PathBuf, u64, Option<SystemTime>);

/// Values of the files that were read last.
pub(crate) struct Remembered<T>(Mutex<VecDeque<(Key, Arc<T>)>>);

impl<T> Remembered<T> {
    pub const fn new() -> Self {
        Self(Mutex::new(VecDeque::new()))
    }

    /// The value of the file at `path`, read by `read` unless it is known. Errors are not kept.
    pub fn get<E>(&self, path: &Path, read: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let key = fs::metadata(path)
            .ok()
            .map(|meta| (path.to_path_buf(), meta.len(), meta.modified().ok()));
        let known = |key: &Key| {
            let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let found = all.iter().find(|(each, _)| each == key);
            found.map(|(_, value)| Arc::clone(value))
        };
        if let Some(found) = key.as_ref().and_then(known) {
            return Ok(found);
        }
        let value = Arc::new(read()?);
        if let Some(key) = key {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.retain(|(each, _)| each.0 != key.0);
            all.push_back((key, Arc::clone(&value)));
            if all.len() > MOST {
                all.pop_front();
            }
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_again_when_it_changed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let all = Remembered::new();
        let get = || all.get(&path, || fs::read(&path)).map(|bytes| bytes.len());
        assert!(get().is_err(), "nothing is there");
        fs::write(&path, [0; 3]).unwrap();
        assert_eq!((get().unwrap(), get().unwrap()), (3, 3));
        fs::write(&path, [0; 5]).unwrap();
        assert_eq!(get().unwrap(), 5);
    }
}
