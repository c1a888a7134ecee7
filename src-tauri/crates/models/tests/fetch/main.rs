//! Fetching from a host that redirects, resets, stalls, sends wrong bytes and never ends.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod addresses;
mod bounds;
mod fixture;
mod host;
mod resuming;

use std::fs;

use fixture::{known, model, pack, run, sha256};
use host::{Answer, Host};
use needledrop_models::{Lock, ModelError};

#[test]
fn a_file_of_unknown_checksum_is_fetched_and_recorded() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), "");
    let host = Host::new(model.clone(), "\"v1\"", vec![Answer::Serve]);
    let report = run(&pack, &host).unwrap();
    assert_eq!(report.files[0].sha256, sha256(&model));
    assert!(
        !report.files[0].compared,
        "nothing was there to compare with"
    );
    let lock = Lock::read(dir.path()).unwrap();
    assert_eq!(
        lock.entry("model.onnx").unwrap().sha256,
        sha256(&model),
        "recorded"
    );
    assert_eq!(fs::read(pack.file("model.onnx").unwrap()).unwrap(), model);
    let left: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n.ends_with(".part"))
        .collect();
    assert!(left.is_empty(), "no part files stay behind: {left:?}");
}

#[test]
fn a_redirect_with_the_checksum_as_linked_tag_is_followed_and_compared() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), "");
    let store = Host::new(model.clone(), "\"store-tag\"", vec![Answer::Serve]);
    let tag = format!("\"{}\"", sha256(&model));
    let target = format!("{}/blob", store.base);
    let front = Host::new(Vec::new(), &tag, vec![Answer::Redirect(target)]);
    let report = run(&pack, &front).unwrap();
    assert!(report.files[0].compared, "the linked tag is the checksum");
    assert_eq!(store.requests()[0].path, "/blob");
}

#[test]
fn wrong_bytes_under_a_checksum_tag_are_refused() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), "");
    let tag = format!("\"{}\"", sha256(&model));
    let host = Host::new(
        model.clone(),
        &tag,
        vec![Answer::Wrong(vec![1; model.len()])],
    );
    let error = run(&pack, &host).unwrap_err();
    assert!(
        matches!(&error, ModelError::WrongChecksum { file, expected, .. }
            if file == "model.onnx" && *expected == sha256(&model)),
        "{error}"
    );
    assert!(
        !dir.path().join("model.onnx").exists(),
        "wrong bytes never get the file's name"
    );
}

#[test]
fn good_files_are_left_alone() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    fs::write(dir.path().join("model.onnx"), &model).unwrap();
    let host = Host::new(Vec::new(), "\"v1\"", vec![Answer::Status(500)]);
    let report = run(&pack, &host).unwrap();
    assert!(
        report.files[0].already_present && host.requests().is_empty(),
        "no request was made"
    );
}

#[test]
fn a_file_that_is_made_here_is_never_requested() {
    let dir = tempfile::tempdir().unwrap();
    let pack = pack(dir.path(), "made_by = \"needledrop train bridge\"");
    let host = Host::new(Vec::new(), "\"v1\"", vec![Answer::Status(500)]);
    let report = run(&pack, &host).unwrap();
    assert!(
        report.files.is_empty() && host.requests().is_empty(),
        "no request was made"
    );
    let hint = pack.file("model.onnx").unwrap_err().hint().unwrap();
    assert!(hint.contains("needledrop train bridge"), "{hint}");
}
