//! Errors of training and evaluation.

use std::path::{Path, PathBuf};

use needledrop_models::ModelError;

/// An error of training or evaluation. [`code`](TrainingError::code) is stable; the text may change.
#[allow(
    missing_docs,
    reason = "fields are documented where their name leaves a question"
)]
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// The file or folder has no rows of the kind or part that is asked for.
    #[error("expected rows (*.jsonl), found none: {}", path.display())]
    NoRows {
        /// The file or folder that was read.
        path: PathBuf,
    },
    /// A line of a file of rows is not valid.
    #[error("line {line} is not a valid row: {reason}: {}", path.display())]
    BadRow {
        path: PathBuf,
        /// Number of the line, from 1.
        line: usize,
        /// What was expected, and what came.
        reason: String,
    },
    /// There are too few rows for a training or an evaluation.
    #[error("expected at least {least} {what}, got {got}; add more")]
    TooFew {
        /// Plural noun for the rows.
        what: &'static str,
        /// Smallest number that is enough.
        least: usize,
        got: usize,
    },
    /// A class name is not in the pack's `class_names.txt`.
    #[error(
        "expected a class name of the pack, got {name:?}; class_names.txt in the pack lists them"
    )]
    UnknownClass { name: String },
    /// Vectors, weights or constants have different sizes.
    #[error(
        "{what}: expected {expected}, got {actual}; use the same pack for training and evaluation"
    )]
    Shape {
        /// Noun for what has the wrong size.
        what: String,
        expected: usize,
        actual: usize,
    },
    /// A loss or a weight is not a finite number.
    #[error("training diverged in epoch {epoch}; lower the learning rate")]
    Diverged {
        /// Number of the epoch, from 1; 0 for a network that is saved.
        epoch: usize,
    },
    /// A linear system has no stable solution.
    #[error("the pairs are too few or too similar for a fit; expected a ridge above {ridge}")]
    Singular {
        /// The ridge of the fit.
        ridge: f64,
    },
    /// A locked part was read as often as it may be.
    #[error(
        "the locked part of {yardstick} was read {most} times and may not be read again: a figure that is read more \
         often becomes one that is tuned to; use the development part: {}", path.display()
    )]
    UsedUp {
        /// The ledger of readings.
        path: PathBuf,
        /// Name of the yardstick.
        yardstick: &'static str,
        /// Largest number of readings.
        most: usize,
    },
    /// An error of a pack, a model or a projector file.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A file cannot be read or written.
    #[error("cannot {action}: {source}: {}", path.display())]
    Io {
        /// Verb phrase, such as `"write the report"`.
        action: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
}

impl TrainingError {
    /// Code of the error in snake_case, which stays the same between versions.
    pub fn code(&self) -> &'static str {
        match self {
            TrainingError::NoRows { .. } => "no_pairs",
            TrainingError::BadRow { .. } => "bad_pairs",
            TrainingError::TooFew { .. } => "too_few_pairs",
            TrainingError::UnknownClass { .. } => "unknown_class",
            TrainingError::Shape { .. } => "space_mismatch",
            TrainingError::Diverged { .. } => "training_diverged",
            TrainingError::Singular { .. } => "singular_fit",
            TrainingError::UsedUp { .. } => "locked_part_used_up",
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
