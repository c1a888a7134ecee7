//! Every way of searching against the exact answer, and the cache files' life.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

mod common;

use common::{Dice, oracle, track};
use needledrop_catalog::search::{CACHE, GraphWanted, Index, SearchOptions, Simd, Way};
use needledrop_catalog::{Catalog, Filter};
use proptest::prelude::*;
use tokio_util::sync::CancellationToken;

const SCAN: SearchOptions = SearchOptions {
    way: Some(Way::Scan),
    ef: None,
};
const WALK: SearchOptions = SearchOptions {
    way: Some(Way::Walk),
    ef: None,
};

fn build(dir: &std::path::Path, vectors: &[(i64, Vec<f32>)], graph: bool) -> Index {
    let dim = vectors[0].1.len();
    Index::build(
        dir,
        dim,
        vectors.to_vec(),
        graph,
        &CancellationToken::new(),
        &|_| {},
    )
    .unwrap()
}

fn recall(
    index: &Index,
    vectors: &[(i64, Vec<f32>)],
    queries: &[Vec<f32>],
    k: usize,
    options: SearchOptions,
) -> f64 {
    let (mut hits, mut asked) = (0, 0);
    for query in queries {
        let found = index.search(query, k, options).unwrap();
        let exact = oracle(vectors, query, k);
        assert_eq!(found.len(), exact.len(), "as many as there are");
        assert!(
            found.is_sorted_by(|a, b| a.cosine >= b.cosine),
            "nearest first"
        );
        // One as near as the last that belongs is as good as it.
        let last = exact.last().unwrap().1 - 1e-6;
        hits += found
            .iter()
            .filter(|hit| f64::from(hit.cosine) >= last)
            .count();
        asked += exact.len();
        for hit in &found {
            let vector = &vectors.iter().find(|(row, _)| *row == hit.row).unwrap().1;
            let cosine = oracle(&[(hit.row, vector.clone())], query, 1)[0].1;
            assert!(
                (f64::from(hit.cosine) - cosine).abs() < 1e-5,
                "the cosine is exact"
            );
        }
    }
    hits as f64 / asked as f64
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    Isotropic,
    Clustered,
    /// A large common part and some loud numbers, as embeddings often have.
    Cone,
    Doubled,
}

fn shaped(shape: Shape, seed: u64, dim: usize, count: usize) -> Vec<(i64, Vec<f32>)> {
    let mut dice = Dice(seed);
    let centres: Vec<Vec<f32>> = (0..12).map(|_| dice.vector(dim)).collect();
    let mut rows: Vec<Vec<f32>> = (0..count)
        .map(|at| match shape {
            Shape::Isotropic => dice.vector(dim),
            Shape::Clustered => dice.clustered(&centres, 0.4),
            Shape::Cone => {
                let mut vector: Vec<f32> = dice.vector(dim).iter().map(|x| x * 0.3 + 0.5).collect();
                vector[at % 3 % dim] += 4.0;
                vector
            }
            Shape::Doubled => dice.clustered(&centres[..2], 0.0),
        })
        .collect();
    // No all-zero row, whatever the dice say.
    for row in &mut rows {
        row[0] += 1e-3;
    }
    (1..).map(|at| at * 3).zip(rows).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_scan_finds_what_an_exact_search_finds(
        shape in prop::sample::select(vec![Shape::Isotropic, Shape::Clustered, Shape::Cone, Shape::Doubled]),
        seed in any::<u64>(),
        dim in 2_usize..400,
        count in 1_usize..900,
        k in 1_usize..60,
        part in 1_usize..9,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let vectors = shaped(shape, seed, dim, count);
        let index = build(dir.path(), &vectors, false);
        let queries: Vec<Vec<f32>> = (0..4).map(|at| Dice(seed ^ at).vector(dim)).collect();
        for simd in Simd::available() {
            let index = Index::open(dir.path(), simd).unwrap();
            prop_assert_eq!(recall(&index, &vectors, &queries, k, SCAN), 1.0, "{:?}", simd);
        }
        let some: Vec<(i64, Vec<f32>)> = vectors.iter().step_by(part).cloned().collect();
        let rows: Vec<i64> = some.iter().map(|(row, _)| *row).collect();
        for query in &queries {
            let exact = oracle(&some, query, k);
            let found = index.search_rows(query, k, &rows, SCAN).unwrap();
            prop_assert_eq!(found.len(), exact.len());
            for (hit, (_, cosine)) in found.iter().zip(&exact) {
                prop_assert!((f64::from(hit.cosine) - cosine).abs() < 1e-5, "the best of the allowed");
                prop_assert!(rows.contains(&hit.row), "only the allowed");
            }
        }
    }
}

