//! Checks of the workspace itself. `tests/layers.rs` compares the crates with the table in ARCHITECTURE.md.

pub mod layers;
pub mod table;
pub mod workspace;
