//! Renders scores with known tempo, bars and key: `scores OUT FIRST EACH SECONDS [MIDI…]` writes a WAV
//! for each of `EACH` pieces in every style and every further metre, from the `FIRST`th on, and for each MIDI file that can serve, and `truth.jsonl`.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::json;

#[path = "../tests/scores/mod.rs"]
mod scores;

use scores::{Piece, compose, midi, play};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out, first, each, seconds, files @ ..] = arguments.as_slice() else {
        eprintln!("usage: scores OUT FIRST EACH SECONDS [MIDI…]");
        std::process::exit(2);
    };
    let out = PathBuf::from(out);
    let number = |text: &String| text.parse::<f64>().map_err(io::Error::other);
    let (first, each) = (number(first)? as u64, number(each)? as u64);
    let seconds = number(seconds)?;
    fs::create_dir_all(&out)?;
    let mut truth = fs::File::create(out.join("truth.jsonl"))?;
    for piece in compose::collection(first, each, seconds) {
        write(&out, "composed", &piece, &mut truth)?;
    }
    for piece in compose::metres(first, each, seconds) {
        write(&out, "metres", &piece, &mut truth)?;
    }
    for file in files {
        let path = PathBuf::from(file);
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .replace(' ', "_");
        match midi::read(&name, &fs::read(&path)?) {
            Ok(piece) => write(&out, "midi", &piece, &mut truth)?,
            Err(reason) => eprintln!("left out, {reason}: {file}"),
        }
    }
    Ok(())
}

fn write(out: &std::path::Path, set: &str, piece: &Piece, truth: &mut fs::File) -> io::Result<()> {
    let path = out.join(format!("{}.wav", piece.name));
    fs::write(&path, play::wav(&play::play(piece)))?;
    let line = json!({
        "path": path, "set": set, "bpm": piece.bpm, "beats_per_bar": piece.beats_per_bar, "compound": piece.compound,
        "key": piece.key.map(|(tonic, minor)| json!({"tonic": tonic, "minor": minor})),
        "beats_s": piece.beats_s, "downbeats_s": piece.downbeats_s,
    });
    writeln!(truth, "{line}")
}
