//! Tracks that end before the range, and titles with control characters.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;

use std::fs;

use common::{Sandbox, clip, music};
use serde_json::Value;

/// Makes a catalog with three long tracks and a jingle of 15 seconds, and a clip of 30 seconds.
fn make(sandbox: &Sandbox) {
    fs::create_dir(sandbox.path("music")).unwrap();
    for (name, seconds, bpm) in [
        ("slow", 60.0, 70.0),
        ("walk", 60.0, 100.0),
        ("march", 60.0, 118.0),
        ("jingle", 15.0, 168.0),
    ] {
        let path = sandbox.path(&format!("music/{name}.wav"));
        music(&path, seconds, bpm, 220.0, false);
    }
    sandbox.write(
        "music/credits.toml",
        b"[[track]]\nfiles = \"walk.wav\"\ntitle = \"\\u001b[2Jgone\\u0007\"\n",
    );
    let index = sandbox.run(&["index", "music", "--catalog", "catalog", "--json"]);
    assert_eq!(index.json()["added"], 4, "{}", index.stderr);
    clip(&sandbox.path("clip.mp4"), 30);
}

/// Rows of a match that ranks by the jingle's tempo only.
fn rows(sandbox: &Sandbox, more: &[&str]) -> Vec<Value> {
    let args = ["match", "clip.mp4", "--catalog", "catalog", "--json"];
    let tempo = ["--bpm", "160-176", "--weights", "0,1,0,0"];
    let ran = sandbox.run(&[&args[..], &tempo, more].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    ran.json()["results"].as_array().unwrap().clone()
}

#[test]
fn a_jingle_comes_after_the_tracks_that_fill_the_range() {
    let sandbox = Sandbox::with_pack();
    make(&sandbox);
    for more in [&["--quick"][..], &[]] {
        let whole = rows(&sandbox, more);
        assert_eq!(whole.len(), 4, "{whole:?}");
        for (at, row) in whole.iter().enumerate() {
            assert_eq!(row["rank"], at + 1);
            let number = |field: &str| row[field].as_f64().unwrap();
            let ends_early = number("duration_s") - number("start_s") < 29.5;
            assert_eq!(row["too_short"], ends_early, "{row}");
        }
        let short: Vec<bool> = whole.iter().map(|row| row["too_short"] == true).collect();
        assert!(short.is_sorted(), "short tracks come last: {short:?}");
        let jingle = whole.iter().find(|row| row["title"] == "jingle").unwrap();
        assert_eq!(jingle["too_short"], true);
        assert!(
            jingle["score"].as_f64() > whole[0]["score"].as_f64(),
            "the jingle has the best score"
        );
    }
    let quick = rows(&sandbox, &["--quick"]);
    let short = quick.iter().filter(|row| row["too_short"] == true);
    assert_eq!(short.count(), 1, "the first answer starts early enough");
    let three_seconds = rows(&sandbox, &["--quick", "--range", "0-3"]);
    assert_eq!(
        three_seconds[0]["title"], "jingle",
        "the jingle fills three seconds"
    );
    assert_eq!(three_seconds[0]["too_short"], false);
    let two = rows(&sandbox, &["--quick", "--top", "2"]);
    assert_eq!(two.len(), 2);
    assert!(two.iter().all(|row| row["too_short"] == false), "{two:?}");
}

#[test]
fn a_title_cannot_steer_the_terminal() {
    let sandbox = Sandbox::with_pack();
    make(&sandbox);
    for args in [
        &["match", "clip.mp4"][..],
        &["tracks"],
        &["similar", "slow"],
    ] {
        let ran = sandbox.run(&[args, &["--catalog", "catalog"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.contains("[2Jgone"), "{args:?}: {}", ran.stdout);
        for text in [&ran.stdout, &ran.stderr] {
            assert!(!text.contains(['\u{1b}', '\u{7}']), "{args:?}: {text:?}");
        }
    }
}
