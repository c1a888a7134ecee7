//! Building the graph with `hnsw_rs`, and measuring how wide a walk must be.

use std::collections::VecDeque;

use hnsw_rs::prelude::{Distance, Hnsw};
use rayon::prelude::*;
use tokio_util::sync::CancellationToken;

use super::bits::Bits;
use super::graph::{Graph, GraphParts};
use super::matrix::{Matrix, MatrixWriter};
use super::native::{Kernel, Simd};
use super::quantise::{TRAILER, byte_row};

/// Number of neighbours of a slot on the upper levels; the lowest has twice as many.
pub const M: usize = 32;

/// Number of candidates kept while a slot is inserted.
pub const EF_CONSTRUCTION: usize = 200;

/// Largest number of levels.
const MOST_LEVELS: usize = 16;

/// Number of slots inserted between two checks of the cancellation token.
const AT_ONCE: usize = 2_048;

/// Squared Euclidean distance of byte rows: for vectors of length one twice the cosine distance.
///
/// `DistCosine` of `hnsw_rs` measures floats. At eight bits a row is a quarter as long, and building four times as fast.
#[derive(Clone, Copy)]
struct ByteDistance(Kernel);

impl Distance<u8> for ByteDistance {
    fn eval(&self, a: &[u8], b: &[u8]) -> f32 {
        let (a, a_tail) = a.split_at(a.len() - TRAILER);
        let (b, b_tail) = b.split_at(b.len() - TRAILER);
        let float = |tail: &[u8], at: usize| {
            f32::from_le_bytes([tail[at], tail[at + 1], tail[at + 2], tail[at + 3]])
        };
        let sum_b = i32::from_le_bytes([b_tail[8], b_tail[9], b_tail[10], b_tail[11]]);
        let product = self.0.dot_bytes(a, b, sum_b) as f32;
        let dot = product * float(a_tail, 0) * float(b_tail, 0);
        // `hnsw_rs` panics on distances below zero.
        (float(a_tail, 4) + float(b_tail, 4) - 2.0 * dot).max(0.0)
    }
}

/// Builds the graph over the vectors of `writer`; its slots are those of the matrix that `writer` writes. `progress` is
/// given the number of slots inserted. `None` when cancelled.
pub(crate) fn build(
    writer: &MatrixWriter,
    cancel: &CancellationToken,
    progress: &(dyn Fn(usize) + Sync),
) -> Option<GraphParts> {
    let count = writer.len();
    let rotated = writer.rotated();
    let hnsw = Hnsw::<u8, ByteDistance>::new(
        M,
        count,
        MOST_LEVELS,
        EF_CONSTRUCTION,
        ByteDistance(Kernel::new(Simd::detect())),
    );
    // The first ones on one thread: inserted at the same time they would not find each other.
    let alone = count.min(64);
    for slot in 0..alone {
        hnsw.insert_slice((&byte_row(&rotated(slot)), slot));
    }
    for start in (alone..count).step_by(AT_ONCE) {
        if cancel.is_cancelled() {
            return None;
        }
        let end = count.min(start + AT_ONCE);
        (start..end)
            .into_par_iter()
            .for_each(|slot| hnsw.insert_slice((&byte_row(&rotated(slot)), slot)));
        progress(end);
    }
    let mut parts = take_out(&hnsw, count);
    drop(hnsw);
    connect(&mut parts);
    Some(parts)
}

fn take_out(hnsw: &Hnsw<'_, u8, ByteDistance>, count: usize) -> GraphParts {
    let mut levels: Vec<Vec<(u32, Vec<u32>)>> = vec![Vec::with_capacity(count)];
    let mut entry = (0, 0);
    for point in hnsw.get_point_indexation() {
        let slot = point.get_origin_id() as u32;
        let top = usize::from(point.get_point_id().0);
        entry = entry.max((top, slot));
        while levels.len() <= top {
            levels.push(Vec::new());
        }
        for (level, neighbours) in point
            .get_neighborhood_id()
            .into_iter()
            .take(top + 1)
            .enumerate()
        {
            let list = neighbours
                .iter()
                .map(|neighbour| neighbour.get_origin_id() as u32)
                .filter(|&other| other != slot)
                .collect();
            levels[level].push((slot, list));
        }
    }
    for level in &mut levels {
        level.sort_unstable_by_key(|(slot, _)| *slot);
    }
    GraphParts {
        levels,
        entry: entry.1,
        ef: 0,
        visited: 0,
    }
}

