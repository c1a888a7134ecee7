//! Search over the vectors: an exact scan, a walk of a graph, and the choice between them.
//!
//! * **Scan**: every row is scored at four bits a number ([`Simd`] picks the instructions), and each that could still
//!   belong to the nearest, given how far the approximation can be off, is compared exactly. Its recall is 1 in
//!   practice; it serves filtered searches and catalogs up to the size where the walk is cheaper.
//! * **Walk**: HNSW, built by `hnsw_rs` (M 32, efConstruction 200), walked over the same 4-bit rows, its finds compared
//!   exactly. Its width is tuned when it is built.
//!
//! Both live in cache files beside the database (see [`CACHE`]), checksummed, and built again when damaged. Vectors that
//! came after them are compared one by one; tracks that went are left out.

mod bits;
mod build;
mod files;
mod graph;
mod index;
mod load;
mod matrix;
mod native;
mod plan;
mod quantise;
mod rotate;
mod sealed;
mod top;

pub use build::{EF_CONSTRUCTION, M};
pub use index::{Hit, Index, SearchOptions};
pub use load::{CACHE, GraphWanted};
pub use native::Simd;
pub use plan::{GRAPH_FROM, Way};
