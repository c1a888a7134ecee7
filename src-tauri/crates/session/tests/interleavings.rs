//! Commands of several threads, interleaved in a thousand ways by a seeded scheduler, leave session, store and player in
//! agreement.
//!
//! Every command begins at a gate, and so does all slow work (reading, embedding, analysing, filmstrips). The scheduler
//! waits until all threads wait, then lets one of them continue; the seed chooses it.
#![allow(clippy::unwrap_used, reason = "a failed step of a test should panic")]

mod common;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use common::{GatedBackend, Host, brief};
use needledrop_session::engine::projects::{FILE, Projects};
use needledrop_session::*;

const SEEDS: u64 = 1_000;
const THREADS: u64 = 4;
const COMMANDS: u64 = 3;
/// Time without a newly waiting thread before one of them continues.
const QUIET: Duration = Duration::from_micros(200);

#[derive(Clone, Default)]
struct Scheduler(Arc<(Mutex<Waiting>, Condvar)>);

#[derive(Default)]
struct Waiting {
    next: u64,
    tickets: Vec<u64>,
    /// Counts arrivals and departures.
    moves: u64,
}

impl Scheduler {
    fn pass(&self) {
        let (waiting, changed) = &*self.0;
        let mut waiting = waiting.lock().unwrap();
        let ticket = waiting.next;
        waiting.next += 1;
        waiting.moves += 1;
        waiting.tickets.push(ticket);
        changed.notify_all();
        while waiting.tickets.contains(&ticket) {
            waiting = changed.wait(waiting).unwrap();
        }
    }

    /// Lets threads through one by one until `done`.
    fn run(&self, random: &mut Random, done: &AtomicBool) {
        let (waiting, changed) = &*self.0;
        let mut waiting = waiting.lock().unwrap();
        loop {
            let moves = waiting.moves;
            waiting = changed.wait_timeout(waiting, QUIET).unwrap().0;
            if waiting.moves != moves {
                continue;
            }
            if waiting.tickets.is_empty() {
                if done.load(Ordering::SeqCst) {
                    return;
                }
                continue;
            }
            let chosen = random.below(waiting.tickets.len() as u64) as usize;
            waiting.tickets.swap_remove(chosen);
            waiting.moves += 1;
            changed.notify_all();
        }
    }
}

/// The pseudorandom generator xorshift64*.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % n
    }
}

/// Runs one random command. Faults such as `no_clip` are valid answers.
fn command(session: &Arc<Session>, clips: &[(PathBuf, String)], random: &mut Random) {
    let (path, id) = &clips[random.below(clips.len() as u64) as usize];
    let from = random.below(5) as f64;
    let range_s = (from, from + 1.0 + random.below(4) as f64);
    let brief = Brief {
        words_share: random.below(9) as f32 / 8.0,
        ..brief("")
    };
    let request = |brief| MatchRequest {
        clip: id.clone(),
        range_s,
        brief,
    };
    match random.below(9) {
        0 | 1 => drop(session.open(path).unwrap()),
        2 => session.set_range(id, range_s, true).unwrap(),
        3 | 4 => drop(session.match_clip(request(brief))),
        5 => drop(session.rerank(id, brief)),
        6 => session.set_levels(Levels {
            music: random.below(9) as f64 / 8.0,
            ..Levels::default()
        }),
        7 => drop(session.film(id, range_s, 2)),
        _ => session.close(),
    }
}

#[test]
fn a_thousand_interleavings_leave_session_store_and_player_in_agreement() {
    let scheduler = Scheduler::default();
    let gated = Arc::new(AtomicBool::new(false));
    let (own, open) = (scheduler.clone(), gated.clone());
    let backend = GatedBackend::new(Arc::new(move |_: &str| {
        if open.load(Ordering::SeqCst) {
            own.pass();
        }
    }));
    let host = Host::new(backend);
    let session = &host.session;
    let clips: Vec<(PathBuf, String)> = ["a.mp4", "b.mp4", "c.mp4"]
        .into_iter()
        .map(|name| {
            let path = host.clip(name);
            let id = host.open(&path).clip;
            (path.canonicalize().unwrap(), id)
        })
        .collect();
    gated.store(true, Ordering::SeqCst);
    let mut ended = BTreeSet::new();
    for seed in 0..SEEDS {
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| scheduler.run(&mut Random::new(seed), &done));
            let commands: Vec<_> = (0..THREADS)
                .map(|thread| {
                    let (scheduler, clips) = (&scheduler, &clips);
                    scope.spawn(move || {
                        let mut random = Random::new(seed * THREADS + thread + SEEDS);
                        for _ in 0..COMMANDS {
                            scheduler.pass();
                            command(session, clips, &mut random);
                        }
                    })
                })
                .collect();
            for command in commands {
                command.join().unwrap();
            }
            session.settle();
            done.store(true, Ordering::SeqCst);
        });
        agree(&host, seed);
        for event in host.events.try_iter() {
            if let Event::JobEnded { job, fault, .. } = event {
                assert!(ended.insert(job), "job {job} ended twice, seed {seed}");
                assert_eq!(fault, None, "seed {seed}");
            }
        }
    }
    let jobs = *ended.last().expect("jobs ran");
    assert_eq!(ended.len() as u32, jobs, "every job that started ended");
}

/// # Panics
/// If session, store and player disagree.
fn agree(host: &Host, seed: u64) {
    let session = &host.session;
    let stored = Projects::open_or_create(&host.dir.path().join("data").join(FILE), 0).unwrap();
    let clock = session.clock();
    match session.clip() {
        Some(clip) => {
            let close = |a: f64, b: f64| (a - b).abs() < 1e-3;
            assert_eq!(clock.clip.as_ref(), Some(&clip.clip), "seed {seed}");
            assert!(
                close(clock.range_s.0, clip.range_s.0) && close(clock.range_s.1, clip.range_s.1),
                "player {:?}, session {:?}, seed {seed}",
                clock.range_s,
                clip.range_s
            );
            let kept = stored.clip(clip.clip.parse().unwrap()).unwrap();
            let settings = kept.settings;
            assert_eq!(kept.path.to_string_lossy(), clip.path, "seed {seed}");
            assert_eq!(
                settings
                    .range
                    .map_or((0.0, clip.duration_s), |range| range.seconds()),
                clip.range_s,
                "stored range, seed {seed}"
            );
            assert_eq!(
                settings.words_share.unwrap_or(0.5),
                clip.words_share,
                "stored brief, seed {seed}"
            );
        }
        None => {
            assert_eq!(clock.clip, None, "seed {seed}");
            assert_eq!(session.offered(), Vec::<String>::new(), "seed {seed}");
            assert!(clock.range_s.1 < 1.0, "no clip is loaded, seed {seed}");
        }
    }
    let file = host.dir.path().join("config/settings.json");
    if let Ok(bytes) = std::fs::read(file) {
        let written: Settings = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(written, session.settings(), "written settings, seed {seed}");
    }
}
