//! Opening and creating a catalog, and its transactions.

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::connection::{Connected, DATABASE, connect, set_journal};
use crate::disk;
use crate::error::CatalogError;
use crate::schema;
use crate::search::open::OpenIndex;
use crate::whole_file;

/// Numbers of dimensions that a vector can have.
const DIMENSIONS: RangeInclusive<usize> = 1..=65_536;

/// A set of tracks with their analysis and vectors, in one folder.
///
/// A `Catalog` can move between threads but not be shared: open it once for each thread. Several readers and one writer
/// can have it open at the same time, in one process or in several.
pub struct Catalog {
    pub(crate) connection: Connection,
    pub(crate) read_only: bool,
    pub(crate) dir: PathBuf,
    pub(crate) id: String,
    pub(crate) space: String,
    pub(crate) dim: usize,
    pub(crate) open_index: RefCell<OpenIndex>,
}

/// Name and size of a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogInfo {
    /// Name that was given when it was created.
    pub id: String,
    /// Version of its content.
    pub epoch: u64,
    /// Id of the audio space that its vectors belong to.
    pub space: String,
    /// Number of dimensions of a vector.
    pub dim: usize,
    /// Number of tracks, the missing ones included.
    pub tracks: usize,
    /// Number of tracks none of whose files existed when the indexer last looked.
    pub missing: usize,
    /// Number of files that could not be analysed.
    pub failures: usize,
}

