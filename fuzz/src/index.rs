//! The files that a search maps: vectors and cells. Both end with the SHA-256 of what precedes it; inputs are without it,
//! and get the right one before they are read.

use std::cell::OnceCell;
use std::fs;
use std::path::Path;

use needledrop_catalog::search::{Index, SearchOptions, Simd, Way};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use crate::scratch;
use crate::target::Target;

/// `vectors.nd`.
pub const VECTORS: Target = Target {
    name: "vectors",
    most_bytes: 1 << 14,
    read: |input| {
        let folder = scratch::folder();
        write(&folder.join(VECTORS_FILE), &sealed(input));
        let dimensions = input
            .get(64..66)
            .map_or(1, |at| u16::from_le_bytes([at[0], at[1]]));
        search(&folder, dimensions).is_some()
    },
    seeds: || vec![unsealed(&made().0)],
};

/// `cells.nd`, beside whole vectors.
pub const CELLS: Target = Target {
    name: "cells",
    most_bytes: 1 << 14,
    read: |input| {
        let folder = scratch::folder();
        MADE.with(|files| write(&folder.join(VECTORS_FILE), &files.get_or_init(made).0));
        write(&folder.join(CELLS_FILE), &sealed(input));
        search(&folder, u16::from(DIMENSIONS)) == Some(true)
    },
    seeds: || vec![unsealed(&made().1)],
};

const VECTORS_FILE: &str = "vectors.nd";
const CELLS_FILE: &str = "cells.nd";
const DIGEST_BYTES: usize = 32;
const DIMENSIONS: u8 = 3;
const ROWS: u8 = 24;

thread_local! {
    static MADE: OnceCell<(Vec<u8>, Vec<u8>)> = const { OnceCell::new() };
}

/// Searches the index in both ways. `None` where it was refused, else whether it has cells.
fn search(folder: &Path, dimensions: u16) -> Option<bool> {
    let index = Index::open(folder, Simd::detect()).ok()?;
    let mut query = vec![0.5; usize::from(dimensions.max(1))];
    query[0] = 1.0;
    for way in [Way::Scan, Way::Probe] {
        let options = SearchOptions {
            way: Some(way),
            ..SearchOptions::default()
        };
        let hits = index.search(&query, 5, options).ok()?;
        assert!(hits.len() <= 5, "{} hits of at most 5", hits.len());
    }
    Some(index.has_cells())
}

/// Vectors and cells of a small index.
fn made() -> (Vec<u8>, Vec<u8>) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let vectors = (1..=ROWS).map(|row| {
        let numbers = (0..DIMENSIONS).map(|at| f32::from(row.wrapping_mul(37 + at) % 11) - 4.5);
        (i64::from(row), numbers.collect::<Vec<f32>>())
    });
    Index::build(
        folder.path(),
        usize::from(DIMENSIONS),
        vectors,
        true,
        &CancellationToken::new(),
        &|_| (),
    )
    .map(|_| ())
    .expect("an index can be built");
    let read = |name| fs::read(folder.path().join(name)).expect("the index is in its files");
    (read(VECTORS_FILE), read(CELLS_FILE))
}

fn sealed(content: &[u8]) -> Vec<u8> {
    [content, &Sha256::digest(content)].concat()
}

fn unsealed(file: &[u8]) -> Vec<u8> {
    file[..file.len() - DIGEST_BYTES].to_vec()
}

fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("the temporary folder is writable");
}
