//! Search over the vectors: an exact scan, a probe of the nearest cells, and the choice between them.
//!
//! * **Scan**: every row is scored at four bits a number ([`Simd`] names the instructions), and each row that could be
//!   among the nearest, given the error of the approximation, is compared exactly. Its recall is 1 in practice; it serves
//!   filtered searches and catalogs of fewer than [`CELLS_FROM`] vectors.
//! * **Probe**: k-means has put the rows into cells, 2 · √n of them. A search scores the 4-bit rows of the cells nearest to the
//!   query, and compares the best of them exactly as a scan does. How many rows it must score for a recall of 0.99 is
//!   measured when the cells are built; under a filter it goes on until as many allowed rows were scored.
//!
//! Both use cache files beside the database (see [`CACHE`]), each with a checksum. The indexer writes them
//! ([`crate::Catalog::prepare`]); readers map them, compare later vectors one by one, and leave out deleted tracks.

mod bits;
mod build;
mod cache;
mod catalog;
mod cells;
mod follow;
mod index;
mod kmeans;
mod matrix;
mod matrix_writer;
mod native;
pub(crate) mod open;
mod plan;
mod prepare;
mod quantise;
mod random;
mod rotate;
mod rows;
mod sealed;
mod standalone;
mod top;
mod tune;
mod work;

pub use cache::CACHE;
pub use index::{Hit, Index, SearchOptions};
pub use native::Simd;
pub use plan::{CELLS_FROM, Way};
pub use prepare::{CellsWanted, Prepared};