#[test]
fn a_walk_finds_nearly_all_of_what_an_exact_search_finds() {
    for (shape, dim) in [
        (Shape::Isotropic, 48),
        (Shape::Clustered, 96),
        (Shape::Cone, 64),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let vectors = shaped(shape, 5, dim, 3_000);
        let index = build(dir.path(), &vectors, true);
        let queries: Vec<Vec<f32>> = (0..30)
            .map(|at| {
                let (a, b) = (&vectors[at * 70].1, &vectors[at * 90 + 7].1);
                a.iter().zip(b).map(|(x, y)| x + 0.5 * y).collect()
            })
            .collect();
        let found = recall(&index, &vectors, &queries, 100, WALK);
        assert!(
            found >= 0.99,
            "{shape:?}: recall {found} at ef {:?}",
            index.tuned_ef()
        );
        let one_in_three: Vec<i64> = vectors.iter().map(|(row, _)| *row).step_by(3).collect();
        let hits = index
            .search_rows(&queries[0], 50, &one_in_three, WALK)
            .unwrap();
        assert_eq!(hits.len(), 50);
        assert!(
            hits.iter().all(|hit| one_in_three.contains(&hit.row)),
            "a walk keeps to the filter"
        );
    }
}

/// A catalog large enough to have cache files.
fn filled(numbers: std::ops::Range<u64>) -> (tempfile::TempDir, Catalog, Vec<(i64, Vec<f32>)>) {
    let dir = tempfile::tempdir().unwrap();
    let mut catalog = Catalog::create(dir.path(), "space", 40, "search").unwrap();
    let mut vectors = Vec::new();
    for number in numbers {
        let vector = Dice(number + 1).vector(40);
        let id = catalog.put(&track(number, vector.clone())).unwrap();
        vectors.push((catalog.track(&id).unwrap().row, vector));
    }
    (dir, catalog, vectors)
}

fn rows(catalog: &Catalog, query: &[f32], k: usize) -> Vec<i64> {
    catalog
        .search(query, k, &Filter::default())
        .unwrap()
        .iter()
        .map(|hit| hit.row)
        .collect()
}

fn exact(vectors: &[(i64, Vec<f32>)], query: &[f32], k: usize) -> Vec<i64> {
    oracle(vectors, query, k)
        .into_iter()
        .map(|(row, _)| row)
        .collect()
}

#[test]
fn tracks_added_and_removed_after_the_index_was_built_are_found_and_gone() {
    let (_dir, mut catalog, mut vectors) = filled(0..400);
    let query = Dice(9_077).vector(40);
    assert_eq!(rows(&catalog, &query, 20), exact(&vectors, &query, 20));
    assert_eq!(
        catalog.index().unwrap().rebuilt(),
        Some("it is not there yet")
    );
    let index = catalog.index().unwrap();
    assert_eq!((index.len(), index.tail_len()), (400, 0));
    drop(index);

    catalog.put(&track(9_000, query.clone())).unwrap();
    let newest = catalog
        .tracks(&Filter::default())
        .unwrap()
        .last()
        .unwrap()
        .row;
    vectors.push((newest, query.clone()));
    assert_eq!(rows(&catalog, &query, 20), exact(&vectors, &query, 20));
    assert_eq!(
        rows(&catalog, &query, 1),
        [newest],
        "the new one is nearest"
    );

    let second = rows(&catalog, &query, 2)[1];
    let gone = catalog.tracks_at(&[second]).unwrap()[0].clone();
    catalog.remove(&gone.id).unwrap();
    vectors.retain(|(row, _)| *row != second);
    assert_eq!(rows(&catalog, &query, 20), exact(&vectors, &query, 20));

    let third = catalog.tracks_at(&rows(&catalog, &query, 2)[1..]).unwrap()[0].clone();
    catalog.mark_missing(&[&third.path]).unwrap();
    let present: Vec<_> = vectors
        .iter()
        .filter(|(row, _)| *row != third.row)
        .cloned()
        .collect();
    assert_eq!(
        rows(&catalog, &query, 20),
        exact(&present, &query, 20),
        "the missing are not offered"
    );
    let anyway = Filter {
        include_missing: true,
        ..Filter::default()
    };
    assert_eq!(
        catalog.search(&query, 2, &anyway).unwrap()[1].row,
        third.row,
        "but found when asked for"
    );

    let index = catalog.index().unwrap();
    assert_eq!(
        (index.len(), index.tail_len(), index.rebuilt()),
        (400, 1, None),
        "no file was written anew"
    );
    assert_eq!(
        rows(&catalog, &query, 10_000).len(),
        399,
        "more than there are is all"
    );
}

