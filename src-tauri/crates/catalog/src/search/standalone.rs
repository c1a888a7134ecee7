//! An index of vectors without a catalog, for measuring.

use std::path::Path;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::bits::Bits;
use super::cache::{CELLS, MappedFiles, VECTORS};
use super::cells::Cells;
use super::index::Index;
use super::matrix::{Matrix, Origin};
use super::native::{Kernel, Simd};
use super::prepare::{Prepared, begin_matrix, seal_error, write_cells, write_matrix};
use crate::error::CatalogError;

impl Index {
    /// Writes cache files in `dir` for vectors in ascending order of rows, and opens them; `None` where `cancel` stopped
    /// it. `progress` is given the number of vectors that are in cells, as a share of the work.
    ///
    /// # Errors
    /// [`CatalogError::Io`], and those of [`crate::unit`] for a vector.
    pub fn build(
        dir: &Path,
        dim: usize,
        vectors: impl IntoIterator<Item = (i64, Vec<f32>)>,
        cells: bool,
        cancel: &CancellationToken,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Option<Self>, CatalogError> {
        let mut writer = begin_matrix(dir, dim)?;
        let mut last_row = 0;
        for (row, vector) in vectors {
            writer
                .push(row, &crate::vector::unit(&vector, dim)?)
                .map_err(|error| CatalogError::io(dir, error))?;
            last_row = row;
        }
        let origin = Origin {
            catalog: String::new(),
            last_row,
            last_id: String::new(),
        };
        let matrix = write_matrix(dir, writer, &origin)?;
        if cells && write_cells(dir, &matrix, cancel, progress)? == Prepared::Cancelled {
            return Ok(None);
        }
        drop(matrix);
        Self::open(dir, Simd::detect()).map(Some)
    }

    /// Opens cache files that [`Index::build`] wrote, with the instructions of `simd` or the best below them.
    ///
    /// # Errors
    /// [`CatalogError::Io`] where the vectors are missing or damaged.
    pub fn open(dir: &Path, simd: Simd) -> Result<Self, CatalogError> {
        let path = dir.join(VECTORS);
        let matrix = Matrix::open(&path, simd).map_err(|error| seal_error(&path, error))?;
        let cells = Cells::open(&dir.join(CELLS)).ok();
        let live = Bits::full(matrix.len());
        Ok(Self {
            dim: matrix.dim(),
            last_row: matrix.origin.last_row,
            revision: 0,
            tail_rows: Vec::new(),
            tail: Vec::new(),
            present: live.clone(),
            best: live.clone(),
            offered: live.clone(),
            live,
            kernel: Kernel::new(simd),
            files: MappedFiles {
                cells: cells.filter(|cells| cells.fit(&matrix)).map(Arc::new),
                matrix: Some(Arc::new(matrix)),
                missing: None,
                cells_refused: None,
            },
        })
    }
}
