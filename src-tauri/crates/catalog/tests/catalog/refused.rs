//! Catalogs of another space, vectors without a direction, foreign files and damage are refused.

use crate::common::track;
use crate::{SPACE, fresh};
use needledrop_catalog::{Catalog, DATABASE, Filter};

#[test]
fn another_space_or_size_is_refused() {
    let (dir, catalog) = fresh(4);
    catalog.require(SPACE, 4).unwrap();
    for (space, dim) in [("clap-512", 4), (SPACE, 5)] {
        let error = catalog.require(space, dim).unwrap_err();
        assert_eq!(error.code(), "space_mismatch");
        assert!(
            error.to_string().contains("index the music again"),
            "it says what to do: {error}"
        );
        let error = Catalog::open_or_create(dir.path(), space, dim, "x")
            .err()
            .unwrap();
        assert_eq!(error.code(), "space_mismatch");
    }
}

#[test]
fn vectors_without_a_direction_are_refused_and_nothing_is_written() {
    let (_dir, mut catalog) = fresh(3);
    for vector in [vec![0.0; 3], vec![1e-9; 3], vec![f32::NAN, 1.0, 0.0]] {
        assert_eq!(
            catalog.put(&track(1, vector)).unwrap_err().code(),
            "no_direction"
        );
    }
    assert_eq!(
        catalog.put(&track(1, vec![1.0; 4])).unwrap_err().code(),
        "wrong_dimension"
    );
    assert_eq!(catalog.info().unwrap().tracks, 0);
    catalog.put(&track(1, vec![1.0; 3])).unwrap();
    assert_eq!(
        catalog
            .search(&[0.0; 3], 1, &Filter::default())
            .unwrap_err()
            .code(),
        "no_direction"
    );
}

#[test]
fn missing_foreign_and_newer_catalogs_have_codes_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let open = || Catalog::open(dir.path()).err().unwrap().code();
    assert_eq!(open(), "catalog_missing");
    for bytes in [
        &b""[..],
        b"not a database, but long enough to be taken for the head of one by a hasty reader",
    ] {
        std::fs::write(dir.path().join(DATABASE), bytes).unwrap();
        assert_eq!(open(), "catalog_damaged");
    }
    std::fs::remove_file(dir.path().join(DATABASE)).unwrap();
    let catalog = Catalog::create(dir.path(), SPACE, 2, "test").unwrap();
    assert_eq!(
        catalog
            .search(&[1.0, 0.0], 5, &Filter::default())
            .unwrap_err()
            .code(),
        "catalog_empty"
    );
    assert_eq!(
        Catalog::create(dir.path(), SPACE, 2, "test")
            .err()
            .unwrap()
            .code(),
        "catalog_exists"
    );
    catalog.check().unwrap();
    drop(catalog);
    let connection = rusqlite::Connection::open(dir.path().join(DATABASE)).unwrap();
    connection
        .pragma_update(None, "user_version", 1_000)
        .unwrap();
    drop(connection);
    assert_eq!(open(), "catalog_newer");
}

#[test]
fn a_database_with_sql_of_its_own_is_refused() {
    for sql in [
        "CREATE VIEW extra AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "CREATE TRIGGER extra AFTER INSERT ON tracks BEGIN DELETE FROM tracks; END",
        "CREATE VIRTUAL TABLE extra USING fts5 (text)",
        "DROP TRIGGER tracks_deleted;
         CREATE TRIGGER tracks_deleted AFTER DELETE ON tracks BEGIN DELETE FROM files; END",
        "PRAGMA ignore_check_constraints = ON; UPDATE catalog SET dim = 1000000000000",
    ] {
        let (dir, catalog) = fresh(2);
        drop(catalog);
        let connection = rusqlite::Connection::open(dir.path().join(DATABASE)).unwrap();
        connection.execute_batch(sql).unwrap();
        drop(connection);
        let error = Catalog::open(dir.path()).err().unwrap();
        assert_eq!(error.code(), "catalog_damaged", "{sql}: {error}");
    }
}

#[test]
fn a_database_with_overwritten_pages_is_damaged_not_a_panic() {
    let (dir, mut catalog) = fresh(64);
    for number in 0..200 {
        catalog
            .put(&track(number, vec![1.0 + number as f32; 64]))
            .unwrap();
    }
    drop(catalog);
    let path = dir.path().join(DATABASE);
    let whole = std::fs::read(&path).unwrap();
    let mut noticed = 0;
    for page in 1..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096..page * 4096 + 4096].fill(0xa5);
        std::fs::write(&path, &bytes).unwrap();
        let outcome = Catalog::open(dir.path()).and_then(|catalog| {
            catalog
                .check()
                .and_then(|()| catalog.tracks(&Filter::default()))
        });
        match outcome {
            Err(error) => {
                assert_eq!(error.code(), "catalog_damaged", "page {page}: {error}");
                noticed += 1;
            }
            Ok(tracks) => assert_eq!(tracks.len(), 200, "page {page} is not in use"),
        }
    }
    assert!(
        noticed > 20,
        "most pages are in use, {noticed} were noticed"
    );
}
