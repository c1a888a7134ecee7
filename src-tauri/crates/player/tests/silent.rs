//! An audition without any output: the playhead moves by the computer's clock.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use needledrop_player::{Audition, Cue, Event, OutputChoice, Recording};
use tokio_util::sync::CancellationToken;

const WAIT: Duration = Duration::from_secs(10);

/// A minute of nothing.
struct Quiet;

impl Recording for Quiet {
    fn read(
        &self,
        (from_s, to_s): (f64, f64),
        stop: &CancellationToken,
        on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
    ) -> Result<(), String> {
        let mut left = ((to_s.min(60.0) - from_s) * 48_000.0).round().max(0.0) as usize;
        while left > 0 && !stop.is_cancelled() {
            let n = left.min(4_800);
            if on_samples(&vec![0.0; 2 * n]).is_break() {
                break;
            }
            left -= n;
        }
        Ok(())
    }
}

fn open() -> (Audition, Receiver<Event>) {
    let (tell, events) = channel();
    let tell = Mutex::new(tell);
    let sink = move |event| {
        // A test that has seen enough is gone.
        tell.lock().unwrap().send(event).ok();
    };
    (Audition::open(OutputChoice::Silent, sink).unwrap(), events)
}

fn wait_for(events: &Receiver<Event>, mut wanted: impl FnMut(&Event) -> bool) {
    let end = Instant::now() + WAIT;
    let left = || end.saturating_duration_since(Instant::now());
    while !wanted(&events.recv_timeout(left()).expect("the event in time")) {}
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + WAIT;
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        // Spinning would take the processor from the clock that is looked at.
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn cue(id: &str) -> Cue {
    Cue {
        id: id.to_owned(),
        recording: Arc::new(Quiet),
        start_s: 0.0,
        duration_s: 60.0,
        gain_db: 0.0,
    }
}

#[test]
fn the_playhead_moves_as_time_does() {
    let (audition, _events) = open();
    audition.load_clip(None, 60.0);
    audition.seek(10.0);
    audition.play();
    wait_until("it moves", || audition.snapshot().position_s > 10.05);
    let first = audition.snapshot();
    assert!(first.silent && first.playing && first.output.is_empty());
    // A busy machine may be late at either end of a look; the clock then catches up, and the next look is right.
    let mut from = first;
    wait_until("it moves as time does", || {
        let now = audition.snapshot();
        let passed_s = (now.at - from.at).as_secs_f64();
        if passed_s < 0.5 {
            return false;
        }
        let moved_s = now.position_s - from.position_s;
        from = now;
        (moved_s - passed_s).abs() < 0.002
    });
}

#[test]
fn the_clock_neither_jumps_nor_goes_back() {
    let (audition, _events) = open();
    audition.load_clip(None, 60.0);
    audition.play();
    wait_until("it moves", || audition.snapshot().position_s > 0.01);
    let start = audition.snapshot();
    let mut last = start.clone();
    while last.at - start.at < Duration::from_secs(1) {
        let now = audition.snapshot();
        let (moved_s, passed_s) = (
            now.position_s - last.position_s,
            (now.at - last.at).as_secs_f64(),
        );
        assert!(moved_s >= 0.0, "back by {moved_s} s");
        // It may wait for a busy machine, and then goes a little faster.
        let ahead_s = moved_s - 1.06 * passed_s;
        assert!(ahead_s < 0.001, "{moved_s} s in {passed_s} s");
        last = now;
    }
}

#[test]
fn where_it_was_sent_while_it_stands_it_is_at_once() {
    let (audition, _events) = open();
    audition.load_clip(None, 60.0);
    for clip_s in [3.0, 59.5, 1.25] {
        audition.seek(clip_s);
        assert_eq!(audition.snapshot().position_s, clip_s);
    }
    audition.step(-0.25);
    assert_eq!(audition.snapshot().position_s, 1.0);
    audition.step(0.04);
    audition.step(0.04);
    let position_s = audition.snapshot().position_s;
    assert!((position_s - 1.08).abs() < 1e-9, "{position_s}");
}

#[test]
fn the_end_of_the_range_is_told() {
    let (audition, events) = open();
    audition.load_clip(None, 60.0);
    audition.set_range(5.0, 5.3);
    audition.seek(5.0);
    audition.play();
    wait_for(&events, |e| *e == Event::Ended);
    assert!(!audition.asked().playing);
    wait_until("it stands", || !audition.snapshot().playing);
    let position_s = audition.snapshot().position_s;
    assert!((position_s - 5.3).abs() < 1e-9, "{position_s}");
}

#[test]
fn a_loop_goes_on() {
    let (audition, _events) = open();
    audition.load_clip(None, 60.0);
    audition.set_range(5.0, 5.2);
    audition.set_loop(true);
    audition.seek(5.0);
    audition.play();
    wait_until("it moves", || audition.snapshot().position_s > 5.1);
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(1) {
        let position_s = audition.snapshot().position_s;
        assert!((5.0..5.2001).contains(&position_s), "{position_s}");
    }
    assert!(audition.asked().playing);
}

#[test]
fn cues_become_ready_and_unknown_ones_are_refused() {
    let (audition, events) = open();
    audition.load_clip(Some(Arc::new(Quiet)), 60.0);
    audition.offer(vec![cue("a"), cue("b")]);
    audition.select(Some("b")).unwrap();
    let mut waited = vec!["a", "b"];
    wait_for(&events, |e| {
        if let Event::CueReady { id } = e {
            waited.retain(|w| w != id);
        }
        waited.is_empty()
    });
    let refused = audition.select(Some("c")).unwrap_err();
    assert_eq!(refused.code(), "unknown_cue");
    assert_eq!(
        audition.set_start("c", 1.0).unwrap_err().code(),
        "unknown_cue"
    );
    audition.offer(vec![cue("a")]);
    assert_eq!(
        audition.asked().selected.as_deref(),
        Some("b"),
        "what is heard stays chosen"
    );
    audition.select(None).unwrap();
    assert_eq!(audition.asked().selected, None);
}

#[test]
fn handles_may_be_used_from_anywhere() {
    fn is_free<T: Send + Sync + Clone>() {}
    is_free::<Audition>();
    let (audition, _events) = open();
    audition.load_clip(None, 60.0);
    std::thread::scope(|scope| {
        for i in 0..4 {
            let audition = audition.clone();
            scope.spawn(move || {
                for n in 0..500 {
                    match (n + i) % 4 {
                        0 => audition.play(),
                        1 => audition.seek(f64::from(n % 60)),
                        2 => audition.set_rate(f64::from(n % 5) - 2.0),
                        _ => audition.pause(),
                    }
                }
            });
        }
    });
    audition.pause();
    audition.seek(7.0);
    wait_until("it stands there", || audition.snapshot().position_s == 7.0);
}
