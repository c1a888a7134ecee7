//! Fetching against a host that redirects, resets, stalls, lies and never ends.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod host;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use host::{Act, Host};
use needledrop_models::{FetchOptions, FetchReport, HttpTransport, Lock, ModelError, Pack, fetch};
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

/// Repeatable bytes, 300 kB.
fn model() -> Vec<u8> {
    (0u32..75_000)
        .flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect()
}

/// A pack whose only missing file is `model.onnx`; `entry` is added to its `[[files]]`.
fn pack(dir: &Path, entry: &str) -> Pack {
    let text = format!(
        r#"name = "test"
version = 1
title = "test"
licence = "MIT"
[visual]
kind = "clip"
file = "model.onnx"
input_size = 8
resize_short = 8
mean = [0, 0, 0]
std = [1, 1, 1]
dim = 4
space = "v"
[audio]
kind = "clap"
files = ["model.onnx"]
dim = 4
space = "a"
window_s = 10
sections_s = 10
[text]
kind = "sentence"
file = "model.onnx"
tokenizer = "model.onnx"
dim = 4
[projector]
file = "model.onnx"
[[files]]
path = "model.onnx"
{entry}
"#
    );
    fs::write(dir.join("pack.toml"), text).unwrap();
    Pack::open_remembering(dir, None).unwrap()
}

fn options(host: &Host) -> FetchOptions {
    FetchOptions {
        source: Some(host.base.clone()),
        pause: Duration::from_millis(1),
        attempts: 3,
        ..FetchOptions::default()
    }
}

fn run(pack: &Pack, host: &Host) -> Result<FetchReport, ModelError> {
    let transport = HttpTransport::with_stall(Duration::from_millis(400)).unwrap();
    let token = CancellationToken::new();
    let done = fetch(pack, &options(host), &transport, &mut |_| {}, &token)?;
    Ok(done.expect("nobody cancelled"))
}

fn known(bytes: &[u8]) -> String {
    format!("sha256 = \"{}\"\nbytes = {}", sha256(bytes), bytes.len())
}

#[test]
fn a_file_of_unknown_checksum_is_fetched_and_recorded() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), "");
    let host = Host::new(model.clone(), "\"v1\"", vec![Act::Serve]);
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
    let store = Host::new(model.clone(), "\"store-tag\"", vec![Act::Serve]);
    let tag = format!("\"{}\"", sha256(&model));
    let target = format!("{}/blob", store.base);
    let front = Host::new(Vec::new(), &tag, vec![Act::Redirect(target)]);
    let report = run(&pack, &front).unwrap();
    assert!(report.files[0].compared, "the linked tag is the checksum");
    assert_eq!(store.asked()[0].path, "/blob");
}

#[test]
fn wrong_bytes_under_a_checksum_tag_are_refused() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), "");
    let tag = format!("\"{}\"", sha256(&model));
    let host = Host::new(model.clone(), &tag, vec![Act::Wrong(vec![1; model.len()])]);
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
fn resets_in_the_middle_resume_from_where_they_stopped() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    let resets = vec![
        Act::ResetAfter(100_000),
        Act::ResetAfter(50_000),
        Act::Status(503),
        Act::ResetAfter(1),
        Act::Serve,
    ];
    let host = Host::new(model.clone(), "\"v1\"", resets);
    run(&pack, &host).unwrap();
    assert_eq!(
        fs::read(dir.path().join("model.onnx")).unwrap(),
        model,
        "whole after all"
    );
    let asked = host.asked();
    assert_eq!(asked[0].range, None, "the first asks for all");
    assert_eq!(asked[1].range.as_deref(), Some("bytes=100000-"));
    assert_eq!(asked[2].range.as_deref(), Some("bytes=150000-"));
    assert_eq!(asked[4].range.as_deref(), Some("bytes=150001-"));
    assert_eq!(
        asked[4].if_range.as_deref(),
        Some("\"v1\""),
        "only if the file is the same"
    );
}

#[test]
fn a_fetch_that_gave_up_is_resumed_by_the_next() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), "");
    let script = vec![
        Act::ResetAfter(70_000),
        Act::Status(503),
        Act::Status(503),
        Act::Serve,
    ];
    let host = Host::new(model.clone(), "\"v1\"", script);
    let error = run(&pack, &host).unwrap_err();
    assert_eq!(error.code(), "fetch_failed");
    assert!(
        error.hint().unwrap().contains("resumes"),
        "the hint says so"
    );
    let report = run(&pack, &host).unwrap();
    assert_eq!(report.files[0].resumed_from, 70_000);
    assert_eq!(host.asked()[3].range.as_deref(), Some("bytes=70000-"));
    assert_eq!(report.files[0].sha256, sha256(&model));
}

