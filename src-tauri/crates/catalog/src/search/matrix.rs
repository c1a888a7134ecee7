//! The mapped vectors of an index: four bits a number for scanning, four more for the near ones where there are many,
//! 32-bit floats for the exact comparison.

use std::path::Path;

use super::bits::Bits;
use super::native::{Kernel, Simd};
use super::plan::gathers;
use super::quantise::ByteQuery;
use super::rotate::{padded, rotate};
use super::rows::Rows;
use super::sealed::{FileId, SealError, Sealed};
use super::top::Nearest;

/// The first bytes of a file of vectors: its kind and the version of its format.
pub(crate) const KIND: &[u8; 8] = b"ndvecs02";

/// A row whose approximate score is at most this many deviations of the quantisation error below the `k`-th is compared
/// exactly. At four, one row in 30,000 at the edge is missed.
const MARGIN: f32 = 4.0;

/// Limit of the rows compared exactly, as a multiple of `k`. It is reached where nearly all rows are alike.
const MOST_EXACT: usize = 16;

/// Limit of the rows compared exactly where `k` is small: they take 0.1 ms.
const EXACT_ANYWAY: usize = 1024;

/// Vectors of more bytes are read for exact comparison, not mapped: the memory of a search in a million vectors stays
/// below 1 GB. A read costs 1.6 µs a row, so that four more bits a number first leave out four rows of five.
const MOST_MAPPED: usize = 512 << 20;

/// Whether the file of vectors of so many bytes gets fine rows. Where it has them, the vectors are read, not mapped.
pub(crate) fn wants_fine_rows(bytes: usize) -> bool {
    bytes > MOST_MAPPED
}

/// Scattered rows scored by one call of the kernel.
const STRIDE: usize = 512;

/// Identifies the catalog that a matrix was built from, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Name of the catalog.
    pub(crate) catalog: String,
    /// Highest row in the matrix.
    pub(crate) last_row: i64,
    /// Id of the track in that row.
    pub(crate) last_id: String,
}

/// A query vector in three forms.
pub(crate) struct Query {
    /// As it was given, for exact cosines.
    exact: Vec<f32>,
    /// Rotated, for the order of the cells.
    pub(crate) rotated: Vec<f32>,
    /// Rotated, in eight bits a number, for approximate scores.
    pub(crate) bytes: ByteQuery,
}

/// Mapped vectors. The slot of a vector is its position in ascending order of rows.
pub(crate) struct Matrix {
    file: Sealed,
    kernel: Kernel,
    dim: usize,
    rows: Vec<i64>,
    scales: Vec<f32>,
    /// Standard deviation of approximate scores from the exact ones.
    deviation: f32,
    /// Scale and factor of each fine row; none where the vectors are mapped.
    fine_scales: Vec<[f32; 2]>,
    /// The same deviation once the fine rows are added.
    fine_deviation: f32,
    pub(crate) origin: Origin,
}

