//! `pack.lock.toml`: checksums that the manifest does not have, recorded at import or fetch.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::digest::is_sha256;
use crate::manifest::check_inside_pack;
use crate::{ModelError, whole_file};

/// Name of the lock file, in the folder of the fetched files.
pub const LOCK_FILE: &str = "pack.lock.toml";

/// The contents of a lock file.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Lock {
    /// One entry for each recorded file, sorted by path.
    #[serde(default)]
    pub files: Vec<LockedFile>,
}

/// A file and its recorded checksum.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct LockedFile {
    /// Path inside the pack.
    pub path: String,
    /// SHA-256 at the time of recording, lower-case hex.
    pub sha256: String,
    /// Length of the file, bytes.
    pub bytes: u64,
    /// Origin of the file: an address or a path.
    #[serde(default)]
    pub from: String,
}

impl Lock {
    /// Reads the lock file of a folder; empty if there is none.
    ///
    /// # Errors
    /// `BadManifest` if the file is not valid.
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
            let fault = check_inside_pack(&file.path).err().or_else(|| {
                (!is_sha256(&file.sha256)).then(|| format!("{:?} is not a sha256", file.sha256))
            });
            if let Some(reason) = fault {
                return Err(ModelError::BadManifest { path, reason });
            }
        }
        Ok(lock)
    }

    /// The entry for a path inside the pack.
    pub fn entry(&self, path: &str) -> Option<&LockedFile> {
        self.files.iter().find(|f| f.path == path)
    }

    /// Adds or replaces an entry.
    pub fn record(&mut self, file: LockedFile) {
        self.files.retain(|f| f.path != file.path);
        self.files.push(file);
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// Writes the lock file of a folder, completely or not at all.
    ///
    /// # Errors
    /// `Io` or `DiskFull`.
    pub fn write(&self, dir: &Path) -> Result<PathBuf, ModelError> {
        let path = dir.join(LOCK_FILE);
        let text = toml::to_string_pretty(self).map_err(|e| ModelError::BadManifest {
            path: path.clone(),
            reason: e.to_string(),
        })?;
        whole_file::write(&path, text.as_bytes())
            .map_err(|e| ModelError::io("write the pack's lock file", &path, e))?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_lock_file_reads_back_the_same() {
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
    fn a_lock_file_with_a_path_outside_the_pack_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let text = format!(
            "[[files]]\npath='../x'\nsha256='{}'\nbytes=1\n",
            "0".repeat(64)
        );
        fs::write(dir.path().join(LOCK_FILE), text).unwrap();
        assert_eq!(Lock::read(dir.path()).unwrap_err().code(), "bad_manifest");
    }
}
