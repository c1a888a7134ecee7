//! The decode cache, with generated recordings.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::*;
use crate::frames::{RATE_HZ, frame_at};

const SECOND: i64 = RATE_HZ as i64;
const WAIT: Duration = Duration::from_secs(20);

/// A recording whose frame `n` has the value `n`, scaled; it can be slow, end early, or fail.
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

/// A cache and its events; closes the cache at the end of a test.
struct TestCache {
    cache: Arc<DecodeCache>,
    events: Receiver<Event>,
}

impl TestCache {
    fn new(budget_bytes: usize) -> TestCache {
        let (tell, events) = channel();
        let tell = Mutex::new(tell);
        let sink: Sink = Arc::new(move |event| {
            // The test may have ended.
            tell.lock().unwrap().send(event).ok();
        });
        let cache = DecodeCache::open(budget_bytes, sink).unwrap();
        TestCache { cache, events }
    }

    fn playback(&self, selected: usize, starts: &[f64], playhead_s: f64) {
        let playback = Playback {
            starts: starts.iter().map(|s| frame_at(*s)).collect(),
            selected: Some(selected),
            recent: Vec::new(),
            range: (0, 20 * SECOND),
            looping: false,
            playhead: frame_at(playhead_s),
            rate: 1.0,
        };
        self.cache.set_playback(playback, Instant::now());
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

    /// Waits until all of them were reported ready, in any order.
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

impl Drop for TestCache {
    fn drop(&mut self) {
        self.cache.close();
    }
}

#[test]
fn cues_are_decoded_to_the_sample_and_reported_ready() {
    let store = TestCache::new(64 << 20);
    store.cache.offer(&[
        cue("a", Numbers::of(60), 3.0),
        cue("b", Numbers::of(60), 7.5),
    ]);
    store.playback(0, &[3.0, 7.5], 2.0);
    store.wait_ready(&["a", "b"]);
    // The whole range of the selected cue, ten seconds ahead of the playhead of the other.
    for (id, start_s, wanted_s) in [("a", 3.0, (0.0, 20.0)), ("b", 7.5, (2.0, 12.0))] {
        let (buffer, at) = (store.cache.buffer(id).unwrap(), frame_at(start_s + 2.0));
        let mut got = [[0.0; 2]; 1_000];
        buffer.read(at, &mut got);
        for (i, frame) in got.iter().enumerate() {
            assert_eq!(*frame, [sample(at + i as i64); 2], "{id}, frame {i}");
        }
        let range = frame_at(start_s + wanted_s.0)..frame_at(start_s + wanted_s.1);
        store.wait_until("the wanted range", || buffer.holds(range.clone()));
    }
}

#[test]
fn a_recording_shorter_than_its_duration_ends_where_its_samples_end() {
    let store = TestCache::new(64 << 20);
    let mut short = cue("a", Numbers::of(5), 0.0);
    short.duration_s = 60.0;
    store.cache.offer(&[short]);
    store.playback(0, &[0.0], 0.0);
    let buffer = store.cache.buffer("a").unwrap();
    store.wait_until("its end is known", || buffer.end() == 5 * SECOND);
    let mut got = [[9.0; 2]; 4];
    buffer.read(5 * SECOND - 2, &mut got);
    assert_eq!(got[1], [sample(5 * SECOND - 1); 2]);
    assert_eq!(got[2..], [[0.0; 2]; 2]);
}

#[test]
fn an_unreadable_cue_is_reported_once() {
    let store = TestCache::new(64 << 20);
    let broken = Numbers {
        fails: true,
        ..Numbers::of(60)
    };
    store
        .cache
        .offer(&[cue("broken", broken, 0.0), cue("b", Numbers::of(60), 0.0)]);
    store.playback(0, &[0.0, 0.0], 0.0);
    let failed = store.wait_for(|e| matches!(e, Event::CueFailed { .. }));
    let why = "the file is gone".to_owned();
    assert_eq!(
        failed,
        Event::CueFailed {
            id: Some("broken".into()),
            why
        }
    );
    store.playback(0, &[0.0, 0.0], 1.0);
    let buffer = store.cache.buffer("b").unwrap();
    store.wait_until("the other cue to be decoded", || {
        buffer.holds(SECOND..11 * SECOND)
    });
    let again = |e: Event| matches!(e, Event::CueFailed { .. });
    assert!(!store.events.try_iter().any(again));
}

#[test]
fn a_newly_selected_cue_is_decoded_before_running_jobs_finish() {
    let store = TestCache::new(256 << 20);
    // Each read of a whole track would take 3 s.
    let slow = || Numbers {
        pause: Duration::from_millis(3),
        ..Numbers::of(60)
    };
    let cues: Vec<Cue> = (0..8).map(|i| cue(&format!("c{i}"), slow(), 0.0)).collect();
    store.cache.offer(&cues);
    store.playback(0, &[0.0; 8], 0.0);
    store.wait_ready(&["c0"]);
    let asked = Instant::now();
    store.playback(7, &[0.0; 8], 10.0);
    let buffer = store.cache.buffer("c7").unwrap();
    store.wait_until("sound at the playhead", || {
        buffer.holds(10 * SECOND..10 * SECOND + 4_800)
    });
    let waited = asked.elapsed();
    assert!(waited < Duration::from_millis(400), "waited {waited:?}");
}

#[test]
fn the_budget_holds_and_unwanted_chunks_make_room() {
    let budget = 32 << 20;
    let store = TestCache::new(budget);
    let cues: Vec<Cue> = (0..6)
        .map(|i| cue(&format!("c{i}"), Numbers::of(90), 0.0))
        .collect();
    store.cache.offer(&cues);
    for (selected, start_s) in [(0, 0.0), (5, 10.0), (3, 40.0), (0, 65.0)] {
        let starts = [start_s; 6];
        store.playback(selected, &starts, 5.0);
        let buffer = store.cache.buffer(&format!("c{selected}")).unwrap();
        let range = frame_at(start_s + 5.0)..frame_at(start_s + 20.0);
        store.wait_until("the selected cue to be decoded", || {
            buffer.holds(range.clone())
        });
        assert!(store.cache.bytes_in_use() <= budget);
    }
}

#[test]
fn a_new_order_keeps_decoded_sound() {
    let store = TestCache::new(64 << 20);
    store.cache.offer(&[cue("a", Numbers::of(20), 0.0)]);
    store.playback(0, &[0.0], 0.0);
    let buffer = store.cache.buffer("a").unwrap();
    store.wait_until("the whole track", || buffer.holds(0..20 * SECOND));
    store.cache.offer(&[
        cue("b", Numbers::of(20), 0.0),
        cue("a", Numbers::of(20), 0.0),
    ]);
    assert!(Arc::ptr_eq(&buffer, &store.cache.buffer("a").unwrap()));
    store.playback(1, &[0.0, 0.0], 0.0);
    store.wait_ready(&["a"]);
}

#[test]
fn the_clip_is_decoded_beside_the_cues() {
    let store = TestCache::new(64 << 20);
    store.cache.offer(&[cue("a", Numbers::of(20), 0.0)]);
    let clip: Arc<dyn Recording> = Arc::new(Numbers::of(30));
    let buffer = store.cache.load_clip(Some(clip), 30.0).unwrap();
    store.playback(0, &[0.0], 12.0);
    store.wait_until("the clip's sound", || buffer.holds(0..20 * SECOND));
    assert!(store.cache.load_clip(None, 30.0).is_none());
}

#[test]
fn a_hop_to_a_cue_that_was_not_decoded_gives_its_samples() {
    let store = TestCache::new(8 << 20);
    let cues: Vec<Cue> = (0..30)
        .map(|i| cue(&format!("c{i}"), Numbers::of(300), 0.0))
        .collect();
    store.cache.offer(&cues);
    let starts: Vec<f64> = (0..30).map(|i| 7.0 + 3.0 * f64::from(i)).collect();
    for (hop, playhead_s) in [(0, 2.0), (29, 3.5), (14, 11.0), (29, 19.0), (3, 0.0)] {
        let buffer = store.cache.buffer(&format!("c{hop}")).unwrap();
        store.playback(hop, &starts, playhead_s);
        let at = frame_at(starts[hop] + playhead_s);
        store.wait_until("half a second", || buffer.holds(at..at + SECOND / 2));
        let mut got = vec![[9.0; 2]; SECOND as usize / 2];
        buffer.read(at, &mut got);
        for (i, frame) in got.iter().enumerate() {
            assert_eq!(*frame, [sample(at + i as i64); 2], "cue {hop}, frame {i}");
        }
        assert!(store.cache.bytes_in_use() <= 8 << 20);
    }
}

#[test]
fn a_hop_under_pressure_keeps_the_chunks_that_fade_out() {
    let store = TestCache::new(8 << 20);
    let cues: Vec<Cue> = (0..6)
        .map(|i| cue(&format!("c{i}"), Numbers::of(90), 0.0))
        .collect();
    store.cache.offer(&cues);
    store.playback(0, &[0.0; 6], 5.0);
    let buffer = store.cache.buffer("c0").unwrap();
    store.wait_until("the selected cue to be decoded", || {
        buffer.holds(5 * SECOND..13 * SECOND)
    });
    store.wait_until("the plan to be in memory", || {
        store.cache.bytes_in_use() >= 4 << 20
    });
    store.playback(5, &[60.0; 6], 15.0);
    assert!(
        buffer.holds(5 * SECOND..6 * SECOND),
        "a voice still fades out in them"
    );
    assert!(
        !buffer.holds(5 * SECOND..13 * SECOND),
        "the rest of the track makes room"
    );
}
