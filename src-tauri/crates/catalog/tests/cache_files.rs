//! The cache files: written by the indexer, read by searches, replaceable when they are damaged.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

mod common;

use common::{DIM, Dice, exact, filled, oracle, prepare, rows, track};
use needledrop_catalog::search::{CACHE, CellsWanted};
use needledrop_catalog::{Catalog, Filter};
use tokio_util::sync::CancellationToken;

#[test]
fn tracks_added_and_removed_after_the_index_was_built_are_found_and_gone() {
    let (_dir, mut catalog, mut vectors) = filled(0..400);
    let query = Dice(9_077).vector(DIM);
    assert_eq!(rows(&catalog, &query, 20), exact(&vectors, &query, 20));
    assert_eq!(
        catalog.index().unwrap().missing_files(),
        Some("it is not there yet")
    );
    prepare(&mut catalog, CellsWanted::Never);
    assert_eq!(rows(&catalog, &query, 20), exact(&vectors, &query, 20));
    let index = catalog.index().unwrap();
    assert_eq!(
        (index.len(), index.tail_len(), index.missing_files()),
        (400, 0, None)
    );
    drop(index);
    let opened = catalog.cache_files_opened();

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
        (index.len(), index.tail_len(), index.missing_files()),
        (400, 1, None),
        "the new track is beside the files"
    );
    assert_eq!(catalog.cache_files_opened(), opened, "no file was opened");
    assert_eq!(
        rows(&catalog, &query, 10_000).len(),
        399,
        "more than there are is all"
    );
}

#[test]
fn the_vectors_are_written_again_once_many_tracks_are_new() {
    let (_dir, mut catalog, mut vectors) = filled(0..300);
    prepare(&mut catalog, CellsWanted::Never);
    let query = Dice(31).vector(DIM);
    for number in 1_000..1_257 {
        let vector = Dice(number + 1).vector(DIM);
        let id = catalog.put(&track(number, vector.clone())).unwrap();
        vectors.push((catalog.track(&id).unwrap().row, vector));
        if number == 1_255 {
            prepare(&mut catalog, CellsWanted::Never);
            assert_eq!(catalog.index().unwrap().tail_len(), 256, "not yet");
        }
    }
    prepare(&mut catalog, CellsWanted::Never);
    assert_eq!(catalog.index().unwrap().tail_len(), 0);
    assert_eq!(rows(&catalog, &query, 30), exact(&vectors, &query, 30));
}

#[test]
fn damaged_and_foreign_cache_files_are_not_used_and_the_indexer_replaces_them() {
    let (dir, mut catalog, vectors) = filled(0..400);
    prepare(&mut catalog, CellsWanted::Never);
    let query = Dice(31).vector(DIM);
    let expected = exact(&vectors, &query, 30);
    assert_eq!(rows(&catalog, &query, 30), expected);
    drop(catalog);
    let file = dir.path().join(CACHE).join("vectors.nd");
    let whole = std::fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x10;
    let mut other = filled(1_000..1_400);
    prepare(&mut other.1, CellsWanted::Never);
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
        std::fs::write(&file, &bytes).unwrap();
        let mut catalog = Catalog::open(dir.path()).unwrap();
        assert_eq!(rows(&catalog, &query, 30), expected, "{what}");
        assert!(
            catalog.index().unwrap().missing_files().is_some(),
            "{what} is not used"
        );
        assert_eq!(
            std::fs::read(&file).unwrap(),
            bytes,
            "a search writes no file: {what}"
        );
        prepare(&mut catalog, CellsWanted::Never);
        let again = Catalog::open(dir.path()).unwrap();
        assert_eq!(rows(&again, &query, 30), expected, "{what}");
        assert_eq!(
            again.index().unwrap().missing_files(),
            None,
            "the indexer replaces {what}"
        );
    }
}

#[test]
fn without_cache_files_every_vector_is_compared() {
    let (dir, catalog, vectors) = filled(0..300);
    drop(catalog);
    // A file where the folder should be: even root cannot write into it.
    std::fs::write(dir.path().join(CACHE), b"").unwrap();
    let mut catalog = Catalog::open(dir.path()).unwrap();
    let query = Dice(3).vector(DIM);
    assert_eq!(rows(&catalog, &query, 9), exact(&vectors, &query, 9));
    assert_eq!(
        catalog.index().unwrap().tail_len(),
        300,
        "compared one by one"
    );
    let failed = catalog.prepare(CellsWanted::Never, &CancellationToken::new(), &|_, _| {});
    assert_eq!(failed.unwrap_err().code(), "catalog_unreadable");
    assert_eq!(rows(&catalog, &query, 9), exact(&vectors, &query, 9));
}

#[test]
fn vectors_by_row_are_the_stored_ones_bit_for_bit() {
    let (_dir, mut catalog, vectors) = filled(0..300);
    let rows: Vec<i64> = vectors.iter().map(|(row, _)| *row).collect();
    let stored = |catalog: &Catalog| -> Vec<(i64, Vec<f32>)> {
        let vector = |track: &needledrop_catalog::Track| catalog.vector(&track.id).unwrap();
        let tracks = catalog.tracks_at(&rows).unwrap();
        tracks.iter().map(|t| (t.row, vector(t))).collect()
    };
    let without_files = catalog.vectors_at(&rows).unwrap();
    assert_eq!(without_files, stored(&catalog));
    prepare(&mut catalog, CellsWanted::Never);
    catalog.put(&track(9_000, Dice(1).vector(DIM))).unwrap();
    let with_files = catalog.vectors_at(&rows).unwrap();
    assert_eq!(catalog.index().unwrap().tail_len(), 1, "one is in the tail");
    assert_eq!(with_files, without_files);
    let gone = catalog.tracks_at(&rows[..1]).unwrap()[0].clone();
    catalog.remove(&gone.id).unwrap();
    let asked = [rows[1], rows[0], 99_999, rows[1]];
    let left: Vec<i64> = catalog
        .vectors_at(&asked)
        .unwrap()
        .iter()
        .map(|(row, _)| *row)
        .collect();
    assert_eq!(
        left,
        [rows[1], rows[1]],
        "deleted and unknown rows are left out"
    );
}

#[test]
fn a_sample_is_evenly_spaced_over_the_tracks_that_exist() {
    let (_dir, mut catalog, vectors) = filled(0..300);
    prepare(&mut catalog, CellsWanted::Never);
    let sample = catalog.sample_vectors(100).unwrap();
    let nearest = |vector: &Vec<f32>| oracle(&vectors, vector, 1)[0].0;
    let rows: Vec<i64> = sample.iter().map(nearest).collect();
    let expected: Vec<i64> = vectors.iter().step_by(3).map(|(row, _)| *row).collect();
    assert_eq!(rows, expected, "every third");
    for track in catalog.tracks_at(&expected[..50]).unwrap() {
        catalog.remove(&track.id).unwrap();
    }
    assert_eq!(catalog.sample_vectors(100).unwrap().len(), 100);
    assert_eq!(catalog.sample_vectors(1_000).unwrap().len(), 250, "all");
}
