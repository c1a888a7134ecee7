//! Positions at moments, with a mapping that the test sets.

use std::time::Duration;

use super::*;

fn clock() -> Clock {
    let clock = Clock::new(Instant::now());
    clock.map((0, 0.02, 48_000.0));
    clock
}

impl Clock {
    fn moment(&self, seconds: f64) -> Instant {
        self.start + Duration::from_secs_f64(seconds)
    }
}

fn segment(from: u64, position: f64, step: f64) -> Segment {
    Segment {
        from,
        position,
        step,
        rate: 1.0,
    }
}

#[test]
fn a_rendered_frame_is_heard_after_the_latency() {
    let clock = clock();
    clock.note(segment(4_800, 48_000.0, 1.0));
    clock.rendered(48_000);
    let at = |s: f64| clock.now(clock.moment(s));
    assert_eq!(at(0.11), (0.0, false, 1.0), "rendered, not heard yet");
    let (position_s, moves, _) = at(0.22);
    assert!(moves && (position_s - 1.1).abs() < 1e-4, "{position_s}");
}

#[test]
fn after_an_underrun_the_clock_waits_and_does_not_go_back() {
    let clock = clock();
    clock.note(segment(0, 0.0, 1.0));
    clock.rendered(9_600);
    assert!(
        (clock.now(clock.moment(5.0)).0 - 0.2).abs() < 1e-4,
        "no more was rendered"
    );
    clock.rendered(48_000);
    clock.map((9_600, 5.0, 48_000.0));
    assert!((clock.now(clock.moment(5.1)).0 - 0.3).abs() < 1e-4);
    clock.map((9_600, 5.05, 48_000.0));
    assert!(
        (clock.now(clock.moment(5.1)).0 - 0.3).abs() < 1e-4,
        "the clock waits"
    );
    assert!(
        (clock.now(clock.moment(5.3)).0 - 0.45).abs() < 1e-4,
        "the clock continues"
    );
}

#[test]
fn the_clock_catches_up_without_a_jump() {
    let clock = clock();
    clock.note(segment(0, 0.0, 1.0));
    clock.rendered(480_000);
    let before = clock.now(clock.moment(1.0)).0;
    clock.map((48_000, 1.0, 48_000.0));
    let (mut last, mut at_s) = (before, 1.0);
    while at_s < 2.0 {
        at_s += 0.01;
        let now = clock.now(clock.moment(at_s)).0;
        assert!((now - last - 0.01).abs() < 0.001, "from {last} to {now}");
        last = now;
    }
    assert!((last - 2.0).abs() < 1e-4, "caught up: {last}");
}

#[test]
fn a_seek_while_paused_moves_the_position_immediately() {
    let clock = clock();
    clock.note(segment(0, 0.0, 1.0));
    clock.note(segment(4_800, 4_800.0, 0.0));
    clock.rendered(4_800);
    clock.note(segment(4_800, 96_000.0, 0.0));
    assert!(
        clock.now(clock.moment(0.05)).1,
        "the last rendered frame is not heard yet"
    );
    assert_eq!(clock.now(clock.moment(0.13)), (2.0, false, 1.0));
}

#[test]
fn the_position_is_right_after_many_short_loops() {
    let clock = clock();
    for i in 0..200 {
        clock.note(segment(i * 4_800, 0.0, 1.0));
    }
    clock.rendered(200 * 4_800);
    let (position_s, ..) = clock.now(clock.moment(0.02 + 19.05));
    assert!((position_s - 0.05).abs() < 1e-4, "{position_s}");
}
