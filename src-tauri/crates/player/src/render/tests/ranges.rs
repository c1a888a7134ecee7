//! The range: the place of the track under it, the loop and its seam, the end.

use std::sync::atomic::Ordering;

use super::{FADE, Rig, SECOND, assert_same, steepest, tone};
use crate::frames::frame_at;
use crate::render::Command;
use crate::track_buffer::tests::{numbered, of};

#[test]
fn the_track_lies_under_the_range_to_the_sample() {
    let track = numbered(10 * SECOND);
    for (in_s, start_s) in [(0.0, 0.0), (1.5, 3.25), (2.000_01, 0.123_456)] {
        let mut rig = Rig::new(20 * SECOND);
        let (from, start) = (frame_at(in_s), frame_at(start_s));
        rig.ask(Command::Range(from, 10 * SECOND as i64));
        rig.ask(Command::Seek(from));
        rig.select(&of(&track), start);
        rig.ask(Command::Play);
        let got = rig.frames(SECOND);
        let want = &track[start as usize..][..SECOND];
        assert_same(
            &got[FADE..],
            &want[FADE..],
            &format!("in {in_s} s, start {start_s} s"),
        );
        assert_eq!(rig.place(SECOND as u64), (from + SECOND as i64) as f64);
    }
}

#[test]
fn a_loop_returns_to_the_in_point_to_the_sample() {
    let track = numbered(4 * SECOND);
    let (from, to, start) = (24_000, 60_000, 30_000);
    let mut rig = Rig::new(10 * SECOND);
    rig.ask(Command::Range(from, to));
    rig.ask(Command::Loop(true));
    rig.ask(Command::Seek(from));
    rig.select(&of(&track), start);
    rig.ask(Command::Play);
    let length = (to - from) as usize;
    let got = rig.frames(3 * length);
    let want = &track[start as usize..];
    for round in 0..3 {
        let got = &got[round * length..(round + 1) * length];
        let begin = if round == 0 { FADE } else { 0 };
        let part = begin..length - FADE;
        assert_same(&got[part.clone()], &want[part], &format!("round {round}"));
    }
    assert_eq!(rig.place(length as u64), from as f64);
    assert_eq!(rig.place(2 * length as u64 - 1), (to - 1) as f64);
    assert_eq!(rig.report.ended.load(Ordering::Relaxed), 0);
}

#[test]
fn the_seam_of_a_loop_does_not_click() {
    let mut rig = Rig::new(10 * SECOND);
    rig.ask(Command::Range(0, 5_000));
    rig.ask(Command::Loop(true));
    rig.select(&of(&tone(333.0, 0.4, SECOND)), 10_007);
    rig.ask(Command::Play);
    let heard = rig.frames(30_000);
    assert!(steepest(&heard) < 0.03, "a step of {}", steepest(&heard));
}

#[test]
fn playing_stops_at_the_out_point_and_reports_it() {
    let mut rig = Rig::new(10 * SECOND);
    rig.ask(Command::Range(0, 10_000));
    rig.select(&of(&tone(333.0, 0.4, SECOND)), 0);
    rig.ask(Command::Play);
    let heard = rig.frames(12_000);
    assert_eq!(rig.report.ended.load(Ordering::Relaxed), 1);
    assert_eq!(rig.place(12_000), 10_000.0);
    assert!(heard[10_000 + FADE..].iter().all(|f| *f == [0.0; 2]));
    assert!(steepest(&heard) < 0.03);
    rig.ask(Command::Play);
    rig.frames(500);
    assert_eq!(rig.place(12_500), 500.0, "playing restarts at the in-point");
}

#[test]
fn moving_the_in_point_moves_the_music_under_it() {
    let track = numbered(9 * SECOND);
    let mut rig = Rig::new(9 * SECOND);
    rig.select(&of(&track), 2_000);
    rig.ask(Command::Seek(50_000));
    rig.ask(Command::Play);
    rig.frames(1_000);
    rig.ask(Command::Range(40_000, 400_000));
    let got = rig.frames(1_000);
    let want = &track[2_000 + 11_000..][..1_000];
    assert_same(&got[FADE..], &want[FADE..], "under the new in-point");
}

#[test]
fn outside_the_track_is_silence() {
    let track = numbered(2_000);
    let mut rig = Rig::new(SECOND);
    rig.select(&of(&track), -1_000);
    rig.ask(Command::Play);
    let got = rig.frames(5_000);
    assert_same(&got[..1_000], &[[0.0; 2]; 1_000], "before the track");
    assert_same(&got[1_000..3_000], &track, "the track");
    assert_same(&got[3_000..], &[[0.0; 2]; 2_000], "behind the track");
}
