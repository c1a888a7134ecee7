//! Thirty real tracks on offer while one plays: memory, processor time, and hops to any of them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use needledrop_player::{Audition, Cue};

use crate::cold::File;
use crate::measure::print;
use crate::recorder::Recorder;
use crate::rig;

/// Seconds of each track at the in-point.
const START_S: f64 = 45.0;
/// Softer samples than this are silence.
const HEARD: f32 = 0.002;
/// Hops that are measured.
const HOPS: usize = 60;
/// Time for the read-ahead threads before anything is measured.
const SETTLE: Duration = Duration::from_secs(15);

/// Offers `files` under a looping range of `range_s` seconds, plays two rounds of it, then hops.
pub fn rows(range_s: f64, files: &[String]) {
    let (audition, _events) = rig();
    println!("opened: {}", memory(&audition));
    audition.load_clip(None, 600.0);
    audition.set_range(0.0, range_s);
    audition.set_loop(true);
    let cue = |file: &String| Cue {
        id: file.clone(),
        recording: Arc::new(File(PathBuf::from(file))),
        start_s: START_S,
        duration_s: 300.0,
        gain_db: 0.0,
    };
    audition.offer(files.iter().map(cue).collect());
    audition.select(files.first().map(String::as_str)).unwrap();
    audition.play();
    std::thread::sleep(SETTLE);
    println!("{} rows, 15 s later: {}", files.len(), memory(&audition));
    for round in 1..=2 {
        let (start, cpu_s) = (Instant::now(), cpu_s());
        std::thread::sleep(Duration::from_secs_f64(range_s));
        let share = (self::cpu_s() - cpu_s) / start.elapsed().as_secs_f64();
        let used = memory(&audition);
        println!(
            "round {round} of {range_s} s: {used}, {:.1} % of a core",
            100.0 * share
        );
    }
    hop(&audition, files);
    println!("after {HOPS} hops: {}", memory(&audition));
}

/// Hops from silence to rows all over the list, and measures until the row is heard.
fn hop(audition: &Audition, files: &[String]) {
    let recorder = Recorder::start();
    std::thread::sleep(Duration::from_secs(2));
    let mut asked_s = Vec::new();
    for hop in 0..HOPS {
        audition.select(None).unwrap();
        // No multiple of a buffer.
        let wait = 250_000 + (hop as u64 * 7_919) % 20_011;
        std::thread::sleep(Duration::from_micros(wait));
        asked_s.push(recorder.start.elapsed().as_secs_f64());
        audition
            .select(Some(&files[hop * 7 % files.len()]))
            .unwrap();
        std::thread::sleep(Duration::from_millis(450));
    }
    let underruns = audition.snapshot().underruns;
    let (_, tape) = recorder.stop();
    let mut heard: Vec<f64> = asked_s
        .iter()
        .filter_map(|asked_s| {
            let from = tape.frame_at(*asked_s);
            let mut samples = tape.samples[from..].iter().take(20_000);
            let sound = samples.position(|x| x.abs() > HEARD)?;
            Some(1000.0 * (tape.moment_s(from + sound) - asked_s))
        })
        .collect();
    print(
        "from select to the first sound of the row",
        "ms",
        &mut heard,
    );
    println!("underruns {underruns}");
}

/// Decoded sound and the memory of the process.
fn memory(audition: &Audition) -> String {
    let mib = |bytes: usize| bytes as f64 / f64::from(1 << 20);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = |name: &str| -> usize {
        let line = status.lines().find(|line| line.starts_with(name));
        let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        number.unwrap_or_default()
    };
    format!(
        "decoded sound {:.1} MiB, process {:.1} MiB ({:.1} of it private)",
        mib(audition.bytes_in_use()),
        mib(1024 * kib("VmRSS:")),
        mib(1024 * kib("RssAnon:"))
    )
}

/// Processor time of the process so far, seconds.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 14 and 15, counted behind the name in parentheses; a hundred ticks a second.
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks: f64 = fields
        .skip(11)
        .take(2)
        .filter_map(|x| x.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}
