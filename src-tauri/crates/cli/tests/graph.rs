//! `needledrop index --graph` builds the search graph for a catalog of any size.

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
fn index_with_graph_writes_a_graph_that_searches_use() {
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
    let graph = sandbox.path("catalog/index/graph.nd");
    let index = ["index", "music", "--catalog", "catalog", "--json"];
    let ran = sandbox.run(&index);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(!graph.exists(), "a small catalog gets no graph by default");

    let ran = sandbox.run(&[&index[..], &["--graph"]].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(graph.exists());

    let catalog = Catalog::open(&sandbox.path("catalog")).unwrap();
    let index = catalog.index().unwrap();
    assert!(index.has_graph(), "searches open the graph");
    let query = catalog
        .vector(&catalog.tracks(&Filter::default()).unwrap()[0].id)
        .unwrap();
    let search = |way| {
        let options = SearchOptions {
            way: Some(way),
            ef: None,
        };
        index.search(&query, TRACKS as usize, options).unwrap()
    };
    assert_eq!(search(Way::Walk), search(Way::Scan));
}
