//! Fetches that stop in the middle and resume.

use std::fs;
use std::time::Duration;

use needledrop_models::{HttpTransport, fetch};
use tokio_util::sync::CancellationToken;

use crate::fixture::{known, model, options, pack, run, run_with_stall, sha256};
use crate::host::{Answer, Host};

#[test]
fn a_reset_connection_resumes_at_the_next_byte() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    let resets = vec![
        Answer::ResetAfter(100_000),
        Answer::ResetAfter(50_000),
        Answer::Status(503),
        Answer::ResetAfter(1),
        Answer::Serve,
    ];
    let host = Host::new(model.clone(), "\"v1\"", resets);
    run(&pack, &host).unwrap();
    assert_eq!(
        fs::read(dir.path().join("model.onnx")).unwrap(),
        model,
        "whole after all"
    );
    let requests = host.requests();
    assert_eq!(requests[0].range, None, "the first asks for all");
    assert_eq!(requests[1].range.as_deref(), Some("bytes=100000-"));
    assert_eq!(requests[2].range.as_deref(), Some("bytes=150000-"));
    assert_eq!(requests[4].range.as_deref(), Some("bytes=150001-"));
    assert_eq!(
        requests[4].if_range.as_deref(),
        Some("\"v1\""),
        "only if the file is the same"
    );
}

#[test]
fn a_failed_fetch_is_resumed_by_the_next() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), "");
    let script = vec![
        Answer::ResetAfter(70_000),
        Answer::Status(503),
        Answer::Status(503),
        Answer::Serve,
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
    assert_eq!(host.requests()[3].range.as_deref(), Some("bytes=70000-"));
    assert_eq!(report.files[0].sha256, sha256(&model));
}

#[test]
fn a_file_that_changed_on_the_server_starts_over() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), "");
    let old = Host::new(
        vec![9; 200_000],
        "\"old\"",
        vec![Answer::ResetAfter(5_000), Answer::Status(500)],
    );
    run(&pack, &old).unwrap_err();
    // The tag belongs to the address; give the part the new address to play a changed file.
    let host = Host::new(model.clone(), "\"new\"", vec![Answer::Serve]);
    let tag = dir.path().join("model.onnx.tag.part");
    fs::write(&tag, format!("{}/model.onnx\n\"old\"", host.base)).unwrap();
    let report = run(&pack, &host).unwrap();
    assert_eq!(host.requests()[0].if_range.as_deref(), Some("\"old\""));
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
    let host = Host::new(model.clone(), "\"v1\"", vec![Answer::Serve]);
    let report = run(&pack, &host).unwrap();
    assert_eq!(host.requests()[0].range, None);
    assert_eq!(report.files[0].resumed_from, 0);
}

#[test]
fn a_wrong_part_is_dropped_and_fetched_once_more() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    fs::write(dir.path().join("model.onnx.part"), [9; 1000]).unwrap();
    let host = Host::new(model.clone(), "\"v1\"", vec![Answer::Serve]);
    run(&pack, &host).unwrap();
    assert_eq!(
        host.requests().len(),
        2,
        "resumed, found wrong, fetched from the start"
    );
    assert_eq!(fs::read(dir.path().join("model.onnx")).unwrap(), model);
}

#[test]
fn a_complete_part_needs_one_request() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    fs::write(dir.path().join("model.onnx.part"), &model).unwrap();
    let host = Host::new(model.clone(), "\"v1\"", vec![Answer::Serve]);
    run(&pack, &host).unwrap();
    assert_eq!(host.requests().len(), 1);
}

#[test]
fn a_part_longer_than_the_file_starts_over() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    fs::write(dir.path().join("model.onnx.part"), vec![0; model.len() + 5]).unwrap();
    let host = Host::new(model.clone(), "\"v1\"", vec![Answer::Serve]);
    run(&pack, &host).unwrap();
    assert_eq!(fs::read(dir.path().join("model.onnx")).unwrap(), model);
}

#[test]
fn a_server_without_ranges_sends_the_file_from_its_start() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    let host = Host::new(
        model.clone(),
        "\"v1\"",
        vec![Answer::ResetAfter(9_000), Answer::IgnoreRange],
    );
    run(&pack, &host).unwrap();
    assert_eq!(fs::read(dir.path().join("model.onnx")).unwrap(), model);
}

#[test]
fn a_stalled_connection_is_given_up_and_resumed() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    let host = Host::new(
        model.clone(),
        "\"v1\"",
        vec![Answer::StallAfter(40_000), Answer::Serve],
    );
    run_with_stall(&pack, &host, Duration::from_secs(2)).unwrap();
    assert_eq!(host.requests()[1].range.as_deref(), Some("bytes=40000-"));
}

#[test]
fn a_cancel_stops_a_stalled_fetch_and_keeps_its_bytes() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    let host = Host::new(
        model.clone(),
        "\"v1\"",
        vec![Answer::StallAfter(280_000), Answer::Serve],
    );
    let transport = HttpTransport::with_stall(Duration::from_secs(60)).unwrap();
    let token = CancellationToken::new();
    let cancelled = fetch(
        &pack,
        &options(&host),
        &transport,
        // The stall comes after 280,000 bytes, after the first progress report.
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
