//! The cache files: vectors and graph.

use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::bits::Bits;
use super::build::{build, tune};
use super::graph::Graph;
use super::index::Index;
use super::matrix::{Matrix, MatrixWriter, Origin};
use super::native::{Kernel, Simd};
use super::sealed::SealError;
use crate::error::CatalogError;

pub(crate) const VECTORS: &str = "vectors.nd";
pub(crate) const GRAPH: &str = "graph.nd";

impl Index {
    /// Builds cache files in `dir` from vectors alone, in ascending order of rows, and opens them. A catalog does this
    /// by itself; this is for measuring. `progress` is told how many vectors are in the graph.
    ///
    /// # Errors
    /// [`CatalogError::Io`], [`CatalogError::Cancelled`], and those of [`crate::unit`] for a vector.
    pub fn build(
        dir: &Path,
        dim: usize,
        vectors: impl IntoIterator<Item = (i64, Vec<f32>)>,
        graph: bool,
        cancel: &CancellationToken,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Self, CatalogError> {
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
        if graph {
            write_graph(dir, &writer, &matrix, cancel, progress)?;
        }
        drop((writer, matrix));
        Self::open(dir, Simd::detect())
    }

    /// Opens cache files made by [`Index::build`], with the instructions given or the best below them.
    ///
    /// # Errors
    /// [`CatalogError::Io`] where the vectors are missing or damaged.
    pub fn open(dir: &Path, simd: Simd) -> Result<Self, CatalogError> {
        let path = dir.join(VECTORS);
        let matrix = Matrix::open(&path, simd).map_err(|error| seal_error(&path, error))?;
        let graph = Graph::open(&dir.join(GRAPH), &matrix).ok();
        let live = Bits::full(matrix.len());
        Ok(Self {
            dim: matrix.dim(),
            graph,
            tail_rows: Vec::new(),
            tail: Vec::new(),
            present: live.clone(),
            best: live.clone(),
            offered: live.clone(),
            live,
            kernel: Kernel::new(simd),
            matrix: Some(matrix),
            rebuilt: None,
        })
    }
}

fn seal_error(path: &Path, error: SealError) -> CatalogError {
    match error {
        SealError::Io(error) => CatalogError::io(path, error),
        SealError::Damaged(reason) => {
            CatalogError::io(path, std::io::Error::other(format!("a file {reason}")))
        }
    }
}

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
    Matrix::open(&path, Simd::detect()).map_err(|error| seal_error(&path, error))
}

pub(crate) fn write_graph(
    dir: &Path,
    writer: &MatrixWriter,
    matrix: &Matrix,
    cancel: &CancellationToken,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<(), CatalogError> {
    let path = dir.join(GRAPH);
    let mut parts = build(writer, cancel, progress).ok_or(CatalogError::Cancelled)?;
    let write = |parts: &super::graph::GraphParts| {
        parts
            .write(dir, &path, matrix)
            .map_err(|error| CatalogError::io(&path, error))
    };
    // Written once to be walked, and again with the width that the walks showed.
    write(&parts)?;
    let graph = Graph::open(&path, matrix).map_err(|error| seal_error(&path, error))?;
    (parts.ef, parts.visited) = tune(&graph, matrix, |slot| writer.vector(slot).to_vec());
    drop(graph);
    write(&parts)
}