/// Makes every slot of the lowest level reachable. `hnsw_rs` drops the farthest neighbour of a full list, which can cut
/// off a slot or a whole cluster; each gets a link from its nearest neighbour that is reachable.
fn connect(parts: &mut GraphParts) {
    let lists = &mut parts.levels[0];
    let mut reached = Bits::empty(lists.len());
    let spread = |lists: &[(u32, Vec<u32>)], reached: &mut Bits, from: u32| {
        let mut open = VecDeque::from([from]);
        reached.insert(from as usize);
        while let Some(slot) = open.pop_front() {
            for &next in &lists[slot as usize].1 {
                if reached.insert(next as usize) {
                    open.push_back(next);
                }
            }
        }
    };
    spread(lists, &mut reached, parts.entry);
    let mut cut_off = 0;
    // First the slots with a reachable neighbour; the others are linked from the entry.
    for last in [false, true] {
        for slot in 0..lists.len() as u32 {
            if reached.has(slot as usize) {
                continue;
            }
            let near = lists[slot as usize]
                .1
                .iter()
                .copied()
                .find(|&other| reached.has(other as usize));
            let Some(from) = near.or(last.then_some(parts.entry)) else {
                continue;
            };
            lists[from as usize].1.push(slot);
            spread(lists, &mut reached, slot);
            cut_off += 1;
        }
    }
    tracing::debug!(cut_off, "slots that the graph had cut off were connected");
}

/// Widths of a walk that are tried, ascending.
const WIDTHS: [usize; 11] = [
    200, 250, 300, 400, 500, 650, 800, 1_000, 1_300, 1_600, 2_000,
];

/// Recall that a width must reach. It is above the promised 0.99, because other queries than the tried ones may need more.
const WANTED_RECALL: f64 = 0.993;

/// Measures the width that a walk for 200 tracks needs. The queries are tracks moved a little towards others, because
/// real queries are near stored vectors, not equal to them. Returns the width and the mean number of rows measured.
pub(crate) fn tune(
    graph: &Graph,
    matrix: &Matrix,
    vector_of: impl Fn(usize) -> Vec<f32>,
) -> (u32, u32) {
    const TRIES: usize = 64;
    let count = matrix.len();
    let everything = Bits::full(count);
    let k = 200.min(count);
    let cases: Vec<_> = (0..TRIES)
        .map(|at| {
            // Golden-ratio strides spread the pairs over the slots.
            let place = |n: usize| (n as f64 * 0.618_033_988_749_894_9).fract() * count as f64;
            let (a, b) = (
                vector_of(place(2 * at + 1) as usize),
                vector_of(place(2 * at + 2) as usize),
            );
            let between: Vec<f32> = a.iter().zip(&b).map(|(x, y)| x + 0.25 * y).collect();
            let vector = crate::vector::unit(&between, matrix.dim()).unwrap_or(a);
            let query = matrix.query(&vector);
            let mut nearest = Bits::empty(count);
            for (slot, _) in matrix.scan(&query, k, &everything) {
                nearest.insert(slot as usize);
            }
            (query, nearest)
        })
        .collect();
    let mut chosen = (WIDTHS[0], 0);
    for width in WIDTHS {
        let (mut hits, mut measured) = (0, 0);
        for (query, nearest) in &cases {
            let walk = graph.walk(matrix, query, width, None);
            measured += walk.measured;
            let slots = walk.found.into_iter().map(|(slot, _)| slot).collect();
            let found = matrix.exactly(query, k, slots);
            hits += found
                .iter()
                .filter(|(slot, _)| nearest.has(*slot as usize))
                .count();
        }
        let recall = hits as f64 / (TRIES * k).max(1) as f64;
        chosen = (width, measured / TRIES);
        tracing::debug!(width, recall, measured = chosen.1, "tried a width");
        if recall >= WANTED_RECALL {
            break;
        }
    }
    (chosen.0 as u32, chosen.1 as u32)
}
