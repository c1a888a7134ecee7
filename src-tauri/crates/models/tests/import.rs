//! Importing files that the user has.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use needledrop_models::{FileState, Lock, Pack, import, match_files};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        })
}

/// A pack of two files: one whose checksum the manifest knows, one without.
fn pack(dir: &Path) -> Pack {
    let text = format!(
        r#"name = "test"
version = 1
title = "test"
licence = "MIT"
[visual]
kind = "clip"
file = "visual/model.onnx"
input_size = 8
resize_short = 8
mean = [0, 0, 0]
std = [1, 1, 1]
dim = 4
space = "v"
[audio]
kind = "clap"
files = ["audio.onnx"]
dim = 4
space = "a"
window_s = 10
sections_s = 10
[text]
kind = "sentence"
file = "audio.onnx"
tokenizer = "audio.onnx"
dim = 4
[projector]
file = "audio.onnx"
[[files]]
path = "visual/model.onnx"
remote = "onnx/vision_model.onnx"
[[files]]
path = "audio.onnx"
sha256 = "{}"
"#,
        sha256(b"audio")
    );
    fs::write(dir.join("pack.toml"), text).unwrap();
    Pack::open_with_cache(dir, None).unwrap()
}

#[test]
fn a_file_of_unknown_checksum_is_recorded_and_later_changes_are_refused() {
    let (dir, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let pack = pack(dir.path());
    fs::write(from.path().join("vision_model.onnx"), "picture").unwrap();
    fs::write(from.path().join("audio.onnx"), "audio").unwrap();
    let sources = [
        from.path().join("vision_model.onnx"),
        from.path().join("audio.onnx"),
    ];
    let items = match_files(&pack, &sources).unwrap();
    let token = CancellationToken::new();
    let report = import(&pack, &items, &mut |_| {}, &token).unwrap().unwrap();
    assert!(report.still_missing.is_empty(), "{report:?}");
    let lock = Lock::read(dir.path()).unwrap();
    assert_eq!(lock.files.len(), 1, "the manifest knows the other");
    assert_eq!(
        lock.entry("visual/model.onnx").unwrap().sha256,
        sha256(b"picture")
    );
    pack.file("visual/model.onnx").unwrap();
    fs::write(dir.path().join("visual/model.onnx"), "pictures").unwrap();
    let error = pack.file("visual/model.onnx").unwrap_err();
    assert_eq!(
        error.code(),
        "model_corrupt",
        "changed after it was recorded: {error}"
    );
    let verified = pack.verify(&mut |_| {}, &token).unwrap().unwrap();
    assert!(
        matches!(verified.files[0].state, FileState::Corrupt { .. }),
        "{verified:?}"
    );
    assert_eq!(verified.files[1].state, FileState::Good);
}

#[test]
fn a_folder_is_searched_for_the_packs_paths() {
    let (dir, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let pack = pack(dir.path());
    fs::create_dir(from.path().join("onnx")).unwrap();
    fs::write(from.path().join("onnx/vision_model.onnx"), "picture").unwrap();
    let items = match_files(&pack, &[from.path().to_owned()]).unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].path, "visual/model.onnx");
    let report = import(&pack, &items, &mut |_| {}, &CancellationToken::new())
        .unwrap()
        .unwrap();
    assert_eq!(report.still_missing, ["audio.onnx"]);
}

#[test]
fn a_wrong_checksum_is_refused_and_leaves_no_file() {
    let (dir, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let pack = pack(dir.path());
    fs::write(from.path().join("audio.onnx"), "other").unwrap();
    let items = match_files(&pack, &[from.path().join("audio.onnx")]).unwrap();
    let error = import(&pack, &items, &mut |_| {}, &CancellationToken::new()).unwrap_err();
    assert_eq!(error.code(), "model_corrupt");
    assert!(
        error.to_string().contains(&sha256(b"other")),
        "both sums are said: {error}"
    );
    let left = fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(left, 1, "only pack.toml is there");
}

#[test]
fn the_error_names_a_file_that_fits_no_entry() {
    let (dir, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let pack = pack(dir.path());
    let path = from.path().join("holiday.jpg");
    fs::write(&path, "x").unwrap();
    let error = match_files(&pack, &[path]).unwrap_err();
    assert!(error.to_string().contains("holiday.jpg"), "{error}");
    assert!(
        match_files(&pack, &[from.path().to_owned()]).is_err(),
        "an empty-handed folder too"
    );
}

#[test]
fn a_file_without_a_recorded_checksum_is_not_used() {
    let dir = tempfile::tempdir().unwrap();
    let pack = pack(dir.path());
    fs::create_dir(dir.path().join("visual")).unwrap();
    fs::write(dir.path().join("visual/model.onnx"), "x").unwrap();
    let error = pack.file("visual/model.onnx").unwrap_err();
    assert_eq!(error.code(), "model_unrecorded");
    assert!(error.hint().unwrap().contains("models import"));
}

#[test]
fn a_cancelled_import_is_no_error_and_leaves_no_partial_file() {
    let (dir, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let pack = pack(dir.path());
    fs::write(from.path().join("audio.onnx"), "audio").unwrap();
    let items = match_files(&pack, &[from.path().join("audio.onnx")]).unwrap();
    let token = CancellationToken::new();
    token.cancel();
    assert!(
        import(&pack, &items, &mut |_| {}, &token)
            .unwrap()
            .is_none()
    );
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        1,
        "only pack.toml is there"
    );
}
