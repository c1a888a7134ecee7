//! Scan and probe against an exact search.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

mod common;

use common::{Dice, oracle};
use needledrop_catalog::search::{Index, SearchOptions, Simd, Way};
use proptest::prelude::*;
use tokio_util::sync::CancellationToken;

const SCAN: SearchOptions = SearchOptions {
    way: Some(Way::Scan),
    rows: None,
};
const PROBE: SearchOptions = SearchOptions {
    way: Some(Way::Probe),
    rows: None,
};
/// A probe that does not stop before the last cell.
const PROBE_ALL: SearchOptions = SearchOptions {
    way: Some(Way::Probe),
    rows: Some(usize::MAX),
};

fn build(dir: &std::path::Path, vectors: &[(i64, Vec<f32>)], cells: bool) -> Index {
    let dim = vectors[0].1.len();
    Index::build(
        dir,
        dim,
        vectors.to_vec(),
        cells,
        &CancellationToken::new(),
        &|_| {},
    )
    .unwrap()
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
        // A row as near as the last exact one may stand in its place.
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
    fn a_scan_returns_what_an_exact_search_returns(
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

    #[test]
    fn a_probe_of_all_cells_returns_what_a_scan_returns(
        shape in prop::sample::select(vec![Shape::Isotropic, Shape::Clustered, Shape::Cone, Shape::Doubled]),
        seed in any::<u64>(),
        dim in 2_usize..400,
        count in 1_usize..900,
        k in 1_usize..60,
        part in 1_usize..9,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let vectors = shaped(shape, seed, dim, count);
        drop(build(dir.path(), &vectors, true));
        let some: Vec<i64> = vectors.iter().step_by(part).map(|(row, _)| *row).collect();
        for simd in Simd::available() {
            let index = Index::open(dir.path(), simd).unwrap();
            prop_assert!(index.has_cells());
            for at in 0..4 {
                let query = Dice(seed ^ at).vector(dim);
                let search = |options| index.search(&query, k, options).unwrap();
                prop_assert_eq!(search(PROBE_ALL), search(SCAN), "{:?}", simd);
                let filtered = |options| index.search_rows(&query, k, &some, options).unwrap();
                prop_assert_eq!(filtered(PROBE_ALL), filtered(SCAN), "filtered, {:?}", simd);
            }
        }
    }

    #[test]
    fn a_filtered_probe_finds_as_many_as_are_allowed(
        seed in any::<u64>(),
        count in 1_usize..900,
        k in 1_usize..60,
        allowed in 1_usize..20,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let vectors = shaped(Shape::Clustered, seed, 40, count);
        let index = build(dir.path(), &vectors, true);
        // All allowed rows are far from the query, in cells that are read last.
        let query = &vectors[0].1;
        let far: Vec<i64> = oracle(&vectors, query, count)
            .iter()
            .rev()
            .take(allowed)
            .map(|(row, _)| *row)
            .collect();
        let hits = index.search_rows(query, k, &far, PROBE).unwrap();
        prop_assert_eq!(hits.len(), k.min(far.len()));
        prop_assert!(hits.iter().all(|hit| far.contains(&hit.row)), "only the allowed");
    }
}

#[test]
fn a_probe_reaches_a_recall_of_99_percent() {
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
        let found = recall(&index, &vectors, &queries, 100, PROBE);
        assert!(
            found >= 0.99,
            "{shape:?}: recall {found} with {:?} rows",
            index.probed_rows()
        );
        let one_in_three: Vec<i64> = vectors.iter().map(|(row, _)| *row).step_by(3).collect();
        let hits = index
            .search_rows(&queries[0], 50, &one_in_three, PROBE)
            .unwrap();
        assert_eq!(hits.len(), 50);
        assert!(
            hits.iter().all(|hit| one_in_three.contains(&hit.row)),
            "a probe keeps to the filter"
        );
    }
}

#[test]
fn the_same_vectors_give_the_same_cells() {
    let vectors = shaped(Shape::Clustered, 3, 40, 700);
    let written = || {
        let dir = tempfile::tempdir().unwrap();
        drop(build(dir.path(), &vectors, true));
        std::fs::read(dir.path().join("cells.nd")).unwrap()
    };
    assert!(written() == written(), "the files are identical");
}
