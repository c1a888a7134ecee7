//! Decoding ahead, with recordings made of numbers.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::*;
use crate::frames::{RATE_HZ, frame_at};

const SECOND: i64 = RATE_HZ as i64;
const WAIT: Duration = Duration::from_secs(20);

/// A recording whose frame `n` is `n` at a small scale; it may be slow, end early, or fail.
struct Numbers {
    frames: i64,
    pause: Duration,
    fails: bool,
    reads: AtomicUsize,
}

impl Numbers {
    fn of(seconds: i64) -> Numbers {
        Numbers {
            frames: seconds * SECOND,
            pause: Duration::ZERO,
            fails: false,
            reads: AtomicUsize::new(0),
        }
    }
}

fn sample(frame: i64) -> f32 {
    (frame % 30_000) as f32 / 32_768.0
}

impl Recording for Numbers {
    fn read(
        &self,
        (from_s, to_s): (f64, f64),
        stop: &CancellationToken,
        on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
    ) -> Result<(), String> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        if self.fails {
            return Err("the file is gone".to_owned());
        }
        let (mut at, to) = (frame_at(from_s), frame_at(to_s).min(self.frames));
        while at < to && !stop.is_cancelled() {
            let end = to.min(at + 1_000);
            let block: Vec<f32> = (at..end).flat_map(|n| [sample(n); 2]).collect();
            std::thread::sleep(self.pause);
            if on_samples(&block).is_break() {
                break;
            }
            at = end;
        }
        Ok(())
    }
}

fn cue(id: &str, recording: Numbers, start_s: f64) -> Cue {
    Cue {
        id: id.to_owned(),
        duration_s: recording.frames as f64 / 48_000.0,
        recording: Arc::new(recording),
        start_s,
        gain_db: 0.0,
    }
}

/// A stock, closed at the end, and its events.
struct Store {
    stock: Arc<Stock>,
    events: Receiver<Event>,
}

impl Store {
    fn new(budget_bytes: usize) -> Store {
        let (tell, events) = channel();
        let tell = Mutex::new(tell);
        let sink: Sink = Arc::new(move |event| {
            // A test that has seen enough is gone.
            tell.lock().unwrap().send(event).ok();
        });
        let stock = Stock::open(budget_bytes, sink).unwrap();
        Store { stock, events }
    }

    fn scene(&self, chosen: usize, starts: &[f64], playhead_s: f64) {
        let scene = Scene {
            starts: starts.iter().map(|s| frame_at(*s)).collect(),
            chosen: Some(chosen),
            range: (0, 20 * SECOND),
            playhead: frame_at(playhead_s),
            rate: 1.0,
        };
        self.stock.set_scene(scene, Instant::now());
    }

    fn wait_for(&self, mut wanted: impl FnMut(&Event) -> bool) -> Event {
        let end = Instant::now() + WAIT;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let event = self.events.recv_timeout(left).expect("the event in time");
            if wanted(&event) {
                return event;
            }
        }
    }

    /// Until all of them have been told ready, in any order.
    fn wait_ready(&self, wanted: &[&str]) {
        let mut waited = wanted.to_vec();
        self.wait_for(|e| {
            if let Event::CueReady { id } = e {
                waited.retain(|w| w != id);
            }
            waited.is_empty()
        });
    }

    fn wait_until(&self, what: &str, holds: impl Fn() -> bool) {
        let end = Instant::now() + WAIT;
        while !holds() {
            assert!(Instant::now() < end, "{what}");
            std::thread::yield_now();
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.stock.close();
    }
}

#[test]
fn cues_are_read_to_the_sample_and_told_ready() {
    let store = Store::new(64 << 20);
    store.stock.offer(&[
        cue("a", Numbers::of(60), 3.0),
        cue("b", Numbers::of(60), 7.5),
    ]);
    store.scene(0, &[3.0, 7.5], 2.0);
    store.wait_ready(&["a", "b"]);
    for (id, start_s) in [("a", 3.0), ("b", 7.5)] {
        let (reel, at) = (store.stock.reel(id).unwrap(), frame_at(start_s + 2.0));
        let mut got = [[0.0; 2]; 1_000];
        reel.read(at, &mut got);
        for (i, frame) in got.iter().enumerate() {
            assert_eq!(*frame, [sample(at + i as i64); 2], "{id}, frame {i}");
        }
        let range = frame_at(start_s)..frame_at(start_s + 20.0);
        store.wait_until("the whole range", || reel.holds(range.clone()));
    }
}

