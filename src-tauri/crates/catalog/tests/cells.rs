//! The cells of a catalog: built by the indexer, used by searches where they fit the vectors.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

mod common;

use std::fs;
use std::path::Path;

use common::{DIM, Dice, exact, filled, oracle, prepare, rows, track};
use needledrop_catalog::search::{CACHE, CellsWanted, Index, Prepared, SearchOptions, Simd, Way};
use needledrop_catalog::{Catalog, Filter, Hit};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

const DIGEST_BYTES: usize = 32;

fn probe(index: &Index, query: &[f32], k: usize) -> Vec<Hit> {
    let options = SearchOptions {
        way: Some(Way::Probe),
        rows: None,
    };
    index.search(query, k, options).unwrap()
}

/// Puts another file at the path; the old one may still be mapped.
fn replace(file: &Path, bytes: &[u8]) {
    fs::remove_file(file).unwrap();
    fs::write(file, bytes).unwrap();
}

#[test]
fn damaged_cells_are_not_used_and_the_indexer_replaces_them() {
    let (dir, mut catalog, vectors) = filled(0..600);
    prepare(&mut catalog, CellsWanted::Always);
    assert!(catalog.index().unwrap().has_cells());
    drop(catalog);
    let file = dir.path().join(CACHE).join("cells.nd");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    replace(&file, &bytes);
    let mut catalog = Catalog::open(dir.path()).unwrap();
    let query = Dice(3).vector(DIM);
    assert_eq!(
        rows(&catalog, &query, 9),
        exact(&vectors, &query, 9),
        "the scan does not need it"
    );
    let index = catalog.index().unwrap();
    assert!(!index.has_cells());
    assert_eq!(
        index.cells_refused(),
        Some("the file is damaged: the checksum does not match")
    );
    drop(index);
    prepare(&mut catalog, CellsWanted::Always);
    let index = catalog.index().unwrap();
    assert!(index.has_cells() && index.cells_refused().is_none());
    let found = probe(&index, &query, 9);
    assert!(found.len() == 9 && found[0].row == exact(&vectors, &query, 1)[0]);
}

#[test]
fn cells_go_with_the_vectors_that_they_were_built_over() {
    let (dir, mut catalog, _) = filled(0..300);
    prepare(&mut catalog, CellsWanted::Always);
    let cells = dir.path().join(CACHE).join("cells.nd");
    assert!(cells.exists());
    for number in 1_000..1_257 {
        let vector = Dice(number + 1).vector(DIM);
        catalog.put(&track(number, vector)).unwrap();
    }
    prepare(&mut catalog, CellsWanted::WhereItPays);
    assert!(!cells.exists(), "the vectors were written again");
    assert!(!catalog.index().unwrap().has_cells());
}

#[test]
fn an_open_catalog_uses_the_cells_that_another_connection_has_built() {
    let (dir, mut catalog, vectors) = filled(0..400);
    let reader = Catalog::open(dir.path()).unwrap();
    let query = Dice(3).vector(DIM);
    assert_eq!(rows(&reader, &query, 9), exact(&vectors, &query, 9));
    prepare(&mut catalog, CellsWanted::Always);
    let index = reader.index().unwrap();
    assert!(index.has_cells(), "no track was written since");
    assert_eq!(index.tail_len(), 0);
}

#[test]
fn a_cancelled_build_of_cells_leaves_a_catalog_that_can_be_searched() {
    let (dir, mut catalog, vectors) = filled(0..400);
    let cancel = CancellationToken::new();
    cancel.cancel();
    let ended = catalog.prepare(CellsWanted::Always, &cancel, &|_, _| {});
    assert_eq!(ended.unwrap(), Prepared::Cancelled);
    let query = Dice(3).vector(DIM);
    assert_eq!(rows(&catalog, &query, 9), exact(&vectors, &query, 9));
    let left: Vec<_> = fs::read_dir(dir.path().join(CACHE))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["vectors.nd"], "no half-written file is left");
}

#[test]
fn cells_of_other_vectors_are_refused() {
    let (dir, mut catalog, vectors) = filled(0..400);
    prepare(&mut catalog, CellsWanted::Always);
    let mut other = filled(1_000..1_400);
    prepare(&mut other.1, CellsWanted::Always);
    let foreign = fs::read(other.0.path().join(CACHE).join("cells.nd")).unwrap();
    replace(&dir.path().join(CACHE).join("cells.nd"), &foreign);
    let reader = Catalog::open(dir.path()).unwrap();
    let query = Dice(3).vector(DIM);
    assert_eq!(rows(&reader, &query, 9), exact(&vectors, &query, 9));
    let index = reader.index().unwrap();
    assert!(!index.has_cells());
    assert_eq!(
        index.cells_refused(),
        Some("they were built over other vectors")
    );
}