#[test]
fn a_file_that_changed_meanwhile_starts_over() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), "");
    let old = Host::new(
        vec![9; 200_000],
        "\"old\"",
        vec![Act::ResetAfter(5_000), Act::Status(500)],
    );
    run(&pack, &old).unwrap_err();
    // The tag belongs to the address; give the part the new address to play a changed file.
    let host = Host::new(model.clone(), "\"new\"", vec![Act::Serve]);
    let tag = dir.path().join("model.onnx.tag.part");
    fs::write(&tag, format!("{}/model.onnx\n\"old\"", host.base)).unwrap();
    let report = run(&pack, &host).unwrap();
    assert_eq!(host.asked()[0].if_range.as_deref(), Some("\"old\""));
    assert_eq!(
        report.files[0].sha256,
        sha256(&model),
        "nothing of the old file is left"
    );
}

#[test]
fn a_part_from_another_address_without_a_known_checksum_is_not_used() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), "");
    fs::write(dir.path().join("model.onnx.part"), [9; 1000]).unwrap();
    let host = Host::new(model.clone(), "\"v1\"", vec![Act::Serve]);
    let report = run(&pack, &host).unwrap();
    assert_eq!(host.asked()[0].range, None);
    assert_eq!(report.files[0].resumed_from, 0);
}

#[test]
fn a_poisoned_part_is_thrown_away_once() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    fs::write(dir.path().join("model.onnx.part"), [9; 1000]).unwrap();
    let host = Host::new(model.clone(), "\"v1\"", vec![Act::Serve]);
    run(&pack, &host).unwrap();
    assert_eq!(
        host.asked().len(),
        2,
        "resumed, found wrong, fetched from the start"
    );
    assert_eq!(fs::read(dir.path().join("model.onnx")).unwrap(), model);
}

#[test]
fn a_complete_part_needs_no_more_than_a_416() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    fs::write(dir.path().join("model.onnx.part"), &model).unwrap();
    let host = Host::new(model.clone(), "\"v1\"", vec![Act::Serve]);
    run(&pack, &host).unwrap();
    assert_eq!(host.asked().len(), 1);
}

#[test]
fn a_part_longer_than_the_file_starts_over() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    fs::write(dir.path().join("model.onnx.part"), vec![0; model.len() + 5]).unwrap();
    let host = Host::new(model.clone(), "\"v1\"", vec![Act::Serve]);
    run(&pack, &host).unwrap();
    assert_eq!(fs::read(dir.path().join("model.onnx")).unwrap(), model);
}

#[test]
fn a_server_without_ranges_is_served_from_the_start() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    let host = Host::new(
        model.clone(),
        "\"v1\"",
        vec![Act::ResetAfter(9_000), Act::IgnoreRange],
    );
    run(&pack, &host).unwrap();
    assert_eq!(fs::read(dir.path().join("model.onnx")).unwrap(), model);
}

#[test]
fn endless_bodies_are_cut_off() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let known_pack = pack(dir.path(), &known(&model));
    let host = Host::new(Vec::new(), "\"v1\"", vec![Act::Endless]);
    assert_eq!(
        run(&known_pack, &host).unwrap_err().code(),
        "too_large",
        "length known"
    );
    let unknown = tempfile::tempdir().unwrap();
    let pack = pack(unknown.path(), "");
    let options = FetchOptions {
        most_bytes: 1 << 20,
        ..options(&host)
    };
    let transport = HttpTransport::new().unwrap();
    let token = CancellationToken::new();
    let error = fetch(&pack, &options, &transport, &mut |_| {}, &token).unwrap_err();
    assert_eq!(error.code(), "too_large", "length unknown");
    let part = fs::metadata(unknown.path().join("model.onnx.part")).unwrap();
    assert_eq!(part.len(), 0, "what came is given back to the disk");
}

#[test]
fn a_wrong_announced_length_is_refused_before_the_body() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    let longer = Host::new(model.clone(), "\"v1\"", vec![Act::Announce(1 << 40)]);
    assert_eq!(run(&pack, &longer).unwrap_err().code(), "too_large");
    let shorter = Host::new(model.clone(), "\"v1\"", vec![Act::Announce(10)]);
    assert_eq!(run(&pack, &shorter).unwrap_err().code(), "model_corrupt");
}

#[test]
fn a_stalled_connection_is_given_up_and_resumed() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    let host = Host::new(
        model.clone(),
        "\"v1\"",
        vec![Act::StallAfter(40_000), Act::Serve],
    );
    run(&pack, &host).unwrap();
    assert_eq!(host.asked()[1].range.as_deref(), Some("bytes=40000-"));
}

