//! Analyses music files and prints one JSON document a line: `analyze [--pack DIR] FILE…`.

#![recursion_limit = "256"]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use needledrop_audio::{Analyzer, TrackAnalysis};
use needledrop_models::Pack;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

fn main() -> ExitCode {
    let mut pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models/embedded");
    let mut files = Vec::new();
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--pack") => pack = arguments.next().map(PathBuf::from).unwrap_or_default(),
            Some("--no-pack") => pack = PathBuf::new(),
            _ => files.push(PathBuf::from(argument)),
        }
    }
    let opened = if pack.as_os_str().is_empty() {
        Analyzer::without_pack()
    } else {
        Pack::open(&pack)
            .map_err(Into::into)
            .and_then(|p| Analyzer::open(&p, 1))
    };
    let mut analyzer = match opened {
        Ok(analyzer) => analyzer,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let mut failed = false;
    for file in &files {
        let started = Instant::now();
        let result = analyzer.analyze(file, &CancellationToken::new());
        let seconds = started.elapsed().as_secs_f64();
        let document = match result {
            Ok(track) => describe(file, &track, seconds),
            Err(error) => {
                failed = true;
                json!({"path": file, "error": {"code": error.code(), "message": error.to_string()}})
            }
        };
        println!("{document}");
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn describe(path: &Path, track: &TrackAnalysis, seconds: f64) -> Value {
    let m = &track.metadata;
    json!({
        "path": path,
        "title": m.title, "artist": m.artist, "album": m.album, "genre": m.genre,
        "licence": m.licence, "copyright": m.copyright, "comment": m.comment, "isrc": m.isrc,
        "duration_s": track.duration_s,
        "preview_s": track.preview_s,
        "bpm": track.tempo.as_ref().map(|t| t.bpm),
        "bpm_confidence": track.tempo.as_ref().map(|t| t.confidence),
        "bpm_candidates": track.tempo.as_ref().map(|t| &t.candidates),
        "key": track.key.map(|k| k.key.to_string()),
        "mode": track.key.map(|k| k.key.mode().as_str()),
        "camelot": track.key.map(|k| k.key.camelot().to_string()),
        "key_confidence": track.key.map(|k| k.confidence),
        "tuning_cents": track.key.map(|k| k.tuning_cents),
        "loudness_lufs": track.loudness.integrated_lufs,
        "true_peak_dbtp": track.loudness.true_peak_dbtp,
        "tags": track.tags,
        "beats_s": track.beats.as_ref().map(|b| &b.times_s),
        "downbeats_s": track.beats.as_ref().map(|b| b.downbeats_s().collect::<Vec<_>>()),
        "per_bar": track.beats.as_ref().map(|b| b.per_bar),
        "stretches": track.tempo.as_ref().map(|t| &t.stretches),
        "ending": track.form.ending.as_str(), "ending_s": track.form.ending_s,
        "climax_s": track.form.climax_s, "loop_s": track.form.loop_s,
        "energy": track.character.energy, "valence": track.character.valence,
        "vocal": track.character.vocal,
        "range_lu": track.loudness.range_lu,
        "vector": track.vector,
        "sections": track.sections.iter().map(|s| json!({
            "start_s": s.start_s, "end_s": s.end_s, "kind": s.kind.as_str(), "energy": s.energy,
            "vocal": s.vocal, "vector": s.vector,
        })).collect::<Vec<_>>(),
        "damaged_packets": track.damaged_packets,
        "seconds": seconds,
    })
}
