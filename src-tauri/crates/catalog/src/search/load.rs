//! Opening the index of a catalog, and building its cache files where they are missing, old or damaged.

use std::path::Path;
use std::sync::Arc;

use rusqlite::OptionalExtension;
use tokio_util::sync::CancellationToken;

use super::bits::Bits;
use super::files::{GRAPH, VECTORS, write_graph, write_matrix};
use super::graph::Graph;
use super::index::{Hit, Index, SearchOptions};
use super::matrix::{Matrix, MatrixWriter, Origin};
use super::native::{Kernel, Simd};
use super::plan::GRAPH_FROM;
use super::sealed::SealError;
use crate::error::CatalogError;
use crate::filter::Filter;
use crate::store::Catalog;

/// Folder of the cache files inside a catalog's folder. It can be deleted at any time.
pub const CACHE: &str = "index";

/// Changes since the cache files were built that are put up with, at least and as a part of the whole.
const CHANGES: usize = 256;
const CHANGES_PART: usize = 16;

/// Whether [`Catalog::prepare`] builds a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphWanted {
    /// From [`GRAPH_FROM`] vectors on.
    WhereItPays,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Catalog {
    /// The `k` tracks nearest to `query` (a vector of the catalog's space) that `filter` lets through, nearest first.
    ///
    /// The index is opened at the first search and again when the catalog has changed.
    ///
    /// # Errors
    /// [`CatalogError::Empty`] when the catalog has no track at all, [`CatalogError::NoDirection`] or
    /// [`CatalogError::WrongDimension`] for the query, [`CatalogError::Database`].
    pub fn search(
        &self,
        query: &[f32],
        k: usize,
        filter: &Filter,
    ) -> Result<Vec<Hit>, CatalogError> {
        let index = self.index()?;
        if index.is_empty() {
            return Err(CatalogError::Empty {
                dir: self.dir.clone(),
            });
        }
        let here = match (filter.include_missing, filter.include_duplicates) {
            (false, false) => &index.offered,
            (false, true) => &index.present,
            (true, true) => &index.live,
            (true, false) => &index.best,
        };
        if filter.is_open() {
            return index.search_among(query, k, here, SearchOptions::default());
        }
        let mut allowed = index.slots(self.rows(filter)?);
        allowed.keep(here);
        index.search_among(query, k, &allowed, SearchOptions::default())
    }

    /// Rows that `filter` lets through, missing or not.
    fn rows(&self, filter: &Filter) -> Result<Vec<i64>, CatalogError> {
        let (condition, values) = filter.condition();
        self.connection
            .prepare_cached(&format!("SELECT t.row FROM tracks t WHERE {condition}"))
            .and_then(|mut query| {
                query
                    .query_map(rusqlite::params_from_iter(values), |row| row.get(0))?
                    .collect()
            })
            .map_err(|error| self.fail(&error))
    }

    /// The index, with the cache files of the vectors built again where needed. It stands for the moment it was opened.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::Damaged`].
    pub fn index(&self) -> Result<Arc<Index>, CatalogError> {
        let version: i64 = self
            .connection
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .map_err(|error| self.fail(&error))?;
        if let Some((opened_at, index)) = &*self.index.borrow()
            && *opened_at == version
        {
            return Ok(Arc::clone(index));
        }
        let index = Arc::new(self.open_index()?);
        *self.index.borrow_mut() = Some((version, Arc::clone(&index)));
        Ok(index)
    }

    /// Brings the cache files up to date, with a graph where it is wanted: what an indexer does at the end. `progress`
    /// is told how many vectors are in the graph, out of how many.
    ///
    /// # Errors
    /// [`CatalogError::Cancelled`] (the files are as they were), [`CatalogError::DiskFull`], [`CatalogError::Io`],
    /// [`CatalogError::Database`].
    pub fn prepare(
        &mut self,
        wanted: GraphWanted,
        cancel: &CancellationToken,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<(), CatalogError> {
        self.index.get_mut().take();
        let dir = self.dir.join(CACHE);
        let graph_wanted = match wanted {
            GraphWanted::Always => true,
            GraphWanted::WhereItPays => self.count_up_to(i64::MAX)? >= GRAPH_FROM,
            GraphWanted::Never => false,
        };
        if let Ok(matrix) = self.current_matrix(&dir)?
            && (!graph_wanted || Graph::open(&dir.join(GRAPH), &matrix).is_ok())
        {
            return Ok(());
        }
        let (writer, origin) = self.gather()?;
        let total = writer.len();
        if total == 0 {
            return Ok(());
        }
        let matrix = write_matrix(&dir, &writer, &origin)?;
        if graph_wanted {
            write_graph(&dir, &writer, &matrix, cancel, &|done| {
                progress(done, total)
            })?;
        }
        Ok(())
    }

    fn gather(&self) -> Result<(MatrixWriter, Origin), CatalogError> {
        let mut writer = MatrixWriter::new(self.dim);
        let mut last_row = 0;
        self.vectors_after(0, |row, vector| {
            writer.push(row, vector);
            last_row = row;
            Ok(())
        })?;
        let last_id = self.id_at(last_row)?.unwrap_or_default();
        let origin = Origin {
            catalog: self.id.clone(),
            last_row,
            last_id,
        };
        Ok((writer, origin))
    }

    fn id_at(&self, row: i64) -> Result<Option<String>, CatalogError> {
        self.connection
            .query_row("SELECT id FROM tracks WHERE row = ?1", [row], |found| {
                found.get(0)
            })
            .optional()
            .map_err(|error| self.fail(&error))
    }

    fn open_index(&self) -> Result<Index, CatalogError> {
        // One moment of the catalog for all that is read below.
        let moment = self
            .connection
            .unchecked_transaction()
            .map_err(|error| self.fail(&error))?;
        let dir = self.dir.join(CACHE);
        let mut matrix = None;
        let mut rebuilt = None;
        if self.count_up_to(i64::MAX)? > CHANGES {
            match self.current_matrix(&dir)? {
                Ok(found) => matrix = Some(found),
                Err(reason) => {
                    tracing::warn!(reason, "the index is built again: {}", dir.display());
                    let (writer, origin) = self.gather()?;
                    match write_matrix(&dir, &writer, &origin) {
                        Ok(written) => matrix = Some(written),
                        // On a full or read-only disk every vector is compared one by one.
                        Err(error) => tracing::warn!(%error, "searching without index files"),
                    }
                    rebuilt = Some(reason);
                }
            }
        }
        let index = self.assemble(&dir, matrix, rebuilt)?;
        moment.finish().map_err(|error| self.fail(&error))?;
        Ok(index)
    }

    /// The mapped vectors where they belong to this catalog and miss little of it, or why they do not.
    fn current_matrix(&self, dir: &Path) -> Result<Result<Matrix, String>, CatalogError> {
        let matrix = match Matrix::open(&dir.join(VECTORS), Simd::detect()) {
            Ok(matrix) => matrix,
            Err(SealError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Err("it is not there yet".into()));
            }
            Err(error) => return Ok(Err(format!("it is damaged: {error}"))),
        };
        let origin = &matrix.origin;
        let buried = self.buried(&matrix)?;
        let last_is_known = match self.id_at(origin.last_row)? {
            Some(id) => id == origin.last_id,
            None => buried.last().is_some_and(|&slot| slot + 1 == matrix.len()),
        };
        let known = self.count_up_to(origin.last_row)?;
        if matrix.dim() != self.dim
            || origin.catalog != self.id
            || !last_is_known
            || known + buried.len() != matrix.len()
        {
            return Ok(Err("it belongs to another catalog".into()));
        }
        let later = self.count_up_to(i64::MAX)? - known;
        if later + buried.len() > CHANGES.max(matrix.len() / CHANGES_PART) {
            return Ok(Err("much has changed since".into()));
        }
        Ok(Ok(matrix))
    }

    fn count_up_to(&self, row: i64) -> Result<usize, CatalogError> {
        self.connection
            .query_row(
                "SELECT count(*) FROM tracks WHERE row <= ?1",
                [row],
                |found| found.get(0),
            )
            .map_err(|error| self.fail(&error))
    }

    /// Slots whose tracks are gone, ascending.
    fn buried(&self, matrix: &Matrix) -> Result<Vec<usize>, CatalogError> {
        let rows = self.column("SELECT row FROM tombstones ORDER BY row")?;
        Ok(rows
            .into_iter()
            .filter_map(|row| matrix.rows().binary_search(&row).ok())
            .collect())
    }

    fn column(&self, sql: &str) -> Result<Vec<i64>, CatalogError> {
        self.connection
            .prepare(sql)
            .and_then(|mut query| query.query_map([], |row| row.get(0))?.collect())
            .map_err(|error| self.fail(&error))
    }

    fn assemble(
        &self,
        dir: &Path,
        matrix: Option<Matrix>,
        rebuilt: Option<String>,
    ) -> Result<Index, CatalogError> {
        let graph = matrix.as_ref().and_then(|matrix| match Graph::open(&dir.join(GRAPH), matrix) {
            Ok(graph) => Some(graph),
            Err(SealError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!(%error, "the graph is left aside until the catalog is indexed again");
                None
            }
        });
        let (mut tail_rows, mut tail) = (Vec::new(), Vec::new());
        let after = matrix.as_ref().map_or(0, |matrix| matrix.origin.last_row);
        self.vectors_after(after, |row, vector| {
            tail_rows.push(row);
            tail.extend(crate::vector::to_f32_bytes(vector));
            Ok(())
        })?;
        let main = matrix.as_ref().map_or(0, Matrix::len);
        let mut live = Bits::full(main + tail_rows.len());
        if let Some(matrix) = &matrix {
            for slot in self.buried(matrix)? {
                live.remove(slot);
            }
        }
        let mut index = Index {
            dim: self.dim,
            matrix,
            graph,
            tail_rows,
            tail,
            best: live.clone(),
            present: live.clone(),
            offered: Bits::full(0),
            live,
            kernel: Kernel::new(Simd::detect()),
            rebuilt,
        };
        let missing = self.column(
            "SELECT DISTINCT f.track FROM files f WHERE f.missing = 1
             AND NOT EXISTS (SELECT 1 FROM files g WHERE g.track = f.track AND g.missing = 0)",
        )?;
        for row in missing {
            if let Some(slot) = index.slot(row) {
                index.present.remove(slot);
            }
        }
        for row in self.spare_rows()? {
            if let Some(slot) = index.slot(row) {
                index.best.remove(slot);
            }
        }
        index.offered = index.best.clone();
        index.offered.keep(&index.present);
        Ok(index)
    }
}
