//! The measurements with generated sound: hops, clock, gaps under load, loss of the server.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use needledrop_player::{Audition, Event, Snapshot};

use crate::recorder::{Recorder, Tape};
use crate::signal::{CLICK_EVERY, LENGTH_S, Level};
use crate::{cue, rig, wait_ready};

/// Levels of the two tracks that hops go between.
const LEVELS: [f32; 2] = [0.25, -0.25];

pub fn print(what: &str, unit: &str, values: &mut [f64]) {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
    println!(
        "{what}: median {:.2}, p95 {:.2}, least {:.2}, most {:.2} {unit} (n = {})",
        at(0.5),
        at(0.95),
        at(0.0),
        at(1.0),
        values.len()
    );
}

fn level(level: f32, clicks: bool) -> Arc<Level> {
    Arc::new(Level { level, clicks })
}

/// Time from `select` until the other track is heard, both in memory.
pub fn hops(n: u32) {
    let (audition, events) = rig();
    audition.load_clip(None, LENGTH_S);
    audition.offer(vec![
        cue("0", level(LEVELS[0], false)),
        cue("1", level(LEVELS[1], false)),
    ]);
    audition.select(Some("0")).unwrap();
    wait_ready(&events, "1");
    let recorder = Recorder::start();
    audition.play();
    std::thread::sleep(Duration::from_secs(2));
    let mut asked_s = Vec::new();
    for hop in 0..n {
        // No multiple of a buffer.
        std::thread::sleep(Duration::from_micros(
            150_000 + (u64::from(hop) * 7_919) % 20_011,
        ));
        let id = ["1", "0"][hop as usize % 2];
        asked_s.push((
            recorder.start.elapsed().as_secs_f64(),
            LEVELS[(hop as usize + 1) % 2],
        ));
        audition.select(Some(id)).unwrap();
    }
    std::thread::sleep(Duration::from_millis(500));
    let last = audition.snapshot();
    let (_, tape) = recorder.stop();
    let (mut heard, mut whole) = (Vec::new(), Vec::new());
    for (asked_s, goal) in asked_s {
        let from = tape.frame_at(asked_s).saturating_sub(480);
        let find = |is: &dyn Fn(f32) -> bool| {
            let found = tape.samples[from..].iter().position(|x| is(*x));
            1000.0 * (tape.moment_s(from + found.expect("the hop is heard")) - asked_s)
        };
        // From half-way through the crossing on the other track is the louder one.
        heard.push(find(&|x| x * goal > 0.001));
        whole.push(find(&|x| (x - goal).abs() < 0.002));
    }
    print(
        "from select to the other track, louder than the one before",
        "ms",
        &mut heard,
    );
    print("from select to the other track alone", "ms", &mut whole);
    println!(
        "underruns {}, buffer at the end {} frames",
        last.underruns, last.buffer_frames
    );
}

/// Positions of the clock over time.
struct Log {
    snapshots: Vec<(f64, Snapshot)>,
}

impl Log {
    fn keep(&mut self, audition: &Audition, start: Instant, seconds: f64) {
        let end = Instant::now() + Duration::from_secs_f64(seconds);
        while Instant::now() < end {
            let now = audition.snapshot();
            self.snapshots.push(((now.at - start).as_secs_f64(), now));
            std::thread::sleep(Duration::from_millis(4));
        }
    }

    /// The clip second that the clock gave for a moment.
    fn position_s(&self, moment_s: f64) -> Option<f64> {
        let next = self.snapshots.partition_point(|(at_s, _)| *at_s < moment_s);
        let (at_s, near) = self.snapshots.get(next.checked_sub(1)?)?;
        self.snapshots.get(next)?;
        Some(near.position_s + (moment_s - at_s) * near.rate)
    }
}

/// Clip second of each click, and how far the clock was ahead of it when it was heard, ms.
fn clicks(tape: &Tape, log: &Log) -> Vec<(f64, f64)> {
    let every_s = CLICK_EVERY as f64 / 48_000.0;
    let mut found = Vec::new();
    let mut at = 1;
    while at < tape.samples.len() {
        if tape.samples[at - 1].abs() < 0.1 && tape.samples[at] > 0.3 {
            if let Some(clock_s) = log.position_s(tape.moment_s(at)) {
                let click_s = (clock_s / every_s).round() * every_s;
                found.push((click_s, 1000.0 * (clock_s - click_s)));
            }
            at += 4_800;
        }
        at += 1;
    }
    found
}

