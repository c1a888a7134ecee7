//! Reads `truth.jsonl` (of the `scores` example or of `training/beats/sketches.py`) and prints, for
//! every piece, every way to beat time to it and what was found: what `training/beats/fit.py` learns
//! from.

use std::io::{self, BufRead, Write};

use needledrop_audio::decode::Decoder;
use needledrop_audio::{MUSIC_RATE_HZ, frontend};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = io::stdout();
    for line in io::stdin().lock().lines() {
        let truth: Value = serde_json::from_str(&line?)?;
        let path = truth["path"].as_str().ok_or("a line without a path")?;
        let mut decoder = Decoder::open(path.as_ref())?;
        let (mut block, mut mono, mut rate_hz) = (Vec::new(), Vec::new(), 0);
        while let Some((rate, channels)) = decoder.next_block(&mut block)? {
            rate_hz = rate;
            let mean = |frame: &[f32]| frame.iter().sum::<f32>() / channels as f32;
            mono.extend(block.chunks_exact(channels).map(mean));
        }
        let samples = frontend::resampled(&mono, rate_hz, MUSIC_RATE_HZ);
        let heard = frontend::Heard::new(&samples)?;
        let ways: Vec<Value> = heard
            .beat_hypotheses()
            .into_iter()
            .map(|w| {
                json!({"bpm": w.bpm, "beats_s": w.beats_s, "features": w.features, "parts": w.parts,
                    "readings": w.readings})
            })
            .collect();
        let found = heard.evidence().map(|found| {
            json!({"bpm": found.bpm, "metre": found.metre, "evidence": found.evidence,
                "likelihood": found.likelihood})
        });
        let line = json!({"path": path, "ways": ways, "found": found});
        writeln!(out.lock(), "{line}")?;
    }
    Ok(())
}
