//! The vectors of an index: mapped rows of four bits a number for scanning, four more bits for the near ones, and 32-bit
//! floats, which are read for the exact comparison.

use std::path::Path;

use super::bits::Bits;
use super::native::{Kernel, Simd};
use super::plan::gathers;
use super::quantise::ByteQuery;
use super::rotate::{padded, rotate};
use super::rows::Rows;
use super::sealed::{FileId, SealError, Sealed};
use super::top::{Near, Nearest};

/// The first bytes of a file of vectors: its kind and the version of its format.
pub(crate) const KIND: &[u8; 8] = b"ndvecs02";

/// Deviations by which an approximate score may be too low or too high. Where two rows have the same cosine and the
/// same deviation, the scores of one pair in 90,000 lie so far apart that the lower is left out.
pub(crate) const ERROR: f32 = 3.0;

/// The same for searches that leave rows out anyway: fewer rows are compared more closely.
pub(crate) const PROBE_ERROR: f32 = 2.0;

/// Limit of the rows compared more closely, as a multiple of `k`. It is reached where nearly all rows are alike.
const MOST_NEAR: usize = 16;

/// Limit of the rows compared more closely where `k` is small: they take 0.1 ms.
const NEAR_ANYWAY: usize = 1024;

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
    /// Standard deviation of the approximate score of each row.
    deviations: Vec<f32>,
    /// Scale, factor and deviation of each fine row.
    fine_scales: Vec<[f32; 3]>,
    pub(crate) origin: Origin,
}

impl Matrix {
    pub(crate) fn open(path: &Path, simd: Simd) -> Result<Self, SealError> {
        let file = Sealed::open(path, KIND, 9)?;
        let damaged = || SealError::Damaged("the sizes of the parts do not agree");
        let (&[dim, last_row], []) = file.part(0).as_chunks::<8>() else {
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
        let coarse = crate::vector::from_f32_bytes(file.part(4));
        let (scales, deviations) = coarse
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[s, d]| (*s, *d))
            .unzip();
        let fine_scales = crate::vector::from_f32_bytes(file.part(6));
        let fine_scales = fine_scales.as_chunks::<3>().0.to_vec();
        let fits = file.part(4).len() == rows.len() * 8
            && file.part(6).len() == rows.len() * 12
            && rows.is_sorted_by(|a, b| a < b)
            && (1..=65_536).contains(&dim)
            && file.part(5).len() == rows.len() * padded(dim) / 2
            && file.part(7).len() == file.part(5).len()
            && file.part(8).len() == rows.len() * dim * 4;
        if !fits {
            return Err(damaged());
        }
        let origin = Origin {
            catalog: text(1),
            last_row: i64::from_le_bytes(last_row),
            last_id: text(2),
        };
        Ok(Self {
            kernel: Kernel::new(simd),
            dim,
            rows,
            scales,
            deviations,
            fine_scales,
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
        self.read_vector(slot, &mut buffer);
        crate::vector::from_f32_bytes(&buffer)
    }

    /// Fills `buffer` with the bytes of the vector in a slot, which takes 1.6 µs. Mapped, all vectors would soon count as
    /// this process's memory: 2 GB for a million.
    fn read_vector(&self, slot: usize, buffer: &mut [u8]) {
        self.file.read(8, slot * self.dim * 4, buffer);
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

    /// Standard deviations of the approximate scores of all rows.
    pub(crate) fn deviations(&self) -> &[f32] {
        &self.deviations
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
        let mut nearest = Nearest::new(k);
        let near = |slot: u32, score| Near {
            slot,
            score,
            error: ERROR * self.deviations[slot as usize],
        };
        if gathers(self.len(), count) {
            let slots: Vec<u32> = allowed.below(self.len()).map(|slot| slot as u32).collect();
            let (mut products, mut scores) = (Vec::new(), Vec::new());
            for part in slots.chunks(STRIDE) {
                self.scores(query, part, &mut products, &mut scores);
                for (&slot, &score) in part.iter().zip(&scores) {
                    nearest.offer(near(slot, score));
                }
            }
        } else {
            let all = count == self.len();
            self.all_rows()
                .score(self.kernel, &query.bytes, |slot, score| {
                    let near = near(slot as u32, score);
                    if nearest.wants(near) && (all || allowed.has(slot)) {
                        nearest.offer(near);
                    }
                });
        }
        self.exactly(query, k, nearest)
    }

    /// Those of the collected slots that may still be among the `k` nearest once the fine rows are added, ascending.
    pub(crate) fn worth_comparing(&self, query: &Query, k: usize, nearest: Nearest) -> Vec<u32> {
        let near = nearest.finish(k.saturating_mul(MOST_NEAR).max(NEAR_ANYWAY));
        let slots: Vec<u32> = near.iter().map(|near| near.slot).collect();
        let mut products = Vec::with_capacity(slots.len());
        let fine = self.file.part(7);
        self.kernel
            .gather(fine, &query.bytes.numbers, &slots, &mut products);
        let mut nearest = Nearest::new(k);
        for (near, product) in near.into_iter().zip(products) {
            let [scale, factor, deviation] = self.fine_scales[near.slot as usize];
            nearest.offer(Near {
                slot: near.slot,
                score: factor * (near.score + query.bytes.score(scale, product)),
                error: ERROR * deviation,
            });
        }
        let near = nearest.finish(usize::MAX);
        near.into_iter().map(|near| near.slot).collect()
    }

    /// The `k` of the collected slots with the highest exact cosines, highest first.
    pub(crate) fn exactly(&self, query: &Query, k: usize, nearest: Nearest) -> Vec<(u32, f32)> {
        let mut buffer = vec![0; self.dim * 4];
        let mut found: Vec<(u32, f32)> = self
            .worth_comparing(query, k, nearest)
            .into_iter()
            .map(|slot| {
                self.read_vector(slot as usize, &mut buffer);
                (slot, self.kernel.dot_f32(&query.exact, &buffer))
            })
            .collect();
        super::top::keep_best(&mut found, k);
        found
    }
}
