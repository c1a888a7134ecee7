//! `needledrop analyze` on one file.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;

use common::{Sandbox, music};

const FIELDS: [&str; 33] = [
    "beats_s",
    "bpm",
    "bpm_candidates",
    "bpm_confidence",
    "camelot",
    "climax_s",
    "damaged_packets",
    "downbeats_s",
    "duration_s",
    "ending",
    "ending_s",
    "energy",
    "key",
    "key_confidence",
    "loop_s",
    "loudness_lufs",
    "loudness_range_lu",
    "metadata",
    "mode",
    "mood",
    "mood_label",
    "path",
    "presence",
    "preview_s",
    "sections",
    "tags",
    "tempo_stretches",
    "time_signature",
    "time_signature_confidence",
    "true_peak_dbtp",
    "tuning_cents",
    "valence",
    "vocal",
];

#[test]
fn the_document_has_the_documented_fields() {
    let sandbox = Sandbox::with_pack();
    music(&sandbox.path("walk.wav"), 30.0, 96.0, 220.0, true);
    let ran = sandbox.run(&["analyze", "walk.wav", "--json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let report = ran.json();
    let mut keys: Vec<&str> = report
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    assert_eq!(keys, FIELDS);
    assert_eq!(report["duration_s"], 30.0);
    assert!(
        report["key"].is_string() && report["camelot"].is_string(),
        "{report}"
    );
    assert!(report["loudness_lufs"].as_f64().unwrap() < 0.0, "{report}");
    assert!(report["tags"][0]["score"].is_number(), "{report}");
    let sections = report["sections"].as_array().unwrap();
    assert_eq!(sections[0]["start_s"], 0.0);
    assert_eq!(report["damaged_packets"], 0);
    assert!(report["metadata"]["title"].is_null());

    let with = sandbox
        .run(&["analyze", "walk.wav", "--curves", "--json"])
        .json();
    for curve in ["energy", "onsets", "peaks", "peaks_fine"] {
        assert!(with["curves"][curve]["values"].is_array(), "{curve}");
    }
}

#[test]
fn without_json_a_page_is_printed_and_bad_input_has_a_code() {
    let sandbox = Sandbox::with_pack();
    music(&sandbox.path("walk.wav"), 12.0, 96.0, 220.0, true);
    let ran = sandbox.run(&["analyze", "walk.wav"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for word in ["walk.wav", "length    0:12", "LUFS", "sections"] {
        assert!(ran.stdout.contains(word), "{word}: {}", ran.stdout);
    }
    sandbox.write("notes.mp3", b"no music at all, only words about it");
    assert_eq!(
        sandbox.error(&["analyze", "notes.mp3"], 2)["code"],
        "not_audio"
    );
    assert_eq!(
        sandbox.error(&["analyze", "nothing.mp3"], 3)["code"],
        "not_found"
    );
}