#[test]
fn another_connection_sees_what_was_written() {
    let (dir, mut catalog, mut vectors) = filled(0..300);
    let reader = Catalog::open(dir.path()).unwrap();
    let query = Dice(5).vector(40);
    assert_eq!(rows(&reader, &query, 5), exact(&vectors, &query, 5));
    let id = catalog.put(&track(8_000, query.clone())).unwrap();
    vectors.push((catalog.track(&id).unwrap().row, query.clone()));
    assert_eq!(rows(&reader, &query, 5), exact(&vectors, &query, 5));
}

#[test]
fn damaged_old_and_foreign_cache_files_are_built_again() {
    let (dir, catalog, vectors) = filled(0..400);
    let query = Dice(31).vector(40);
    let expected = exact(&vectors, &query, 30);
    assert_eq!(rows(&catalog, &query, 30), expected);
    drop(catalog);
    let file = dir.path().join(CACHE).join("vectors.nd");
    let whole = std::fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x10;
    let other = filled(1_000..1_400);
    rows(&other.1, &query, 1);
    let foreign = std::fs::read(other.0.path().join(CACHE).join("vectors.nd")).unwrap();
    let cases: [(&str, Vec<u8>); 5] = [
        ("a flipped bit", flipped),
        ("a cut", whole[..whole.len() / 3].to_vec()),
        ("nothing", Vec::new()),
        (
            "noise",
            (0..5_000_u32).map(|x| ((x * x) >> 3) as u8).collect(),
        ),
        ("another catalog's", foreign),
    ];
    for (what, bytes) in cases {
        // A new file: the old one may still be mapped.
        std::fs::remove_file(&file).unwrap();
        std::fs::write(&file, bytes).unwrap();
        let catalog = Catalog::open(dir.path()).unwrap();
        assert_eq!(rows(&catalog, &query, 30), expected, "{what}");
        assert!(
            catalog.index().unwrap().rebuilt().is_some(),
            "{what} is said"
        );
        let again = Catalog::open(dir.path()).unwrap();
        assert_eq!(
            again.index().unwrap().rebuilt(),
            None,
            "{what} is mended for good"
        );
    }
}

#[test]
fn a_damaged_graph_is_left_aside_and_built_again_by_the_indexer() {
    let (dir, mut catalog, vectors) = filled(0..600);
    let cancel = CancellationToken::new();
    catalog
        .prepare(GraphWanted::Always, &cancel, &|_, _| {})
        .unwrap();
    assert!(catalog.index().unwrap().has_graph());
    drop(catalog);
    let file = dir.path().join(CACHE).join("graph.nd");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, bytes).unwrap();
    let mut catalog = Catalog::open(dir.path()).unwrap();
    let query = Dice(3).vector(40);
    assert_eq!(
        rows(&catalog, &query, 9),
        exact(&vectors, &query, 9),
        "the scan does not need it"
    );
    assert!(!catalog.index().unwrap().has_graph());
    catalog
        .prepare(GraphWanted::Always, &cancel, &|_, _| {})
        .unwrap();
    assert!(catalog.index().unwrap().has_graph());
    let index = catalog.index().unwrap();
    let found = index.search(&query, 9, WALK).unwrap();
    assert!(found.len() == 9 && found[0].row == exact(&vectors, &query, 1)[0]);
}

#[test]
fn a_cancelled_graph_leaves_a_catalog_that_can_be_searched() {
    let (dir, mut catalog, vectors) = filled(0..400);
    let cancel = CancellationToken::new();
    cancel.cancel();
    let outcome = catalog.prepare(GraphWanted::Always, &cancel, &|_, _| {});
    assert_eq!(outcome.unwrap_err().code(), "cancelled");
    let query = Dice(3).vector(40);
    assert_eq!(rows(&catalog, &query, 9), exact(&vectors, &query, 9));
    let left: Vec<_> = std::fs::read_dir(dir.path().join(CACHE))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["vectors.nd"], "no half-written file is left");
}

#[test]
fn a_cache_that_cannot_be_written_is_done_without() {
    let (dir, catalog, vectors) = filled(0..300);
    drop(catalog);
    // A file where the folder should be: even root cannot write into it.
    std::fs::write(dir.path().join(CACHE), b"").unwrap();
    let catalog = Catalog::open(dir.path()).unwrap();
    let query = Dice(3).vector(40);
    assert_eq!(rows(&catalog, &query, 9), exact(&vectors, &query, 9));
    assert_eq!(
        catalog.index().unwrap().tail_len(),
        300,
        "compared one by one"
    );
}
