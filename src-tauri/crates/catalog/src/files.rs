//! The files that the indexer has found, and the tracks that they hold. Each writing call is one transaction: after a
//! crash a track exists whole or not at all, and what a call returned from is not lost.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::error::CatalogError;
use crate::path_text::{path_text, text_path};
use crate::store::Catalog;
use crate::track::{SourceFile, TrackCredits};

/// What the catalog knows of a file by its path, size and time of change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileState {
    /// The file is indexed as it is.
    Unchanged {
        /// Id of its track.
        track_id: String,
        /// Version of the analysis of its track.
        analysis_version: u32,
    },
    /// The file could not be analysed as it is.
    FailedBefore(Failure),
    /// The file is new or has changed: hash it, and analyse it unless [`Catalog::adopt`] knows the content.
    Unknown,
}

/// A file in the catalog, with what an indexer compares.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "some names say it all")]
pub struct KnownFile {
    /// Path as the indexer gave it.
    pub path: PathBuf,
    /// Size in bytes when the file was read.
    pub bytes: u64,
    /// Time of the last change when the file was read, nanoseconds since 1970-01-01 UTC.
    pub modified_ns: i64,
    /// The file did not exist when the indexer last looked.
    pub missing: bool,
    pub track_id: String,
    /// Version of the analysis of its track.
    pub analysis_version: u32,
    pub credits: TrackCredits,
}

/// A file that could not be analysed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Path as the indexer gave it.
    pub path: PathBuf,
    /// Size in bytes when it was tried.
    pub bytes: u64,
    /// Time of the last change when it was tried, nanoseconds since 1970-01-01 UTC.
    pub modified_ns: i64,
    /// Stable code of the error.
    pub code: String,
    /// Message of the error, for people.
    pub message: String,
}

impl Catalog {
    /// What the catalog knows of the file at `path`, given its size and the time of its last change. A file that was
    /// marked missing is marked present.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::InvalidValue`] for a path that cannot be stored.
    pub fn file_state(
        &self,
        path: &Path,
        bytes: u64,
        modified_ns: i64,
    ) -> Result<FileState, CatalogError> {
        let path = path_text(path)?;
        let known: Option<(String, u32, bool)> = self
            .connection
            .prepare_cached(
                "SELECT t.id, t.analysis_version, f.missing FROM files f JOIN tracks t ON t.row = f.track
                 WHERE f.path = ?1 AND f.bytes = ?2 AND f.modified_ns = ?3",
            )
            .and_then(|mut query| {
                query
                    .query_row(params![path, bytes, modified_ns], |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                    })
                    .optional()
            })
            .map_err(|error| self.fail(&error))?;
        if let Some((track_id, analysis_version, missing)) = known {
            if missing {
                self.connection
                    .execute("UPDATE files SET missing = 0 WHERE path = ?1", [path])
                    .map_err(|error| self.fail(&error))?;
                self.open_index.borrow_mut().outdate();
            }
            return Ok(FileState::Unchanged {
                track_id,
                analysis_version,
            });
        }
        let failure = self
            .connection
            .prepare_cached(
                "SELECT path, bytes, modified_ns, code, message FROM failures WHERE path = ?1 AND bytes = ?2 AND modified_ns = ?3",
            )
            .and_then(|mut query| query.query_row(params![path, bytes, modified_ns], failure_of).optional())
            .map_err(|error| self.fail(&error))?;
        Ok(failure.map_or(FileState::Unknown, FileState::FailedBefore))
    }

    /// Takes a file whose content is already known: a renamed file, a copy, or one that was merely touched. Returns
    /// the id of its track, or `None` when the content is new, or its analysis older than version `oldest`.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::InvalidValue`] for a path that cannot be stored.
    pub fn adopt(
        &mut self,
        file: &SourceFile,
        oldest: u32,
    ) -> Result<Option<String>, CatalogError> {
        let path = path_text(&file.path)?;
        let Some((row, id)) = self
            .connection
            .query_row(
                "SELECT row, id FROM tracks WHERE sha256 = ?1 AND analysis_version >= ?2",
                params![&file.sha256[..], oldest],
                |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(|error| self.fail(&error))?
        else {
            return Ok(None);
        };
        self.write(|transaction| {
            put_file(transaction, file, &path, row)?;
            transaction.execute("DELETE FROM failures WHERE path = ?1", [path])?;
            Ok(())
        })?;
        Ok(Some(id))
    }

    /// Records that a file could not be analysed, so that it is reported and left alone until it changes.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::InvalidValue`] for a path that cannot be stored.
    pub fn record_failure(
        &mut self,
        path: &Path,
        bytes: u64,
        modified_ns: i64,
        code: &str,
        message: &str,
    ) -> Result<(), CatalogError> {
        let path = path_text(path)?;
        self.write(|transaction| {
            transaction.execute(
                "INSERT OR REPLACE INTO failures (path, bytes, modified_ns, code, message) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![path, bytes, modified_ns, code, message],
            )?;
            Ok(())
        })
    }

    /// The files that could not be analysed, by path.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn failures(&self) -> Result<Vec<Failure>, CatalogError> {
        self.connection
            .prepare("SELECT path, bytes, modified_ns, code, message FROM failures ORDER BY path")
            .and_then(|mut query| query.query_map([], failure_of)?.collect())
            .map_err(|error| self.fail(&error))
    }

    /// Forgets that these files could not be analysed: they are gone.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn forget_failures(&mut self, paths: &[PathBuf]) -> Result<(), CatalogError> {
        if paths.is_empty() {
            return Ok(());
        }
        let paths = texts(paths)?;
        self.write(|transaction| {
            let mut forget = transaction.prepare_cached("DELETE FROM failures WHERE path = ?1")?;
            for path in &paths {
                forget.execute([path])?;
            }
            Ok(())
        })
    }

    /// Every file that the catalog knows, those marked missing too, by path. The indexer compares them with the disk.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn known_files(&self) -> Result<Vec<KnownFile>, CatalogError> {
        self.connection
            .prepare(
                "SELECT f.path, f.bytes, f.modified_ns, f.missing, t.id, t.analysis_version, t.title, t.artist,
                    t.album, t.licence, t.attribution, t.source
                 FROM files f JOIN tracks t ON t.row = f.track ORDER BY f.path",
            )
            .and_then(|mut query| {
                query.query_map([], known_of)?.collect()
            })
            .map_err(|error| self.fail(&error))
    }

    /// Every path that the catalog knows, those marked missing too, in order.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn known_paths(&self) -> Result<Vec<PathBuf>, CatalogError> {
        self.connection
            .prepare("SELECT path FROM files ORDER BY path")
            .and_then(|mut query| {
                query
                    .query_map([], |row| row.get(0).map(text_path))?
                    .collect()
            })
            .map_err(|error| self.fail(&error))
    }

    /// Marks files that are no longer there. Their tracks are kept, but offered by no search unless asked for.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::InvalidValue`] for a path that cannot be stored.
    pub fn mark_missing<P: AsRef<Path>>(&mut self, paths: &[P]) -> Result<(), CatalogError> {
        self.mark(paths, true)
    }

    /// Marks files that are there again.
    ///
    /// # Errors
    /// As [`Catalog::mark_missing`].
    pub fn mark_present<P: AsRef<Path>>(&mut self, paths: &[P]) -> Result<(), CatalogError> {
        self.mark(paths, false)
    }

    fn mark<P: AsRef<Path>>(&mut self, paths: &[P], missing: bool) -> Result<(), CatalogError> {
        if paths.is_empty() {
            return Ok(());
        }
        let paths = texts(paths)?;
        self.write(|transaction| {
            let mut mark =
                transaction.prepare_cached("UPDATE files SET missing = ?2 WHERE path = ?1")?;
            for path in &paths {
                mark.execute(params![path, missing])?;
            }
            Ok(())
        })
    }

    /// Forgets those of `paths` that are marked missing while another file of the same track is there: files that were
    /// moved. Returns how many those were.
    ///
    /// # Errors
    /// As [`Catalog::mark_missing`].
    pub fn forget_moved<P: AsRef<Path>>(&mut self, paths: &[P]) -> Result<usize, CatalogError> {
        let paths = texts(paths)?;
        let mut forgotten = 0;
        self.write(|transaction| {
            let mut forget = transaction.prepare_cached(
                "DELETE FROM files WHERE path = ?1 AND missing = 1
                 AND EXISTS (SELECT 1 FROM files g WHERE g.track = files.track AND g.missing = 0)",
            )?;
            for path in &paths {
                forgotten += forget.execute([path])?;
            }
            Ok(())
        })?;
        Ok(forgotten)
    }

    /// Removes a track and everything that belongs to it.
    ///
    /// # Errors
    /// [`CatalogError::TrackNotFound`], [`CatalogError::Database`].
    pub fn remove(&mut self, id: &str) -> Result<(), CatalogError> {
        let mut removed = 0;
        self.write(|transaction| {
            removed = transaction.execute("DELETE FROM tracks WHERE id = ?1", [id])?;
            Ok(())
        })?;
        if removed == 0 {
            return Err(CatalogError::TrackNotFound { id: id.into() });
        }
        Ok(())
    }
}

