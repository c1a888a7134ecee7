//! `needledrop index --cells`, also called `--graph`, builds the cells of the search for a catalog of any size.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;

use std::fs;

use common::{Sandbox, music};
use needledrop_catalog::search::{SearchOptions, Way};
use needledrop_catalog::{Catalog, Filter};

const TRACKS: u32 = 6;

#[test]
fn index_with_cells_writes_cells_that_searches_use() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.path("music")).unwrap();
    for at in 0..TRACKS {
        let path = sandbox.path(&format!("music/{at}.wav"));
        let tonic_hz = 220.0 + 30.0 * f64::from(at);
        music(
            &path,
            5.0,
            80.0 + 15.0 * f64::from(at),
            tonic_hz,
            at % 2 == 0,
        );
    }
    let cells = sandbox.path("catalog/index/cells.nd");
    let index = |flags: &[&str]| {
        let command = ["index", "music", "--catalog", "catalog", "--json"];
        let ran = sandbox.run(&[&command[..], flags].concat());
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    };
    index(&[]);
    assert!(
        !cells.exists(),
        "a small catalog gets no cells without the flag"
    );

    for flag in ["--cells", "--graph"] {
        index(&[flag]);
        assert!(cells.exists(), "{flag} builds the cells");
        fs::remove_file(&cells).unwrap();
    }
    index(&["--cells"]);

    let catalog = Catalog::open(&sandbox.path("catalog")).unwrap();
    let index = catalog.index().unwrap();
    assert!(index.has_cells(), "searches open the cells");
    let query = catalog
        .vector(&catalog.tracks(&Filter::default()).unwrap()[0].id)
        .unwrap();
    let search = |way| {
        let options = SearchOptions {
            way: Some(way),
            rows: None,
        };
        index.search(&query, TRACKS as usize, options).unwrap()
    };
    assert_eq!(search(Way::Probe), search(Way::Scan));
}

#[test]
fn the_help_of_index_names_both_flags() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&["index", "--help"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("--cells"), "{}", ran.stdout);
    assert!(ran.stdout.contains("--graph"), "{}", ran.stdout);
}
