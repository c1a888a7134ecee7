//! What can go wrong with the editor's data, with the code the interface acts on.

use std::path::{Path, PathBuf};

/// An error of the projects file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectsError {
    /// The file cannot be read as what it should be. It is left as it is.
    #[error(
        "expected a readable projects file, got {reason}; it was left as it is: restore it from a \
         copy, or have it moved aside and begin a new one: {}", .path.display()
    )]
    Damaged {
        /// What is wrong.
        reason: String,
        /// The file.
        path: PathBuf,
    },
    /// The file belongs to something else. It is left as it is.
    #[error(
        "expected a projects file of Needledrop, got a database of another program; it was left as \
         it is: have it moved aside: {}", .path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a later version. It is left as it is.
    #[error(
        "expected a projects file of version {supported} or older, got version {found}; it was left \
         as it is: update Needledrop, or have it moved aside and begin a new one: {}", .path.display()
    )]
    Newer {
        /// The newest version that this program reads.
        supported: i64,
        /// The file's.
        found: i64,
        /// The file.
        path: PathBuf,
    },
    /// Another program held the file for too long.
    #[error(
        "expected to write to the projects file, another program has held it for ten seconds; close \
         it and try again: {}", .path.display()
    )]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("expected room for the projects file, the disk is full; free some space and try again: {}", .path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// A text is longer than is kept.
    #[error("expected {what} of at most {limit} bytes, got {found}; shorten it")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// Bytes that are kept.
        limit: usize,
        /// Bytes that came.
        found: usize,
    },
    /// A value makes no sense.
    #[error("expected {expected}, got {found}")]
    InvalidValue {
        /// What is kept.
        expected: &'static str,
        /// What came.
        found: String,
    },
    /// A list is full.
    #[error("expected at most {limit} {what}; remove some first")]
    Full {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        limit: i64,
    },
    /// There is no such project, clip, pick or bin.
    #[error("expected {what} that is there, got {id}; it may have been removed in another window")]
    NotFound {
        /// What was looked for, with its article.
        what: &'static str,
        /// By which name.
        id: String,
    },
    /// A file could not be read or written.
    #[error("expected to {doing}, but {source}: {}", .path.display())]
    Io {
        /// What was being done, as a verb phrase.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// SQLite refused for another reason.
    #[error("expected the projects file to answer, got {reason}; try again, and report it if it stays: {}", .path.display())]
    Database {
        /// What SQLite said.
        reason: String,
        /// The file.
        path: PathBuf,
    },
}

impl ProjectsError {
    /// Stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => "projects_damaged",
            Self::Foreign { .. } => "projects_foreign",
            Self::Newer { .. } => "projects_newer",
            Self::Busy { .. } => "projects_busy",
            Self::DiskFull { .. } => "disk_full",
            Self::TooLong { .. } => "value_too_long",
            Self::InvalidValue { .. } => "invalid_value",
            Self::Full { .. } => "list_full",
            Self::NotFound { .. } => "not_found",
            Self::Io { .. } => "projects_unreadable",
            Self::Database { .. } => "projects_database",
        }
    }

    pub(crate) fn missing(what: &'static str, id: impl ToString) -> Self {
        Self::NotFound {
            what,
            id: id.to_string(),
        }
    }

    pub(crate) fn io(doing: &'static str, path: &Path, source: std::io::Error) -> Self {
        let path = path.to_path_buf();
        if source.kind() == std::io::ErrorKind::StorageFull {
            return Self::DiskFull { path };
        }
        Self::Io {
            doing,
            path,
            source,
        }
    }

    pub(crate) fn sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let path = path.to_path_buf();
        let reason = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { reason, path }
            }
            Some(ErrorCode::DiskFull) => Self::DiskFull { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            _ => match error {
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Damaged { reason, path },
                _ => Self::Database { reason, path },
            },
        }
    }
}
