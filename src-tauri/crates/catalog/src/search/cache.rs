//! The cache files of a catalog: their names, and the mapped ones, kept for as long as the same files are in place.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::graph::Graph;
use super::matrix::Matrix;
use super::native::Simd;
use super::sealed::{FileId, SealError};

/// Folder of the cache files inside a catalog's folder. It can be deleted at any time.
pub const CACHE: &str = "index";

pub(crate) const VECTORS: &str = "vectors.nd";
pub(crate) const GRAPH: &str = "graph.nd";

/// The mapped files of an index.
#[derive(Clone, Default)]
pub(crate) struct MappedFiles {
    pub(crate) matrix: Option<Arc<Matrix>>,
    pub(crate) graph: Option<Arc<Graph>>,
    /// Why there is no matrix.
    pub(crate) missing: Option<String>,
}

/// The cache files as they were last found. A file is opened, and its checksum compared, once: as long as the same file
/// is at its path, it stays mapped.
#[derive(Default)]
pub(crate) struct CacheFiles {
    vectors: Slot<Matrix>,
    graph: Slot<Graph>,
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

    /// The graph in `dir`, or why it cannot be used.
    pub(crate) fn graph(&mut self, dir: &Path) -> Result<Arc<Graph>, String> {
        let open = |path: &Path| Graph::open(path).map(|g| (g.id().clone(), g));
        self.graph.look(dir.join(GRAPH), &mut self.opened, open)
    }

    /// Whether other files are at the paths than those that were last found.
    pub(crate) fn have_moved(&self, dir: &Path) -> bool {
        let id = |name| FileId::at(&dir.join(name)).ok();
        self.vectors.id != id(VECTORS) || self.graph.id != id(GRAPH)
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
                    false => format!("it is damaged: {error}"),
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
