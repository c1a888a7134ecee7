//! Errors of packs, the runtime and model files.

use std::path::{Path, PathBuf};

/// An error of this crate. [`code`](ModelError::code) is stable; the text is for people.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each message names its fields")]
pub enum ModelError {
    /// The folder has no pack manifest.
    #[error("expected a model pack with a pack.toml, found none: {}", dir.display())]
    PackNotFound { dir: PathBuf },
    /// The manifest cannot be read or breaks a rule.
    #[error("the pack manifest is not valid: {reason}: {}", path.display())]
    BadManifest { path: PathBuf, reason: String },
    /// The manifest does not list this file.
    #[error("pack {pack} has no file named {file}")]
    UnknownFile { pack: String, file: String },
    /// A file of the pack is not on this machine.
    #[error("{file} of pack {pack} is not on this machine; expected at {}", path.display())]
    Missing {
        pack: String,
        file: String,
        path: PathBuf,
        made_by: Option<String>,
    },
    /// The file exists, but neither the manifest nor the lock file has its checksum.
    #[error("{file} of pack {pack} has no recorded checksum, so it is not used: {}", path.display())]
    Unrecorded {
        pack: String,
        file: String,
        path: PathBuf,
    },
    /// The length differs from the recorded one.
    #[error("{file} is corrupt: expected {expected} bytes, found {actual}: {}", path.display())]
    WrongLength {
        file: String,
        expected: u64,
        actual: u64,
        path: PathBuf,
    },
    /// The SHA-256 differs from the recorded one.
    #[error("{file} is corrupt: expected sha256 {expected}, found {actual}: {}", path.display())]
    WrongChecksum {
        file: String,
        expected: String,
        actual: String,
        path: PathBuf,
    },
    /// The tensors cannot be used: not safetensors, wrong shape or type, or not finite.
    #[error("the tensors are not usable: {reason}: {}", path.display())]
    BadTensors { path: PathBuf, reason: String },
    /// The tokenizer cannot be used.
    #[error("the tokenizer is not usable: {reason}: {}", path.display())]
    BadTokenizer { path: PathBuf, reason: String },
    /// There is no ONNX Runtime library in any known folder.
    #[error("the ONNX Runtime library was not found; looked in {}", list(looked))]
    RuntimeMissing { looked: Vec<PathBuf> },
    /// The library does not load or is too old.
    #[error("the ONNX Runtime library does not load: {reason}: {}", path.display())]
    RuntimeUnusable { path: PathBuf, reason: String },
    /// The runtime refuses the model.
    #[error("the model does not load: {reason}: {}", path.display())]
    BadModel { path: PathBuf, reason: String },
    /// The model failed while running.
    #[error("the model failed while running: {reason}")]
    Inference { reason: String },
    /// No address to fetch the file from is known.
    #[error("no address is known for {file} of pack {pack}")]
    NoSource { pack: String, file: String },
    /// The address is neither https nor on this machine.
    #[error("expected an https address (plain http only to this machine), got {url}")]
    InsecureSource { url: String },
    /// The server refused, or every attempt failed.
    #[error("{file} was not fetched: {reason}: {url}")]
    Fetch {
        file: String,
        reason: String,
        url: String,
    },
    /// The server sends more bytes than the file has.
    #[error("{file} was not fetched: expected at most {limit} bytes, the server sends more: {url}")]
    TooLarge {
        file: String,
        limit: u64,
        url: String,
    },
    /// The disk is full; `wanted` is 0 if the missing bytes are not known.
    #[error("the disk is full, {wanted} more bytes are needed: {}", path.display())]
    DiskFull { path: PathBuf, wanted: u64 },
    /// Another error of the file system; `doing` is a verb phrase.
    #[error("could not {doing}: {source}: {}", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
}

fn list(paths: &[PathBuf]) -> String {
    let shown: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    shown.join(", ")
}

impl ModelError {
    /// Stable snake_case code, printed by the command line and read by the window.
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

    /// What the user can do; `None` where there is nothing to do.
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
