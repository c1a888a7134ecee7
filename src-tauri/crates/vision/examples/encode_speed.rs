//! Opening time, time a frame and resident memory of a pack's frame encoder on this machine.
//!
//! `cargo run --release -p needledrop-vision --example encode_speed -- models/embedded 2 60`

use std::path::PathBuf;
use std::time::Instant;

use needledrop_models::{Pack, runtime, runtime::SessionOptions};
use needledrop_vision::{Picture, informative, open_encoder};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let dir = PathBuf::from(args.next().unwrap_or("models/embedded".into()));
    let threads: usize = args.next().map_or(Ok(0), |t| t.parse())?;
    let frames: usize = args.next().map_or(Ok(60), |t| t.parse())?;
    let start = Instant::now();
    runtime::load()?;
    println!("load runtime {:.1} ms", ms(start));
    let start = Instant::now();
    let pack = Pack::open(&dir)?;
    let options = SessionOptions {
        threads,
        ..SessionOptions::default()
    };
    let mut encoder = open_encoder(&pack, &options)?;
    println!(
        "open encoder {:.1} ms, resident {} MB",
        ms(start),
        resident_mb()
    );
    for (width, height) in [(1920u32, 1080u32), (528, 297)] {
        let rgb: Vec<u8> = (0..width * height)
            .flat_map(|i| {
                [
                    (i % 251) as u8,
                    (i / width % 256) as u8,
                    (i % width / 8) as u8,
                ]
            })
            .collect();
        let picture = Picture {
            width,
            height,
            rgb: &rgb,
        };
        let start = Instant::now();
        let weight = informative(&picture);
        println!(
            "{width}x{height}: informative {weight} in {:.2} ms",
            ms(start)
        );
        let mut times: Vec<f64> = Vec::new();
        for _ in 0..frames {
            let start = Instant::now();
            encoder.encode(&[picture])?;
            times.push(ms(start));
        }
        times.sort_by(f64::total_cmp);
        println!(
            "{width}x{height}: a frame {:.1} ms median, {:.1} ms best; resident {} MB",
            times[times.len() / 2],
            times[0],
            resident_mb()
        );
    }
    Ok(())
}

fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// Resident memory; only Linux reports it here.
fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}
