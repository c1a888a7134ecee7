//! Indexing, searching and matching from end to end, with the documented fields of each document.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use common::{Ran, Sandbox, clip, music};
use serde_json::Value;

const TRACKS: [(&str, f64, f64, bool); 4] = [
    ("slow lament", 66.0, 220.0, true),
    ("easy walk", 96.0, 261.63, false),
    ("night drive", 124.0, 196.0, true),
    ("sprint", 168.0, 293.66, false),
];

fn make_music(sandbox: &Sandbox) {
    fs::create_dir_all(sandbox.path("music/deeper")).unwrap();
    for (at, (title, bpm, tonic, minor)) in TRACKS.into_iter().enumerate() {
        let folder = if at % 2 == 0 { "music" } else { "music/deeper" };
        let file = format!("{folder}/{}.wav", title.replace(' ', "_"));
        music(&sandbox.path(&file), 35.0, bpm, tonic, minor);
    }
    sandbox.write("music/broken.ogg", b"OggS this is not music");
    sandbox.write(
        "music/credits.toml",
        b"[[track]]\nfiles = \"**/sprint.wav\"\ntitle = \"Sprint!\"\n\
          artist = \"A. Runner\"\nlicence = \"CC0-1.0\"\n\
          [[track]]\nfiles = \"**\"\nartist = \"Test Tones\"\nlicence = \"CC-BY-4.0\"\n",
    );
}

