//! Measuring how many rows a search must score.

use rayon::prelude::*;

use super::bits::Bits;
use super::cells::CellParts;
use super::matrix::Matrix;

/// Recall that a search must reach. It is above the promised 0.99, because other queries than the tried ones may need more.
const WANTED_RECALL: f64 = 0.995;

/// Queries of each kind that are tried.
const TRIES: usize = 128;

/// Tracks that a tried search asks for, as many as a match ranks.
pub(crate) const ASKED: usize = 200;

/// The number of rows that a search for [`ASKED`] tracks must score, cells in the order of their distance, to reach
/// [`WANTED_RECALL`].
///
/// Tracks of the catalog are one kind of query: the nearest *other* tracks are asked for, as if the track were not there.
/// The other kind are tracks moved a little towards others, because the query of a clip is not a track.
pub(crate) fn wanted_rows(parts: &CellParts, matrix: &Matrix) -> u32 {
    let mut cell_of = vec![0_u32; parts.slots.len()];
    let mut start = 0;
    for (cell, &end) in (0..).zip(&parts.ends) {
        for &slot in &parts.slots[start..end as usize] {
            cell_of[slot as usize] = cell;
        }
        start = end as usize;
    }
    let everything = Bits::full(matrix.len());
    // Golden-ratio strides spread the queries over the slots.
    let place = |n: usize| {
        let turn = (n as f64 * 0.618_033_988_749_894_9).fract();
        ((turn * matrix.len() as f64) as usize).min(matrix.len() - 1)
    };
    let needed = |vector: &[f32], own: Option<usize>| -> Vec<u32> {
        let query = matrix.query(vector);
        let before = rows_before(
            &parts.ends,
            &parts.centres().nearest(matrix.kernel(), &query),
        );
        matrix
            .scan(&query, ASKED + usize::from(own.is_some()), &everything)
            .into_iter()
            .filter(|(slot, _)| Some(*slot as usize) != own)
            .map(|(slot, _)| before[cell_of[slot as usize] as usize] + 1)
            .collect()
    };
    let tracks = (0..TRIES).into_par_iter().map(|at| {
        let slot = place(at + 1);
        needed(&matrix.vector(slot), Some(slot))
    });
    let moved = (0..TRIES).into_par_iter().map(|at| {
        let (a, b) = (
            matrix.vector(place(2 * at + 1)),
            matrix.vector(place(2 * at + 2)),
        );
        let between: Vec<f32> = a.iter().zip(&b).map(|(x, y)| x + 0.5 * y).collect();
        let vector = crate::vector::unit(&between, matrix.dim()).unwrap_or(a);
        needed(&vector, None)
    });
    quantile(tracks.flatten_iter().collect()).max(quantile(moved.flatten_iter().collect()))
}

/// For each cell, the rows of all cells that come before it in `order`.
fn rows_before(ends: &[u32], order: &[u32]) -> Vec<u32> {
    let mut before = vec![0; ends.len()];
    let mut rows = 0;
    for &cell in order {
        let cell = cell as usize;
        before[cell] = rows;
        rows += ends[cell] - cell.checked_sub(1).map_or(0, |last| ends[last]);
    }
    before
}

/// The least number of rows with which [`WANTED_RECALL`] of the wanted tracks are found, each of which needs as many
/// rows as `needed` says.
fn quantile(mut needed: Vec<u32>) -> u32 {
    needed.sort_unstable();
    let found = (WANTED_RECALL * needed.len() as f64).ceil() as usize;
    needed.get(found.saturating_sub(1)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_before_a_cell_are_those_of_nearer_cells() {
        // Cells of 3, 0, 4 and 2 rows.
        assert_eq!(rows_before(&[3, 3, 7, 9], &[2, 0, 3, 1]), [4, 9, 0, 7]);
    }

    #[test]
    fn the_quantile_finds_at_least_the_wanted_part() {
        let rows = quantile((1..=1_000).rev().collect());
        assert_eq!(rows, 995, "995 of 1,000 need at most 995 rows");
        assert_eq!(quantile(vec![7]), 7);
        assert_eq!(quantile(Vec::new()), 0);
    }
}
