//! What the indexer writes is read again, and what is wrong is refused.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

#[path = "../common/mod.rs"]
mod common;
mod files;
mod filters;
mod measured;
mod refused;

use needledrop_catalog::{Catalog, Filter};

const SPACE: &str = "embedded-audio-1";

fn fresh(dim: usize) -> (tempfile::TempDir, Catalog) {
    let dir = tempfile::tempdir().unwrap();
    let catalog = Catalog::create(dir.path(), SPACE, dim, "test").unwrap();
    (dir, catalog)
}

fn titles(catalog: &Catalog, filter: &Filter) -> Vec<String> {
    catalog
        .tracks(filter)
        .unwrap()
        .into_iter()
        .map(|track| track.facts.title)
        .collect()
}