fn index(sandbox: &Sandbox) -> Value {
    let ran = sandbox.run(&["index", "music", "--catalog", "catalog", "--json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    ran.json()
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn music_is_indexed_once_and_a_broken_file_does_not_stop_it() {
    let sandbox = Sandbox::with_pack();
    make_music(&sandbox);
    let first = index(&sandbox);
    assert_eq!(first["added"], 4, "{first}");
    let failed = first["failed"].as_array().unwrap();
    assert_eq!(failed.len(), 1, "{first}");
    assert!(
        failed[0]["path"].as_str().unwrap().ends_with("broken.ogg"),
        "{first}"
    );

    let again = index(&sandbox);
    assert_eq!(
        (&again["added"], &again["unchanged"]),
        (&0.into(), &4.into()),
        "{again}"
    );
    assert_eq!(
        again["failed"], first["failed"],
        "a failed file is reported again"
    );

    fs::rename(
        sandbox.path("music/slow_lament.wav"),
        sandbox.path("music/lament.wav"),
    )
    .unwrap();
    fs::remove_file(sandbox.path("music/broken.ogg")).unwrap();
    sandbox.write(
        "music/credits.toml",
        b"[[track]]\nfiles = \"**\"\nartist = \"Renamed\"\nlicence = \"CC0-1.0\"\n",
    );
    let moved = index(&sandbox);
    assert_eq!(
        moved["known"], 1,
        "the renamed file is not analysed again: {moved}"
    );
    assert_eq!(moved["added"], 0, "{moved}");
    let tracks = sandbox
        .run(&["tracks", "--catalog", "catalog", "--json"])
        .json();
    let tracks = tracks["tracks"].as_array().unwrap().clone();
    assert_eq!(tracks.len(), 4, "{tracks:?}");
    assert!(
        tracks.iter().all(|t| t["artist"] == "Renamed"),
        "new credits apply: {tracks:?}"
    );
}

#[test]
fn a_match_has_the_documented_fields() {
    let sandbox = Sandbox::with_pack();
    make_music(&sandbox);
    index(&sandbox);
    clip(&sandbox.path("clip.mp4"), 6);
    let ran = sandbox.run(&[
        "match",
        "clip.mp4",
        "--range",
        "1-5",
        "--catalog",
        "catalog",
        "--json",
    ]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let report = ran.json();
    assert_eq!(
        keys(&report),
        [
            "clip",
            "pack",
            "provider",
            "catalog",
            "brief",
            "confidence",
            "no_good_match",
            "refined",
            "timings_ms",
            "candidates",
            "results"
        ]
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>(),
    );
    assert_eq!(report["clip"]["frames"], 4, "{report}");
    assert_eq!(report["clip"]["range_s"], serde_json::json!([1.0, 5.0]));
    assert_eq!(report["catalog"]["tracks"], 4);
    assert_eq!(
        report["brief"]["tempo_bpm"],
        Value::Null,
        "without a wanted tempo or a pulse"
    );
    assert_eq!(report["brief"]["tempo_confidence"], 0.0);
    assert_eq!(report["brief"]["speech"], 0.0);
    let rows = report["results"].as_array().unwrap();
    assert_eq!(rows.len(), 4, "{rows:?}");
    for (at, row) in rows.iter().enumerate() {
        assert_eq!(row["rank"], at + 1);
        for term in ["visual", "tempo", "tags", "key"] {
            let score = row["scores"][term].as_f64().unwrap();
            assert!((0.0..=1.0).contains(&score), "{term} of {row}");
        }
        let tempo = row["scores"]["tempo"].as_f64().unwrap();
        assert!(
            (tempo - 0.5).abs() < 0.1,
            "without a wanted tempo or a pulse: {row}"
        );
        assert!(!row["why"].as_str().unwrap().is_empty());
        for term in ["visual", "tempo", "tags", "key"] {
            let reason = row["reasons"][term].as_str().unwrap();
            assert!(!reason.is_empty(), "why of {term} in {row}");
        }
        assert!(row["bpm"].is_number() && row["key"].is_string(), "{row}");
    }
    let sprint = rows.iter().find(|row| row["title"] == "Sprint!").unwrap();
    assert_eq!(sprint["artist"], "A. Runner");
    assert_eq!(sprint["licence"], "CC0-1.0");
    let timings = &report["timings_ms"];
    let sum = |parts: &[&str]| -> f64 {
        parts
            .iter()
            .map(|part| timings[part].as_f64().unwrap())
            .sum()
    };
    let first = sum(&["sample", "embed", "project", "search", "rerank"]);
    assert!(
        (first - sum(&["first_rows"])).abs() < 0.3,
        "the parts add up: {timings}"
    );
    assert!(
        (sum(&["first_rows", "watch", "refine"]) - sum(&["total"])).abs() < 0.3,
        "the parts add up: {timings}"
    );
}

#[test]
fn wanted_tempo_reference_and_words_change_the_order() {
    let sandbox = Sandbox::with_pack();
    make_music(&sandbox);
    index(&sandbox);
    clip(&sandbox.path("clip.mp4"), 2);
    let first = |more: &[&str]| {
        let ran = sandbox.run(
            &[
                &["match", "clip.mp4", "--catalog", "catalog", "--json"],
                more,
            ]
            .concat(),
        );
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
        ran.json()
    };
    let tempo = first(&["--bpm", "160-176", "--weights", "0,1,0,0"]);
    assert_eq!(tempo["brief"]["tempo_bpm"], 168.0);
    let best = &tempo["results"][0];
    assert!(best["scores"]["tempo"].as_f64().unwrap() >= 0.5, "{best}");
    let following = first(&["--reference", "night drive"]);
    let rows = following["results"].as_array().unwrap();
    assert!(
        rows.iter().all(|row| row["title"] != "night drive"),
        "the reference itself is left out"
    );
    let worded = first(&["--brief", "a solo violin, slow and sad"]);
    assert_eq!(worded["brief"]["text"], "a solo violin, slow and sad");
    let error = sandbox.error(
        &[
            "match",
            "clip.mp4",
            "--catalog",
            "catalog",
            "--reference",
            "polka",
        ],
        3,
    );
    assert_eq!(error["code"], "track_not_found");
}

#[test]
fn tables_name_the_tracks() {
    let sandbox = Sandbox::with_pack();
    make_music(&sandbox);
    index(&sandbox);
    for args in [
        &["tracks"][..],
        &["search", "--text", "fast music"],
        &["similar", "easy walk"],
    ] {
        let ran = sandbox.run(&[args, &["--catalog", "catalog"]].concat());
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
        assert!(ran.stdout.contains("Sprint!"), "{args:?}: {}", ran.stdout);
    }
}

#[cfg(unix)]
#[test]
fn interrupted_indexing_keeps_its_work_and_continues() {
    let sandbox = Sandbox::with_pack();
    fs::create_dir(sandbox.path("music")).unwrap();
    for at in 0..12 {
        let file = format!("music/{at:02}.wav");
        music(
            &sandbox.path(&file),
            40.0,
            80.0 + 5.0 * f64::from(at),
            220.0,
            at % 2 == 0,
        );
    }
    let args = [
        "index",
        "music",
        "--catalog",
        "catalog",
        "--jobs",
        "1",
        "--json",
    ];
    let child = sandbox
        .command(&args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let tracks = || {
        let ran = sandbox.run(&["tracks", "--catalog", "catalog", "--json"]);
        if ran.code == 0 {
            ran.json()["tracks"].as_array().unwrap().len()
        } else {
            0
        }
    };
    while tracks() == 0 {
        thread::sleep(Duration::from_millis(20));
    }
    let interrupt = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupt.success());
    let stopped = Ran::from(child.wait_with_output().unwrap());
    assert_eq!(stopped.code, 130, "{}{}", stopped.stdout, stopped.stderr);
    assert_eq!(stopped.json()["outcome"], "cancelled");
    let kept = tracks();
    assert!((1..12).contains(&kept), "some tracks are kept: {kept}");
    let rest = sandbox.run(&args).json();
    assert_eq!(
        rest["unchanged"], kept,
        "indexed files are not indexed again: {rest}"
    );
    assert_eq!(rest["catalog"]["tracks"], 12, "{rest}");
}
