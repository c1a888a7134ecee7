//! What an open catalog keeps of its index.

use std::sync::Arc;

use super::cache::CacheFiles;
use super::index::Index;

/// The index of an open catalog, the state of the database that it stands for, and the mapped cache files.
#[derive(Default)]
pub(crate) struct OpenIndex {
    pub(crate) files: CacheFiles,
    pub(crate) index: Option<Arc<Index>>,
    /// `PRAGMA data_version` when the index was last brought up to date. It changes when another connection commits.
    version: Option<i64>,
}

impl OpenIndex {
    /// The index, where it stands for the database at `version`.
    pub(crate) fn at(&self, version: i64) -> Option<Arc<Index>> {
        self.index.clone().filter(|_| self.version == Some(version))
    }

    /// Says that the index stands for the database at `version`.
    pub(crate) fn is_at(&mut self, version: i64) {
        self.version = Some(version);
    }

    /// Says that this connection is about to write, which `data_version` does not show.
    pub(crate) fn outdate(&mut self) {
        self.version = None;
    }
}
