//! What can go wrong in training and evaluation.

use std::path::{Path, PathBuf};

use needledrop_models::ModelError;

/// An error of this crate. [`code`](TrainingError::code) is stable, the text is for people.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// No written pairs where they were expected.
    #[error("expected written pairs (*.jsonl), found none: {}", path.display())]
    NoRows {
        /// File or folder that was looked at.
        path: PathBuf,
    },
    /// A line of the written pairs that breaks a rule.
    #[error("line {line} is not a written pair: {reason}: {}", path.display())]
    BadRow {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Which rule it breaks.
        reason: String,
    },
    /// Too few rows to train or to evaluate on.
    #[error("expected at least {least} {what}, got {got}; add more")]
    TooFew {
        /// What there is too little of.
        what: &'static str,
        /// Fewest that will do.
        least: usize,
        /// How many there are.
        got: usize,
    },
    /// A class name that the pack's picture encoder does not know.
    #[error("expected class names of the pack, got {name:?}; see class_names.txt in the pack")]
    UnknownClass {
        /// The name.
        name: String,
    },
    /// Vectors, weights or constants whose sizes do not belong together.
    #[error("{what}: expected {expected}, got {actual}; train and evaluate with one pack")]
    Shape {
        /// What has the wrong size.
        what: String,
        /// Expected.
        expected: usize,
        /// Found.
        actual: usize,
    },
    /// Training ran away: a loss or a weight is no finite number.
    #[error("training diverged in epoch {epoch}; lower the learning rate")]
    Diverged {
        /// Epoch, from 1.
        epoch: usize,
    },
    /// A linear system that has no stable solution.
    #[error("the pairs do not determine a fit; raise the ridge above {ridge}")]
    Singular {
        /// The ridge that was used.
        ridge: f64,
    },
    /// A pack, a model or a weights file.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Reading or writing failed.
    #[error("cannot {action}: {source}: {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
}

impl TrainingError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            TrainingError::NoRows { .. } => "no_pairs",
            TrainingError::BadRow { .. } => "bad_pairs",
            TrainingError::TooFew { .. } => "too_few_pairs",
            TrainingError::UnknownClass { .. } => "unknown_class",
            TrainingError::Shape { .. } => "space_mismatch",
            TrainingError::Diverged { .. } => "training_diverged",
            TrainingError::Singular { .. } => "singular_fit",
            TrainingError::Model(error) => error.code(),
            TrainingError::Io { source, .. } => match source.kind() {
                std::io::ErrorKind::NotFound => "not_found",
                std::io::ErrorKind::StorageFull => "disk_full",
                _ => "io",
            },
        }
    }

    pub(crate) fn io(action: &'static str, path: &Path, source: std::io::Error) -> TrainingError {
        TrainingError::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }
}