/// Compares the clock with the recorded clicks.
pub fn clock(seconds: u32) {
    let (audition, events) = rig();
    audition.load_clip(None, LENGTH_S);
    audition.offer(vec![cue("clicks", level(0.0, true))]);
    audition.select(Some("clicks")).unwrap();
    wait_ready(&events, "clicks");
    let recorder = Recorder::start();
    audition.seek(0.1);
    audition.play();
    std::thread::sleep(Duration::from_millis(300));
    let mut log = Log {
        snapshots: Vec::new(),
    };
    log.keep(&audition, recorder.start, f64::from(seconds));
    let (_, tape) = recorder.stop();
    let found = clicks(&tape, &log);
    let mut errors: Vec<f64> = found.iter().map(|(_, e)| *e).collect();
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len().max(1) as f64;
    let part = (errors.len() / 10).max(1);
    let drift = mean(&errors[errors.len() - part..]) - mean(&errors[..part]);
    let jumps = log.snapshots.windows(2).map(|w| {
        let passed_s = w[1].0 - w[0].0;
        1000.0 * (w[1].1.position_s - w[0].1.position_s - passed_s)
    });
    let most = jumps.fold(0.0f64, |m, j| m.max(j.abs()));
    println!(
        "clicks heard over {seconds} s: {} of {}",
        found.len(),
        2 * seconds
    );
    print("clock ahead of what is heard", "ms", &mut errors);
    println!("drift, last tenth less first: {drift:.2} ms");
    println!("largest jump between two looks 4 ms apart: {most:.3} ms");
    println!("underruns: {}", audition.snapshot().underruns);
}

/// Counts gaps while busy processes take all processors.
pub fn load(seconds: u32, processes: u32) {
    let (audition, events) = rig();
    audition.load_clip(None, LENGTH_S);
    audition.offer(vec![cue("level", level(0.25, false))]);
    audition.select(Some("level")).unwrap();
    wait_ready(&events, "level");
    let recorder = Recorder::start();
    audition.play();
    std::thread::sleep(Duration::from_secs(1));
    let busy = || {
        Command::new("sh")
            .args(["-c", "while :; do :; done"])
            .stdin(Stdio::null())
            .spawn()
    };
    let mut others: Vec<_> = (0..processes)
        .map(|_| busy().expect("a busy process"))
        .collect();
    std::thread::sleep(Duration::from_secs(seconds.into()));
    for other in &mut others {
        other.kill().ok();
        other.wait().ok();
    }
    let now = audition.snapshot();
    let (_, tape) = recorder.stop();
    let begin = tape.samples.iter().position(|x| *x > 0.2).expect("sound") + 480;
    let (mut gaps, mut silent, mut inside) = (0, 0, false);
    for sample in &tape.samples[begin..] {
        let is_gap = sample.abs() < 0.2;
        gaps += usize::from(is_gap && !inside);
        silent += usize::from(is_gap);
        inside = is_gap;
    }
    println!(
        "{processes} busy processes for {seconds} s: {gaps} gaps, {:.1} ms in all; underruns reported {}, buffer at the end {} frames",
        silent as f64 / 48.0,
        now.underruns,
        now.buffer_frames
    );
}

/// Ends and restarts the server by the commands given; measures until the loss is reported and sound is back.
pub fn loss(end: &str, begin: &str) {
    let run = |command: &str| {
        let done = Command::new("sh").args(["-c", command]).status();
        assert!(done.is_ok_and(|s| s.success()), "{command}");
    };
    let (audition, events) = rig();
    audition.load_clip(None, LENGTH_S);
    audition.offer(vec![cue("clicks", level(0.0, true))]);
    audition.select(Some("clicks")).unwrap();
    wait_ready(&events, "clicks");
    audition.seek(0.1);
    audition.play();
    std::thread::sleep(Duration::from_secs(2));
    let mut log = Log {
        snapshots: Vec::new(),
    };
    let start = Instant::now();
    log.keep(&audition, start, 0.5);
    let ended = Instant::now();
    run(end);
    let wait_for = |wanted: &dyn Fn(&Event) -> bool| {
        let seen = Instant::now() + Duration::from_secs(20);
        loop {
            let left = seen.saturating_duration_since(Instant::now());
            let event = events.recv_timeout(left).expect("the event in time");
            if wanted(&event) {
                return event;
            }
        }
    };
    let lost = wait_for(&|e| matches!(e, Event::DeviceLost { .. }));
    println!(
        "{lost:?} reported {:.0} ms after the server's end",
        ended.elapsed().as_secs_f64() * 1000.0
    );
    log.keep(&audition, start, 2.0);
    assert!(audition.snapshot().silent);
    let begun = Instant::now();
    run(begin);
    let back = wait_for(&|e| matches!(e, Event::DeviceReady { .. }));
    println!(
        "{back:?} reported {:.0} ms after its start",
        begun.elapsed().as_secs_f64() * 1000.0
    );
    let recorder = Recorder::start();
    let shift_s = (recorder.start - start).as_secs_f64();
    log.keep(&audition, start, 12.0);
    let (_, tape) = recorder.stop();
    let worst = log
        .snapshots
        .windows(2)
        .map(|w| 1000.0 * ((w[1].1.position_s - w[0].1.position_s) - (w[1].0 - w[0].0)));
    let (back, ahead) = worst.fold((0.0f64, 0.0f64), |(a, b), j| (a.min(j), b.max(j)));
    println!("the clock against time, steps between two looks: {back:.1} to {ahead:.1} ms");
    let shifted = Log {
        snapshots: log
            .snapshots
            .iter()
            .map(|(at, s)| (at - shift_s, s.clone()))
            .collect(),
    };
    let found = clicks(&tape, &shifted);
    let settled: Vec<f64> = found
        .iter()
        .skip(found.len() / 2)
        .map(|(_, e)| *e)
        .collect();
    print(
        "clock ahead of what is heard, after the return",
        "ms",
        &mut settled.clone(),
    );
}
