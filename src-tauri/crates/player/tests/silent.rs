//! An audition without an output: the playhead moves by the computer's clock.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use needledrop_player::{Audition, Cue, Event, OutputChoice, Recording};
use tokio_util::sync::CancellationToken;

const WAIT: Duration = Duration::from_secs(10);

/// A minute of silence.
struct Silence;

impl Recording for Silence {
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
        // The test may have ended.
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
        // Spinning would take the processor from the clock.
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn cue(id: &str) -> Cue {
    Cue {
        id: id.to_owned(),
        recording: Arc::new(Silence),
        start_s: 0.0,
        duration_s: 60.0,
        gain_db: 0.0,
    }
}

#[test]
fn the_playhead_moves_as_fast_as_time() {
    let (audition, _events) = open();
    audition.load_clip(None, 60.0);
    audition.seek(10.0);
    audition.play();
    wait_until("the playhead moves", || {
        audition.snapshot().position_s > 10.05
    });
    let first = audition.snapshot();
    assert!(first.silent && first.playing && first.output.is_empty());
    // A busy machine can stall the clock at either end of the interval. It then catches up, and a later
    // interval is right.
    let mut from = first;
    wait_until("the playhead moves as fast as time", || {
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
fn the_clock_does_not_go_back_and_jumps_only_after_a_stall() {
    let (audition, _events) = open();
    audition.load_clip(None, 60.0);
    let asked = Instant::now();
    audition.play();
    wait_until("the playhead moves", || {
        audition.snapshot().position_s > 0.01
    });
    let mut last = audition.snapshot();
    while last.at - asked < Duration::from_secs(1) {
        let now = audition.snapshot();
        let moved_s = now.position_s - last.position_s;
        let passed_s = (now.at - last.at).as_secs_f64();
        assert!(moved_s >= 0.0, "back by {moved_s} s");
        let since_play_s = (now.at - asked).as_secs_f64();
        let ahead_s = now.position_s - since_play_s;
        assert!(ahead_s < 0.001, "ahead of time by {ahead_s} s");
        // A busy machine can stall the clock. It then catches up, at most 5 % faster than time, and jumps
        // where it is more than 0.5 s behind.
        let jump_s = moved_s - 1.06 * passed_s;
        let was_stalled = jump_s > 0.45;
        assert!(jump_s < 0.001 || was_stalled, "{moved_s} s in {passed_s} s");
        last = now;
    }
}

#[test]
fn seek_while_paused_moves_the_playhead_immediately() {
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
fn reaching_the_out_point_is_reported() {
    let (audition, events) = open();
    audition.load_clip(None, 60.0);
    audition.set_range(5.0, 5.3);
    audition.seek(5.0);
    audition.play();
    wait_for(&events, |e| *e == Event::Ended);
    assert!(!audition.asked().playing);
    wait_until("the playhead stands", || !audition.snapshot().playing);
    let position_s = audition.snapshot().position_s;
    assert!((position_s - 5.3).abs() < 1e-9, "{position_s}");
}

#[test]
fn a_loop_keeps_playing_within_its_range() {
    let (audition, _events) = open();
    audition.load_clip(None, 60.0);
    audition.set_range(5.0, 5.2);
    audition.set_loop(true);
    audition.seek(5.0);
    audition.play();
    wait_until("the playhead moves", || {
        audition.snapshot().position_s > 5.1
    });
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(1) {
        let position_s = audition.snapshot().position_s;
        assert!((5.0..5.2001).contains(&position_s), "{position_s}");
    }
    assert!(audition.asked().playing);
}

#[test]
fn cues_are_reported_ready_and_unknown_ids_are_refused() {
    let (audition, events) = open();
    audition.load_clip(Some(Arc::new(Silence)), 60.0);
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
        "the cue that plays stays selected"
    );
    audition.select(None).unwrap();
    assert_eq!(audition.asked().selected, None);
}

const _: () = {
    const fn is_shareable<T: Send + Sync + Clone>() {}
    is_shareable::<Audition>();
};

#[test]
fn controls_from_several_threads_leave_the_last_one_in_effect() {
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
    audition.set_rate(0.5);
    audition.seek(7.0);
    let asked = audition.asked();
    assert!(!asked.playing, "pause came last");
    assert_eq!(asked.rate, 0.5);
    wait_until("the playhead stands at the last seek", || {
        let now = audition.snapshot();
        now.position_s == 7.0 && !now.playing
    });
}
