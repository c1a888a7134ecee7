//! Search over the vectors: an exact scan, a walk of a graph, and the choice between them.
//!
//! * **Scan**: every row is scored at four bits a number ([`Simd`] names the instructions), and each row that could be
//!   among the nearest, given the error of the approximation, is compared exactly. Its recall is 1 in practice; it serves
//!   filtered searches and catalogs up to the size where the walk is cheaper.
//! * **Walk**: HNSW, built by `hnsw_rs` (M 32, efConstruction 200), walked over the same 4-bit rows, its results compared
//!   exactly. Its width is tuned when it is built.
//!
//! Both use cache files beside the database (see [`CACHE`]), each with a checksum. The indexer writes them
//! ([`crate::Catalog::prepare`]); readers map them, compare later vectors one by one, and leave out deleted tracks.

mod bits;
mod build;
mod cache;
mod catalog;
mod follow;
mod graph;
mod index;
mod matrix;
mod native;
pub(crate) mod open;
mod plan;
mod prepare;
mod quantise;
mod rotate;
mod sealed;
mod standalone;
mod top;

pub use build::{EF_CONSTRUCTION, M};
pub use cache::CACHE;
pub use index::{Hit, Index, SearchOptions};
pub use native::Simd;
pub use plan::{GRAPH_FROM, Way};
pub use prepare::{GraphWanted, Prepared};
