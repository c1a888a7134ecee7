//! `pack.lock.toml`: checksums that the manifest could not know, recorded at import or fetch.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::ModelError;
use crate::manifest::{inside, is_sha256};

/// Name of the lock file, beside the weights.
pub const LOCK_FILE: &str = "pack.lock.toml";

/// The lock file.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Lock {
    /// One entry a recorded file.
    #[serde(default)]
    pub files: Vec<LockedFile>,
}

/// A recorded file.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct LockedFile {
    /// Path inside the pack.
    pub path: String,
    /// SHA-256 when it was recorded, lower-case hex.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Where it came from: an address or a path.
    #[serde(default)]
    pub from: String,
}

impl Lock {
    /// Reads the lock file of a folder; an absent one is an empty one.
    ///
    /// # Errors
    /// `BadManifest` when it is there and not valid.
    pub fn read(dir: &Path) -> Result<Lock, ModelError> {
        let path = dir.join(LOCK_FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Lock::default()),
            Err(e) => return Err(ModelError::io("read the pack's lock file", &path, e)),
        };
        let lock: Lock = toml::from_str(&text).map_err(|e| ModelError::BadManifest {
            path: path.clone(),
            reason: e.to_string(),
        })?;
        for file in &lock.files {
            let fault = inside(&file.path).err().or_else(|| {
                (!is_sha256(&file.sha256)).then(|| format!("{:?} is no sha256", file.sha256))
            });
            if let Some(reason) = fault {
                return Err(ModelError::BadManifest { path, reason });
            }
        }
        Ok(lock)
    }

    /// The record of a path inside the pack.
    pub fn entry(&self, path: &str) -> Option<&LockedFile> {
        self.files.iter().find(|f| f.path == path)
    }

    /// Adds or replaces a record, keeping the file sorted by path.
    pub fn record(&mut self, file: LockedFile) {
        self.files.retain(|f| f.path != file.path);
        self.files.push(file);
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// Writes the lock file of a folder, whole or not at all.
    ///
    /// # Errors
    /// `Io` or `DiskFull`.
    pub fn write(&self, dir: &Path) -> Result<PathBuf, ModelError> {
        let path = dir.join(LOCK_FILE);
        let text = toml::to_string_pretty(self).map_err(|e| ModelError::BadManifest {
            path: path.clone(),
            reason: e.to_string(),
        })?;
        let fresh = dir.join(format!("{LOCK_FILE}.{}", std::process::id()));
        fs::create_dir_all(dir)
            .and_then(|()| fs::write(&fresh, text))
            .and_then(|()| fs::rename(&fresh, &path))
            .map_err(|e| ModelError::io("write the pack's lock file", &path, e))?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_file_reads_back_what_was_recorded() {
        let dir = tempfile::tempdir().unwrap();
        let mut lock = Lock::read(dir.path()).unwrap();
        assert!(lock.files.is_empty(), "an absent lock file is empty");
        let file = |path: &str, digit: &str| LockedFile {
            path: path.into(),
            sha256: digit.repeat(64),
            bytes: 3,
            from: "disk".into(),
        };
        lock.record(file("b.onnx", "1"));
        lock.record(file("a.onnx", "2"));
        lock.record(file("b.onnx", "3"));
        lock.write(dir.path()).unwrap();
        let back = Lock::read(dir.path()).unwrap();
        assert_eq!(
            back.files,
            [file("a.onnx", "2"), file("b.onnx", "3")],
            "sorted, replaced"
        );
    }

    #[test]
    fn a_lock_file_that_points_outside_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let text = format!(
            "[[files]]\npath='../x'\nsha256='{}'\nbytes=1\n",
            "0".repeat(64)
        );
        fs::write(dir.path().join(LOCK_FILE), text).unwrap();
        assert_eq!(Lock::read(dir.path()).unwrap_err().code(), "bad_manifest");
    }
}