#[test]
fn a_search_that_probes_leaves_out_deleted_and_missing_tracks_and_finds_new_ones() {
    let (_dir, mut catalog, mut vectors) = filled(0..600);
    prepare(&mut catalog, CellsWanted::Always);
    let query = Dice(31).vector(DIM);
    let near = rows(&catalog, &query, 2);
    let near = catalog.tracks_at(&near).unwrap();
    catalog.remove(&near[0].id).unwrap();
    catalog.mark_missing(&[&near[1].path]).unwrap();
    let id = catalog.put(&track(9_000, query.clone())).unwrap();
    vectors.retain(|(row, _)| *row != near[0].row);
    vectors.push((catalog.track(&id).unwrap().row, query.clone()));
    let index = catalog.index().unwrap();
    assert!(index.has_cells() && index.tail_len() == 1);
    let all = SearchOptions {
        way: Some(Way::Probe),
        rows: Some(usize::MAX),
    };
    let found = |options| -> Vec<i64> {
        let hits = index.search(&query, 30, options).unwrap();
        hits.iter().map(|hit| hit.row).collect()
    };
    assert_eq!(found(all), exact(&vectors, &query, 30));
    let stopped = probe(&index, &query, 30);
    assert_eq!(stopped[0].row, vectors.last().unwrap().0, "the new track");
    assert!(stopped.iter().all(|hit| hit.row != near[0].row), "deleted");
    vectors.retain(|(row, _)| *row != near[1].row);
    assert_eq!(
        rows(&catalog, &query, 30),
        exact(&vectors, &query, 30),
        "the missing track is not offered"
    );
    let anyway = Filter {
        include_missing: true,
        ..Filter::default()
    };
    let hits = catalog.search(&query, 600, &anyway).unwrap();
    assert!(hits.iter().any(|hit| hit.row == near[1].row));
}

#[test]
fn a_graph_of_an_earlier_version_is_ignored_and_removed() {
    let (dir, mut catalog, vectors) = filled(0..300);
    prepare(&mut catalog, CellsWanted::Never);
    let graph = dir.path().join(CACHE).join("graph.nd");
    fs::write(&graph, b"ndgraph1 and so on").unwrap();
    let reader = Catalog::open(dir.path()).unwrap();
    let query = Dice(3).vector(DIM);
    assert_eq!(rows(&reader, &query, 9), exact(&vectors, &query, 9));
    assert_eq!(reader.index().unwrap().cells_refused(), None);
    prepare(&mut catalog, CellsWanted::Never);
    assert!(!graph.exists(), "the next build removes it");
}

#[test]
fn cells_are_built_over_vectors_that_are_up_to_date_without_writing_these_again() {
    let (dir, mut catalog, _) = filled(0..300);
    prepare(&mut catalog, CellsWanted::Never);
    let file = dir.path().join(CACHE).join("vectors.nd");
    let written = fs::metadata(&file).unwrap().modified().unwrap();
    prepare(&mut catalog, CellsWanted::Always);
    assert!(catalog.index().unwrap().has_cells());
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), written);
}

#[test]
fn a_build_reports_from_zero_to_all_vectors() {
    let (_dir, mut catalog, _) = filled(0..300);
    let most = std::sync::atomic::AtomicUsize::new(0);
    let progress = |done, of| {
        assert!(done <= of && of == 300, "{done} of {of}");
        most.fetch_max(done, std::sync::atomic::Ordering::Relaxed);
    };
    let ended = catalog.prepare(CellsWanted::Always, &CancellationToken::new(), &progress);
    assert_eq!(ended.unwrap(), Prepared::Ready);
    assert_eq!(most.into_inner(), 300);
}

/// Files of cells whose checksum is right and whose content is not: what a stranger's catalog may hold.
#[test]
fn malformed_cells_are_refused_and_never_read_beyond_their_end() {
    let dir = tempfile::tempdir().unwrap();
    let vectors: Vec<(i64, Vec<f32>)> = (1..=90_i64)
        .map(|row| (row, Dice(row as u64).vector(DIM)))
        .collect();
    let never = CancellationToken::new();
    let built = Index::build(dir.path(), DIM, vectors.clone(), true, &never, &|_| {});
    drop(built.unwrap().unwrap());
    let file = dir.path().join("cells.nd");
    let whole = fs::read(&file).unwrap();
    let content = &whole[..whole.len() - DIGEST_BYTES];
    let query = Dice(7).vector(DIM);
    let expected: Vec<i64> = oracle(&vectors, &query, 5)
        .iter()
        .map(|(row, _)| *row)
        .collect();
    let mut refused = 0;
    for at in (0..content.len()).step_by(13) {
        for value in [0, 0x7f, 0xff] {
            let mut bytes = content.to_vec();
            bytes[at] = value;
            let digest = Sha256::digest(&bytes);
            bytes.extend(digest);
            replace(&file, &bytes);
            let index = Index::open(dir.path(), Simd::detect()).unwrap();
            refused += usize::from(!index.has_cells());
            assert!(probe(&index, &query, 5).len() <= 5, "byte {at}");
        }
    }
    assert!(refused > 0, "some of them are refused");
    for cut in [0, 8, content.len() / 2, content.len() - 1] {
        let mut bytes = content[..cut].to_vec();
        let digest = Sha256::digest(&bytes);
        bytes.extend(digest);
        replace(&file, &bytes);
        let index = Index::open(dir.path(), Simd::detect()).unwrap();
        assert!(!index.has_cells(), "cut at {cut}");
        let found: Vec<i64> = probe(&index, &query, 5).iter().map(|hit| hit.row).collect();
        assert_eq!(found, expected, "without cells a probe is a scan");
    }
}
