//! Opens clips again and again and counts refusals, threads and open files:
//! `cargo run --release --example opens -- COUNT FILE...`
//! Ends with 1 if a clip was refused or a thread or file stayed. Each clip must open once before it counts.

use needledrop_media::{FrameSize, Sampling, StripRequest, frame_strip, probe};
use std::{ffi::OsString, fs, ops::ControlFlow, path::Path, process::ExitCode, time::Instant};
use tokio_util::sync::CancellationToken;

fn entries(folder: &str) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}

/// Opens a clip afresh: properties are remembered, so only a read of pictures opens it each time.
fn open(path: &Path) -> Result<(), String> {
    let request = StripRequest {
        range_s: None,
        sampling: Sampling::Fast,
        size: FrameSize::ShortSide(64),
        most: 1,
    };
    let stop = CancellationToken::new();
    probe(path).map_err(|error| error.to_string())?;
    let read = frame_strip(path, &request, &stop, &mut |_| ControlFlow::Continue(()));
    match read {
        Ok(report) if report.decoded > 0 => Ok(()),
        Ok(report) => Err(format!("no picture: {report:?}")),
        Err(error) => Err(error.to_string()),
    }
}

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let count = args.next().and_then(|a| a.to_str()?.parse::<usize>().ok());
    let clips: Vec<OsString> = args.collect();
    let (Some(count), false) = (count, clips.is_empty()) else {
        eprintln!("expected a count and clips");
        return ExitCode::from(2);
    };
    let mut refused = 0;
    for clip in &clips {
        if let Err(error) = open(Path::new(clip)) {
            println!("at first: {error}");
            refused += 1;
        }
    }
    let settled = (entries("/proc/self/task"), entries("/proc/self/fd"));
    let mut slowest = 0.0f64;
    for (number, clip) in clips.iter().cycle().take(count).enumerate() {
        let began = Instant::now();
        if let Err(error) = open(Path::new(clip)) {
            println!("{number}: {error}");
            refused += 1;
        }
        slowest = slowest.max(began.elapsed().as_secs_f64());
        if number % 500 == 499 {
            let now = (entries("/proc/self/task"), entries("/proc/self/fd"));
            println!(
                "{} opens, threads and files {now:?}, slowest {slowest:.2} s",
                number + 1
            );
        }
    }
    let now = (entries("/proc/self/task"), entries("/proc/self/fd"));
    println!(
        "{count} opens, {refused} refused, threads and files {settled:?} then {now:?}, slowest {slowest:.2} s"
    );
    // A thread that stops a pipeline may still be ending.
    let stays = now.0 > settled.0 + 2 || now.1 > settled.1 + 2;
    ExitCode::from(u8::from(refused > 0 || stays))
}
