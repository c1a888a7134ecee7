//! Opening the file, and setting it aside.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::error::ProjectsError;
use crate::schema;

/// Name of the file in the folder of the editor's data.
pub const FILE: &str = "projects.sqlite";

/// How long one program waits for another.
const PATIENCE: Duration = Duration::from_secs(10);
/// Name of the project that is there from the start.
const FIRST_PROJECT: &str = "My project";

/// The editor's own data.
///
/// It can move between threads but not be shared. Several programs may have one file open; each
/// waits while another writes.
#[derive(Debug)]
pub struct Projects {
    pub(crate) connection: Connection,
    path: PathBuf,
}

/// What goes wrong inside a transaction, before the file is named.
pub(crate) enum Fault {
    Sqlite(rusqlite::Error),
    Told(ProjectsError),
    /// A step of the log that does not fit what is there.
    Unfit,
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<ProjectsError> for Fault {
    fn from(error: ProjectsError) -> Self {
        Self::Told(error)
    }
}

impl Projects {
    /// Opens the file at `path`, or makes it, with one project in it.
    ///
    /// # Errors
    /// [`ProjectsError::Damaged`], [`ProjectsError::Foreign`] and [`ProjectsError::Newer`], which
    /// leave the file as it is; [`ProjectsError::Io`] and its like.
    pub fn open_or_create(path: &Path, at_ms: i64) -> Result<Self, ProjectsError> {
        let _one_at_a_time = lock(path)?;
        let fail = |error: rusqlite::Error| ProjectsError::sqlite(path, &error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(fail)?;
        connection.busy_timeout(PATIENCE).map_err(fail)?;
        let mut projects = Self {
            connection,
            path: path.into(),
        };
        // Nothing is written before it is clear whose file this is and that it is whole.
        if projects.is_ours()? {
            projects.check()?;
        }
        let connection = &mut projects.connection;
        let set = |connection: &Connection, name, value| {
            let set = connection.pragma_update(None, name, value);
            set.map_err(fail)
        };
        set(connection, "journal_mode", "WAL")?;
        // With FULL a commit in WAL mode has reached the disk when it returns, not only the system.
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

    /// Gives the file at `path` another name, so that a new one can begin; returns that name, or
    /// `None` where there is no file. For a file that was refused, when the user asks for it; no
    /// program may have it open.
    ///
    /// # Errors
    /// [`ProjectsError::Io`].
    pub fn move_aside(path: &Path, at_ms: i64) -> Result<Option<PathBuf>, ProjectsError> {
        let _one_at_a_time = lock(path)?;
        if !path.exists() {
            return Ok(None);
        }
        let mut number = at_ms;
        let aside = loop {
            let aside = beside(path, &format!(".aside-{number}"));
            if !["", "-wal", "-shm"]
                .iter()
                .any(|end| beside(&aside, end).exists())
            {
                break aside;
            }
            number += 1;
        };
        // The log first: with the file gone and its log left behind, SQLite would discard the log.
        for end in ["-wal", "-shm", ""] {
            let from = beside(path, end);
            if from.exists() {
                fs::rename(&from, beside(&aside, end))
                    .map_err(|error| ProjectsError::io("move the file aside", &from, error))?;
            }
        }
        Ok(Some(aside))
    }

    /// Reads every page and reports the first damage.
    ///
    /// # Errors
    /// [`ProjectsError::Damaged`].
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

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file is one of ours (false: it is new). Reads only.
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

    /// Runs `work` in one transaction that waits for other writers first.
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
            Fault::Told(error) => error,
            Fault::Unfit => ProjectsError::Damaged {
                reason: "a step to undo or redo that does not fit the lists".into(),
                path: self.path.clone(),
            },
        }
    }

    pub(crate) fn sqlite(&self, error: &rusqlite::Error) -> ProjectsError {
        ProjectsError::sqlite(&self.path, error)
    }
}

/// Keeps other programs from opening or moving the file at the same moment; they wait.
fn lock(path: &Path) -> Result<File, ProjectsError> {
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        fs::create_dir_all(dir)
            .map_err(|error| ProjectsError::io("make the folder", dir, error))?;
    }
    let name = beside(path, ".lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&name)
        .map_err(|error| ProjectsError::io("open the file beside it", &name, error))?;
    // Some network drives know no locks; two programs that begin there in one moment are rare.
    match file.lock() {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::Unsupported => {}
        Err(error) => return Err(ProjectsError::io("lock the file beside it", &name, error)),
    }
    Ok(file)
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}
