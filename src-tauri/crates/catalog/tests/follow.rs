//! An open catalog follows what another connection writes.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

mod common;

use common::{DIM, Dice, exact, filled, prepare, rows, track};
use needledrop_catalog::search::CellsWanted;
use needledrop_catalog::{Catalog, CatalogError, Filter, SourceFile};

#[test]
fn another_connection_sees_what_was_written() {
    let (dir, mut catalog, mut vectors) = filled(0..300);
    let reader = Catalog::open(dir.path()).unwrap();
    let query = Dice(5).vector(DIM);
    assert_eq!(rows(&reader, &query, 5), exact(&vectors, &query, 5));
    let id = catalog.put(&track(8_000, query.clone())).unwrap();
    vectors.push((catalog.track(&id).unwrap().row, query.clone()));
    assert_eq!(rows(&reader, &query, 5), exact(&vectors, &query, 5));
}

#[test]
fn no_cache_file_is_opened_while_another_connection_inserts_200_tracks() {
    let (dir, mut catalog, mut vectors) = filled(0..400);
    prepare(&mut catalog, CellsWanted::Never);
    let reader = Catalog::open(dir.path()).unwrap();
    let query = Dice(5).vector(DIM);
    assert_eq!(rows(&reader, &query, 9), exact(&vectors, &query, 9));
    assert_eq!(reader.cache_files_opened(), 1, "the vectors");
    for number in 1_000..1_200 {
        let vector = Dice(number + 1).vector(DIM);
        let id = catalog.put(&track(number, vector.clone())).unwrap();
        vectors.push((catalog.track(&id).unwrap().row, vector));
        assert_eq!(rows(&reader, &query, 9), exact(&vectors, &query, 9));
    }
    assert_eq!(reader.index().unwrap().tail_len(), 200);
    assert_eq!(reader.cache_files_opened(), 1, "no file was opened again");
}

#[test]
fn new_cache_files_are_opened_once() {
    let (dir, mut catalog, _) = filled(0..300);
    prepare(&mut catalog, CellsWanted::Never);
    let reader = Catalog::open(dir.path()).unwrap();
    let query = Dice(5).vector(DIM);
    rows(&reader, &query, 9);
    for number in 1_000..1_300 {
        let vector = Dice(number + 1).vector(DIM);
        catalog.put(&track(number, vector)).unwrap();
    }
    prepare(&mut catalog, CellsWanted::Never);
    assert_eq!(rows(&reader, &query, 600), rows(&catalog, &query, 600));
    assert_eq!(reader.index().unwrap().tail_len(), 0);
    assert_eq!(reader.cache_files_opened(), 2, "the old file and the new");
    catalog.put(&track(9_000, query.clone())).unwrap();
    rows(&reader, &query, 9);
    assert_eq!(reader.cache_files_opened(), 2);
}

#[test]
fn deleted_cache_files_stay_in_use_where_they_are_mapped() {
    let (dir, mut catalog, mut vectors) = filled(0..300);
    prepare(&mut catalog, CellsWanted::Never);
    let reader = Catalog::open(dir.path()).unwrap();
    let query = Dice(5).vector(DIM);
    rows(&reader, &query, 9);
    std::fs::remove_dir_all(dir.path().join(needledrop_catalog::search::CACHE)).unwrap();
    let id = catalog.put(&track(9_000, query.clone())).unwrap();
    vectors.push((catalog.track(&id).unwrap().row, query.clone()));
    assert_eq!(rows(&reader, &query, 9), exact(&vectors, &query, 9));
    let index = reader.index().unwrap();
    assert_eq!((index.tail_len(), index.missing_files()), (1, None));
}

/// Rows that a catalog offers for each choice of missing tracks and duplicates.
fn offered(catalog: &Catalog) -> Vec<Vec<i64>> {
    let choices = [(false, false), (false, true), (true, false), (true, true)];
    let of = |(include_missing, include_duplicates)| {
        let filter = Filter {
            include_missing,
            include_duplicates,
            ..Filter::default()
        };
        match catalog.search(&[1.0; DIM], 10_000, &filter) {
            Ok(hits) => hits.iter().map(|hit| hit.row).collect(),
            Err(CatalogError::Empty { .. }) => Vec::new(),
            Err(error) => panic!("{error}"),
        }
    };
    choices.into_iter().map(of).collect()
}

#[test]
fn an_index_that_follows_agrees_with_one_opened_anew() {
    let (dir, mut catalog, _) = filled(0..300);
    prepare(&mut catalog, CellsWanted::Never);
    let reader = Catalog::open(dir.path()).unwrap();
    offered(&reader);
    let mut dice = Dice(77);
    for step in 0..250 {
        let files = catalog.known_files().unwrap();
        let file = &files[dice.next() as usize % files.len()];
        let other = &files[dice.next() as usize % files.len()];
        let number = 1_000 + dice.next() % 60;
        match dice.next() % 8 {
            0 | 1 => {
                let mut new = track(number, dice.vector(DIM));
                new.same_as = vec![file.track_id.clone(), other.track_id.clone()];
                new.same_as.truncate(dice.next() as usize % 3);
                catalog.put(&new).unwrap();
            }
            2 => catalog.remove(&file.track_id).unwrap(),
            3 => catalog.mark_missing(&[&file.path]).unwrap(),
            4 => catalog.mark_present(&[&file.path]).unwrap(),
            5 => {
                // The content of one file is found at the path of another.
                let sha256 = track(number, Vec::new()).file.sha256;
                let moved = SourceFile {
                    path: file.path.clone(),
                    bytes: 1,
                    modified_ns: step,
                    sha256,
                };
                catalog.adopt(&moved, 1).unwrap();
            }
            6 => {
                catalog.forget_moved(&[&file.path]).unwrap();
            }
            _ => {
                // Only the time of the file differs, or nothing does.
                let path = std::path::Path::new(&file.path);
                catalog
                    .file_state(path, file.bytes, file.modified_ns)
                    .unwrap();
            }
        }
        let fresh = Catalog::open(dir.path()).unwrap();
        let expected = offered(&fresh);
        assert_eq!(offered(&reader), expected, "the reader after step {step}");
        assert_eq!(offered(&catalog), expected, "the writer after step {step}");
    }
    assert_eq!(reader.cache_files_opened(), 1);
}

#[test]
fn reads_in_one_snapshot_stand_for_one_moment() {
    let (dir, mut catalog, vectors) = filled(0..20);
    let reader = Catalog::open(dir.path()).unwrap();
    let query = Dice(5).vector(DIM);
    let found = rows(&reader, &query, 20);
    let read = reader.snapshot(|| -> Result<_, CatalogError> {
        let found = rows(&reader, &query, 20);
        let nearest = reader.tracks_at(&found[..1])?.remove(0);
        catalog.remove(&nearest.id)?;
        catalog.put(&track(9_000, query.clone()))?;
        assert_eq!(rows(&reader, &query, 20), found, "a second search");
        reader.details(&nearest.id)?;
        reader.snapshot(|| reader.vector(&nearest.id))?;
        Ok((
            reader.tracks_at(&found)?.len(),
            reader.vectors_at(&found)?.len(),
        ))
    });
    assert_eq!(read.unwrap(), (vectors.len(), vectors.len()));
    let now = rows(&reader, &query, 20);
    assert!(now != found && now.len() == 20, "the next read is of now");
}
