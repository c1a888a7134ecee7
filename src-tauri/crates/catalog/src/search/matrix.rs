//! The mapped vectors of an index: four bits a number for scanning, 32-bit floats for the exact comparison.

use std::path::Path;

use super::bits::Bits;
use super::native::{Kernel, Simd};
use super::plan::gathers;
use super::quantise::{ByteQuery, push_nibbles};
use super::rotate::{padded, rotate};
use super::sealed::{FileId, SealError, Sealed, Sealer};
use super::top::Nearest;

const KIND: &[u8; 8] = b"ndvecs01";

/// A row whose approximate score is at most this many deviations of the quantisation error below the `k`-th is compared
/// exactly. At four, one row in 30,000 at the edge is missed.
const MARGIN: f32 = 4.0;

/// Limit of the rows compared exactly, as a multiple of `k`. It is reached where nearly all rows are alike.
const MOST_EXACT: usize = 16;

/// Limit of the rows compared exactly where `k` is small: they take 0.1 ms.
const EXACT_ANYWAY: usize = 1024;

/// Rows scored by one call of the kernel in a scan.
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

/// A query vector, as it is for exact cosines and rotated in eight bits for approximate scores.
pub(crate) struct Query {
    exact: Vec<f32>,
    bytes: ByteQuery,
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
    pub(crate) origin: Origin,
}

/// Collects vectors in ascending order of rows and writes them to a file.
pub(crate) struct MatrixWriter {
    dim: usize,
    rows: Vec<i64>,
    floats: Vec<f32>,
}

impl MatrixWriter {
    pub(crate) fn new(dim: usize) -> Self {
        Self {
            dim,
            rows: Vec::new(),
            floats: Vec::new(),
        }
    }

    /// Appends a vector of length one.
    pub(crate) fn push(&mut self, row: i64, vector: &[f32]) {
        self.rows.push(row);
        self.floats.extend_from_slice(vector);
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The vector that was appended as number `slot`, from 0.
    pub(crate) fn vector(&self, slot: usize) -> &[f32] {
        &self.floats[slot * self.dim..(slot + 1) * self.dim]
    }

    fn mean(&self) -> Vec<f32> {
        let mut sums = vec![0.0_f64; self.dim];
        for vector in self.floats.chunks_exact(self.dim) {
            for (sum, &x) in sums.iter_mut().zip(vector) {
                *sum += f64::from(x);
            }
        }
        let count = self.rows.len().max(1) as f64;
        sums.into_iter().map(|sum| (sum / count) as f32).collect()
    }

    /// The vectors less their mean, rotated: what both the scan and the graph are built from.
    pub(crate) fn rotated(&self) -> impl Fn(usize) -> Vec<f32> + Sync + '_ {
        let mean = self.mean();
        move |slot| {
            let centred: Vec<f32> = self
                .vector(slot)
                .iter()
                .zip(&mean)
                .map(|(x, m)| x - m)
                .collect();
            rotate(&centred)
        }
    }

    /// Writes the file at `path` in `dir`, whole or not at all.
    pub(crate) fn write(&self, dir: &Path, path: &Path, origin: &Origin) -> std::io::Result<()> {
        let rotated = self.rotated();
        let mut nibbles = Vec::with_capacity(self.rows.len() * padded(self.dim) / 2);
        let mut scales = Vec::with_capacity(self.rows.len() * 4);
        let mut worst_loss = 0.0_f32;
        for slot in 0..self.rows.len() {
            let (scale, loss) = push_nibbles(&rotated(slot), &mut nibbles);
            scales.extend(scale.to_le_bytes());
            worst_loss = worst_loss.max(loss);
        }
        let mut sealer = Sealer::new(dir, KIND)?;
        sealer.begin()?;
        sealer.add(&(self.dim as u64).to_le_bytes())?;
        sealer.add(&origin.last_row.to_le_bytes())?;
        sealer.add(&worst_loss.to_le_bytes())?;
        sealer.part(origin.catalog.as_bytes())?;
        sealer.part(origin.last_id.as_bytes())?;
        sealer.begin()?;
        for row in &self.rows {
            sealer.add(&row.to_le_bytes())?;
        }
        sealer.part(&scales)?;
        sealer.part(&nibbles)?;
        sealer.begin()?;
        for x in &self.floats {
            sealer.add(&x.to_le_bytes())?;
        }
        sealer.finish(path)
    }
}

