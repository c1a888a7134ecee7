//! Two index runs on one catalog.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;

use std::fs::{self, File};
use std::io::Write;

use common::{Sandbox, music};

#[test]
fn a_second_index_run_on_a_catalog_is_refused_and_names_the_process() {
    let sandbox = Sandbox::with_pack();
    fs::create_dir(sandbox.path("music")).unwrap();
    fs::create_dir(sandbox.path("catalog")).unwrap();
    music(&sandbox.path("music/walk.wav"), 4.0, 96.0, 220.0, true);
    let args = ["index", "music", "--catalog", "catalog"];

    // The test's own process indexes.
    let mut lock = File::create(sandbox.path("catalog/index.lock")).unwrap();
    lock.lock().unwrap();
    write!(lock, "{}", std::process::id()).unwrap();
    let error = sandbox.error(&args, 5);
    assert_eq!(error["code"], "catalog_busy", "{error}");
    let message = error["message"].as_str().unwrap();
    let process = format!("process {} is indexing", std::process::id());
    assert!(message.contains(&process), "{message}");
    assert!(
        !sandbox.path("catalog/catalog.sqlite").exists(),
        "the refused run makes no catalog"
    );

    drop(lock);
    let after = sandbox.run(&[&args[..], &["--json"]].concat());
    assert_eq!(after.json()["added"], 1, "{}", after.stderr);
}
