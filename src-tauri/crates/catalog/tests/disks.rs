//! Catalogs that several programs open at once, that may only be read, that are half copied.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

mod common;

use std::fs;
use std::path::Path;
use std::sync::Barrier;

use common::{DIM, filled, rows, track};
use needledrop_catalog::{Catalog, CatalogError, DATABASE};

/// Runs `each` on so many threads, which begin at the same moment.
fn at_once<T: Send>(threads: u64, each: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(threads as usize);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|number| {
                let (start, each) = (&start, &each);
                scope.spawn(move || {
                    start.wait();
                    each(number)
                })
            })
            .collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

#[test]
fn writers_that_create_one_catalog_at_once_all_write_into_it() {
    for _ in 0..30 {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("new/catalog");
        at_once(4, |number| {
            let mut catalog = Catalog::open_or_create(&place, "space", 2, "new").unwrap();
            catalog.put(&track(number, vec![1.0, 0.5])).unwrap();
        });
        let catalog = Catalog::open(&place).unwrap();
        assert_eq!(catalog.info().unwrap().tracks, 4);
        catalog.check().unwrap();
    }
}

#[test]
fn readers_that_open_an_older_catalog_at_once_all_open_it() {
    for _ in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        let first = include_str!("../src/schema/first.sql");
        let old = rusqlite::Connection::open(dir.path().join(DATABASE)).unwrap();
        old.execute_batch(first).unwrap();
        old.execute_batch(
            "INSERT INTO catalog (one, id, epoch, space, dim) VALUES (1, 'old', 0, 'space', 2);
             PRAGMA user_version = 1; PRAGMA application_id = 1315205744;",
        )
        .unwrap();
        drop(old);
        for opened in at_once(4, |_| Catalog::open(dir.path()).map(|_| ())) {
            opened.unwrap();
        }
    }
}

#[test]
fn a_catalog_of_which_a_part_was_copied_is_named_as_such() {
    let (dir, catalog, _) = filled(0..50);
    drop(catalog);
    let whole = fs::read(dir.path().join(DATABASE)).unwrap();
    for share in [0.03, 0.5, 0.99] {
        let copy = tempfile::tempdir().unwrap();
        let kept = (whole.len() as f64 * share) as usize;
        fs::write(copy.path().join(DATABASE), &whole[..kept]).unwrap();
        let error = Catalog::open(copy.path()).err().unwrap();
        let text = error.to_string();
        assert_eq!(error.code(), "catalog_damaged", "{text}");
        let stated = format!("{kept} bytes of {}", whole.len());
        assert!(text.contains(&stated), "{text}");
        assert_eq!(
            fs::read(copy.path().join(DATABASE)).unwrap().len(),
            kept,
            "it stays as it is"
        );
    }
}

/// Runs `read` as a user who may read `dir` and not write it.
#[cfg(target_os = "linux")]
fn as_reader<T: Send>(dir: &Path, read: impl FnOnce() -> T + Send) -> T {
    use std::os::unix::fs::PermissionsExt;
    let allow = |dir: &Path, folder: u32, file: u32| {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            fs::set_permissions(path, fs::Permissions::from_mode(file)).unwrap();
        }
        fs::set_permissions(dir, fs::Permissions::from_mode(folder)).unwrap();
    };
    allow(dir, 0o555, 0o444);
    let outcome = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            if rustix::process::getuid().is_root() {
                let nobody = rustix::process::Uid::from_raw(65_534);
                rustix::thread::set_thread_res_uid(nobody, nobody, nobody).unwrap();
            }
            read()
        });
        reader.join().unwrap()
    });
    allow(dir, 0o755, 0o644);
    outcome
}

#[cfg(target_os = "linux")]
#[test]
fn a_catalog_that_may_only_be_read_is_searched_and_not_changed() {
    let (dir, catalog, vectors) = filled(0..50);
    drop(catalog);
    let before = fs::read_dir(dir.path()).unwrap().count();
    let query = vectors[7].1.clone();
    as_reader(dir.path(), || {
        let mut catalog = Catalog::open(dir.path()).unwrap();
        assert!(catalog.is_read_only());
        assert_eq!(rows(&catalog, &query, 1), [vectors[7].0]);
        let error = catalog.put(&track(99, query.clone())).unwrap_err();
        assert_eq!(error.code(), "catalog_read_only");
        assert!(error.to_string().contains("copy its folder"), "{error}");
    });
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), before);
    let mut catalog = Catalog::open(dir.path()).unwrap();
    catalog.put(&track(99, vec![1.0; DIM])).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_beside_a_writer_sees_what_the_writer_has_committed() {
    let (dir, mut writer, _) = filled(0..5);
    writer.put(&track(9, vec![1.0; DIM])).unwrap();
    let tracks = as_reader(dir.path(), || {
        let catalog = Catalog::open(dir.path()).unwrap();
        catalog.info().unwrap().tracks
    });
    assert_eq!(tracks, 6);
}

#[cfg(target_os = "linux")]
#[test]
fn changes_that_a_reader_cannot_merge_are_an_error_and_not_left_out() {
    let (dir, mut writer, _) = filled(0..5);
    writer.put(&track(9, vec![1.0; DIM])).unwrap();
    let copy = tempfile::tempdir().unwrap();
    for name in [DATABASE.to_owned(), format!("{DATABASE}-wal")] {
        fs::copy(dir.path().join(&name), copy.path().join(&name)).unwrap();
    }
    let opened = as_reader(copy.path(), || Catalog::open(copy.path()).map(|_| ()));
    let error = opened.unwrap_err();
    assert!(matches!(error, CatalogError::ReadOnly { .. }), "{error}");
    assert!(error.to_string().contains("catalog.sqlite-wal"), "{error}");
    let merged = Catalog::open(copy.path()).unwrap();
    assert_eq!(merged.info().unwrap().tracks, 6);
}
