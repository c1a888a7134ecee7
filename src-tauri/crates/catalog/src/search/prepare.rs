//! Writing the cache files of a catalog: what the indexer does.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::build::build;
use super::cache::{CACHE, CELLS, OLD_FILES, VECTORS};
use super::matrix::{Matrix, Origin};
use super::matrix_writer::MatrixWriter;
use super::native::Simd;
use super::plan::{CELLS_FROM, is_much};
use super::sealed::SealError;
use crate::error::CatalogError;
use crate::store::Catalog;

/// Whether [`Catalog::prepare`] builds cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellsWanted {
    /// From [`CELLS_FROM`] vectors on.
    #[default]
    WhereItPays,
    /// Whatever the number of vectors.
    Always,
    /// New cells are not built; those that fit are kept.
    Never,
}

/// What [`Catalog::prepare`] has done.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// The cache files are up to date.
    Ready,
    /// It was stopped while it built the cells. The vectors are up to date, and searches scan them.
    Cancelled,
}

impl Catalog {
    /// Brings the cache files up to date: the vectors once more than max(256, 1/16 of the rows) have changed, the cells
    /// where they are wanted. `progress` is given the number of vectors that are in cells, as a share of the work, and
    /// the number of all vectors.
    ///
    /// # Errors
    /// [`CatalogError::DiskFull`], [`CatalogError::Io`], [`CatalogError::Database`].
    pub fn prepare(
        &mut self,
        wanted: CellsWanted,
        cancel: &CancellationToken,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Prepared, CatalogError> {
        let dir = self.dir.join(CACHE);
        let cells_wanted = match wanted {
            CellsWanted::Always => true,
            CellsWanted::WhereItPays => self.count()? >= CELLS_FROM,
            CellsWanted::Never => false,
        };
        remove(&dir, &OLD_FILES);
        let current = self.current_vectors(&dir)?;
        let mut written = current.is_none();
        let matrix = match current {
            Some(matrix) => matrix,
            None => match self.write_vectors(&dir)? {
                Some(matrix) => Arc::new(matrix),
                None => return Ok(Prepared::Ready),
            },
        };
        let mut ended = Prepared::Ready;
        if cells_wanted && !self.has_cells(&dir, &matrix) {
            let progress = |done| progress(done, matrix.len());
            ended = write_cells(&dir, &matrix, cancel, &progress)?;
            written |= ended == Prepared::Ready;
        }
        if written {
            // Catalogs that are open elsewhere look for new files after a commit.
            self.write(|transaction| {
                transaction.execute("UPDATE catalog SET files_written = files_written + 1", [])?;
                Ok(())
            })?;
        }
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

    fn has_cells(&mut self, dir: &Path, matrix: &Matrix) -> bool {
        self.open_index.get_mut().files.cells(dir, matrix).is_ok()
    }

    /// Writes the vectors of all tracks; `None` where there is no track.
    fn write_vectors(&self, dir: &Path) -> Result<Option<Matrix>, CatalogError> {
        if self.count()? == 0 {
            return Ok(None);
        }
        let (writer, origin) = self.snapshot(|| {
            let mut writer = begin_matrix(dir, self.dim)?;
            let mut last_row = 0;
            let mut pushed = Ok(());
            self.vectors_after(0, |row, vector| {
                last_row = row;
                pushed = writer.push(row, vector);
                match pushed {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            })?;
            pushed.map_err(|error| CatalogError::io(dir, error))?;
            let origin = Origin {
                catalog: self.id.clone(),
                last_row,
                last_id: self.id_at(last_row)?.unwrap_or_default(),
            };
            Ok::<_, CatalogError>((writer, origin))
        })?;
        if writer.len() == 0 {
            return Ok(None);
        }
        write_matrix(dir, writer, &origin).map(Some)
    }
}

pub(crate) fn seal_error(path: &Path, error: SealError) -> CatalogError {
    match error {
        SealError::Io(error) => CatalogError::io(path, error),
        SealError::Damaged(reason) => CatalogError::io(path, std::io::Error::other(reason)),
    }
}

/// Starts writing vectors of `dim` numbers in `dir`, which is made where it is not there.
pub(crate) fn begin_matrix(dir: &Path, dim: usize) -> Result<MatrixWriter, CatalogError> {
    std::fs::create_dir_all(dir)
        .and_then(|()| MatrixWriter::new(dir, dim))
        .map_err(|error| CatalogError::io(dir, error))
}

/// Writes the vectors and opens them. Cells over the vectors that were there before are removed.
pub(crate) fn write_matrix(
    dir: &Path,
    writer: MatrixWriter,
    origin: &Origin,
) -> Result<Matrix, CatalogError> {
    let path = dir.join(VECTORS);
    writer
        .write(dir, &path, origin)
        .map_err(|error| CatalogError::io(&path, error))?;
    remove(dir, &[CELLS]);
    Matrix::open(&path, Simd::detect()).map_err(|error| seal_error(&path, error))
}

/// Builds the cells over the rows of `matrix` and writes them. `progress` is given the number of vectors that are in
/// cells, as a share of the work.
pub(crate) fn write_cells(
    dir: &Path,
    matrix: &Matrix,
    cancel: &CancellationToken,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Prepared, CatalogError> {
    let Some(parts) = build(matrix, cancel, progress) else {
        return Ok(Prepared::Cancelled);
    };
    let path = dir.join(CELLS);
    parts
        .write(dir, &path, matrix)
        .map_err(|error| CatalogError::io(&path, error))?;
    Ok(Prepared::Ready)
}

/// Removes files that nothing reads any more. One that stays does no harm.
fn remove(dir: &Path, names: &[&str]) {
    for name in names {
        if let Err(error) = std::fs::remove_file(dir.join(name))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::debug!(%error, "an index file that is not used stays");
        }
    }
}
