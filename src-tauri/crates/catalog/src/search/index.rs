//! An index: what a search runs over.

use super::bits::Bits;
use super::cache::MappedFiles;
use super::cells::Cells;
use super::matrix::Matrix;
use super::native::{Kernel, Simd};
use super::plan::{ProbeSize, SearchSize, Way, choose};
use super::top::{Nearest, keep_best};
use super::tune::ASKED;
use crate::error::CatalogError;
use crate::vector::{from_f32_bytes, to_f32_bytes, unit};

/// A track that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Row of the track, see [`crate::Catalog::tracks_at`].
    pub row: i64,
    /// Cosine of its vector to the query, −1 to 1.
    pub cosine: f32,
}

/// Overrides what the index would choose by itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct SearchOptions {
    /// Scan or probe; without cells every search is a scan.
    pub way: Option<Way>,
    /// Allowed rows that a probe scores before it stops; at least `k`.
    pub rows: Option<usize>,
}

/// Vectors ready to be searched, and which of their tracks may be offered.
#[derive(Clone)]
pub struct Index {
    pub(crate) dim: usize,
    pub(crate) files: MappedFiles,
    /// Highest row that was read: later tracks have higher ones.
    pub(crate) last_row: i64,
    /// Highest `changes.revision` that was read.
    pub(crate) revision: i64,
    /// Rows that are not in the mapped files, ascending, and their vectors as bytes.
    pub(crate) tail_rows: Vec<i64>,
    pub(crate) tail: Vec<u8>,
    /// Slots of tracks that exist.
    pub(crate) live: Bits,
    /// Slots of tracks that have a file which was there when the indexer last looked.
    pub(crate) present: Bits,
    /// Slots of tracks that are the best of their recording, or the only one.
    pub(crate) best: Bits,
    /// What a search offers by default: `present` and `best`.
    pub(crate) offered: Bits,
    pub(crate) kernel: Kernel,
}

/// Whether a track exists, and whether one of its files does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Presence {
    pub(crate) live: bool,
    pub(crate) present: bool,
}

impl Presence {
    /// The track was deleted.
    pub(crate) const GONE: Self = Self {
        live: false,
        present: false,
    };
    /// The track has no file that is there.
    pub(crate) const MISSING: Self = Self {
        live: true,
        present: false,
    };
}

impl Index {
    /// Number of tracks, the missing ones included.
    pub fn len(&self) -> usize {
        self.live.count()
    }

    /// Whether there is no track at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether there are cells to probe.
    pub fn has_cells(&self) -> bool {
        self.files.cells.is_some()
    }

    /// Number of cells; 0 where there are none.
    pub fn cell_count(&self) -> usize {
        self.files.cells.as_ref().map_or(0, |cells| cells.count())
    }

    /// Allowed rows that a probe for 200 tracks scores, as measured when the cells were built.
    pub fn probed_rows(&self) -> Option<usize> {
        self.files.cells.as_ref().map(|cells| cells.wanted_rows())
    }

    /// Why the file of cells that is there is not in use.
    pub fn cells_refused(&self) -> Option<&str> {
        self.files.cells_refused.as_deref()
    }

    /// Number of vectors that are not in the mapped files and are compared one by one.
    pub fn tail_len(&self) -> usize {
        self.tail_rows.len()
    }

    /// Why no mapped files are in use; `None` where they are.
    pub fn missing_files(&self) -> Option<&str> {
        self.files.missing.as_deref()
    }

    /// Instructions in use.
    pub fn simd(&self) -> Simd {
        self.kernel.simd()
    }

    fn matrix(&self) -> Option<&Matrix> {
        self.files.matrix.as_deref()
    }

    fn main_len(&self) -> usize {
        self.matrix().map_or(0, Matrix::len)
    }

    /// Number of slots, those of deleted tracks included.
    pub(crate) fn slot_count(&self) -> usize {
        self.main_len() + self.tail_rows.len()
    }

    /// Appends a track that came after all others.
    pub(crate) fn append(&mut self, row: i64, vector: &[f32]) {
        self.last_row = row;
        self.tail_rows.push(row);
        self.tail.extend(to_f32_bytes(vector));
        let slots = self.slot_count();
        for bits in [
            &mut self.live,
            &mut self.present,
            &mut self.best,
            &mut self.offered,
        ] {
            bits.grow(slots);
        }
    }

    /// Records whether a track exists. It counts as the best of its recording until [`Index::set_best`] says otherwise.
    pub(crate) fn set(&mut self, slot: usize, Presence { live, present }: Presence) {
        self.live.set(slot, live);
        self.present.set(slot, live && present);
        self.set_best(slot, live);
    }

