//! Small yardsticks: pictures, words and choices of four sources, one of them locked.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::common::{Sandbox, clip, music, pipeline};

/// Names of sources; the first three are development sources, the last is locked.
pub const SOURCES: [&str; 4] = ["a", "b", "f", "c"];

/// A still of one colour with a pattern, as PNG.
pub fn still(path: &Path, pattern: u32) {
    pipeline(&format!(
        "videotestsrc num-buffers=1 pattern={pattern} ! video/x-raw,format=RGB,width=96,height=64 ! pngenc \
         ! filesink location={}",
        path.display()
    ));
}

/// Two stills of every source and a clip, with labels.
pub fn pictures(sandbox: &Sandbox) -> Vec<Value> {
    fs::create_dir_all(sandbox.path("yard/files")).unwrap();
    let briefs = [
        "calm solo piano",
        "fast heavy rock",
        "dark ambient drone",
        "happy folk dance",
    ];
    let mut rows = Vec::new();
    for (at, source) in SOURCES.into_iter().enumerate() {
        for number in 0..2 {
            let file = format!("files/{source}-{number}.png");
            still(
                &sandbox.path(&format!("yard/{file}")),
                (at * 2 + number) as u32,
            );
            rows.push(json!({
                "source": source, "item": number.to_string(), "file": file, "style": "drawn",
                "brief": format!("{}, number {number}", briefs[at]),
                "arousal": at as f64 / 4.0 - 0.2 * number as f64, "valence": 0.1, "setting": "test",
            }));
        }
    }
    clip(&sandbox.path("yard/files/clip.mp4"), 2);
    rows.push(json!({
        "source": "a", "item": "clip", "file": "files/clip.mp4", "clip": true, "style": "photographed",
        "brief": "quirky electronic music", "arousal": 0.3, "valence": 0.2,
    }));
    rows.push(json!({
        "source": "b", "item": "gone", "file": "files/gone.png", "style": "drawn", "brief": "slow strings",
    }));
    rows
}

pub fn write_rows(sandbox: &Sandbox, name: &str, rows: &[Value]) {
    let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
    fs::write(sandbox.path(name), text).unwrap();
}

/// Four tracks of four sources, one of them locked, slow and fast, major and minor; briefs of the same sources.
pub fn words(sandbox: &Sandbox) {
    fs::create_dir_all(sandbox.path("yard/music")).unwrap();
    let (mut tracks, mut briefs) = (Vec::new(), Vec::new());
    for (at, source) in SOURCES.into_iter().enumerate() {
        let bpm = 70.0 + 30.0 * at as f64;
        let file = format!("music/{source}.wav");
        music(
            &sandbox.path(&format!("yard/{file}")),
            5.0,
            bpm,
            220.0,
            at % 2 == 0,
        );
        let mode = if at % 2 == 0 { "minor" } else { "major" };
        tracks.push(json!({
            "source": source, "item": source, "file": file, "title": source, "bpm": bpm, "mode": mode,
            "energy": bpm / 200.0, "instruments": ["synth"], "all_instruments": ["synth"], "voices": false, "valence": 0.0, "arousal": 0.1,
        }));
        briefs.push(json!({
            "brief": "slow synth in minor, no voices", "source": source,
            "asks": {"tempo": "slow", "mode": "minor", "has": ["synth"], "lacks": ["voices"], "energy": "low"},
        }));
    }
    write_rows(sandbox, "yard/tracks.jsonl", &tracks);
    write_rows(sandbox, "yard/briefs.jsonl", &briefs);
}

/// Pairs of the four sources, each with a picture and the track that was chosen for it.
pub fn choices(sandbox: &Sandbox) {
    fs::create_dir_all(sandbox.path("yard/choices")).unwrap();
    let mut rows = Vec::new();
    for (at, source) in [
        SOURCES[0], SOURCES[1], SOURCES[2], "wesnoth", SOURCES[3], "d",
    ]
    .into_iter()
    .enumerate()
    {
        let (picture, track) = (format!("{source}.png"), format!("{source}.wav"));
        still(&sandbox.path(&format!("yard/choices/{picture}")), at as u32);
        let path = sandbox.path(&format!("yard/choices/{track}"));
        music(
            &path,
            5.0,
            80.0 + 15.0 * at as f64,
            200.0 + 20.0 * at as f64,
            at % 2 == 0,
        );
        rows.push(json!({"source": source, "title": "one", "pictures": [picture], "music": track}));
    }
    write_rows(sandbox, "yard/choices/pairs.jsonl", &rows);
}
