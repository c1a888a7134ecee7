//! Errors of the projects file, each with the code that the interface acts on.

use std::path::{Path, PathBuf};

/// An error of the projects file.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages explain the fields")]
pub enum ProjectsError {
    /// The file is damaged. It is left unchanged.
    #[error(
        "expected a readable projects file, got {reason}; the file was not changed: restore it from \
         a copy, or have it moved aside and start with a new one: {}", .path.display()
    )]
    Damaged { reason: String, path: PathBuf },
    /// The file belongs to another program. It is left unchanged.
    #[error(
        "expected a projects file of Needledrop, got a database of another program; the file was \
         not changed: have it moved aside: {}", .path.display()
    )]
    Foreign { path: PathBuf },
    /// The file was written by a later version of the program. It is left unchanged.
    #[error(
        "expected a projects file of schema {supported} or older, got schema {found}; the file was \
         not changed: update Needledrop, or have it moved aside and start with a new one: {}",
        .path.display()
    )]
    Newer {
        supported: i64,
        found: i64,
        path: PathBuf,
    },
    /// Another program has been writing for ten seconds.
    #[error(
        "expected to write to the projects file, but another program has used it for ten seconds; \
         close that program and try again: {}", .path.display()
    )]
    Busy { path: PathBuf },
    /// The disk is full.
    #[error(
        "expected space for the projects file, but the disk is full; free some space and try again: \
         {}", .path.display()
    )]
    DiskFull { path: PathBuf },
    /// A text is too long.
    #[error("expected {what} of at most {limit} bytes, got {found} bytes; shorten it")]
    TooLong {
        /// Noun for the text, with its article.
        what: &'static str,
        limit: usize,
        found: usize,
    },
    /// A value is not allowed.
    #[error("expected {expected}, got {found}")]
    InvalidValue {
        expected: &'static str,
        found: String,
    },
    /// A list has reached its limit.
    #[error("expected at most {limit} {what}; remove some first")]
    Full {
        /// Plural noun for the items of the list.
        what: &'static str,
        limit: i64,
    },
    /// There is no such project, clip, pick or bin.
    #[error("expected {what} that exists, got {id}; it may have been removed in another window")]
    NotFound {
        /// Noun for the missing item, with its article.
        what: &'static str,
        id: String,
    },
    /// The system could not read or write a file or folder.
    #[error("expected to {doing}, but {source}: {}", .path.display())]
    Io {
        /// Verb phrase, such as `"make the folder"`.
        doing: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    /// SQLite failed for another reason.
    #[error(
        "expected an answer from the projects file, got {reason}; try again, and report it if it \
         happens again: {}", .path.display()
    )]
    Database { reason: String, path: PathBuf },
}

impl ProjectsError {
    /// A code that stays the same in later versions.
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