fn known_of(row: &Row<'_>) -> Result<KnownFile, rusqlite::Error> {
    Ok(KnownFile {
        path: text_path(row.get(0)?),
        bytes: row.get(1)?,
        modified_ns: row.get(2)?,
        missing: row.get(3)?,
        track_id: row.get(4)?,
        analysis_version: row.get(5)?,
        credits: TrackCredits {
            title: row.get(6)?,
            artist: row.get(7)?,
            album: row.get(8)?,
            licence: row.get(9)?,
            attribution: row.get(10)?,
            source: row.get(11)?,
        },
    })
}

fn failure_of(row: &Row<'_>) -> Result<Failure, rusqlite::Error> {
    Ok(Failure {
        path: text_path(row.get(0)?),
        bytes: row.get(1)?,
        modified_ns: row.get(2)?,
        code: row.get(3)?,
        message: row.get(4)?,
    })
}

fn texts<P: AsRef<Path>>(paths: &[P]) -> Result<Vec<Cow<'_, str>>, CatalogError> {
    paths.iter().map(|path| path_text(path.as_ref())).collect()
}

/// Points the stored `path` of `file` at the track in `row`, and deletes the track that the path held before where no other file holds it.
pub(crate) fn put_file(
    transaction: &Transaction<'_>,
    file: &SourceFile,
    path: &str,
    row: i64,
) -> Result<(), rusqlite::Error> {
    let before: Option<i64> = transaction
        .query_row("SELECT track FROM files WHERE path = ?1", [path], |found| {
            found.get(0)
        })
        .optional()?;
    transaction
        .prepare_cached(
            "INSERT INTO files (path, bytes, modified_ns, track, missing) VALUES (?1, ?2, ?3, ?4, 0)
             ON CONFLICT (path) DO UPDATE
             SET bytes = excluded.bytes, modified_ns = excluded.modified_ns, track = excluded.track, missing = 0",
        )?
        .execute(params![path, file.bytes, file.modified_ns, row])?;
    if let Some(before) = before.filter(|&before| before != row) {
        transaction.execute(
            "DELETE FROM tracks WHERE row = ?1 AND NOT EXISTS (SELECT 1 FROM files WHERE track = ?1)",
            [before],
        )?;
    }
    Ok(())
}