    pub(crate) fn set_best(&mut self, slot: usize, is_best: bool) {
        self.best.set(slot, is_best);
        self.offered.set(slot, is_best && self.present.has(slot));
    }

    /// Whether a search offers the track in `row` by default.
    pub(crate) fn offers(&self, row: i64) -> bool {
        self.slot(row).is_some_and(|slot| self.offered.has(slot))
    }

    /// The vector of the track in `row`, of length one.
    pub(crate) fn vector(&self, row: i64) -> Option<Vec<f32>> {
        let slot = self.slot(row).filter(|&slot| self.live.has(slot))?;
        Some(self.vector_in(slot))
    }

    fn vector_in(&self, slot: usize) -> Vec<f32> {
        match self.matrix() {
            Some(matrix) if slot < matrix.len() => matrix.vector(slot),
            _ => {
                let bytes = self.dim * 4;
                let start = (slot - self.main_len()) * bytes;
                from_f32_bytes(&self.tail[start..start + bytes])
            }
        }
    }

    /// At most `count` vectors of tracks that exist, evenly spaced in the order of rows.
    pub(crate) fn sample(&self, count: usize) -> Vec<Vec<f32>> {
        let all = self.len();
        let wanted = count.min(all);
        let mut next = 0;
        let mut sample = Vec::with_capacity(wanted);
        for (at, slot) in self.live.below(self.slot_count()).enumerate() {
            if next < wanted && at == next * all / wanted {
                sample.push(self.vector_in(slot));
                next += 1;
            }
        }
        sample
    }

    /// The slot of a row.
    pub(crate) fn slot(&self, row: i64) -> Option<usize> {
        if let Some(matrix) = self.matrix()
            && row <= matrix.origin.last_row
        {
            return matrix.rows().binary_search(&row).ok();
        }
        let at = self.tail_rows.binary_search(&row).ok()?;
        Some(self.main_len() + at)
    }

    /// The slots of those of `rows` that exist. Ascending rows are looked up from the place of the row before.
    pub(crate) fn slots(&self, rows: impl IntoIterator<Item = i64>) -> Bits {
        let main = self.matrix().map_or(&[][..], Matrix::rows);
        let mut slots = Bits::empty(self.slot_count());
        let (mut last, mut from) = (i64::MIN, 0);
        for row in rows {
            from = if row > last { from } else { 0 };
            from += first_from(&main[from..], row);
            last = row;
            if main.get(from) == Some(&row) {
                slots.insert(from);
            } else if let Ok(at) = self.tail_rows.binary_search(&row) {
                slots.insert(main.len() + at);
            }
        }
        slots.keep(&self.live);
        slots
    }

    /// The `k` vectors nearest to `query` by cosine, nearest first.
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

    /// The `k` vectors nearest to `query` among `rows`, nearest first.
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
        let mut found = match self.matrix() {
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
        match self.matrix() {
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
        // The number of rows was measured for 200 tracks: a search for more needs more, one for fewer is not easier.
        let wanted = |cells: &Cells| {
            let rows = (cells.wanted_rows() as f64 * k.max(ASKED) as f64 / ASKED as f64) as usize;
            options.rows.unwrap_or(rows).max(k)
        };
        let cells = self.files.cells.as_deref();
        let way = options.way.unwrap_or_else(|| {
            choose(SearchSize {
                rows: matrix.len(),
                allowed: among,
                probe: cells.map(|cells| ProbeSize {
                    cells: cells.count(),
                    wanted: wanted(cells),
                }),
            })
        });
        match (cells, way) {
            (Some(cells), Way::Probe) => {
                let filter = (among < matrix.len()).then_some(allowed);
                let rows = wanted(cells);
                let mut nearest = Nearest::new(k);
                cells.probe(self.kernel, &prepared, rows, filter, &mut nearest);
                matrix.exactly(&prepared, k, nearest)
            }
            _ => matrix.scan(&prepared, k, allowed),
        }
    }
}

/// The number of `rows`, which ascend, that are below `row`. It takes steps with the logarithm of the result.
fn first_from(rows: &[i64], row: i64) -> usize {
    let mut end = 1;
    while rows.get(end - 1).is_some_and(|&at| at < row) {
        end *= 2;
    }
    let start = end / 2;
    start + rows[start..end.min(rows.len())].partition_point(|&at| at < row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_below_a_row_are_counted() {
        let rows: Vec<i64> = (0..100).map(|at| at * 3).collect();
        for row in -1..301 {
            let below = rows.iter().filter(|&&at| at < row).count();
            assert_eq!(first_from(&rows, row), below, "{row}");
        }
        assert_eq!(first_from(&[], 5), 0);
    }
}
