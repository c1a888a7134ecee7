//! What can go wrong with packs, the runtime and model files.

use std::path::{Path, PathBuf};

/// An error of this crate. [`code`](ModelError::code) is stable, the text is for people.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// No pack manifest in the folder.
    #[error("expected a model pack with a pack.toml, found none: {}", dir.display())]
    PackNotFound {
        /// Folder that was looked at.
        dir: PathBuf,
    },
    /// The manifest cannot be read or breaks a rule.
    #[error("the pack manifest is not valid: {reason}: {}", path.display())]
    BadManifest {
        /// The manifest.
        path: PathBuf,
        /// Which rule it breaks.
        reason: String,
    },
    /// The manifest does not name this file.
    #[error("pack {pack} has no file named {file}")]
    UnknownFile {
        /// Pack name.
        pack: String,
        /// What was asked for.
        file: String,
    },
    /// A file of the pack is not on this machine.
    #[error("{file} of pack {pack} is not on this machine: expected it at {}", path.display())]
    Missing {
        /// Pack name.
        pack: String,
        /// Path inside the pack.
        file: String,
        /// Where it was expected.
        path: PathBuf,
        /// The command that makes it on this machine, where one does.
        made_by: Option<String>,
    },
    /// The file is there, but neither the manifest nor the lock file knows its checksum.
    #[error("{file} of pack {pack} has no recorded checksum, so it is not used: {}", path.display())]
    Unrecorded {
        /// Pack name.
        pack: String,
        /// Path inside the pack.
        file: String,
        /// The file.
        path: PathBuf,
    },
    /// The file has another length than recorded.
    #[error("{file} is corrupt: expected {expected} bytes, found {actual}: {}", path.display())]
    WrongLength {
        /// Path inside the pack.
        file: String,
        /// Recorded length in bytes.
        expected: u64,
        /// Length found in bytes.
        actual: u64,
        /// The file.
        path: PathBuf,
    },
    /// The file has another SHA-256 than recorded.
    #[error("{file} is corrupt: expected sha256 {expected}, found {actual}: {}", path.display())]
    WrongChecksum {
        /// Path inside the pack.
        file: String,
        /// Recorded SHA-256, lower-case hex.
        expected: String,
        /// SHA-256 found, lower-case hex.
        actual: String,
        /// The file.
        path: PathBuf,
    },
    /// A weights file that cannot be used: not safetensors, wrong shape or type, not finite.
    #[error("the tensors are not usable: {reason}: {}", path.display())]
    BadTensors {
        /// The file.
        path: PathBuf,
        /// What was expected and what came.
        reason: String,
    },
    /// A tokenizer file that cannot be used.
    #[error("the tokenizer is not usable: {reason}: {}", path.display())]
    BadTokenizer {
        /// The file.
        path: PathBuf,
        /// What the tokenizer library said.
        reason: String,
    },
    /// No ONNX Runtime library in any of the known places.
    #[error("the ONNX Runtime library was not found; looked in {}", list(looked))]
    RuntimeMissing {
        /// Every path that was tried.
        looked: Vec<PathBuf>,
    },
    /// The library is there but does not load, or is too old.
    #[error("the ONNX Runtime library does not load: {reason}: {}", path.display())]
    RuntimeUnusable {
        /// The library.
        path: PathBuf,
        /// What the loader said.
        reason: String,
    },
    /// The runtime refuses the model.
    #[error("the model does not load: {reason}: {}", path.display())]
    BadModel {
        /// The model.
        path: PathBuf,
        /// What the runtime said, or which input or output is missing.
        reason: String,
    },
    /// The model failed while running.
    #[error("the model failed while running: {reason}")]
    Inference {
        /// What the runtime said.
        reason: String,
    },
    /// Nothing says where to fetch the file from.
    #[error("no source is known for {file} of pack {pack}")]
    NoSource {
        /// Pack name.
        pack: String,
        /// Path inside the pack.
        file: String,
    },
    /// The address is neither https nor loopback.
    #[error("expected an https address (plain http only to this machine), got {url}")]
    InsecureSource {
        /// The address, or where a redirect led.
        url: String,
    },
    /// The server said no, or the connection failed for good.
    #[error("{file} was not fetched: {reason}: {url}")]
    Fetch {
        /// Path inside the pack.
        file: String,
        /// What happened, the last time.
        reason: String,
        /// The address.
        url: String,
    },
    /// The server sends more than the file can be.
    #[error("{file} was not fetched: expected at most {limit} bytes, the server sends more: {url}")]
    TooLarge {
        /// Path inside the pack.
        file: String,
        /// The bound in bytes.
        limit: u64,
        /// The address.
        url: String,
    },
    /// The disk is full.
    #[error("the disk is full: {wanted} bytes more were wanted: {}", path.display())]
    DiskFull {
        /// The file being written.
        path: PathBuf,
        /// Bytes still to be written; 0 where that is not known.
        wanted: u64,
    },
    /// Another failure of the file system.
    #[error("could not {doing}: {source}: {}", path.display())]
    Io {
        /// What was being done, as a verb phrase.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
}

