//! The tables, and the migration of older catalogs.

use rusqlite::{Connection, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use crate::feelings;

/// `application_id` of a catalog: "Ndrp" in ASCII. SQLite writes it in the file's header.
pub(crate) const APPLICATION_ID: i32 = 0x4e64_7270;

/// Number of the newest schema.
pub(crate) const NEWEST: usize = 5;

/// A `row` of `tracks` is never reused and its vector never changes: a track that is analysed again gets a new row and
/// leaves a tombstone. An index that was built at some moment is therefore right for every row that it has and that has
/// no tombstone, and each row that it lacks is higher.
const FIRST: &str = include_str!("schema/first.sql");

/// What the analysis finds beyond tempo, key and loudness. `details` is apart from `tracks` so that the rows that a match
/// reads stay short, `fingerprints` apart from `details` because the indexer reads many of them at once.
///
/// Tracks with the same number in `recordings` are the same music in several encodings. Which of them is offered depends
/// on the files that are there, so it is decided when they are read.
const SECOND: &str = include_str!("schema/second.sql");

/// How much of a track lies in the frequencies of voices.
const THIRD: &str = include_str!("schema/third.sql");

/// The latest change of each track that an open index must follow: of its files, of its recording, its deletion. A
/// revision is never reused, so a reader asks for the tracks above the last revision that it has read.
const FOURTH: &str = include_str!("schema/fourth.sql");

/// The measured intensity of a track apart from its energy, which is computed from it and from what else is stored.
const FIFTH: &str = include_str!("schema/fifth.sql");

const ALL: [&str; NEWEST] = [FIRST, SECOND, THIRD, FOURTH, FIFTH];

fn migrations() -> Migrations<'static> {
    let [.., newest] = ALL;
    let mut all = ALL.map(M::up);
    all[NEWEST - 1] = M::up_with_hook(newest, |transaction| Ok(feelings::fill(transaction)?));
    Migrations::new(all.into())
}

/// Name of an object in the database that no catalog has: a view, a virtual table, or a trigger of other text. A file
/// from a stranger can run its own SQL through them.
pub(crate) fn foreign_object(connection: &Connection) -> Result<Option<String>, rusqlite::Error> {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let ours = words(&ALL.join("\n"));
    let mut query = connection
        .prepare("SELECT name, type, ifnull(sql, ''), ifnull(rootpage, 0) FROM sqlite_schema")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let is_ours = match row.get_ref(1)?.as_str()? {
            // A virtual table has no page of its own.
            "table" => row.get::<_, i64>(3)? > 0,
            "index" => true,
            "trigger" => ours.contains(&words(row.get_ref(2)?.as_str()?)),
            _ => false,
        };
        if !is_ours {
            return row.get(0).map(Some);
        }
    }
    Ok(None)
}

/// Whether a migration would change the schema.
pub(crate) fn is_older(connection: &Connection) -> Result<bool, rusqlite::Error> {
    Ok(version(connection)? < NEWEST)
}

fn version(connection: &Connection) -> Result<usize, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings the schema up to date; `Ok(false)` when the file is of a later version. Where several programs do so at once,
/// one does and the others wait for it.
pub(crate) fn migrate(connection: &mut Connection) -> Result<bool, rusqlite::Error> {
    use rusqlite_migration::{Error, MigrationDefinitionError};
    if version(connection)? == NEWEST {
        return Ok(true);
    }
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    let migrated = migrations().to_latest(connection);
    connection.set_transaction_behavior(TransactionBehavior::Deferred);
    match migrated {
        Ok(()) => Ok(true),
        Err(Error::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead)) => Ok(false),
        // The migration reads the version before it locks the file: another program was first.
        Err(_) if version(connection)? == NEWEST => Ok(true),
        Err(Error::RusqliteError { err, .. }) => Err(err),
        Err(other) => Err(rusqlite::Error::ToSqlConversionFailure(Box::new(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_migrated_to_the_newest_schema() {
        migrations().validate().unwrap();
        let mut connection = Connection::open_in_memory().unwrap();
        assert!(migrate(&mut connection).unwrap(), "a new file is migrated");
        let version: usize = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap();
        assert_eq!(version, NEWEST, "the constant follows the migrations");
    }
}