impl Matrix {
    pub(crate) fn open(path: &Path, simd: Simd) -> Result<Self, SealError> {
        let file = Sealed::open(path, KIND, 9)?;
        let damaged = || SealError::Damaged("the sizes of the parts do not agree");
        let Some((head, losses)) = file.part(0).split_at_checked(16) else {
            return Err(damaged());
        };
        let (&[dim, last_row], &[coarse_loss, fine_loss]) =
            (head.as_chunks::<8>().0, losses.as_chunks::<4>().0)
        else {
            return Err(damaged());
        };
        let dim = usize::try_from(u64::from_le_bytes(dim)).unwrap_or(0);
        let text = |part| String::from_utf8_lossy(file.part(part)).into_owned();
        let rows: Vec<i64> = file
            .part(3)
            .as_chunks::<8>()
            .0
            .iter()
            .map(|row| i64::from_le_bytes(*row))
            .collect();
        let scales = crate::vector::from_f32_bytes(file.part(4));
        let fine_scales = crate::vector::from_f32_bytes(file.part(6));
        let fine_scales = fine_scales.as_chunks::<2>().0.to_vec();
        let fine_rows = if fine_scales.is_empty() {
            0
        } else {
            rows.len()
        };
        let fits = scales.len() == rows.len()
            && file.part(6).len() == fine_rows * 8
            && file.part(7).len() == fine_rows * padded(dim) / 2
            && rows.is_sorted_by(|a, b| a < b)
            && (1..=65_536).contains(&dim)
            && file.part(5).len() == rows.len() * padded(dim) / 2
            && file.part(8).len() == rows.len() * dim * 4;
        if !fits {
            return Err(damaged());
        }
        let origin = Origin {
            catalog: text(1),
            last_row: i64::from_le_bytes(last_row),
            last_id: text(2),
        };
        // The rounding of the query adds 0.01.
        let deviation = |loss| f32::from_le_bytes(loss).hypot(0.01) / (padded(dim) as f32).sqrt();
        Ok(Self {
            kernel: Kernel::new(simd),
            dim,
            rows,
            scales,
            deviation: deviation(coarse_loss),
            fine_scales,
            fine_deviation: deviation(fine_loss),
            origin,
            file,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn dim(&self) -> usize {
        self.dim
    }

    /// Numbers of a 4-bit row.
    pub(crate) fn padded_dim(&self) -> usize {
        padded(self.dim)
    }

    /// Rows of the slots, ascending.
    pub(crate) fn rows(&self) -> &[i64] {
        &self.rows
    }

    /// Identity of the mapped file.
    pub(crate) fn id(&self) -> &FileId {
        self.file.id()
    }

    /// The vector in a slot, bit for bit as it was written.
    pub(crate) fn vector(&self, slot: usize) -> Vec<f32> {
        let mut buffer = vec![0; self.dim * 4];
        crate::vector::from_f32_bytes(self.float_bytes(slot, &mut buffer))
    }

    /// The bytes of the vector in a slot; `buffer` holds as many.
    fn float_bytes<'a>(&'a self, slot: usize, buffer: &'a mut [u8]) -> &'a [u8] {
        let (floats, start) = (self.file.part(8), slot * self.dim * 4);
        if self.fine_scales.is_empty() {
            return &floats[start..start + self.dim * 4];
        }
        self.file.read(8, start, buffer);
        buffer
    }

    /// Prepares a vector of length one for searching.
    pub(crate) fn query(&self, vector: &[f32]) -> Query {
        let rotated = rotate(vector);
        Query {
            exact: vector.to_vec(),
            bytes: ByteQuery::new(&rotated),
            rotated,
        }
    }

    /// The 4-bit rows of all slots.
    pub(crate) fn all_rows(&self) -> Rows<'_> {
        Rows {
            nibbles: self.file.part(5),
            scales: &self.scales,
        }
    }

    /// Checksum of the mapped file. It tells the vectors from all others.
    pub(crate) fn digest(&self) -> &[u8] {
        self.file.digest()
    }

    pub(crate) fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// Approximate scores of some slots: their cosines less a constant of the query.
    fn scores(&self, query: &Query, slots: &[u32], products: &mut Vec<i32>, scores: &mut Vec<f32>) {
        self.kernel
            .gather(self.file.part(5), &query.bytes.numbers, slots, products);
        scores.clear();
        scores.extend(
            slots
                .iter()
                .zip(products)
                .map(|(&slot, product)| query.bytes.score(self.scales[slot as usize], *product)),
        );
    }

    /// The `k` nearest of the allowed slots with their exact cosines, nearest first.
    pub(crate) fn scan(&self, query: &Query, k: usize, allowed: &Bits) -> Vec<(u32, f32)> {
        let count = allowed.count_below(self.len());
        let mut nearest = self.collector(k);
        if gathers(self.len(), count) {
            let slots: Vec<u32> = allowed.below(self.len()).map(|slot| slot as u32).collect();
            let (mut products, mut scores) = (Vec::new(), Vec::new());
            for part in slots.chunks(STRIDE) {
                self.scores(query, part, &mut products, &mut scores);
                for (&slot, &score) in part.iter().zip(&scores) {
                    nearest.offer(slot, score);
                }
            }
        } else {
            let all = count == self.len();
            self.all_rows()
                .score(self.kernel, &query.bytes, |slot, score| {
                    if score >= nearest.bar() && (all || allowed.has(slot)) {
                        nearest.offer(slot as u32, score);
                    }
                });
        }
        self.exactly(query, k, nearest)
    }

    /// Collects the slots that may be among the `k` nearest, given the error of approximate scores.
    pub(crate) fn collector(&self, k: usize) -> Nearest {
        Nearest::new(k, MARGIN * self.deviation)
    }

    /// Those of `slots` that may still be among the `k` nearest once the fine rows are added.
    fn finely(&self, query: &Query, k: usize, mut slots: Vec<(u32, f32)>) -> Vec<(u32, f32)> {
        slots.sort_unstable_by_key(|(slot, _)| *slot);
        let numbers: Vec<u32> = slots.iter().map(|(slot, _)| *slot).collect();
        let mut products = Vec::with_capacity(numbers.len());
        self.kernel.gather(
            self.file.part(7),
            &query.bytes.numbers,
            &numbers,
            &mut products,
        );
        let mut nearest = Nearest::new(k, MARGIN * self.fine_deviation);
        for ((slot, score), product) in slots.into_iter().zip(products) {
            let [scale, factor] = self.fine_scales[slot as usize];
            nearest.offer(slot, factor * (score + query.bytes.score(scale, product)));
        }
        nearest.finish(usize::MAX)
    }

    /// The collected slots, ascending, less those that the fine rows rule out.
    pub(crate) fn worth_comparing(&self, query: &Query, k: usize, nearest: Nearest) -> Vec<u32> {
        let mut slots = nearest.finish(k.saturating_mul(MOST_EXACT).max(EXACT_ANYWAY));
        if !self.fine_scales.is_empty() {
            slots = self.finely(query, k, slots);
        }
        let mut slots: Vec<u32> = slots.into_iter().map(|(slot, _)| slot).collect();
        slots.sort_unstable();
        slots
    }

    /// The `k` of the collected slots with the highest exact cosines, highest first.
    pub(crate) fn exactly(&self, query: &Query, k: usize, nearest: Nearest) -> Vec<(u32, f32)> {
        let mut buffer = vec![0; self.dim * 4];
        let mut found: Vec<(u32, f32)> = self
            .worth_comparing(query, k, nearest)
            .into_iter()
            .map(|slot| {
                let bytes = self.float_bytes(slot as usize, &mut buffer);
                (slot, self.kernel.dot_f32(&query.exact, bytes))
            })
            .collect();
        super::top::keep_best(&mut found, k);
        found
    }
}
