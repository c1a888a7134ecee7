//! Files whose names are no Unicode: each command answers with one document, and ends as with any other name.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use common::{Ran, Sandbox, clip, music};
use serde_json::Value;

const BAD: &[u8] = b"bad\xff\xfename";

fn bad_name(sandbox: &Sandbox, ending: &str) -> PathBuf {
    let name = [BAD, ending.as_bytes()].concat();
    sandbox.dir.path().join(OsStr::from_bytes(&name))
}

fn run(sandbox: &Sandbox, command: &str, file: &PathBuf, rest: &[&str]) -> Value {
    let mut process = sandbox.command(&[command]);
    let ran = Ran::from(process.arg(file).args(rest).output().unwrap());
    assert_eq!(ran.code, 0, "{command}: {}{}", ran.stdout, ran.stderr);
    if rest.contains(&"--json") {
        ran.json()
    } else {
        Value::Null
    }
}

/// The text with U+FFFD, and the bytes beside it.
fn assert_named(document: &Value, text: &str, bytes: &str) {
    let shown = document[text].as_str().unwrap();
    assert!(shown.contains("bad\u{fffd}\u{fffd}name"), "{document}");
    let hex: String = BAD.iter().map(|byte| format!("{byte:02x}")).collect();
    let exact = document[bytes].as_str().unwrap();
    assert!(exact.contains(&hex), "{document}");
}

#[test]
fn a_clip_and_music_of_any_name_are_matched_and_named_in_one_document() {
    let sandbox = Sandbox::with_pack();
    clip(&sandbox.path("clip.mp4"), 2);
    let film = bad_name(&sandbox, ".mp4");
    fs::rename(sandbox.path("clip.mp4"), &film).unwrap();
    let tracks = bad_name(&sandbox, "");
    fs::create_dir(&tracks).unwrap();
    let song = tracks.join(OsStr::from_bytes(b"song\xe9.wav"));
    music(&song, 6.0, 120.0, 220.0, false);

    assert_named(
        &run(&sandbox, "analyze", &song, &["--json"]),
        "path",
        "path_bytes",
    );
    let indexed = ["--catalog", "catalog", "--json"];
    let report = run(&sandbox, "index", &tracks, &indexed);
    assert_eq!(report["added"], 1, "{report}");
    let again = run(&sandbox, "index", &tracks, &indexed);
    assert_eq!(again["unchanged"], 1, "it is found again: {again}");

    let matched = run(
        &sandbox,
        "match",
        &film,
        &["--catalog", "catalog", "--json"],
    );
    assert_named(&matched["clip"], "path", "path_bytes");
    let row = &matched["results"][0];
    assert_named(row, "path", "path_bytes");
    assert_eq!(row["title"], "song\u{fffd}", "{row}");

    let frames = run(&sandbox, "frames", &film, &["--out", "strip", "--json"]);
    assert_named(&frames, "clip", "clip_bytes");
    run(&sandbox, "match", &film, &["--catalog", "catalog"]);
    run(&sandbox, "look", &film, &["--json"]);
}

#[test]
fn a_file_that_fails_is_named_in_one_document_too() {
    let sandbox = Sandbox::with_pack();
    let broken = bad_name(&sandbox, ".wav");
    fs::write(&broken, "no sound").unwrap();
    for command in ["analyze", "look", "index"] {
        let mut process = sandbox.command(&[command, "--json"]);
        let ran = Ran::from(process.arg(&broken).output().unwrap());
        let document = ran.json();
        let failed = match command {
            "index" => &document["failed"][0],
            _ => &document["error"],
        };
        let message = failed["message"].as_str().unwrap();
        assert!(message.contains("bad\u{fffd}\u{fffd}name"), "{message}");
    }
}
