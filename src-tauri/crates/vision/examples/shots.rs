//! Shot boundaries of raw frames, as JSON.
//!
//! ```text
//! ffmpeg -i CLIP -vf scale=160:90:flags=area,format=rgb24 -f rawvideo - | shots --fps 25
//! ```
//!
//! `--size 160x90`, `--times FILE` (seconds, one a line) instead of `--fps`, `--every 2` keeps every
//! second frame, `--sensitivity 0.5`, `--clues` adds what each possible boundary was scored by,
//! `--speed` adds the milliseconds a frame.

use std::{error::Error, io::Read, time::Instant};

use needledrop_vision::{DEFAULT_SENSITIVITY, Picture, ShotDetector};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        words
            .iter()
            .position(|w| w == name)
            .and_then(|at| words.get(at + 1))
    };
    let has = |name: &str| words.iter().any(|w| w == name);
    let (width, height) = value("--size")
        .map_or("160x90", |s| s)
        .split_once('x')
        .ok_or("expected --size as WIDTHxHEIGHT")?;
    let (width, height): (u32, u32) = (width.parse()?, height.parse()?);
    let fps: f64 = value("--fps").map_or(Ok(25.0), |s| s.parse())?;
    let every: usize = value("--every").map_or(Ok(1), |s| s.parse())?;
    let sensitivity = value("--sensitivity").map_or(Ok(DEFAULT_SENSITIVITY), |s| s.parse())?;
    let times: Option<Vec<f64>> = match value("--times") {
        Some(file) => Some(
            std::fs::read_to_string(file)?
                .lines()
                .map(str::parse)
                .collect::<Result<_, _>>()?,
        ),
        None => None,
    };
    let mut watch = if has("--clues") {
        ShotDetector::with_clues()
    } else {
        ShotDetector::new()
    };
    let mut rgb = vec![0; width as usize * height as usize * 3];
    let mut input = std::io::stdin().lock();
    let (mut count, mut seen, mut spent_s) = (0, 0, 0.0);
    while input.read_exact(&mut rgb).is_ok() {
        let time_s = match &times {
            Some(times) => *times.get(count).ok_or("expected a time for every frame")?,
            None => count as f64 / fps,
        };
        if count % every == 0 {
            let start = Instant::now();
            watch.push(
                time_s,
                &Picture {
                    width,
                    height,
                    rgb: &rgb,
                },
            )?;
            spent_s += start.elapsed().as_secs_f64();
            seen += 1;
        }
        count += 1;
    }
    let start = Instant::now();
    let (curve, clues) = watch.finish_with_clues();
    spent_s += start.elapsed().as_secs_f64();
    let cuts: Vec<_> = (curve.cuts(sensitivity).iter())
        .map(|c| {
            serde_json::json!({
                "time_s": c.time_s, "span_s": c.span_s, "kind": c.kind.as_str(), "score": c.score,
            })
        })
        .collect();
    let mut out = serde_json::json!({ "frames": seen, "cuts": cuts });
    if has("--clues") {
        out["clues"] = serde_json::to_value(clues)?;
    }
    if has("--speed") {
        out["ms_per_frame"] = (1000.0 * spent_s / f64::from(seen.max(1))).into();
        out["curve_bytes"] = serde_json::to_vec(&curve)?.len().into();
    }
    println!("{out}");
    Ok(())
}
