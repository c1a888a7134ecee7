//! The cache files of a catalog: their names, and the mapped ones, kept for as long as the same files are in place.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cells::Cells;
use super::matrix::Matrix;
use super::native::Simd;
use super::sealed::{FileId, SealError};

/// Folder of the cache files inside a catalog's folder. It can be deleted at any time.
pub const CACHE: &str = "index";

pub(crate) const VECTORS: &str = "vectors.nd";
pub(crate) const CELLS: &str = "cells.nd";

/// Cache files of earlier versions. They are ignored, and removed by the next build.
pub(crate) const OLD_FILES: [&str; 1] = ["graph.nd"];

/// The mapped files of an index.
#[derive(Clone, Default)]
pub(crate) struct MappedFiles {
    pub(crate) matrix: Option<Arc<Matrix>>,
    pub(crate) cells: Option<Arc<Cells>>,
    /// Why there is no matrix.
    pub(crate) missing: Option<String>,
    /// Why there is a file of cells that is not used.
    pub(crate) cells_refused: Option<String>,
}

/// The cache files as they were last found. A file is opened, and its checksum compared, once: as long as the same file
/// is at its path, it stays mapped.
#[derive(Default)]
pub(crate) struct CacheFiles {
    vectors: Slot<Matrix>,
    cells: Slot<Cells>,
    opened: u64,
}

/// A path with what was found there.
struct Slot<T> {
    id: Option<FileId>,
    found: Option<Result<Arc<T>, String>>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self {
            id: None,
            found: None,
        }
    }
}

impl CacheFiles {
    /// The vectors in `dir`, or why they cannot be used.
    pub(crate) fn vectors(&mut self, dir: &Path) -> Result<Arc<Matrix>, String> {
        let open = |path: &Path| Matrix::open(path, Simd::detect()).map(|m| (m.id().clone(), m));
        self.vectors.look(dir.join(VECTORS), &mut self.opened, open)
    }

    /// The cells of `matrix` in `dir`, or why they cannot be used.
    pub(crate) fn cells(&mut self, dir: &Path, matrix: &Matrix) -> Result<Arc<Cells>, String> {
        let open = |path: &Path| Cells::open(path).map(|c| (c.id().clone(), c));
        let cells = self.cells.look(dir.join(CELLS), &mut self.opened, open)?;
        match cells.fit(matrix) {
            true => Ok(cells),
            false => Err("they were built over other vectors".to_owned()),
        }
    }

    /// Whether other files are at the paths than those that were last found.
    pub(crate) fn have_moved(&self, dir: &Path) -> bool {
        let id = |name| FileId::at(&dir.join(name)).ok();
        self.vectors.id != id(VECTORS) || self.cells.id != id(CELLS)
    }

    /// How many files were opened so far, each with its checksum.
    pub(crate) fn opened(&self) -> u64 {
        self.opened
    }
}

impl<T> Slot<T> {
    fn look(
        &mut self,
        path: PathBuf,
        opened: &mut u64,
        open: impl FnOnce(&Path) -> Result<(FileId, T), SealError>,
    ) -> Result<Arc<T>, String> {
        let id = FileId::at(&path).ok();
        if let (true, Some(found)) = (id == self.id, &self.found) {
            return found.clone();
        }
        let found = match id {
            None => Err(MISSING.to_owned()),
            Some(_) => {
                *opened += 1;
                open(&path).map_err(|error| match error.is_missing() {
                    true => MISSING.to_owned(),
                    false => format!("the file is damaged: {error}"),
                })
            }
        };
        // The file may have been replaced since its identity was asked for: that of the opened one counts.
        self.id = found.as_ref().map_or(id, |(id, _)| Some(id.clone()));
        self.found
            .insert(found.map(|(_, file)| Arc::new(file)))
            .clone()
    }
}

/// Why a file that was never written, or was deleted, cannot be used.
pub(crate) const MISSING: &str = "it is not there yet";
