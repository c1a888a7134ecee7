//! The connection to a catalog's database, on any disk: a local one, a network share, one that may only be read.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags};

use crate::disk;
use crate::error::CatalogError;

/// Name of the database in a catalog's folder.
pub const DATABASE: &str = "catalog.sqlite";

/// Longest text or blob that SQLite reads or writes, bytes. The longest value of a catalog has 16 MiB.
const MOST_BYTES: i32 = 32 << 20;

/// Time that a statement waits for another program.
const BUSY: Duration = Duration::from_secs(5);

/// A connection to a catalog's database.
pub(crate) struct Connected {
    pub(crate) connection: Connection,
    /// The file or its folder cannot be written by this user.
    pub(crate) read_only: bool,
}

/// Connects to the database in `dir`.
///
/// # Errors
/// [`CatalogError::Damaged`] for a file that is shorter than it says, [`CatalogError::ReadOnly`] for changes beside
/// the database that cannot be merged, [`CatalogError::Database`].
pub(crate) fn connect(dir: &Path) -> Result<Connected, CatalogError> {
    let fail = |error: rusqlite::Error| CatalogError::sqlite(dir, &error);
    check_length(dir)?;
    let path = dir.join(DATABASE);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // SQLite opens a file that cannot be written for reading.
    let connection = Connection::open_with_flags(&path, flags).map_err(fail)?;
    connection.busy_timeout(BUSY).map_err(fail)?;
    if !connection.is_readonly(MAIN_DB).map_err(fail)? {
        match journal(&connection, disk::is_shared(dir)) {
            Ok(()) => return settings(connection, false).map_err(fail),
            Err(error) if is_refused(&error) => {}
            Err(error) => return Err(fail(error)),
        }
    }
    match connection.pragma_query(None, "schema_version", |_| Ok(())) {
        Ok(()) => settings(connection, true).map_err(fail),
        Err(error) if is_refused(&error) => unchanging(dir),
        Err(error) => Err(fail(error)),
    }
}

/// Connects to a database that cannot be written and whose folder takes no file that coordinates readers and writers.
fn unchanging(dir: &Path) -> Result<Connected, CatalogError> {
    let fail = |error: rusqlite::Error| CatalogError::sqlite(dir, &error);
    if has_bytes(dir, "-wal") {
        return Err(CatalogError::ReadOnly {
            purpose: "merge the changes in catalog.sqlite-wal",
            dir: dir.into(),
        });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(disk::unchanging_uri(&dir.join(DATABASE)), flags);
    settings(connection.map_err(fail)?, true).map_err(fail)
}

fn settings(connection: Connection, read_only: bool) -> Result<Connected, rusqlite::Error> {
    connection.pragma_update(None, "foreign_keys", true)?;
    // The file may come from a stranger.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MOST_BYTES)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(Connected {
        connection,
        read_only,
    })
}

/// Chooses how commits are written. A write-ahead log needs memory that all programs share, which those of different
/// machines do not: on a network share the database has a rollback journal.
fn journal(connection: &Connection, shared: bool) -> Result<(), rusqlite::Error> {
    if !shared {
        match set_journal(connection, "WAL") {
            Ok(mode) => {
                // In WAL mode NORMAL keeps every commit through the death of the process, and the file whole through
                // power loss.
                let level = if mode == "wal" { "NORMAL" } else { "FULL" };
                return connection.pragma_update(None, "synchronous", level);
            }
            // Another program has the database open in its present mode, which serves as well.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                return connection.pragma_update(None, "synchronous", "FULL");
            }
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::SystemIoFailure) => {}
            Err(error) => return Err(error),
        }
    }
    // With an exclusive lock SQLite reads a write-ahead log without shared memory, and merges it.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    let set = set_journal(connection, "DELETE");
    connection.pragma_update(None, "locking_mode", "NORMAL")?;
    // The exclusive lock ends with the next read.
    connection.pragma_query(None, "schema_version", |_| Ok(()))?;
    match set {
        Err(error) if error.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) => Err(error),
        _ => connection.pragma_update(None, "synchronous", "FULL"),
    }
}

/// Sets the journal mode, and returns the mode that the database then has.
pub(crate) fn set_journal(connection: &Connection, mode: &str) -> Result<String, rusqlite::Error> {
    connection.pragma_update_and_check(None, "journal_mode", mode, |row| row.get(0))
}

/// Whether the system refused to write the database or a file beside it.
fn is_refused(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied)
    )
}

/// Whether the file with this ending beside the database holds anything.
fn has_bytes(dir: &Path, ending: &str) -> bool {
    let path = dir.join(format!("{DATABASE}{ending}"));
    path.metadata().is_ok_and(|meta| meta.len() > 0)
}

/// Refuses a database that is shorter than its header says: a copy that has not ended.
fn check_length(dir: &Path) -> Result<(), CatalogError> {
    // While another program merges its changes, the file may be shorter for a moment.
    if has_bytes(dir, "-wal") || has_bytes(dir, "-journal") {
        return Ok(());
    }
    let path = dir.join(DATABASE);
    let read = File::open(&path).and_then(|mut file| {
        let length = file.metadata()?.len();
        let mut header = [0; 100];
        let whole = file.read_exact(&mut header).is_ok();
        Ok((length, whole.then_some(header)))
    });
    let (length, header) = read.map_err(|error| CatalogError::io(&path, error))?;
    if length == 0 {
        return Err(CatalogError::Damaged {
            reason: "an empty file".into(),
            dir: dir.into(),
        });
    }
    match header.and_then(|header| stated_bytes(&header)) {
        Some(stated) if stated > length => Err(CatalogError::Damaged {
            reason: format!("{length} bytes of {stated}: the copy is not complete"),
            dir: dir.into(),
        }),
        _ => Ok(()),
    }
}

/// Length of a database in bytes by its header; `None` where the header does not know
/// (<https://www.sqlite.org/fileformat.html>, 1.3).
fn stated_bytes(header: &[u8; 100]) -> Option<u64> {
    let number = |at: usize| -> u64 {
        let bytes = &header[at..at + 4];
        bytes
            .iter()
            .fold(0, |sum, &byte| (sum << 8) | u64::from(byte))
    };
    let page = match (u64::from(header[16]) << 8) | u64::from(header[17]) {
        1 => 65_536,
        size => size,
    };
    // The number of pages is valid where the change counter is the one that it was written with.
    let valid = header.starts_with(b"SQLite format 3\0") && number(24) == number(92);
    valid.then(|| page * number(28))
}