#[test]
fn a_cancel_stops_at_once_and_keeps_what_came() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    let host = Host::new(
        model.clone(),
        "\"v1\"",
        vec![Act::StallAfter(280_000), Act::Serve],
    );
    let transport = HttpTransport::with_stall(Duration::from_secs(60)).unwrap();
    let token = CancellationToken::new();
    let cancelled = fetch(
        &pack,
        &options(&host),
        &transport,
        // The stall comes after 280,000 bytes, past the first step that is told.
        &mut |p| {
            if p.done > 0 {
                token.cancel();
            }
        },
        &token,
    );
    assert_eq!(cancelled.unwrap(), None, "a cancel is an outcome, no error");
    let part = fs::metadata(dir.path().join("model.onnx.part")).unwrap();
    assert!(part.len() > 0, "what came stays");
    run(&pack, &host).unwrap();
    assert_eq!(
        fs::read(dir.path().join("model.onnx")).unwrap(),
        model,
        "and is resumed"
    );
}

#[test]
fn a_missing_file_is_no_reason_to_try_again() {
    let dir = tempfile::tempdir().unwrap();
    let pack = pack(dir.path(), "");
    let host = Host::new(Vec::new(), "\"v1\"", vec![Act::Status(404)]);
    let error = run(&pack, &host).unwrap_err();
    assert!(error.to_string().contains("404"), "{error}");
    assert_eq!(host.asked().len(), 1);
}

#[test]
fn plain_http_goes_no_further_than_this_machine() {
    let dir = tempfile::tempdir().unwrap();
    let pack = pack(dir.path(), "");
    let transport = HttpTransport::new().unwrap();
    let token = CancellationToken::new();
    for source in [
        "http://models.example.org",
        "ftp://127.0.0.1",
        "file:///etc",
        "nonsense",
    ] {
        let options = FetchOptions {
            source: Some(source.into()),
            ..FetchOptions::default()
        };
        let error = fetch(&pack, &options, &transport, &mut |_| {}, &token).unwrap_err();
        assert_eq!(error.code(), "insecure_source", "{source}");
    }
    let elsewhere = "http://models.example.org/model.onnx".to_owned();
    let host = Host::new(Vec::new(), "\"v1\"", vec![Act::Redirect(elsewhere)]);
    assert_eq!(
        run(&pack, &host).unwrap_err().code(),
        "insecure_source",
        "nor does a redirect"
    );
}

#[test]
fn redirects_in_a_circle_end() {
    let dir = tempfile::tempdir().unwrap();
    let pack = pack(dir.path(), "");
    let host = Host::new(Vec::new(), "\"v1\"", vec![Act::Redirect("/again".into())]);
    let error = run(&pack, &host).unwrap_err();
    assert!(error.to_string().contains("redirects"), "{error}");
}

#[test]
fn without_any_source_the_error_says_how_to_name_one() {
    let dir = tempfile::tempdir().unwrap();
    let pack = pack(dir.path(), "");
    let transport = HttpTransport::new().unwrap();
    let token = CancellationToken::new();
    let error = fetch(
        &pack,
        &FetchOptions::default(),
        &transport,
        &mut |_| {},
        &token,
    );
    let error = error.unwrap_err();
    assert_eq!(error.code(), "no_source");
    assert!(error.hint().unwrap().contains("--source"));
}

#[test]
fn good_files_are_left_alone() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    fs::write(dir.path().join("model.onnx"), &model).unwrap();
    let host = Host::new(Vec::new(), "\"v1\"", vec![Act::Status(500)]);
    let report = run(&pack, &host).unwrap();
    assert!(
        report.files[0].was_there && host.asked().is_empty(),
        "nothing was asked for"
    );
}

#[test]
fn a_file_that_is_made_here_is_never_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let pack = pack(dir.path(), "made_by = \"needledrop train bridge\"");
    let host = Host::new(Vec::new(), "\"v1\"", vec![Act::Status(500)]);
    let report = run(&pack, &host).unwrap();
    assert!(
        report.files.is_empty() && host.asked().is_empty(),
        "nothing was asked for"
    );
    let hint = pack.file("model.onnx").unwrap_err().hint().unwrap();
    assert!(hint.contains("needledrop train bridge"), "{hint}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_with_the_bytes_that_are_wanted() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    // Writing to this device fails as on a full disk.
    std::os::unix::fs::symlink("/dev/full", dir.path().join("model.onnx.part")).unwrap();
    let host = Host::new(model.clone(), "\"v1\"", vec![Act::Serve]);
    let error = run(&pack, &host).unwrap_err();
    assert!(
        matches!(error, ModelError::DiskFull { wanted, .. } if wanted == model.len() as u64),
        "{error}"
    );
}
