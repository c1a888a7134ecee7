//! The errors of a catalog, and the codes that the interface acts on.

use std::path::PathBuf;

/// An error of the catalog.
#[derive(Debug, thiserror::Error)]
#[allow(
    missing_docs,
    reason = "the message of a variant says what its fields are"
)]
pub enum CatalogError {
    /// The folder holds no catalog.
    #[error("expected a catalog, found none; build one with `needledrop index FOLDER`: {}", .dir.display())]
    Missing { dir: PathBuf },
    /// The folder already holds a catalog.
    #[error("expected an empty place for a new catalog, found one; open it or choose another folder: {}", .dir.display())]
    Exists { dir: PathBuf },
    /// The catalog has no track.
    #[error("expected at least one track, the catalog has none; add music with `needledrop index FOLDER`: {}", .dir.display())]
    Empty { dir: PathBuf },
    /// The catalog's vectors are of another audio space.
    #[error(
        "expected vectors of space {wanted} with {wanted_dim} dimensions, the catalog holds {found} with {found_dim}; \
         choose the pack it was built with, or index the music again with this pack: {}", .dir.display()
    )]
    SpaceMismatch {
        wanted: String,
        wanted_dim: usize,
        found: String,
        found_dim: usize,
        dir: PathBuf,
    },
    /// The database is not a catalog, or a value in it cannot be right.
    #[error("expected a readable catalog, got {reason}; restore catalog.sqlite from a copy or index the music again: {}", .dir.display())]
    Damaged { reason: String, dir: PathBuf },
    /// The catalog was written by a later version of the program.
    #[error("expected catalog schema {supported} or older, got a newer one; update Needledrop: {}", .dir.display())]
    SchemaNewer {
        /// The newest schema this version reads.
        supported: usize,
        dir: PathBuf,
    },
    /// A vector has another number of dimensions than the catalog.
    #[error("expected a vector of {expected} numbers, got {found}")]
    WrongDimension { expected: usize, found: usize },
    /// A vector is so short, or so wrong, that its cosine to another means nothing.
    #[error(
        "expected a vector with a direction, got one of length {norm:e} or with numbers that are not finite; the sound is probably silent"
    )]
    NoDirection { norm: f64 },
    /// A value is outside the range that the catalog stores.
    #[error("expected {expected}, got {found}")]
    InvalidValue {
        expected: &'static str,
        found: String,
    },
    /// No track has this id.
    #[error(
        "expected the id of a track of this catalog, got {id:?}; `needledrop tracks` lists them"
    )]
    TrackNotFound { id: String },
    /// The disk is full.
    #[error("expected room for the catalog, the disk is full; free some space and run again, what was done is kept: {}", .dir.display())]
    DiskFull { dir: PathBuf },
    /// Another program has locked the catalog.
    #[error("expected to write to the catalog, another program has held it for five seconds; wait for it and run again: {}", .dir.display())]
    Busy { dir: PathBuf },
    /// This user may read the catalog and not write it.
    #[error("expected to {purpose}, this catalog may only be read; copy its folder to a disk of your own, or get the right to write: {}", .dir.display())]
    ReadOnly {
        /// What needs writing, as a verb phrase.
        purpose: &'static str,
        dir: PathBuf,
    },
    /// A file of the catalog could not be read or written.
    #[error("expected to read and write the catalog's files, got {source}: {}", .path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    /// SQLite failed for another reason.
    #[error("expected the catalog's database to answer, got {reason}: {}", .dir.display())]
    Database { reason: String, dir: PathBuf },
}

impl CatalogError {
    /// Stable code of the error, part of the `--json` output.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "catalog_missing",
            Self::Exists { .. } => "catalog_exists",
            Self::Empty { .. } => "catalog_empty",
            Self::SpaceMismatch { .. } => "space_mismatch",
            Self::Damaged { .. } => "catalog_damaged",
            Self::SchemaNewer { .. } => "catalog_newer",
            Self::WrongDimension { .. } => "wrong_dimension",
            Self::NoDirection { .. } => "no_direction",
            Self::InvalidValue { .. } => "invalid_value",
            Self::TrackNotFound { .. } => "track_not_found",
            Self::DiskFull { .. } => "disk_full",
            Self::Busy { .. } => "catalog_busy",
            Self::ReadOnly { .. } => "catalog_read_only",
            Self::Io { .. } => "catalog_unreadable",
            Self::Database { .. } => "catalog_database",
        }
    }

    pub(crate) fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        let path = path.into();
        if source.kind() == std::io::ErrorKind::StorageFull {
            return Self::DiskFull { dir: path };
        }
        Self::Io { path, source }
    }

    pub(crate) fn sqlite(dir: impl Into<PathBuf>, error: &rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let dir = dir.into();
        let reason = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TooBig) => {
                Self::Damaged { reason, dir }
            }
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly {
                purpose: "change it",
                dir,
            },
            Some(ErrorCode::DiskFull) => Self::DiskFull { dir },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { dir },
            _ => match error {
                rusqlite::Error::FromSqlConversionFailure(_, _, source) => Self::Damaged {
                    reason: source.to_string(),
                    dir,
                },
                rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Damaged { reason, dir },
                _ => Self::Database { reason, dir },
            },
        }
    }
}
