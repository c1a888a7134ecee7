//! Building the cells: centres by k-means, each row to the nearest, and the number of rows that a search must score.

use rayon::prelude::*;
use tokio_util::sync::CancellationToken;

use super::cells::{CellParts, MOST_CELLS};
use super::kmeans::{Centres, STEPS, sample_size};
use super::matrix::Matrix;
use super::rotate::rotate;
use super::tune;
use super::work::Work;
use crate::vector::to_f32_bytes;

/// Cells for `rows` rows: twice the square root. With as many as the root a search must score 40 % more rows (measured
/// at 100,000), with four times the root no fewer.
fn cell_count(rows: usize) -> usize {
    (2 * rows.isqrt()).clamp(1, MOST_CELLS).min(rows)
}

/// Builds the cells over the rows of `matrix`, which has at least one. `progress` is given the number of rows that are
/// done, as a share of the whole work. `None` when cancelled.
pub(crate) fn build(
    matrix: &Matrix,
    cancel: &CancellationToken,
    progress: &(dyn Fn(usize) + Sync),
) -> Option<CellParts> {
    let rows = matrix.all_rows();
    let (kernel, dim, total) = (matrix.kernel(), matrix.padded_dim(), matrix.len());
    let cells = cell_count(total);
    let whole_work = STEPS * sample_size(total, cells) + total;
    let work = Work::new(whole_work, total, cancel, progress);
    let centres = Centres::train(kernel, dim, rows, cells, &work)?;
    let cell_of = centres.nearest(rows, &work)?;
    let (ends, slots) = grouped(&cell_of, cells);
    let mut parts = CellParts {
        biases: biases(&centres.numbers, &rotated_mean(matrix, cells)),
        centres: to_f32_bytes(&centres.numbers),
        ends,
        slots,
        wanted_rows: 0,
    };
    parts.wanted_rows = tune::wanted_rows(&parts, matrix);
    tracing::debug!(cells, wanted_rows = parts.wanted_rows, "built the cells");
    work.go_on().then_some(parts)
}

/// Where each cell ends, and the slots cell by cell, ascending in each.
fn grouped(cell_of: &[u32], cells: usize) -> (Vec<u32>, Vec<u32>) {
    let mut ends = vec![0_u32; cells];
    for &cell in cell_of {
        ends[cell as usize] += 1;
    }
    let mut end = 0;
    let mut next = Vec::with_capacity(cells);
    for size in &mut ends {
        next.push(end);
        end += *size;
        *size = end;
    }
    let mut slots = vec![0_u32; cell_of.len()];
    for (slot, &cell) in (0..).zip(cell_of) {
        let place = &mut next[cell as usize];
        slots[*place as usize] = slot;
        *place += 1;
    }
    (ends, slots)
}

/// The mean of all vectors, rotated, from a sample of 64 vectors a cell.
fn rotated_mean(matrix: &Matrix, cells: usize) -> Vec<f32> {
    let count = sample_size(matrix.len(), cells);
    let mut sums = vec![0.0_f64; matrix.dim()];
    for at in 0..count {
        let vector = matrix.vector(at * matrix.len() / count);
        for (sum, x) in sums.iter_mut().zip(vector) {
            *sum += f64::from(x);
        }
    }
    let mean: Vec<f32> = sums.iter().map(|sum| (sum / count as f64) as f32).collect();
    rotate(&mean)
}

/// What the product of a query with each centre is lowered by, so that the nearest centre has the highest score: with the
/// mean `m` and the centre `c`, `|q − m − c|²` is lowest where `q · c − (m · c + |c|² / 2)` is highest.
fn biases(centres: &[f32], mean: &[f32]) -> Vec<f32> {
    centres
        .par_chunks_exact(mean.len())
        .map(|centre| {
            let pairs = centre.iter().zip(mean);
            pairs.map(|(c, m)| c * (m + c / 2.0)).sum()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_grouped_by_cell_in_ascending_order() {
        let (ends, slots) = grouped(&[2, 0, 2, 3, 0, 2], 4);
        assert_eq!(ends, [2, 2, 5, 6], "the second cell is empty");
        assert_eq!(slots, [1, 4, 0, 2, 5, 3]);
    }

    #[test]
    fn a_million_rows_have_two_thousand_cells() {
        assert_eq!(cell_count(1_000_000), 2_000);
        assert_eq!(cell_count(1), 1);
        assert_eq!(cell_count(usize::MAX), MOST_CELLS);
    }
}
