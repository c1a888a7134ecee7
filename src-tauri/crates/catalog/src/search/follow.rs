//! Opening the index of a catalog, and keeping it up to date while other connections write.
//!
//! A reader never writes cache files. Where they are missing, damaged or old it compares the vectors that they lack one
//! by one; [`Catalog::prepare`] writes them, which the indexer calls.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use rusqlite::{OptionalExtension, Params};

use super::bits::Bits;
use super::cache::{CACHE, CacheFiles, MISSING, MappedFiles};
use super::index::{Index, Presence};
use super::matrix::Matrix;
use super::native::{Kernel, Simd};
use super::open::OpenIndex;
use super::plan::is_much;
use crate::error::CatalogError;
use crate::store::Catalog;

impl Catalog {
    /// The index of the catalog as it is now.
    ///
    /// The first call opens the cache files and reads which tracks are missing or duplicates. Later calls return the same
    /// index, or bring it up to date with what was committed since, in time proportional to that.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::Damaged`].
    pub fn index(&self) -> Result<Arc<Index>, CatalogError> {
        if let Some(index) = self.open_index.borrow().at(self.data_version()?) {
            return Ok(index);
        }
        self.snapshot(|| {
            // Asked again, because a commit may have come in between.
            let version = self.data_version()?;
            let mut open = self.open_index.borrow_mut();
            let index = self.follow(&mut open)?;
            open.index = Some(Arc::clone(&index));
            open.is_at(version);
            Ok(index)
        })
    }

    /// Cache files that were opened, each with its checksum compared, since this catalog was opened.
    pub fn cache_files_opened(&self) -> u64 {
        self.open_index.borrow().files.opened()
    }