impl Catalog {
    /// Creates an empty catalog in `dir` (and `dir`, where needed) for vectors of `dim` numbers in `space`.
    ///
    /// # Errors
    /// [`CatalogError::Exists`] where there is a catalog, [`CatalogError::Io`], [`CatalogError::Database`].
    pub fn create(dir: &Path, space: &str, dim: usize, id: &str) -> Result<Self, CatalogError> {
        if !DIMENSIONS.contains(&dim) {
            return Err(CatalogError::InvalidValue {
                expected: "1 to 65,536 dimensions",
                found: dim.to_string(),
            });
        }
        std::fs::create_dir_all(dir).map_err(|error| CatalogError::io(dir, error))?;
        if dir.join(DATABASE).exists() {
            return Err(CatalogError::Exists { dir: dir.into() });
        }
        let draft = whole_file::begin(dir).map_err(|error| CatalogError::io(dir, error))?;
        let fail = |error: rusqlite::Error| CatalogError::sqlite(dir, &error);
        let mut connection = Connection::open(draft.path()).map_err(fail)?;
        schema::migrate(&mut connection).map_err(fail)?;
        connection
            .execute(
                "INSERT INTO catalog (one, id, epoch, space, dim) VALUES (1, ?1, 0, ?2, ?3)",
                (id, space, dim),
            )
            .map_err(fail)?;
        connection
            .pragma_update(None, "application_id", schema::APPLICATION_ID)
            .map_err(fail)?;
        // The first programs that open the new catalog need not change the mode, for which only one at a time is let in.
        if !disk::is_shared(dir) {
            set_journal(&connection, "WAL").map_err(fail)?;
        }
        connection.close().map_err(|(_, error)| fail(error))?;
        whole_file::create(draft, &dir.join(DATABASE)).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => CatalogError::Exists { dir: dir.into() },
            _ => CatalogError::io(dir, error),
        })?;
        Self::open(dir)
    }

    /// Opens the catalog in `dir`.
    ///
    /// # Errors
    /// [`CatalogError::Missing`], [`CatalogError::Damaged`], [`CatalogError::SchemaNewer`]; [`CatalogError::ReadOnly`]
    /// for a catalog of an older version that cannot be written.
    pub fn open(dir: &Path) -> Result<Self, CatalogError> {
        if !dir.join(DATABASE).is_file() {
            return Err(CatalogError::Missing { dir: dir.into() });
        }
        let Connected {
            mut connection,
            read_only,
        } = connect(dir)?;
        let fail = |error: rusqlite::Error| CatalogError::sqlite(dir, &error);
        let application: i32 = connection
            .pragma_query_value(None, "application_id", |row| row.get(0))
            .map_err(fail)?;
        if application != schema::APPLICATION_ID {
            return Err(CatalogError::Damaged {
                reason: "a database that is no Needledrop catalog".into(),
                dir: dir.into(),
            });
        }
        if let Some(name) = schema::foreign_object(&connection).map_err(fail)? {
            return Err(CatalogError::Damaged {
                reason: format!("a view, virtual table or trigger that no catalog has: {name:?}"),
                dir: dir.into(),
            });
        }
        if read_only && schema::is_older(&connection).map_err(fail)? {
            return Err(CatalogError::ReadOnly {
                purpose: "bring it up to this version of Needledrop",
                dir: dir.into(),
            });
        }
        if !schema::migrate(&mut connection).map_err(fail)? {
            return Err(CatalogError::SchemaNewer {
                supported: schema::NEWEST,
                dir: dir.into(),
            });
        }
        Self::read(dir, connection, read_only)
    }

    /// Opens the catalog in `dir`, which must be of the same `space` and `dim`, or creates it. Where several programs
    /// create it at once, one does and the others open it.
    ///
    /// # Errors
    /// Those of [`Catalog::open`], [`Catalog::create`] and [`Catalog::require`].
    pub fn open_or_create(
        dir: &Path,
        space: &str,
        dim: usize,
        id: &str,
    ) -> Result<Self, CatalogError> {
        let opened = match Self::open(dir) {
            Err(CatalogError::Missing { .. }) => match Self::create(dir, space, dim, id) {
                Err(CatalogError::Exists { .. }) => Self::open(dir),
                created => created,
            },
            opened => opened,
        };
        let catalog = opened?;
        catalog.require(space, dim).map(|()| catalog)
    }

    fn read(dir: &Path, connection: Connection, read_only: bool) -> Result<Self, CatalogError> {
        let (id, space, dim): (_, _, usize) = connection
            .query_row("SELECT id, space, dim FROM catalog", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .map_err(|error| match error {
                rusqlite::Error::QueryReturnedNoRows
                | rusqlite::Error::SqliteFailure(_, Some(_)) => CatalogError::Damaged {
                    reason: error.to_string(),
                    dir: dir.into(),
                },
                _ => CatalogError::sqlite(dir, &error),
            })?;
        if !DIMENSIONS.contains(&dim) {
            return Err(CatalogError::Damaged {
                reason: format!("vectors of {dim} dimensions where 1 to 65,536 were expected"),
                dir: dir.into(),
            });
        }
        Ok(Self {
            connection,
            read_only,
            dir: dir.into(),
            id,
            space,
            dim,
            open_index: RefCell::default(),
        })
    }

    /// Checks that the catalog's vectors are of `space` and have `dim` numbers.
    ///
    /// # Errors
    /// [`CatalogError::SpaceMismatch`].
    pub fn require(&self, space: &str, dim: usize) -> Result<(), CatalogError> {
        if self.space == space && self.dim == dim {
            return Ok(());
        }
        Err(CatalogError::SpaceMismatch {
            wanted: space.into(),
            wanted_dim: dim,
            found: self.space.clone(),
            found_dim: self.dim,
            dir: self.dir.clone(),
        })
    }

    /// The folder of the catalog.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether this user may only read the catalog.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Number of dimensions of a vector.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Id of the audio space that the vectors belong to.
    pub fn space(&self) -> &str {
        &self.space
    }

    /// Name and size of the catalog.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::Damaged`].
    pub fn info(&self) -> Result<CatalogInfo, CatalogError> {
        self.connection
            .query_row(
                "SELECT id, epoch, space, dim,
                        (SELECT count(*) FROM tracks),
                        (SELECT count(*) FROM tracks t WHERE NOT EXISTS
                            (SELECT 1 FROM files f WHERE f.track = t.row AND f.missing = 0)),
                        (SELECT count(*) FROM failures)
                 FROM catalog",
                [],
                |row| {
                    Ok(CatalogInfo {
                        id: row.get(0)?,
                        epoch: row.get(1)?,
                        space: row.get(2)?,
                        dim: row.get(3)?,
                        tracks: row.get(4)?,
                        missing: row.get(5)?,
                        failures: row.get(6)?,
                    })
                },
            )
            .map_err(|error| self.fail(&error))
    }

    /// Reads every page of the database and reports the first damage.
    ///
    /// # Errors
    /// [`CatalogError::Damaged`].
    pub fn check(&self) -> Result<(), CatalogError> {
        let answer: String = self
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(|error| self.fail(&error))?;
        if answer == "ok" {
            return Ok(());
        }
        Err(CatalogError::Damaged {
            reason: answer,
            dir: self.dir.clone(),
        })
    }

    /// Runs `read` in one read transaction: all that it reads stands for the same moment, whatever other connections
    /// commit meanwhile. Calls may be nested.
    ///
    /// # Errors
    /// What `read` returns, and [`CatalogError::Database`].
    pub fn snapshot<T, E: From<CatalogError>>(
        &self,
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        if !self.connection.is_autocommit() {
            return read();
        }
        let transaction = self
            .connection
            .unchecked_transaction()
            .map_err(|error| self.fail(&error))?;
        let outcome = read()?;
        transaction.commit().map_err(|error| self.fail(&error))?;
        Ok(outcome)
    }

    /// Runs `body` in one transaction that takes the write lock at once.
    pub(crate) fn write(
        &mut self,
        body: impl FnOnce(&Transaction<'_>) -> Result<(), rusqlite::Error>,
    ) -> Result<(), CatalogError> {
        if self.read_only {
            return Err(CatalogError::ReadOnly {
                purpose: "change it",
                dir: self.dir.clone(),
            });
        }
        self.open_index.get_mut().outdate();
        let dir = &self.dir;
        self.connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .and_then(|transaction| {
                body(&transaction)?;
                transaction.commit()
            })
            .map_err(|error| CatalogError::sqlite(dir, &error))
    }

    pub(crate) fn fail(&self, error: &rusqlite::Error) -> CatalogError {
        CatalogError::sqlite(&self.dir, error)
    }
}
