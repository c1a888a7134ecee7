//! How long a window's search takes while nothing else happens, and while music is being indexed into the same catalog.
//!
//! `while_indexing CATALOG [TRACKS] [SECONDS]` copies the catalog, opens a session over the copy as a window does, and
//! searches ten times a second: every other time with a range of tempi, each time with another brief, so that nothing of
//! the search before can be used. Then the session indexes TRACKS new files (200) of SECONDS each (20), in a job of its
//! own as in the application, and the searches go on until the job has ended. `benches/search/while_indexing` makes the
//! catalog. Prints one JSON line for each kind of search.
#![allow(clippy::unwrap_used, reason = "a measurement ends at what fails")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use common::{GatedBackend, Host, brief, request};
use needledrop_session::{Brief, Event, JobKind};

/// From the start of one search to that of the next.
const PACE: Duration = Duration::from_millis(100);
/// Searches that are measured before the indexing starts, and those that are not, so that files and caches are warm.
const IDLE: usize = 300;
const WARM: usize = 40;

/// What is asked for.
#[derive(Clone, Copy)]
enum Kind {
    Nearest,
    InTempoRange,
}

/// Seconds of some searches, by kind.
#[derive(Default)]
struct Times([Vec<f64>; 2]);

struct Searcher<'a> {
    host: &'a Host,
    clip: String,
    asked: usize,
}

impl Searcher<'_> {
    /// Searches once, and waits until it is time for the next search.
    fn search(&mut self, times: &mut Times) {
        self.asked += 1;
        let kind = match self.asked % 2 {
            0 => Kind::Nearest,
            _ => Kind::InTempoRange,
        };
        let brief = another_brief(kind, self.asked);
        let start = Instant::now();
        let rows = self.host.session.rerank(&self.clip, brief).unwrap();
        let took = start.elapsed();
        assert!(!rows.report.results.is_empty(), "tracks were found");
        times.0[kind as usize].push(took.as_secs_f64() * 1e3);
        std::thread::sleep(PACE.saturating_sub(took));
    }
}

/// A brief that no earlier search has answered.
fn another_brief(kind: Kind, number: usize) -> Brief {
    let mut next = brief("");
    next.sensitivity = 0.3 + 0.4 * (number % 997) as f32 / 997.0;
    if let Kind::InTempoRange = kind {
        let low = 80.0 + (number % 61) as f64;
        next.filters.bpm = Some((low, low + 15.0));
    }
    next
}

/// Whether the job of the indexing has ended; what went wrong in it ends the measurement.
fn indexing_ended(host: &Host) -> bool {
    host.events.try_iter().any(|event| match event {
        Event::JobEnded {
            job_kind: JobKind::Index,
            fault,
            cancelled,
            ..
        } => {
            assert!(
                fault.is_none() && !cancelled,
                "the indexing ended: {fault:?}"
            );
            true
        }
        _ => false,
    })
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: f64| arguments.get(at).map_or(usual, |n| n.parse().unwrap());
    let catalog = PathBuf::from(
        arguments
            .first()
            .expect("usage: while_indexing CATALOG [TRACKS=200] [SECONDS=20]"),
    );
    let (tracks, seconds) = (number(1, 200.0) as usize, number(2, 20.0));
    let dir = tempfile::tempdir().unwrap();
    copy_folder(&catalog, &dir.path().join("catalog"));
    let music = dir.path().join("music");
    std::fs::create_dir(&music).unwrap();
    for at in 0..tracks {
        compose(&music.join(format!("{at:03}.wav")), seconds, at);
    }
    let (session, events) =
        common::open(dir.path(), GatedBackend::new(std::sync::Arc::new(|_| ())));
    let host = Host {
        session,
        events,
        dir,
    };
    let path = host.clip("clip.mp4");
    let clip = host.open(&path);
    host.session
        .match_clip(request(&clip, (0.0, 10.0)))
        .unwrap();
    host.ended(JobKind::Watch);
    let mut searcher = Searcher {
        host: &host,
        clip: clip.clip.clone(),
        asked: 0,
    };
    let mut unmeasured = Times::default();
    (0..WARM).for_each(|_| searcher.search(&mut unmeasured));
    let mut idle = Times::default();
    (0..IDLE).for_each(|_| searcher.search(&mut idle));

    indexing_ended(&host);
    let started = Instant::now();
    host.session.index(vec![music]).unwrap();
    let mut busy = Times::default();
    while !indexing_ended(&host) {
        searcher.search(&mut busy);
    }
    let indexing_s = started.elapsed().as_secs_f64();
    println!(
        r#"{{"what":"indexing","tracks":{tracks},"seconds_each":{seconds},"took_s":{indexing_s:.1}}}"#
    );
    for (at, what) in ["nearest", "in a tempo range"].into_iter().enumerate() {
        report(what, &mut idle.0[at], &mut busy.0[at]);
    }
    let (mut idle, mut busy) = (idle.0.concat(), busy.0.concat());
    report("all", &mut idle, &mut busy);
}

fn report(what: &str, idle: &mut [f64], busy: &mut [f64]) {
    let mut at = |part: f64| {
        let of = |times: &mut [f64]| {
            times.sort_unstable_by(f64::total_cmp);
            times[((times.len() - 1) as f64 * part).round() as usize]
        };
        (of(idle), of(busy))
    };
    let ((idle_p50, busy_p50), (idle_p95, busy_p95)) = (at(0.5), at(0.95));
    println!(
        r#"{{"what":"{what}","searches":[{},{}],"idle_p50_ms":{idle_p50:.2},"idle_p95_ms":{idle_p95:.2},"indexing_p50_ms":{busy_p50:.2},"indexing_p95_ms":{busy_p95:.2},"ratio_p50":{:.2},"ratio_p95":{:.2}}}"#,
        idle.len(),
        busy.len(),
        busy_p50 / idle_p50,
        busy_p95 / idle_p95
    );
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &place),
            false => drop(std::fs::copy(entry.path(), place).unwrap()),
        }
    }
}

/// Chords on a beat: 16-bit mono PCM, another piece for each number.
fn compose(path: &Path, seconds: f64, number: usize) {
    const RATE_HZ: u32 = 22_050;
    let (bpm, tonic_hz) = (
        70.0 + (number % 90) as f64,
        110.0 * (1.0 + number as f64 / 200.0),
    );
    let count = (seconds * f64::from(RATE_HZ)) as usize;
    let bytes = u32::try_from(count * 2).unwrap();
    let mut wav = Vec::with_capacity(44 + count * 2);
    wav.extend(b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1, 0, 1, 0]);
    wav.extend(RATE_HZ.to_le_bytes());
    wav.extend((2 * RATE_HZ).to_le_bytes());
    wav.extend([2, 0, 16, 0]);
    wav.extend(b"data");
    wav.extend(bytes.to_le_bytes());
    for at in 0..count {
        let beat = at as f64 / f64::from(RATE_HZ) * bpm / 60.0;
        let step = [1.0, 4.0 / 3.0, 1.5, 1.0][beat as usize / 4 % 4];
        let turns = at as f64 / f64::from(RATE_HZ) * tonic_hz * step;
        let chord: f64 = [1.0, 1.25, 1.5]
            .iter()
            .map(|ratio| (std::f64::consts::TAU * turns * ratio).sin())
            .sum();
        let loudness = 0.3 + 0.7 * (-6.0 * beat.fract()).exp();
        wav.extend(((6_000.0 * chord * loudness) as i16).to_le_bytes());
    }
    std::fs::write(path, wav).unwrap();
}