    pub(crate) fn data_version(&self) -> Result<i64, CatalogError> {
        self.connection
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut query| query.query_row([], |row| row.get(0)))
            .map_err(|error| self.fail(&error))
    }

    fn follow(&self, open: &mut OpenIndex) -> Result<Arc<Index>, CatalogError> {
        let dir = self.dir.join(CACHE);
        let Some(mut index) = open.index.take() else {
            let files = self.mapped_files(&mut open.files, &dir)?;
            return self.assemble(files).map(Arc::new);
        };
        if open.files.have_moved(&dir) {
            let files = self.mapped_files(&mut open.files, &dir)?;
            // Files that cannot be used are no reason to let go of those that are mapped.
            if files.matrix.is_some() || index.files.matrix.is_none() {
                return self.assemble(files).map(Arc::new);
            }
        }
        if self.refresh(Arc::make_mut(&mut index))? {
            return Ok(index);
        }
        self.assemble(index.files.clone()).map(Arc::new)
    }

    /// The cache files in `dir` that belong to this catalog.
    fn mapped_files(
        &self,
        cache: &mut CacheFiles,
        dir: &Path,
    ) -> Result<MappedFiles, CatalogError> {
        let matrix = match cache.vectors(dir) {
            Ok(matrix) if self.belongs(&matrix)? => Ok(matrix),
            Ok(_) => Err(FOREIGN.to_owned()),
            Err(reason) => Err(reason),
        };
        match matrix {
            Err(reason) => {
                if is_much(self.count()?, 0) {
                    tracing::warn!(
                        reason,
                        "searching without index files, which is slower; `needledrop index` writes them: {}",
                        dir.display()
                    );
                }
                Ok(MappedFiles {
                    missing: Some(reason),
                    ..MappedFiles::default()
                })
            }
            Ok(matrix) => {
                let (cells, refused) = match cache.cells(dir, &matrix) {
                    Ok(cells) => (Some(cells), None),
                    Err(reason) => (None, Some(reason).filter(|reason| reason != MISSING)),
                };
                if let Some(reason) = &refused {
                    tracing::warn!(
                        reason,
                        "searching without the cells, which is slower; `needledrop index` builds them again: {}",
                        dir.display()
                    );
                }
                Ok(MappedFiles {
                    matrix: Some(matrix),
                    cells,
                    missing: None,
                    cells_refused: refused,
                })
            }
        }
    }

    /// Whether `matrix` was built from this catalog.
    pub(crate) fn belongs(&self, matrix: &Matrix) -> Result<bool, CatalogError> {
        let origin = &matrix.origin;
        if matrix.dim() != self.dim || origin.catalog != self.id {
            return Ok(false);
        }
        let deleted = self.deleted(matrix)?;
        let last_is_known = match self.id_at(origin.last_row)? {
            Some(id) => id == origin.last_id,
            None => deleted.last().is_some_and(|&slot| slot + 1 == matrix.len()),
        };
        let known = self.count()? - self.count_after(origin.last_row)?;
        Ok(last_is_known && known + deleted.len() == matrix.len())
    }

    /// Reads everything but the vectors that are in the cache files.
    fn assemble(&self, files: MappedFiles) -> Result<Index, CatalogError> {
        let main = files.matrix.as_ref().map_or(0, |matrix| matrix.len());
        let mut index = Index {
            dim: self.dim,
            last_row: files
                .matrix
                .as_ref()
                .map_or(0, |matrix| matrix.origin.last_row),
            revision: self.revision()?,
            files,
            tail_rows: Vec::new(),
            tail: Vec::new(),
            live: Bits::full(main),
            present: Bits::full(main),
            best: Bits::full(main),
            offered: Bits::full(main),
            kernel: Kernel::new(Simd::detect()),
        };
        self.read_tail(&mut index)?;
        if let Some(matrix) = index.files.matrix.clone() {
            for slot in self.deleted(&matrix)? {
                index.set(slot, Presence::GONE);
            }
        }
        let missing = self.column(
            "SELECT DISTINCT f.track FROM files f WHERE f.missing = 1
             AND NOT EXISTS (SELECT 1 FROM files g WHERE g.track = f.track AND g.missing = 0)",
            [],
        )?;
        for row in missing {
            if let Some(slot) = index.slot(row) {
                index.set(slot, Presence::MISSING);
            }
        }
        for row in self.duplicate_rows()? {
            if let Some(slot) = index.slot(row) {
                index.set_best(slot, false);
            }
        }
        Ok(index)
    }

    /// Brings `index` up to date; false where so much has changed that it is better assembled anew.
    fn refresh(&self, index: &mut Index) -> Result<bool, CatalogError> {
        let changed = self.column(
            "SELECT track FROM changes WHERE revision > ?1",
            [index.revision],
        )?;
        if is_much(changed.len(), index.slot_count()) {
            return Ok(false);
        }
        index.revision = self.revision()?;
        self.read_tail(index)?;
        let mut recordings = BTreeSet::new();
        for row in changed {
            // A track that came and went since the last time has no slot.
            let Some(slot) = index.slot(row) else {
                continue;
            };
            let (presence, recording) = self.presence(row)?;
            index.set(slot, presence);
            recordings.extend(recording);
        }
        for recording in recordings {
            for (place, row) in self.recording_rows(recording)?.into_iter().enumerate() {
                if let Some(slot) = index.slot(row) {
                    index.set_best(slot, place == 0);
                }
            }
        }
        Ok(true)
    }

    fn read_tail(&self, index: &mut Index) -> Result<(), CatalogError> {
        self.vectors_after(index.last_row, |row, vector| {
            index.append(row, vector);
            std::ops::ControlFlow::Continue(())
        })
    }

    /// Whether the track in `row` is there and has a file, and its recording.
    fn presence(&self, row: i64) -> Result<(Presence, Option<i64>), CatalogError> {
        let read = |found: &rusqlite::Row<'_>| {
            let presence = Presence {
                live: found.get(0)?,
                present: found.get(1)?,
            };
            Ok((presence, found.get(2)?))
        };
        self.connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM tracks WHERE row = ?1),
                        EXISTS (SELECT 1 FROM files WHERE track = ?1 AND missing = 0),
                        (SELECT recording FROM recordings WHERE track = ?1)",
            )
            .and_then(|mut query| query.query_row([row], read))
            .map_err(|error| self.fail(&error))
    }

    pub(crate) fn id_at(&self, row: i64) -> Result<Option<String>, CatalogError> {
        self.connection
            .query_row("SELECT id FROM tracks WHERE row = ?1", [row], |found| {
                found.get(0)
            })
            .optional()
            .map_err(|error| self.fail(&error))
    }

    /// Number of tracks.
    pub(crate) fn count(&self) -> Result<usize, CatalogError> {
        self.number("SELECT count(*) FROM tracks", [])
    }

    /// Number of tracks whose row is above `row`.
    pub(crate) fn count_after(&self, row: i64) -> Result<usize, CatalogError> {
        self.number("SELECT count(*) FROM tracks WHERE row > ?1", [row])
    }

    fn revision(&self) -> Result<i64, CatalogError> {
        self.number("SELECT ifnull(max(revision), 0) FROM changes", [])
    }

    /// Slots whose tracks are gone, ascending.
    pub(crate) fn deleted(&self, matrix: &Matrix) -> Result<Vec<usize>, CatalogError> {
        let rows = self.column("SELECT row FROM tombstones ORDER BY row", [])?;
        Ok(rows
            .into_iter()
            .filter_map(|row| matrix.rows().binary_search(&row).ok())
            .collect())
    }

    fn number<T: rusqlite::types::FromSql>(
        &self,
        sql: &str,
        values: impl Params,
    ) -> Result<T, CatalogError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut query| query.query_row(values, |found| found.get(0)))
            .map_err(|error| self.fail(&error))
    }

    fn column(&self, sql: &str, values: impl Params) -> Result<Vec<i64>, CatalogError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut query| query.query_map(values, |row| row.get(0))?.collect())
            .map_err(|error| self.fail(&error))
    }
}

