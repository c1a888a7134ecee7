//! A pack on this machine: its manifest, its files, and their state.

use std::fs;
use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use crate::digest::{ChecksumCache, hash_file};
use crate::lock::Lock;
use crate::manifest::{Manifest, PackFile, check_inside_pack};
use crate::{ModelError, folders};

/// File name of the manifest.
pub const MANIFEST_FILE: &str = "pack.toml";

/// A longer manifest is refused, bytes.
const MOST_MANIFEST_BYTES: u64 = 1 << 20;

/// A pack and its folders.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Contents of `pack.toml`.
    pub manifest: Manifest,
    /// Folder that holds `pack.toml`.
    pub dir: PathBuf,
    /// Folder for fetched and imported files; `dir` unless set otherwise.
    pub store: PathBuf,
    checksums: ChecksumCache,
}

/// State of a file of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileState {
    /// The file exists and has the recorded checksum.
    Good,
    /// The file does not exist.
    Missing,
    /// The file exists, but no checksum is recorded.
    Unrecorded {
        /// SHA-256 of the file.
        actual: String,
    },
    /// The file differs from its recorded checksum.
    Corrupt {
        /// SHA-256 that was recorded.
        expected: String,
        /// SHA-256 of the file.
        actual: String,
    },
}

/// One file of a [`VerifyReport`].
#[derive(Clone, Debug)]
pub struct VerifiedFile {
    /// Path inside the pack.
    pub path: String,
    /// Path of the file, or where it would be.
    pub at: PathBuf,
    /// Length in bytes; 0 if it is missing.
    pub bytes: u64,
    /// State of the file.
    pub state: FileState,
}

/// Result of [`Pack::verify`].
#[derive(Clone, Debug, Default)]
pub struct VerifyReport {
    /// Every file of the manifest, in its order.
    pub files: Vec<VerifiedFile>,
}

impl VerifyReport {
    /// True if every file is good.
    pub fn is_good(&self) -> bool {
        self.files.iter().all(|f| f.state == FileState::Good)
    }
}

/// Progress of an operation on files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProgress<'a> {
    /// Path inside the pack.
    pub file: &'a str,
    /// Bytes of this file so far.
    pub done: u64,
    /// Length of this file in bytes, if it is known.
    pub total: Option<u64>,
}

impl Pack {
    /// Opens the pack in `dir`; reads only the manifest.
    ///
    /// # Errors
    /// `PackNotFound`, `BadManifest`, `Io`.
    pub fn open(dir: &Path) -> Result<Pack, ModelError> {
        Self::open_with_cache(dir, folders::checksum_cache())
    }

