//! The tables, and the migrations that bring an older file up to date.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

/// `application_id` of a projects file: "Ndpj" in ASCII. SQLite writes it into the file's header.
pub(crate) const APPLICATION_ID: i32 = 0x4e64_706a;

/// Number of the newest schema.
pub(crate) const NEWEST: i64 = 2;

const FIRST: &str = include_str!("schema/first.sql");
const FRAMES: &str = include_str!("schema/frames.sql");

/// Brings the schema up to date. The caller has checked that it is not newer than [`NEWEST`].
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), rusqlite::Error> {
    use rusqlite_migration::Error;
    match Migrations::new(vec![M::up(FIRST), M::up(FRAMES)]).to_latest(connection) {
        Ok(()) => Ok(()),
        Err(Error::RusqliteError { err, .. }) => Err(err),
        Err(other) => Err(rusqlite::Error::ToSqlConversionFailure(Box::new(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_match_the_migrations() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        let version: i64 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap();
        assert_eq!(version, NEWEST, "the number of the newest schema");
        let application: i32 = connection
            .query_row("PRAGMA application_id", [], |row| row.get(0))
            .unwrap();
        assert_eq!(application, APPLICATION_ID, "the kind of the file");
    }
}