#[test]
fn a_recording_that_ends_early_ends_there() {
    let store = Store::new(64 << 20);
    let mut short = cue("a", Numbers::of(5), 0.0);
    short.duration_s = 60.0;
    store.stock.offer(&[short]);
    store.scene(0, &[0.0], 0.0);
    let reel = store.stock.reel("a").unwrap();
    store.wait_until("its end is known", || reel.end() == 5 * SECOND);
    let mut got = [[9.0; 2]; 4];
    reel.read(5 * SECOND - 2, &mut got);
    assert_eq!(got[1], [sample(5 * SECOND - 1); 2]);
    assert_eq!(got[2..], [[0.0; 2]; 2]);
}

#[test]
fn a_cue_that_cannot_be_read_is_told_once() {
    let store = Store::new(64 << 20);
    let broken = Numbers {
        fails: true,
        ..Numbers::of(60)
    };
    store
        .stock
        .offer(&[cue("broken", broken, 0.0), cue("b", Numbers::of(60), 0.0)]);
    store.scene(0, &[0.0, 0.0], 0.0);
    let told = store.wait_for(|e| matches!(e, Event::CueFailed { .. }));
    let why = "the file is gone".to_owned();
    assert_eq!(
        told,
        Event::CueFailed {
            id: Some("broken".into()),
            why
        }
    );
    store.scene(0, &[0.0, 0.0], 1.0);
    let reel = store.stock.reel("b").unwrap();
    store.wait_until("the other one to be read", || reel.holds(0..20 * SECOND));
    let again = |e: Event| matches!(e, Event::CueFailed { .. });
    assert!(!store.events.try_iter().any(again));
}

#[test]
fn a_choice_far_down_is_read_before_what_was_under_way() {
    let store = Store::new(256 << 20);
    // Each read of a whole track would take 3 s.
    let slow = || Numbers {
        pause: Duration::from_millis(3),
        ..Numbers::of(60)
    };
    let cues: Vec<Cue> = (0..8).map(|i| cue(&format!("c{i}"), slow(), 0.0)).collect();
    store.stock.offer(&cues);
    store.scene(0, &[0.0; 8], 0.0);
    store.wait_ready(&["c0"]);
    let asked = Instant::now();
    store.scene(7, &[0.0; 8], 10.0);
    let reel = store.stock.reel("c7").unwrap();
    store.wait_until("sound at the playhead", || {
        reel.holds(10 * SECOND..10 * SECOND + 4_800)
    });
    let waited = asked.elapsed();
    assert!(waited < Duration::from_millis(400), "waited {waited:?}");
}

#[test]
fn the_budget_holds_and_what_is_not_wanted_makes_room() {
    let budget = 8 << 20;
    let store = Store::new(budget);
    let cues: Vec<Cue> = (0..6)
        .map(|i| cue(&format!("c{i}"), Numbers::of(90), 0.0))
        .collect();
    store.stock.offer(&cues);
    for (chosen, start_s) in [(0, 0.0), (5, 10.0), (3, 40.0), (0, 65.0)] {
        let starts = [start_s; 6];
        store.scene(chosen, &starts, 5.0);
        let reel = store.stock.reel(&format!("c{chosen}")).unwrap();
        let range = frame_at(start_s + 5.0)..frame_at(start_s + 20.0);
        store.wait_until("the chosen one to be read", || reel.holds(range.clone()));
        assert!(store.stock.bytes_in_use() <= budget + SLACK * crate::pool::CHUNK_BYTES);
    }
}

#[test]
fn a_new_order_keeps_what_has_been_read() {
    let store = Store::new(64 << 20);
    store.stock.offer(&[cue("a", Numbers::of(20), 0.0)]);
    store.scene(0, &[0.0], 0.0);
    let reel = store.stock.reel("a").unwrap();
    store.wait_until("all of it", || reel.holds(0..20 * SECOND));
    store.stock.offer(&[
        cue("b", Numbers::of(20), 0.0),
        cue("a", Numbers::of(20), 0.0),
    ]);
    assert!(Arc::ptr_eq(&reel, &store.stock.reel("a").unwrap()));
    store.scene(1, &[0.0, 0.0], 0.0);
    store.wait_ready(&["a"]);
}

#[test]
fn the_clip_is_read_beside_the_cues() {
    let store = Store::new(64 << 20);
    store.stock.offer(&[cue("a", Numbers::of(20), 0.0)]);
    let clip: Arc<dyn Recording> = Arc::new(Numbers::of(30));
    let reel = store.stock.load_clip(Some(clip), 30.0).unwrap();
    store.scene(0, &[0.0], 12.0);
    store.wait_until("the clip's sound", || reel.holds(0..20 * SECOND));
    assert!(store.stock.load_clip(None, 30.0).is_none());
}
