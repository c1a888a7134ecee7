//! k-means over 4-bit rows (Lloyd, 1982): the centres of the cells, and the nearest centre of each row.
//!
//! All distances are computed between 4-bit rows and centres of eight bits a number, with the kernel of the scan: about
//! 10 ns a pair at 512 numbers. The mean of many rows evens the rounding out.

use rayon::prelude::*;

use super::native::Kernel;
use super::quantise::{ByteQuery, add_row};
use super::random;
use super::rows::Rows;
use super::work::Work;

/// Rows of the training sample for each centre.
pub(crate) const SAMPLED_PER_CENTRE: usize = 64;

/// Rounds of assigning the sample to the centres and moving the centres to the means.
pub(crate) const STEPS: usize = 8;

/// Seed of the sample.
const SEED: u64 = 0x0063_656c_6c73;

/// Rows that one task assigns before it looks at the cancellation token again.
const AT_ONCE: usize = 2_048;

/// Rows that are compared with all centres before the next ones: 32 KB at 512 numbers, the first-level cache.
const IN_CACHE: usize = 128;

/// The centres of the cells, rotated and less the mean as the rows are.
pub(crate) struct Centres {
    kernel: Kernel,
    /// Numbers of one centre.
    dim: usize,
    /// The centres one after another.
    pub(crate) numbers: Vec<f32>,
    compared: Vec<Compared>,
}

/// A centre as it is compared with rows.
struct Compared {
    query: ByteQuery,
    /// Half of its squared length: the nearest centre of `x` has the highest `x · c − |c|² / 2`.
    half_square: f32,
}

impl Centres {
    fn new(kernel: Kernel, dim: usize, numbers: Vec<f32>) -> Self {
        let compared = numbers.chunks_exact(dim).map(|centre| Compared {
            query: ByteQuery::new(centre),
            half_square: centre.iter().map(|x| x * x).sum::<f32>() / 2.0,
        });
        Self {
            kernel,
            dim,
            compared: compared.collect(),
            numbers,
        }
    }

    /// Trains `count` centres on a sample of `rows`, whose padded length is `dim`; `None` when cancelled.
    pub(crate) fn train(
        kernel: Kernel,
        dim: usize,
        rows: Rows<'_>,
        count: usize,
        work: &Work<'_>,
    ) -> Option<Self> {
        let sample = Sample::of(rows, dim, sample_size(rows.scales.len(), count));
        // The sample is in random places, so every n-th row of it is a random start.
        let mut numbers = vec![0.0; count * dim];
        for (at, centre) in numbers.chunks_exact_mut(dim).enumerate() {
            sample.add_to(centre, at * sample.len() / count);
        }
        let mut centres = Self::new(kernel, dim, numbers);
        for _ in 0..STEPS {
            let nearest = centres.nearest(sample.rows(), work)?;
            centres = Self::new(kernel, dim, sample.means(&nearest, count));
        }
        Some(centres)
    }

    /// Number of the nearest centre of each row; `None` when cancelled.
    pub(crate) fn nearest(&self, rows: Rows<'_>, work: &Work<'_>) -> Option<Vec<u32>> {
        let parts = rows
            .nibbles
            .par_chunks(AT_ONCE * self.dim / 2)
            .zip(rows.scales.par_chunks(AT_ONCE));
        let nearest: Option<Vec<Vec<u32>>> = parts
            .map(|(nibbles, scales)| {
                let part = Rows { nibbles, scales };
                work.go_on().then(|| {
                    let nearest = self.nearest_of(part);
                    work.add(nearest.len());
                    nearest
                })
            })
            .collect();
        nearest.filter(|_| work.go_on()).map(|parts| parts.concat())
    }

    fn nearest_of(&self, rows: Rows<'_>) -> Vec<u32> {
        let mut nearest = Vec::with_capacity(rows.scales.len());
        let mut products = [0; IN_CACHE];
        let parts = rows.nibbles.chunks(IN_CACHE * self.dim / 2);
        for (nibbles, scales) in parts.zip(rows.scales.chunks(IN_CACHE)) {
            let products = &mut products[..scales.len()];
            let mut best = [(f32::NEG_INFINITY, 0_u32); IN_CACHE];
            for (number, centre) in (0..).zip(&self.compared) {
                let Compared { query, half_square } = centre;
                self.kernel.scan(nibbles, &query.numbers, products);
                for ((best, &scale), &product) in best.iter_mut().zip(scales).zip(&*products) {
                    let score = query.score(scale, product) - half_square;
                    if score > best.0 {
                        *best = (score, number);
                    }
                }
            }
            nearest.extend(best[..scales.len()].iter().map(|(_, number)| number));
        }
        nearest
    }
}

/// Rows of the training sample for `count` centres among `rows` rows.
pub(crate) fn sample_size(rows: usize, count: usize) -> usize {
    rows.min(count * SAMPLED_PER_CENTRE)
}

/// Copies of some rows.
struct Sample {
    dim: usize,
    nibbles: Vec<u8>,
    scales: Vec<f32>,
}

impl Sample {
    /// `count` of the rows, one at a random place in each of `count` equal parts.
    fn of(rows: Rows<'_>, dim: usize, count: usize) -> Self {
        let (row_bytes, total) = (dim / 2, rows.scales.len());
        let mut seed = SEED;
        let mut sample = Self {
            dim,
            nibbles: Vec::with_capacity(count * row_bytes),
            scales: Vec::with_capacity(count),
        };
        for at in 0..count {
            let (start, end) = (at * total / count, (at + 1) * total / count);
            let row = start + (random::next(&mut seed) % (end - start) as u64) as usize;
            let nibbles = &rows.nibbles[row * row_bytes..(row + 1) * row_bytes];
            sample.nibbles.extend_from_slice(nibbles);
            sample.scales.push(rows.scales[row]);
        }
        sample
    }

    fn len(&self) -> usize {
        self.scales.len()
    }

    fn rows(&self) -> Rows<'_> {
        Rows {
            nibbles: &self.nibbles,
            scales: &self.scales,
        }
    }

    fn add_to(&self, sums: &mut [f32], row: usize) {
        let bytes = self.dim / 2;
        add_row(
            &self.nibbles[row * bytes..(row + 1) * bytes],
            self.scales[row],
            sums,
        );
    }

    /// The means of the rows of each of `count` centres. A centre without rows moves to a row of the largest cell.
    fn means(&self, nearest: &[u32], count: usize) -> Vec<f32> {
        let mut members = vec![Vec::new(); count];
        for (row, &number) in nearest.iter().enumerate() {
            members[number as usize].push(row);
        }
        let largest = members.iter().max_by_key(|rows| rows.len());
        let spare = largest.cloned().unwrap_or_default();
        let mut spare = spare.into_iter();
        for rows in members.iter_mut().filter(|rows| rows.is_empty()) {
            rows.extend(spare.next());
        }
        let mut means = vec![0.0; count * self.dim];
        means
            .par_chunks_exact_mut(self.dim)
            .zip(&members)
            .for_each(|(mean, rows)| {
                for &row in rows {
                    self.add_to(mean, row);
                }
                let count = rows.len().max(1) as f32;
                mean.iter_mut().for_each(|x| *x /= count);
            });
        means
    }
}
