//! What can go wrong with a catalog, with the code the interface acts on.

use std::path::PathBuf;

/// An error of the catalog.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// There is no catalog in the folder.
    #[error("expected a catalog, found none; build one with `needledrop index FOLDER`: {}", .dir.display())]
    Missing {
        /// The folder that was looked in.
        dir: PathBuf,
    },
    /// The folder holds a catalog already.
    #[error("expected an empty place for a new catalog, found one; open it or choose another folder: {}", .dir.display())]
    Exists {
        /// The folder.
        dir: PathBuf,
    },
    /// The catalog holds no track that could be searched.
    #[error("expected at least one track, the catalog has none; add music with `needledrop index FOLDER`: {}", .dir.display())]
    Empty {
        /// The catalog's folder.
        dir: PathBuf,
    },
    /// The catalog's vectors live in another space.
    #[error(
        "expected vectors of space {wanted} with {wanted_dim} dimensions, the catalog holds {found} with {found_dim}; \
         choose the pack it was built with, or index the music again with this pack: {}", .dir.display()
    )]
    SpaceMismatch {
        /// Space of the pack in use.
        wanted: String,
        /// Its dimensions.
        wanted_dim: usize,
        /// Space of the catalog.
        found: String,
        /// Its dimensions.
        found_dim: usize,
        /// The catalog's folder.
        dir: PathBuf,
    },
    /// The database cannot be read as a catalog.
    #[error("expected a readable catalog, got {reason}; restore catalog.sqlite from a copy or index the music again: {}", .dir.display())]
    Damaged {
        /// What SQLite said.
        reason: String,
        /// The catalog's folder.
        dir: PathBuf,
    },
    /// The catalog was written by a later version.
    #[error("expected catalog schema {supported} or older, got a newer one; update Needledrop: {}", .dir.display())]
    SchemaNewer {
        /// The newest schema this version reads.
        supported: usize,
        /// The catalog's folder.
        dir: PathBuf,
    },
    /// A vector has another length than the catalog's.
    #[error("expected a vector of {expected} numbers, got {found}")]
    WrongDimension {
        /// Dimensions of the catalog.
        expected: usize,
        /// Length of the vector given.
        found: usize,
    },
    /// A vector has no direction, so that its cosine to anything means nothing.
    #[error(
        "expected a vector with a direction, got one of length {norm:e} or with numbers that are not finite; the sound is probably silent"
    )]
    NoDirection {
        /// Its Euclidean length.
        norm: f64,
    },
    /// A value is outside what the catalog stores.
    #[error("expected {expected}, got {found}")]
    InvalidValue {
        /// What is stored.
        expected: &'static str,
        /// What came.
        found: String,
    },
    /// No track has this id.
    #[error(
        "expected the id of a track of this catalog, got {id:?}; `needledrop tracks` lists them"
    )]
    TrackNotFound {
        /// The id asked for.
        id: String,
    },
    /// The disk is full.
    #[error("expected room for the catalog, the disk is full; free some space and run again, what was done is kept: {}", .dir.display())]
    DiskFull {
        /// The catalog's folder.
        dir: PathBuf,
    },
    /// Another program holds the catalog.
    #[error("expected to write to the catalog, another program has held it for five seconds; wait for it and run again: {}", .dir.display())]
    Busy {
        /// The catalog's folder.
        dir: PathBuf,
    },
    /// A file of the catalog could not be read or written.
    #[error("expected to read and write the catalog's files, got {source}: {}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// SQLite refused for another reason.
    #[error("expected the catalog's database to answer, got {reason}: {}", .dir.display())]
    Database {
        /// What SQLite said.
        reason: String,
        /// The catalog's folder.
        dir: PathBuf,
    },
    /// The work was cancelled; nothing half done is left.
    #[error("cancelled")]
    Cancelled,
}

impl CatalogError {
    /// Stable code of the error, as it stands in `--json` output.
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
            Self::Io { .. } => "catalog_unreadable",
            Self::Database { .. } => "catalog_database",
            Self::Cancelled => "cancelled",
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
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { reason, dir }
            }
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
