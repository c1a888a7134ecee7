//! Consecutive 4-bit rows, scored against a query.

use super::native::Kernel;
use super::quantise::ByteQuery;

/// Rows scored by one call of the kernel.
const STRIDE: usize = 512;

/// Consecutive 4-bit rows with their scales: all rows of the vectors, or those of one cell.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    /// Two numbers a byte, as [`super::quantise::push_nibbles`] packs them.
    pub(crate) nibbles: &'a [u8],
    /// One for each row: a level `n` stands for `scale · (n − 7.5)`.
    pub(crate) scales: &'a [f32],
}

impl Rows<'_> {
    /// Calls `take` with the number of each row, from 0, and its approximate score.
    pub(crate) fn score(
        &self,
        kernel: Kernel,
        query: &ByteQuery,
        mut take: impl FnMut(usize, f32),
    ) {
        let row_bytes = query.numbers.len() / 2;
        let mut products = [0; STRIDE];
        for (at, part) in self.nibbles.chunks(STRIDE * row_bytes).enumerate() {
            let products = &mut products[..part.len() / row_bytes];
            kernel.scan(part, &query.numbers, products);
            for (row, &product) in (at * STRIDE..).zip(&*products) {
                take(row, query.score(self.scales[row], product));
            }
        }
    }
}
