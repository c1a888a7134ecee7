//! Writing the cache files of a catalog: what the indexer does.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::build::{build, tune};
use super::cache::{CACHE, GRAPH, VECTORS};
use super::graph::{Graph, GraphParts};
use super::matrix::{Matrix, MatrixWriter, Origin};
use super::native::Simd;
use super::plan::{GRAPH_FROM, is_much};
use super::sealed::SealError;
use crate::error::CatalogError;
use crate::store::Catalog;

/// Whether [`Catalog::prepare`] builds a graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GraphWanted {
    /// From [`GRAPH_FROM`] vectors on.
    #[default]
    WhereItPays,
    /// Whatever the number of vectors.
    Always,
    /// A new graph is not built; one that fits is kept.
    Never,
}

/// How [`Catalog::prepare`] ended.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// The cache files are up to date.
    Ready,
    /// It was stopped while it built the graph. The vectors are up to date, and searches scan them.
    Cancelled,
}

impl Catalog {
    /// Brings the cache files up to date: the vectors once more than max(256, 1/16 of the rows) have changed, the graph
    /// where it is wanted. `progress` is given the number of vectors in the graph and of all vectors.
    ///
    /// # Errors
    /// [`CatalogError::DiskFull`], [`CatalogError::Io`], [`CatalogError::Database`].
    pub fn prepare(
        &mut self,
        wanted: GraphWanted,
        cancel: &CancellationToken,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Prepared, CatalogError> {
        let dir = self.dir.join(CACHE);
        let graph_wanted = match wanted {
            GraphWanted::Always => true,
            GraphWanted::WhereItPays => self.count()? >= GRAPH_FROM,
            GraphWanted::Never => false,
        };
        if let Some(matrix) = self.current_vectors(&dir)?
            && (!graph_wanted || self.has_graph(&dir, &matrix))
        {
            return Ok(Prepared::Ready);
        }
        let (writer, origin) = self.gather()?;
        let total = writer.len();
        if total == 0 {
            return Ok(Prepared::Ready);
        }
        let matrix = write_matrix(&dir, &writer, &origin)?;
        let mut ended = Prepared::Ready;
        if graph_wanted {
            let progress = |done| progress(done, total);
            ended = write_graph(&dir, &writer, &matrix, cancel, &progress)?;
        }
        // Catalogs that are open elsewhere look for new files after a commit.
        self.write(|transaction| {
            transaction.execute("UPDATE catalog SET files_written = files_written + 1", [])?;
            Ok(())
        })?;
        Ok(ended)
    }

    /// The vectors in `dir`, where they belong to this catalog and few tracks have changed since they were written.
    fn current_vectors(&mut self, dir: &Path) -> Result<Option<Arc<Matrix>>, CatalogError> {
        let found = self.open_index.get_mut().files.vectors(dir);
        let reason = match found {
            Ok(matrix) if !self.belongs(&matrix)? => "they belong to another catalog".to_owned(),
            Ok(matrix) => {
                let changes =
                    self.count_after(matrix.origin.last_row)? + self.deleted(&matrix)?.len();
                if !is_much(changes, matrix.len()) {
                    return Ok(Some(matrix));
                }
                format!("{changes} of {} rows have changed", matrix.len())
            }
            Err(reason) => reason,
        };
        tracing::debug!(reason, "writing the index files: {}", dir.display());
        Ok(None)
    }

    fn has_graph(&mut self, dir: &Path, matrix: &Matrix) -> bool {
        let graph = self.open_index.get_mut().files.graph(dir);
        graph.is_ok_and(|graph| graph.fits(matrix))
    }

    fn gather(&self) -> Result<(MatrixWriter, Origin), CatalogError> {
        self.snapshot(|| {
            let mut writer = MatrixWriter::new(self.dim);
            let mut last_row = 0;
            self.vectors_after(0, |row, vector| {
                writer.push(row, vector);
                last_row = row;
                ControlFlow::Continue(())
            })?;
            let origin = Origin {
                catalog: self.id.clone(),
                last_row,
                last_id: self.id_at(last_row)?.unwrap_or_default(),
            };
            Ok((writer, origin))
        })
    }
}

pub(crate) fn seal_error(path: &Path, error: SealError) -> CatalogError {
    match error {
        SealError::Io(error) => CatalogError::io(path, error),
        SealError::Damaged(reason) => CatalogError::io(path, std::io::Error::other(reason)),
    }
}

/// Writes the vectors and opens them. A graph over the vectors that were there before is removed.
pub(crate) fn write_matrix(
    dir: &Path,
    writer: &MatrixWriter,
    origin: &Origin,
) -> Result<Matrix, CatalogError> {
    let path = dir.join(VECTORS);
    std::fs::create_dir_all(dir).map_err(|error| CatalogError::io(dir, error))?;
    writer
        .write(dir, &path, origin)
        .map_err(|error| CatalogError::io(&path, error))?;
    if let Err(error) = std::fs::remove_file(dir.join(GRAPH))
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::debug!(%error, "an old graph stays; it fits no vectors and is not used");
    }
    Matrix::open(&path, Simd::detect()).map_err(|error| seal_error(&path, error))
}

/// Builds the graph over the vectors of `writer`, tunes its width and writes it. `progress` is given the number of
/// vectors in the graph.
pub(crate) fn write_graph(
    dir: &Path,
    writer: &MatrixWriter,
    matrix: &Matrix,
    cancel: &CancellationToken,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Prepared, CatalogError> {
    let Some(mut parts) = build(writer, cancel, progress) else {
        return Ok(Prepared::Cancelled);
    };
    let write = |parts: &GraphParts, path: &Path| {
        parts
            .write(dir, path, matrix)
            .map_err(|error| CatalogError::io(path, error))
    };
    // A graph is walked from its file, and the width that the walks show belongs into the file.
    let folder = tempfile::tempdir_in(dir).map_err(|error| CatalogError::io(dir, error))?;
    let untuned = folder.path().join(GRAPH);
    write(&parts, &untuned)?;
    let graph = Graph::open(&untuned).map_err(|error| seal_error(&untuned, error))?;
    (parts.ef, parts.visited) = tune(&graph, matrix, |slot| writer.vector(slot).to_vec());
    drop(graph);
    write(&parts, &dir.join(GRAPH))?;
    Ok(Prepared::Ready)
}
