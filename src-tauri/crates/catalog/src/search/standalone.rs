//! An index of vectors without a catalog, for measuring.

use std::path::Path;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::bits::Bits;
use super::cache::{GRAPH, MappedFiles, VECTORS};
use super::graph::Graph;
use super::index::Index;
use super::matrix::{Matrix, MatrixWriter, Origin};
use super::native::{Kernel, Simd};
use super::prepare::{Prepared, seal_error, write_graph, write_matrix};
use crate::error::CatalogError;

impl Index {
    /// Writes cache files in `dir` for vectors in ascending order of rows, and opens them; `None` where `cancel` stopped
    /// it. `progress` is given the number of vectors in the graph.
    ///
    /// # Errors
    /// [`CatalogError::Io`], and those of [`crate::unit`] for a vector.
    pub fn build(
        dir: &Path,
        dim: usize,
        vectors: impl IntoIterator<Item = (i64, Vec<f32>)>,
        graph: bool,
        cancel: &CancellationToken,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Option<Self>, CatalogError> {
        let mut writer = MatrixWriter::new(dim);
        let mut last_row = 0;
        for (row, vector) in vectors {
            writer.push(row, &crate::vector::unit(&vector, dim)?);
            last_row = row;
        }
        let origin = Origin {
            catalog: String::new(),
            last_row,
            last_id: String::new(),
        };
        let matrix = write_matrix(dir, &writer, &origin)?;
        if graph && write_graph(dir, &writer, &matrix, cancel, progress)? == Prepared::Cancelled {
            return Ok(None);
        }
        drop((writer, matrix));
        Self::open(dir, Simd::detect()).map(Some)
    }

    /// Opens cache files that [`Index::build`] wrote, with the instructions of `simd` or the best below them.
    ///
    /// # Errors
    /// [`CatalogError::Io`] where the vectors are missing or damaged.
    pub fn open(dir: &Path, simd: Simd) -> Result<Self, CatalogError> {
        let path = dir.join(VECTORS);
        let matrix = Matrix::open(&path, simd).map_err(|error| seal_error(&path, error))?;
        let graph = Graph::open(&dir.join(GRAPH)).ok();
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
                graph: graph.filter(|graph| graph.fits(&matrix)).map(Arc::new),
                matrix: Some(Arc::new(matrix)),
                missing: None,
            },
        })
    }
}
