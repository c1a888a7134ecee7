//! Measures the audition against a recording of the sound server's output: the latency of a hop, the
//! error of the clock, gaps under load, the return after a loss of the server, memory with thirty rows.
//! `benches/audition/run` starts a private server and calls this.
//!
//! `audition hops N | clock SECONDS | load SECONDS PROCESSES | loss END BEGIN | cold FILE… | reads FILE… |
//! rows RANGE_S FILE…`

#![allow(clippy::unwrap_used, clippy::expect_used)] // A measurement may fail loudly.

mod cold;
mod measure;
mod reads;
mod recorder;
mod rows;
mod signal;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use needledrop_player::{Audition, Cue, Event, OutputChoice, Recording};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| -> Option<u32> { arguments.get(at)?.parse().ok() };
    match arguments.first().map(String::as_str) {
        Some("hops") => measure::hops(number(1).unwrap_or(50)),
        Some("clock") => measure::clock(number(1).unwrap_or(300)),
        Some("load") => measure::load(number(1).unwrap_or(60), number(2).unwrap_or(4)),
        Some("loss") => measure::loss(&arguments[1], &arguments[2]),
        Some("cold") => cold::cold(&arguments[1..]),
        Some("reads") => reads::reads(&arguments[1..]),
        Some("rows") => rows::rows(f64::from(number(1).unwrap_or(60)), &arguments[2..]),
        _ => panic!(
            "expected hops, clock, load, loss, cold, reads or rows; see the head of this file"
        ),
    }
}

/// An audition with an output, and its events.
fn rig() -> (Audition, Receiver<Event>) {
    let (tell, events) = channel();
    let tell = std::sync::Mutex::new(tell);
    let audition = Audition::open(OutputChoice::Default, move |event| {
        tell.lock().unwrap().send(event).ok();
    });
    let audition = audition.expect("an audition");
    let end = Instant::now() + Duration::from_secs(10);
    while audition.snapshot().silent {
        assert!(Instant::now() < end, "no output within 10 s");
        std::thread::sleep(Duration::from_millis(10));
    }
    // The clock settles in the first seconds of an output, as it does in the application.
    std::thread::sleep(Duration::from_secs(4));
    let now = audition.snapshot();
    println!(
        "output {}: {} Hz, buffer of {} frames asked for, {} given, latency {:.1} ms",
        now.output,
        now.rate_hz,
        now.buffer_frames,
        audition.frames_asked(),
        1000.0 * now.latency_s
    );
    (audition, events)
}

fn cue(id: &str, recording: Arc<dyn Recording>) -> Cue {
    Cue {
        id: id.to_owned(),
        recording,
        start_s: 0.0,
        duration_s: signal::LENGTH_S,
        gain_db: 0.0,
    }
}

fn wait_ready(events: &Receiver<Event>, wanted: &str) {
    let is_it = |e: &Event| matches!(e, Event::CueReady { id } if id == wanted);
    while !is_it(
        &events
            .recv_timeout(Duration::from_secs(10))
            .expect("a cue in time"),
    ) {}
}
