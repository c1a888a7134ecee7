//! Decodes and measures music files and prints one JSON document a line, with the seconds of CPU that
//! each step took: `loudness [--decode-only] FILE…`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use needledrop_audio::decode::Decoder;
use needledrop_audio::{AudioError, Meter};
use serde_json::{Value, json};

fn main() -> ExitCode {
    let (options, files): (Vec<_>, Vec<_>) = std::env::args_os()
        .skip(1)
        .map(PathBuf::from)
        .partition(|a| a.starts_with("--decode-only"));
    let mut failed = false;
    for file in &files {
        let document = measure(file, options.is_empty()).unwrap_or_else(|error| {
            failed = true;
            json!({"path": file, "error": {"code": error.code(), "message": error.to_string()}})
        });
        println!("{document}");
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn measure(path: &Path, with_meter: bool) -> Result<Value, AudioError> {
    let mut decoder = Decoder::open(path)?;
    let (mut samples, mut meter, mut layout) = (Vec::new(), None, (0, 0));
    let (mut decoding, mut metering) = (Duration::ZERO, Duration::ZERO);
    loop {
        let started = Instant::now();
        let block = decoder.next_block(&mut samples)?;
        decoding += started.elapsed();
        let Some(block) = block else { break };
        layout = block;
        if with_meter {
            let started = Instant::now();
            meter
                .get_or_insert_with(|| Meter::with_speakers(layout.0, decoder.speakers()))
                .push(&samples);
            metering += started.elapsed();
        }
    }
    let loudness = meter.map(|m| m.loudness()).unwrap_or_default();
    Ok(json!({
        "path": path,
        "rate_hz": layout.0,
        "channels": layout.1,
        "frames": decoder.frames(),
        "damaged_packets": decoder.damaged_packets(),
        "integrated_lufs": loudness.integrated_lufs,
        "range_lu": loudness.range_lu,
        "true_peak_dbtp": loudness.true_peak_dbtp,
        "decode_s": decoding.as_secs_f64(),
        "meter_s": metering.as_secs_f64(),
    }))
}