    /// Like [`open`](Self::open), with the checksum cache in `memory`, or without one.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with_cache(dir: &Path, memory: Option<PathBuf>) -> Result<Pack, ModelError> {
        let path = dir.join(MANIFEST_FILE);
        let bad = |reason: String| ModelError::BadManifest {
            path: path.clone(),
            reason,
        };
        let meta = fs::metadata(&path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
                ModelError::PackNotFound {
                    dir: dir.to_owned(),
                }
            }
            _ => ModelError::io("read the pack manifest", &path, e),
        })?;
        if meta.len() > MOST_MANIFEST_BYTES {
            return Err(bad(format!("expected at most {MOST_MANIFEST_BYTES} bytes")));
        }
        let text = fs::read_to_string(&path)
            .map_err(|e| ModelError::io("read the pack manifest", &path, e))?;
        let manifest = Manifest::parse(&text).map_err(bad)?;
        let dir = dir.to_owned();
        Ok(Pack {
            manifest,
            store: dir.clone(),
            dir,
            checksums: ChecksumCache::new(memory),
        })
    }

    /// The same pack with another folder for fetched and imported files.
    #[must_use]
    pub fn with_store(mut self, store: PathBuf) -> Pack {
        self.store = store;
        self
    }

    /// Path of a file of the pack, after checking that it exists and has the recorded length and
    /// SHA-256. The SHA-256 is computed once and cached by length and modification time.
    ///
    /// # Errors
    /// `UnknownFile`, `Missing`, `Unrecorded`, `WrongLength`, `WrongChecksum`, `Io`.
    pub fn file(&self, path: &str) -> Result<PathBuf, ModelError> {
        let entry = self.entry(path)?;
        let at = self.path_of(path);
        let meta = match fs::metadata(&at) {
            Ok(meta) if meta.is_file() => meta,
            _ => return Err(self.missing(path)),
        };
        let Some((sha256, bytes)) = self.recorded(entry)? else {
            return Err(ModelError::Unrecorded {
                pack: self.manifest.name.clone(),
                file: path.to_owned(),
                path: at,
            });
        };
        if let Some(expected) = bytes
            && expected != meta.len()
        {
            let (file, actual) = (path.to_owned(), meta.len());
            return Err(ModelError::WrongLength {
                file,
                expected,
                actual,
                path: at,
            });
        }
        if !self.checksums.contains(&at, &sha256) {
            let found = hash_file(&at, &mut |_| true)?.map(|(sha, _)| sha);
            let actual = found.unwrap_or_default();
            if actual != sha256 {
                let file = path.to_owned();
                return Err(ModelError::WrongChecksum {
                    file,
                    expected: sha256,
                    actual,
                    path: at,
                });
            }
            self.checksums.record_checksum(&at, &sha256);
        }
        Ok(at)
    }

    /// Hashes every file, without the cache. `Ok(None)` when cancelled.
    ///
    /// # Errors
    /// `Io` if a file cannot be read; `BadManifest` if the lock file is not valid.
    pub fn verify(
        &self,
        progress: &mut dyn FnMut(FileProgress<'_>),
        cancel: &CancellationToken,
    ) -> Result<Option<VerifyReport>, ModelError> {
        let mut report = VerifyReport::default();
        for entry in &self.manifest.files {
            let at = self.path_of(&entry.path);
            let total = match fs::metadata(&at) {
                Ok(meta) if meta.is_file() => meta.len(),
                _ => {
                    let (path, state) = (entry.path.clone(), FileState::Missing);
                    report.files.push(VerifiedFile {
                        path,
                        at,
                        bytes: 0,
                        state,
                    });
                    continue;
                }
            };
            let hashed = hash_file(&at, &mut |done| {
                progress(FileProgress {
                    file: &entry.path,
                    done,
                    total: Some(total),
                });
                !cancel.is_cancelled()
            })?;
            let Some((actual, bytes)) = hashed else {
                return Ok(None);
            };
            let state = match self.recorded(entry)? {
                None => FileState::Unrecorded { actual },
                Some((expected, length))
                    if expected != actual || length.is_some_and(|l| l != bytes) =>
                {
                    FileState::Corrupt { expected, actual }
                }
                Some((expected, _)) => {
                    self.checksums.record_checksum(&at, &expected);
                    FileState::Good
                }
            };
            report.files.push(VerifiedFile {
                path: entry.path.clone(),
                at,
                bytes,
                state,
            });
        }
        Ok(Some(report))
    }

    /// The manifest's entry for a path inside the pack.
    ///
    /// # Errors
    /// `UnknownFile`.
    pub fn entry(&self, path: &str) -> Result<&PackFile, ModelError> {
        self.manifest
            .entry(path)
            .ok_or_else(|| ModelError::UnknownFile {
                pack: self.manifest.name.clone(),
                file: path.to_owned(),
            })
    }

    /// Recorded SHA-256 and length of a file: from the manifest, else from the lock file.
    ///
    /// # Errors
    /// `BadManifest` if the lock file is not valid.
    pub fn recorded(&self, entry: &PackFile) -> Result<Option<(String, Option<u64>)>, ModelError> {
        if let Some(sha256) = &entry.sha256 {
            return Ok(Some((sha256.clone(), entry.bytes)));
        }
        let lock = Lock::read(&self.store)?;
        Ok(lock
            .entry(&entry.path)
            .map(|f| (f.sha256.clone(), Some(f.bytes))))
    }

    /// Path of a file: beside the manifest if it exists there, else in the store.
    pub(crate) fn path_of(&self, path: &str) -> PathBuf {
        // Manifest::parse has refused every other path.
        debug_assert!(
            check_inside_pack(path).is_ok(),
            "paths of a manifest stay inside"
        );
        let beside = self.dir.join(path);
        if beside.is_file() {
            beside
        } else {
            self.store.join(path)
        }
    }

    pub(crate) fn missing(&self, path: &str) -> ModelError {
        ModelError::Missing {
            pack: self.manifest.name.clone(),
            file: path.to_owned(),
            path: self.store.join(path),
            made_by: self.manifest.entry(path).and_then(|e| e.made_by.clone()),
        }
    }

    pub(crate) fn record_checksum(&self, at: &Path, sha256: &str) {
        self.checksums.record_checksum(at, sha256);
    }
}
