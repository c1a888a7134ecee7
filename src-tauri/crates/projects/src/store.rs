//! Opens, checks and moves the projects file.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::error::ProjectsError;
use crate::schema;

/// Name of the file in the folder of the editor's data.
pub const FILE: &str = "projects.sqlite";

/// How long one program waits while another writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Name of the project in a new file.
const FIRST_PROJECT: &str = "My project";

/// An open projects file.
///
/// It can move between threads but cannot be shared. Several programs can have the same file open;
/// each waits while another writes.
#[derive(Debug)]
pub struct Projects {
    pub(crate) connection: Connection,
    path: PathBuf,
}

/// An error inside a transaction, which does not know the path of the file.
pub(crate) enum Fault {
    Sqlite(rusqlite::Error),
    Refused(ProjectsError),
    /// A step of the undo log does not match the lists.
    Mismatch,
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<ProjectsError> for Fault {
    fn from(error: ProjectsError) -> Self {
        Self::Refused(error)
    }
}

impl Projects {
    /// Opens the file at `path`. If there is none, makes it, with one project in it.
    ///
    /// # Errors
    /// [`ProjectsError::Damaged`], [`ProjectsError::Foreign`] and [`ProjectsError::Newer`], which leave the file unchanged;
    /// [`ProjectsError::Io`], [`ProjectsError::Busy`], [`ProjectsError::DiskFull`] and [`ProjectsError::Database`].
    pub fn open_or_create(path: &Path, at_ms: i64) -> Result<Self, ProjectsError> {
        let _one_at_a_time = lock(path)?;
        let fail = |error: rusqlite::Error| ProjectsError::sqlite(path, &error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(fail)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(fail)?;
        let mut projects = Self {
            connection,
            path: path.into(),
        };
        // Nothing is written before it is known that the file is an undamaged projects file.
        if projects.is_ours()? {
            projects.check()?;
        }
        let connection = &mut projects.connection;
        let set = |connection: &Connection, name, value| {
            let set = connection.pragma_update(None, name, value);
            set.map_err(fail)
        };
        set(connection, "journal_mode", "WAL")?;
        // In WAL mode only FULL makes a commit wait until the data is on the disk.
        set(connection, "synchronous", "FULL")?;
        set(connection, "foreign_keys", "ON")?;
        connection.set_transaction_behavior(TransactionBehavior::Immediate);
        schema::migrate(connection).map_err(fail)?;
        connection
            .execute(
                "INSERT INTO projects (name, created_ms, opened_ms)
                 SELECT ?1, ?2, ?2 WHERE NOT EXISTS (SELECT 1 FROM projects)",
                (FIRST_PROJECT, at_ms),
            )
            .map_err(fail)?;
        Ok(projects)
    }

    /// Renames the file at `path` so that a new one can be made, and returns the new path, or `None`
    /// if there is no file. It is called when the user wants to replace a file that could not be opened; no program may have
    /// the file open.
    ///
    /// # Errors
    /// [`ProjectsError::Io`] if the file cannot be renamed.
    pub fn move_aside(path: &Path, at_ms: i64) -> Result<Option<PathBuf>, ProjectsError> {
        let _one_at_a_time = lock(path)?;
        if !path.exists() {
            return Ok(None);
        }
        let mut number = at_ms;
        let aside = loop {
            let aside = with_suffix(path, &format!(".aside-{number}"));
            if !["", "-wal", "-shm"]
                .iter()
                .any(|end| with_suffix(&aside, end).exists())
            {
                break aside;
            }
            number += 1;
        };
        // The log is moved first: SQLite would discard a log without its database.
        for end in ["-wal", "-shm", ""] {
            let from = with_suffix(path, end);
            if from.exists() {
                fs::rename(&from, with_suffix(&aside, end))
                    .map_err(|error| ProjectsError::io("move the file aside", &from, error))?;
            }
        }
        Ok(Some(aside))
    }

    /// Reads every page and returns the first damage as an error.
    ///
    /// # Errors
    /// [`ProjectsError::Damaged`] with SQLite's description of the damage.
    pub fn check(&self) -> Result<(), ProjectsError> {
        let answer: String = self
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(|error| self.sqlite(&error))?;
        if answer == "ok" {
            return Ok(());
        }
        Err(ProjectsError::Damaged {
            reason: answer,
            path: self.path.clone(),
        })
    }

    /// Path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file is a projects file; false if it is new. Only reads.
    fn is_ours(&self) -> Result<bool, ProjectsError> {
        let number = |sql| {
            let answer = self.connection.query_row(sql, [], |row| row.get(0));
            answer.map_err(|error| self.sqlite(&error))
        };
        let application: i64 = number("PRAGMA application_id")?;
        let version: i64 = number("PRAGMA user_version")?;
        let tables: i64 = number("SELECT count(*) FROM sqlite_schema")?;
        if (application, version, tables) == (0, 0, 0) {
            return Ok(false);
        }
        if application != i64::from(schema::APPLICATION_ID) {
            return Err(ProjectsError::Foreign {
                path: self.path.clone(),
            });
        }
        if version > schema::NEWEST {
            return Err(ProjectsError::Newer {
                supported: schema::NEWEST,
                found: version,
                path: self.path.clone(),
            });
        }
        Ok(true)
    }

    /// Runs `work` in one transaction, which first waits for other writers.
    pub(crate) fn within<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, ProjectsError> {
        let result = self
            .connection
            .transaction()
            .map_err(Fault::from)
            .and_then(|transaction| {
                let value = work(&transaction)?;
                transaction.commit()?;
                Ok(value)
            });
        result.map_err(|fault| self.fail(fault))
    }

    pub(crate) fn fail(&self, fault: Fault) -> ProjectsError {
        match fault {
            Fault::Sqlite(error) => self.sqlite(&error),
            Fault::Refused(error) => error,
            Fault::Mismatch => ProjectsError::Damaged {
                reason: "a step to undo or redo that does not match the lists".into(),
                path: self.path.clone(),
            },
        }
    }

    pub(crate) fn sqlite(&self, error: &rusqlite::Error) -> ProjectsError {
        ProjectsError::sqlite(&self.path, error)
    }
}

/// Locks the opening and moving of the file: other programs wait.
fn lock(path: &Path) -> Result<File, ProjectsError> {
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        fs::create_dir_all(dir)
            .map_err(|error| ProjectsError::io("make the folder", dir, error))?;
    }
    let name = with_suffix(path, ".lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&name)
        .map_err(|error| ProjectsError::io("open the lock file", &name, error))?;
    // Some network drives have no locks; two programs must not start at the same moment there.
    match file.lock() {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::Unsupported => {}
        Err(error) => return Err(ProjectsError::io("lock the lock file", &name, error)),
    }
    Ok(file)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