fn list(paths: &[PathBuf]) -> String {
    let shown: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    shown.join(", ")
}

impl ModelError {
    /// Stable snake_case code.
    pub fn code(&self) -> &'static str {
        match self {
            ModelError::PackNotFound { .. } => "pack_not_found",
            ModelError::BadManifest { .. } => "bad_manifest",
            ModelError::UnknownFile { .. } => "unknown_model_file",
            ModelError::Missing { .. } => "model_missing",
            ModelError::Unrecorded { .. } => "model_unrecorded",
            ModelError::WrongLength { .. }
            | ModelError::WrongChecksum { .. }
            | ModelError::BadTensors { .. }
            | ModelError::BadTokenizer { .. } => "model_corrupt",
            ModelError::RuntimeMissing { .. } => "runtime_missing",
            ModelError::RuntimeUnusable { .. } => "runtime_unusable",
            ModelError::BadModel { .. } => "model_unusable",
            ModelError::Inference { .. } => "inference_failed",
            ModelError::NoSource { .. } => "no_source",
            ModelError::InsecureSource { .. } => "insecure_source",
            ModelError::Fetch { .. } => "fetch_failed",
            ModelError::TooLarge { .. } => "too_large",
            ModelError::DiskFull { .. } => "disk_full",
            ModelError::Io { .. } => "io",
        }
    }

    /// What the user can do about it, where there is something.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            ModelError::PackNotFound { .. } => {
                "see the packs with `needledrop models list`".to_owned()
            }
            ModelError::Missing {
                made_by: Some(command),
                ..
            } => format!("make it with `{command}`"),
            ModelError::Missing { pack, .. } => format!(
                "get it with `needledrop models fetch {pack}` or `needledrop models import {pack} FILE…`"
            ),
            ModelError::Unrecorded { pack, .. } => format!(
                "record it with `needledrop models import {pack} FILE…` if you trust the file"
            ),
            ModelError::WrongLength { .. } | ModelError::WrongChecksum { .. } => {
                "fetch or import the file again; nothing was changed".to_owned()
            }
            ModelError::RuntimeMissing { .. } | ModelError::RuntimeUnusable { .. } => {
                "`./run` puts the pinned library in place".to_owned()
            }
            ModelError::NoSource { pack, .. } => {
                format!("name one: `needledrop models fetch {pack} --source URL`")
            }
            ModelError::InsecureSource { .. } => "use an https address".to_owned(),
            ModelError::Fetch { .. } => {
                "run the same command again: it resumes where it stopped".to_owned()
            }
            ModelError::DiskFull { .. } => {
                "free some space and run the same command again: it resumes".to_owned()
            }
            _ => return None,
        };
        Some(hint)
    }

    /// Turns a file-system error into `DiskFull` or `Io`.
    pub(crate) fn io(doing: &'static str, path: &Path, source: std::io::Error) -> Self {
        if source.kind() == std::io::ErrorKind::StorageFull {
            return ModelError::DiskFull {
                path: path.to_owned(),
                wanted: 0,
            };
        }
        ModelError::Io {
            doing,
            path: path.to_owned(),
            source,
        }
    }
}
