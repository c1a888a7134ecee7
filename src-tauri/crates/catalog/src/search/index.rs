//! An index in use.

use super::bits::Bits;
use super::graph::Graph;
use super::matrix::Matrix;
use super::native::{Kernel, Simd};
use super::plan::{Terrain, Way, choose};
use super::top::keep_best;
use crate::error::CatalogError;
use crate::vector::unit;

/// A track that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Row of the track, see [`crate::Catalog::tracks_at`].
    pub row: i64,
    /// Cosine of its vector to the query, −1 to 1.
    pub cosine: f32,
}

/// How to search, where the choice is not left to the index.
#[derive(Clone, Copy, Debug, Default)]
pub struct SearchOptions {
    /// The way; a walk without a graph is a scan.
    pub way: Option<Way>,
    /// Candidates kept in a walk; never fewer than are asked for.
    pub ef: Option<usize>,
}

/// Vectors ready to be searched.
pub struct Index {
    pub(crate) dim: usize,
    pub(crate) matrix: Option<Matrix>,
    pub(crate) graph: Option<Graph>,
    /// Rows that came after the matrix, ascending, and their vectors as bytes.
    pub(crate) tail_rows: Vec<i64>,
    pub(crate) tail: Vec<u8>,
    /// Slots of tracks that are still there.
    pub(crate) live: Bits,
    /// The same without those whose files are missing.
    pub(crate) present: Bits,
    /// Those still there without those that stand behind a better one of the same recording.
    pub(crate) best: Bits,
    /// What is offered unless asked otherwise: present and best.
    pub(crate) offered: Bits,
    pub(crate) kernel: Kernel,
    pub(crate) rebuilt: Option<String>,
}

impl Index {
    /// Vectors that can be found.
    pub fn len(&self) -> usize {
        self.live.count()
    }

    /// No vector can be found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether there is a graph to walk.
    pub fn has_graph(&self) -> bool {
        self.graph.is_some()
    }

    /// Candidates kept in a walk for 200, as tuned when the graph was built.
    pub fn tuned_ef(&self) -> Option<usize> {
        self.graph.as_ref().map(|graph| graph.ef)
    }

    /// Rows that such a walk measures, on average.
    pub fn tuned_measured(&self) -> Option<usize> {
        self.graph.as_ref().map(|graph| graph.visited)
    }

    /// Vectors compared one by one because they came after the cache files.
    pub fn tail_len(&self) -> usize {
        self.tail_rows.len()
    }

    /// Why the cache files were built again when this index was opened; `None` when they were in order.
    pub fn rebuilt(&self) -> Option<&str> {
        self.rebuilt.as_deref()
    }

    /// Instructions in use.
    pub fn simd(&self) -> Simd {
        self.kernel.simd()
    }

    fn main_len(&self) -> usize {
        self.matrix.as_ref().map_or(0, Matrix::len)
    }

    /// The slot of a row.
    pub(crate) fn slot(&self, row: i64) -> Option<usize> {
        if let Some(matrix) = &self.matrix
            && row <= matrix.origin.last_row
        {
            return matrix.rows().binary_search(&row).ok();
        }
        let at = self.tail_rows.binary_search(&row).ok()?;
        Some(self.main_len() + at)
    }

    /// The slots of these rows that are still there.
    pub(crate) fn slots(&self, rows: impl IntoIterator<Item = i64>) -> Bits {
        let mut slots = Bits::empty(self.main_len() + self.tail_rows.len());
        for row in rows {
            if let Some(slot) = self.slot(row) {
                slots.insert(slot);
            }
        }
        slots.keep(&self.live);
        slots
    }

    /// The `k` vectors nearest to `query` by cosine, nearest first, among all that are there.
    ///
    /// # Errors
    /// [`CatalogError::NoDirection`] or [`CatalogError::WrongDimension`] for the query.
    pub fn search(
        &self,
        query: &[f32],
        k: usize,
        options: SearchOptions,
    ) -> Result<Vec<Hit>, CatalogError> {
        self.search_among(query, k, &self.live, options)
    }

    /// The same among the rows given.
    ///
    /// # Errors
    /// Those of [`Index::search`].
    pub fn search_rows(
        &self,
        query: &[f32],
        k: usize,
        rows: &[i64],
        options: SearchOptions,
    ) -> Result<Vec<Hit>, CatalogError> {
        self.search_among(query, k, &self.slots(rows.iter().copied()), options)
    }

    pub(crate) fn search_among(
        &self,
        query: &[f32],
        k: usize,
        allowed: &Bits,
        options: SearchOptions,
    ) -> Result<Vec<Hit>, CatalogError> {
        let query = unit(query, self.dim)?;
        let mut found = match &self.matrix {
            Some(matrix) => self.search_matrix(matrix, &query, k, allowed, options),
            None => Vec::new(),
        };
        let main = self.main_len();
        for (at, vector) in self.tail.chunks_exact(self.dim * 4).enumerate() {
            if allowed.has(main + at) {
                found.push(((main + at) as u32, self.kernel.dot_f32(&query, vector)));
            }
        }
        keep_best(&mut found, k);
        Ok(found
            .into_iter()
            .map(|(slot, cosine)| Hit {
                row: self.row(slot as usize),
                cosine: cosine.clamp(-1.0, 1.0),
            })
            .collect())
    }

    fn row(&self, slot: usize) -> i64 {
        match &self.matrix {
            Some(matrix) if slot < matrix.len() => matrix.rows()[slot],
            _ => self.tail_rows[slot - self.main_len()],
        }
    }

    fn search_matrix(
        &self,
        matrix: &Matrix,
        query: &[f32],
        k: usize,
        allowed: &Bits,
        options: SearchOptions,
    ) -> Vec<(u32, f32)> {
        let prepared = matrix.query(query);
        let among = allowed.count_below(matrix.len());
        // Tuned for 200: more need more, fewer are not harder to find.
        let width = |graph: &Graph| options.ef.unwrap_or(graph.ef * k.max(200) / 200).max(k);
        let way = options.way.unwrap_or_else(|| {
            choose(Terrain {
                rows: matrix.len(),
                allowed: among,
                walked: self
                    .graph
                    .as_ref()
                    .map(|graph| graph.visited * width(graph) / graph.ef.max(1)),
            })
        });
        match (&self.graph, way) {
            (Some(graph), Way::Walk) => {
                let filter = (among < matrix.len()).then_some(allowed);
                let mut found = graph.walk(matrix, &prepared, width(graph), filter).found;
                if let Some(&(_, last)) = found.get(k.saturating_sub(1)) {
                    let bar = last - matrix.margin();
                    found.retain(|(_, score)| *score >= bar);
                }
                let slots = found.into_iter().map(|(slot, _)| slot).collect();
                matrix.exactly(&prepared, k, slots)
            }
            _ => matrix.scan(&prepared, k, allowed),
        }
    }
}