impl Matrix {
    pub(crate) fn open(path: &Path, simd: Simd) -> Result<Self, SealError> {
        let file = Sealed::open(path, KIND, 7)?;
        let damaged = || SealError::Damaged("the sizes of the parts do not agree");
        let [head @ .., a, b, c, d] = file.part(0) else {
            return Err(damaged());
        };
        let (&[dim, last_row], []) = head.as_chunks::<8>() else {
            return Err(damaged());
        };
        let dim = usize::try_from(u64::from_le_bytes(dim)).unwrap_or(0);
        let worst_loss = f32::from_le_bytes([*a, *b, *c, *d]);
        let text = |part| String::from_utf8_lossy(file.part(part)).into_owned();
        let rows: Vec<i64> = file
            .part(3)
            .as_chunks::<8>()
            .0
            .iter()
            .map(|row| i64::from_le_bytes(*row))
            .collect();
        let scales = crate::vector::from_f32_bytes(file.part(4));
        let fits = scales.len() == rows.len()
            && rows.is_sorted_by(|a, b| a < b)
            && (1..=65_536).contains(&dim)
            && file.part(5).len() == rows.len() * padded(dim) / 2
            && file.part(6).len() == rows.len() * dim * 4;
        if !fits {
            return Err(damaged());
        }
        let origin = Origin {
            catalog: text(1),
            last_row: i64::from_le_bytes(last_row),
            last_id: text(2),
        };
        // The rounding of the query adds 0.01.
        let deviation = worst_loss.hypot(0.01) / (padded(dim) as f32).sqrt();
        Ok(Self {
            kernel: Kernel::new(simd),
            dim,
            rows,
            scales,
            deviation,
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
        let bytes = self.dim * 4;
        crate::vector::from_f32_bytes(&self.file.part(6)[slot * bytes..(slot + 1) * bytes])
    }

    /// Prepares a vector of length one for searching.
    pub(crate) fn query(&self, vector: &[f32]) -> Query {
        Query {
            exact: vector.to_vec(),
            bytes: ByteQuery::new(&rotate(vector)),
        }
    }

    /// A row whose approximate score is more than this below the `k`-th is not among the `k` nearest.
    pub(crate) fn margin(&self) -> f32 {
        MARGIN * self.deviation
    }

    fn score(&self, query: &Query, slot: usize, product: i32) -> f32 {
        self.scales[slot] * query.bytes.scale * (product as f32 - query.bytes.offset)
    }

    /// Approximate scores of some slots: their cosines less a constant of the query.
    pub(crate) fn scores(
        &self,
        query: &Query,
        slots: &[u32],
        products: &mut Vec<i32>,
        scores: &mut Vec<f32>,
    ) {
        self.kernel
            .gather(self.file.part(5), &query.bytes.numbers, slots, products);
        scores.clear();
        scores.extend(
            slots
                .iter()
                .zip(products)
                .map(|(&slot, product)| self.score(query, slot as usize, *product)),
        );
    }

    /// The `k` nearest of the allowed slots with their exact cosines, nearest first.
    pub(crate) fn scan(&self, query: &Query, k: usize, allowed: &Bits) -> Vec<(u32, f32)> {
        let count = allowed.count_below(self.len());
        let mut nearest = Nearest::new(k, self.margin());
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
            let row_bytes = padded(self.dim) / 2;
            let mut products = [0; STRIDE];
            for (at, part) in self.file.part(5).chunks(STRIDE * row_bytes).enumerate() {
                let products = &mut products[..part.len() / row_bytes];
                self.kernel.scan(part, &query.bytes.numbers, products);
                for (slot, product) in (at * STRIDE..).zip(&*products) {
                    let score = self.score(query, slot, *product);
                    if score >= nearest.bar() && (all || allowed.has(slot)) {
                        nearest.offer(slot as u32, score);
                    }
                }
            }
        }
        self.exactly(
            query,
            k,
            nearest.finish(k.saturating_mul(MOST_EXACT).max(EXACT_ANYWAY)),
        )
    }

    /// The `k` of `slots` with the highest exact cosines, highest first.
    pub(crate) fn exactly(&self, query: &Query, k: usize, mut slots: Vec<u32>) -> Vec<(u32, f32)> {
        slots.sort_unstable();
        let floats = self.file.part(6);
        let bytes = self.dim * 4;
        let mut found: Vec<(u32, f32)> = slots
            .into_iter()
            .map(|slot| {
                let start = slot as usize * bytes;
                (
                    slot,
                    self.kernel
                        .dot_f32(&query.exact, &floats[start..start + bytes]),
                )
            })
            .collect();
        super::top::keep_best(&mut found, k);
        found
    }
}
