//! What the indexer writes. Every call is one transaction: after a crash at any moment a track is there whole or not
//! at all, and nothing that a call returned from is lost.

use std::path::Path;

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use crate::error::CatalogError;
use crate::store::Catalog;
use crate::track::{NewTrack, SourceFile, key_number, track_id};
use crate::vector::{to_f16_bytes, to_f32_bytes, unit};

/// What the catalog knows of a file, judged by its path, size and time of change alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileState {
    /// Indexed as it is; nothing to do.
    Unchanged {
        /// Id of its track.
        track_id: String,
    },
    /// It could not be analysed as it is; not worth another try until it changes.
    FailedBefore(Failure),
    /// New, or changed since: hash it, and analyse it unless [`Catalog::adopt`] knows the content.
    Unknown,
}

/// A file that could not be analysed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Path, as the indexer gave it.
    pub path: String,
    /// Code of the error.
    pub code: String,
    /// Its message.
    pub message: String,
}

impl Catalog {
    /// What is known of the file at `path` of `bytes` bytes last changed at `modified_ns`. A file that had been marked
    /// missing counts as there again.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::InvalidValue`] for a path that is not Unicode.
    pub fn file_state(
        &self,
        path: &Path,
        bytes: u64,
        modified_ns: i64,
    ) -> Result<FileState, CatalogError> {
        let path = text(path)?;
        let known = self
            .connection
            .prepare_cached(
                "SELECT t.id, f.missing FROM files f JOIN tracks t ON t.row = f.track
                 WHERE f.path = ?1 AND f.bytes = ?2 AND f.modified_ns = ?3",
            )
            .and_then(|mut query| {
                query
                    .query_row(params![path, bytes, modified_ns], |row| {
                        Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?))
                    })
                    .optional()
            })
            .map_err(|error| self.fail(&error))?;
        if let Some((track_id, missing)) = known {
            if missing {
                self.connection
                    .execute("UPDATE files SET missing = 0 WHERE path = ?1", [path])
                    .map_err(|error| self.fail(&error))?;
            }
            return Ok(FileState::Unchanged { track_id });
        }
        let failure = self
            .connection
            .prepare_cached(
                "SELECT path, code, message FROM failures WHERE path = ?1 AND bytes = ?2 AND modified_ns = ?3",
            )
            .and_then(|mut query| query.query_row(params![path, bytes, modified_ns], failure_of).optional())
            .map_err(|error| self.fail(&error))?;
        Ok(failure.map_or(FileState::Unknown, FileState::FailedBefore))
    }

    /// Takes a file whose content is already known: a renamed file, a copy, or one that was merely touched. Returns
    /// the id of its track, or `None` when the content is new.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::InvalidValue`] for a path that is not Unicode.
    pub fn adopt(&mut self, file: &SourceFile) -> Result<Option<String>, CatalogError> {
        text(&file.path)?;
        let Some((row, id)) = self
            .connection
            .query_row(
                "SELECT row, id FROM tracks WHERE sha256 = ?1",
                [&file.sha256[..]],
                |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(|error| self.fail(&error))?
        else {
            return Ok(None);
        };
        self.write(|transaction| put_file(transaction, file, row))?;
        Ok(Some(id))
    }

    /// Writes a track with everything that belongs to it and returns its id. A track of the same content is replaced,
    /// and what the same path held before is forgotten unless another file holds it too.
    ///
    /// # Errors
    /// [`CatalogError::NoDirection`] and [`CatalogError::WrongDimension`] for its vectors (a section of silence is
    /// allowed), [`CatalogError::InvalidValue`], [`CatalogError::DiskFull`], [`CatalogError::Database`].
    pub fn put(&mut self, track: &NewTrack) -> Result<String, CatalogError> {
        let path = text(&track.file.path)?;
        let vector = unit(&track.vector, self.dim)?;
        if !track.facts.duration_s.is_finite() || track.facts.duration_s < 0.0 {
            return Err(CatalogError::InvalidValue {
                expected: "a duration of zero seconds or more",
                found: track.facts.duration_s.to_string(),
            });
        }
        let mut sections = Vec::with_capacity(track.sections.len());
        for section in &track.sections {
            let stored = match unit(&section.vector, self.dim) {
                Ok(vector) => vector,
                Err(CatalogError::NoDirection { .. }) => vec![0.0; self.dim],
                Err(error) => return Err(error),
            };
            sections.push((section.start_s, section.end_s, to_f16_bytes(&stored)));
        }
        let id = track_id(&track.file.sha256);
        self.write(|transaction| {
            let other_files = take_files(transaction, &id)?;
            transaction.execute("DELETE FROM tracks WHERE id = ?1", [&id])?;
            let row = put_track(transaction, track, &id)?;
            transaction
                .prepare_cached("INSERT INTO vectors (track, vector) VALUES (?1, ?2)")?
                .execute(params![row, to_f32_bytes(&vector)])?;
            let mut name_tag =
                transaction.prepare_cached("INSERT OR IGNORE INTO tag_names (name) VALUES (?1)")?;
            let mut put_tag = transaction.prepare_cached(
                "INSERT OR REPLACE INTO tags (track, tag, score)
                 SELECT ?1, number, ?3 FROM tag_names WHERE name = ?2",
            )?;
            for (tag, score) in track.facts.tags.iter().filter(|(_, score)| score.is_finite()) {
                name_tag.execute([tag])?;
                put_tag.execute(params![row, tag, score])?;
            }
            let mut put_section = transaction.prepare_cached(
                "INSERT OR REPLACE INTO sections (track, start_s, end_s, vector) VALUES (?1, ?2, ?3, ?4)",
            )?;
            for (start_s, end_s, vector) in &sections {
                put_section.execute(params![row, start_s, end_s, vector])?;
            }
            for (other, bytes, modified_ns, missing) in &other_files {
                transaction.execute(
                    "INSERT INTO files (path, bytes, modified_ns, track, missing) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![other, bytes, modified_ns, row, missing],
                )?;
            }
            put_file(transaction, &track.file, row)?;
            transaction.execute("DELETE FROM failures WHERE path = ?1", [path])?;
            Ok(())
        })?;
        Ok(id)
    }

    /// Records that a file could not be analysed, so that it is reported and left alone until it changes.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn record_failure(
        &mut self,
        path: &Path,
        bytes: u64,
        modified_ns: i64,
        code: &str,
        message: &str,
    ) -> Result<(), CatalogError> {
        let path = path.to_string_lossy();
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
            .prepare("SELECT path, code, message FROM failures ORDER BY path")
            .and_then(|mut query| query.query_map([], failure_of)?.collect())
            .map_err(|error| self.fail(&error))
    }

    /// Every path that the catalog knows, those marked missing too, in order. The indexer compares it with the disk.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn known_paths(&self) -> Result<Vec<String>, CatalogError> {
        self.connection
            .prepare("SELECT path FROM files ORDER BY path")
            .and_then(|mut query| query.query_map([], |row| row.get(0))?.collect())
            .map_err(|error| self.fail(&error))
    }

    /// Marks files that are no longer there. Their tracks are kept, but offered by no search unless asked for.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::InvalidValue`] for a path that is not Unicode.
    pub fn mark_missing<P: AsRef<Path>>(&mut self, paths: &[P]) -> Result<(), CatalogError> {
        let paths = paths
            .iter()
            .map(|path| text(path.as_ref()))
            .collect::<Result<Vec<_>, _>>()?;
        self.write(|transaction| {
            let mut mark =
                transaction.prepare_cached("UPDATE files SET missing = 1 WHERE path = ?1")?;
            for path in &paths {
                mark.execute([path])?;
            }
            Ok(())
        })
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

    /// Runs `body` in one transaction that takes the write lock at once, and forgets the loaded index.
    fn write(
        &mut self,
        body: impl FnOnce(&Transaction<'_>) -> Result<(), rusqlite::Error>,
    ) -> Result<(), CatalogError> {
        self.index.get_mut().take();
        let dir = &self.dir;
        self.connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .and_then(|transaction| {
                body(&transaction)?;
                transaction.commit()
            })
            .map_err(|error| CatalogError::sqlite(dir, &error))
    }
}

type FileRow = (String, i64, i64, bool);

fn take_files(transaction: &Transaction<'_>, id: &str) -> Result<Vec<FileRow>, rusqlite::Error> {
    transaction
        .prepare_cached(
            "SELECT path, bytes, modified_ns, missing FROM files
             WHERE track = (SELECT row FROM tracks WHERE id = ?1)",
        )?
        .query_map([id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect()
}

/// Points a path at a track; a track that no file holds any more goes.
fn put_file(
    transaction: &Transaction<'_>,
    file: &SourceFile,
    row: i64,
) -> Result<(), rusqlite::Error> {
    let path = file.path.to_str().unwrap_or_default();
    let before: Option<i64> = transaction
        .query_row("SELECT track FROM files WHERE path = ?1", [path], |found| {
            found.get(0)
        })
        .optional()?;
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO files (path, bytes, modified_ns, track, missing) VALUES (?1, ?2, ?3, ?4, 0)",
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

fn put_track(
    transaction: &Transaction<'_>,
    track: &NewTrack,
    id: &str,
) -> Result<i64, rusqlite::Error> {
    let facts = &track.facts;
    let candidates = facts.tempo.as_ref().map(|tempo| {
        let pairs: Vec<f32> = tempo
            .candidates
            .iter()
            .flat_map(|&(bpm, weight)| [bpm, weight])
            .collect();
        to_f32_bytes(&pairs)
    });
    transaction
        .prepare_cached(
            "INSERT INTO tracks (id, sha256, title, artist, album, licence, attribution, source, duration_s,
                preview_start_s, preview_end_s, bpm, bpm_confidence, bpm_candidates, key, key_confidence,
                loudness_lufs, true_peak_dbtp)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        )?
        .execute(params![
            id,
            &track.file.sha256[..],
            facts.title,
            facts.artist,
            facts.album,
            facts.licence,
            facts.attribution,
            facts.source,
            facts.duration_s,
            facts.preview_s.0,
            facts.preview_s.1,
            facts.tempo.as_ref().map(|tempo| tempo.bpm),
            facts.tempo.as_ref().map(|tempo| tempo.confidence),
            candidates,
            facts.key.map(|estimate| key_number(estimate.key)),
            facts.key.map(|estimate| estimate.confidence),
            facts.loudness_lufs,
            facts.true_peak_dbtp,
        ])?;
    Ok(transaction.last_insert_rowid())
}

fn failure_of(row: &rusqlite::Row<'_>) -> Result<Failure, rusqlite::Error> {
    Ok(Failure {
        path: row.get(0)?,
        code: row.get(1)?,
        message: row.get(2)?,
    })
}

fn text(path: &Path) -> Result<&str, CatalogError> {
    path.to_str().ok_or_else(|| CatalogError::InvalidValue {
        expected: "a path in Unicode; rename the file",
        found: path.to_string_lossy().into_owned(),
    })
}