/// Why vectors that were built from another catalog cannot be used.
const FOREIGN: &str = "it belongs to another catalog";

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::search::{CellsWanted, Prepared};
    use crate::track::{NewTrack, SourceFile, TrackDetails, TrackFacts};

    fn track(number: u32) -> NewTrack {
        let mut sha256 = [0; 32];
        sha256[..4].copy_from_slice(&number.to_le_bytes());
        NewTrack {
            file: SourceFile {
                path: format!("{number}.ogg").into(),
                bytes: 1,
                modified_ns: 1,
                sha256,
            },
            facts: TrackFacts::default(),
            vector: vec![1.0, number as f32 / 1_000.0],
            sections: Vec::new(),
            details: TrackDetails::default(),
            analysis_version: 1,
            same_as: Vec::new(),
        }
    }

    /// Steps of SQLite's virtual machine until an open catalog of `count` tracks has followed the insertion of one
    /// track, and the disappearance of the file of another.
    fn steps_to_follow(count: u32) -> u64 {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = Catalog::create(dir.path(), "space", 2, "test").unwrap();
        for number in 0..count {
            writer.put(&track(number)).unwrap();
        }
        // Half of the files are missing, and there are many duplicates: neither is read again.
        let half: Vec<String> = (0..count / 2).map(|n| format!("{n}.ogg")).collect();
        writer.mark_missing(&half).unwrap();
        writer
            .connection
            .execute_batch("INSERT INTO recordings SELECT row, row / 2 FROM tracks")
            .unwrap();
        let prepared = writer.prepare(CellsWanted::Never, &CancellationToken::new(), &|_, _| {});
        assert_eq!(prepared.unwrap(), Prepared::Ready);
        let reader = Catalog::open(dir.path()).unwrap();
        reader.index().unwrap();
        writer.put(&track(count)).unwrap();
        writer
            .mark_missing(&[format!("{}.ogg", count - 1)])
            .unwrap();
        let steps = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&steps);
        let count_step = move || {
            counted.fetch_add(1, Ordering::Relaxed);
            false
        };
        reader
            .connection
            .progress_handler(1, Some(count_step))
            .unwrap();
        let index = reader.index().unwrap();
        assert_eq!((index.len(), index.tail_len()), (count as usize + 1, 1));
        steps.load(Ordering::Relaxed)
    }

    #[test]
    fn following_costs_as_much_in_a_large_catalog_as_in_a_small_one() {
        let (small, large) = (steps_to_follow(300), steps_to_follow(3_000));
        assert!(small > 20, "the steps were counted: {small}");
        assert!(
            large <= small + 20,
            "{large} steps with 3,000 tracks, {small} with 300"
        );
    }
}
