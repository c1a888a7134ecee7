//! The tables, and how an older catalog is brought up to date.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

/// `application_id` of a catalog: "Ndrp" in ASCII. SQLite writes it in the file's header.
pub(crate) const APPLICATION_ID: i32 = 0x4e64_7270;

/// Number of the newest schema.
pub(crate) const NEWEST: usize = 3;

/// A track's `row` is never given twice and its vector never changes: a track analysed again gets a new row and leaves
/// a tombstone. An index built at some moment therefore stays right for every row that it knows and that has no
/// tombstone, and what it does not know has a higher row.
const FIRST: &str = include_str!("schema/first.sql");

/// What is heard in a track beyond tempo, key and loudness. `details` is apart from `tracks` so that the rows that a
/// match reads stay short, `fingerprints` apart from `details` because they are read many at a time.
///
/// Tracks in one `recording` are the same music in several encodings; which of them is offered is decided on reading,
/// for it depends on the files that are there.
const SECOND: &str = include_str!("schema/second.sql");

/// How much of a track lies where voices lie.
const THIRD: &str = include_str!("schema/third.sql");

fn migrations() -> Migrations<'static> {
    Migrations::new(vec![M::up(FIRST), M::up(SECOND), M::up(THIRD)])
}

/// Brings the schema up to date; `Ok(false)` when the file is of a later version.
pub(crate) fn migrate(connection: &mut Connection) -> Result<bool, rusqlite::Error> {
    use rusqlite_migration::{Error, MigrationDefinitionError};
    match migrations().to_latest(connection) {
        Ok(()) => Ok(true),
        Err(Error::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead)) => Ok(false),
        Err(Error::RusqliteError { err, .. }) => Err(err),
        Err(other) => Err(rusqlite::Error::ToSqlConversionFailure(Box::new(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_well_formed_and_counted() {
        migrations().validate().unwrap();
        let mut connection = Connection::open_in_memory().unwrap();
        assert!(migrate(&mut connection).unwrap(), "a new file is migrated");
        let version: usize = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap();
        assert_eq!(version, NEWEST, "the constant follows the migrations");
    }
}
