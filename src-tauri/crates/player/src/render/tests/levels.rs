//! Levels: ducking, faders, the limiter.

use std::sync::Arc;

use super::{FADE, Rig, SECOND, steepest, tone};
use crate::duck::Ducking;
use crate::frames::frame_at;
use crate::limiter::CEILING;
use crate::render::{Command, SelectedTrack};
use crate::track_buffer::tests::of;

#[test]
fn the_music_is_ducked_by_the_requested_amount() {
    let mut rig = Rig::new(9 * SECOND);
    let plain = vec![[0.5; 2]; 9 * SECOND];
    rig.ask(Command::Clip(
        Some(of(&vec![[0.1; 2]; 9 * SECOND])),
        9 * SECOND as i64,
    ));
    rig.select(&of(&plain), 0);
    rig.ask(Command::Ducking(Arc::new(Ducking::new(
        &[(1.0, 2.0)],
        -12.0,
    ))));
    rig.ask(Command::Play);
    let heard = rig.frames(3 * SECOND);
    let music_db = |s: f64| 20.0 * ((heard[frame_at(s) as usize][0] - 0.1) / 0.5).log10();
    for (at_s, want_db) in [
        (0.8, 0.0),
        (0.925, -6.0),
        (1.0, -12.0),
        (1.7, -12.0),
        (2.15, -6.0),
        (2.31, 0.0),
    ] {
        let got = music_db(at_s);
        assert!((got - want_db).abs() < 0.05, "{got} dB at {at_s} s");
    }
    assert!(
        steepest(&heard[FADE..]) < 0.0005,
        "a step of {}",
        steepest(&heard[FADE..])
    );
}

#[test]
fn switching_ducking_on_during_speech_does_not_click() {
    let mut rig = Rig::new(9 * SECOND);
    rig.select(&of(&vec![[0.5; 2]; 9 * SECOND]), 0);
    rig.ask(Command::Play);
    rig.frames(SECOND);
    rig.ask(Command::Ducking(Arc::new(Ducking::new(
        &[(0.5, 2.0)],
        -12.0,
    ))));
    let heard = rig.frames(SECOND / 2);
    assert!(steepest(&heard) < 0.005, "a step of {}", steepest(&heard));
    assert!((heard[2_000][0] - 0.5 * 0.251_19).abs() < 1e-4);
}

#[test]
fn the_sum_never_clips() {
    let loud = tone(100.0, 1.0, 3 * SECOND);
    let mut rig = Rig::new(3 * SECOND);
    rig.ask(Command::Clip(Some(of(&loud)), 3 * SECOND as i64));
    let selected = SelectedTrack {
        buffer: of(&loud),
        start: 5,
        gain: 4.0,
    };
    rig.ask(Command::Music(Some(selected)));
    rig.ask(Command::Play);
    let heard = rig.frames(2 * SECOND);
    let peak = heard.iter().fold(0.0f32, |m, f| m.max(f[0].abs()));
    assert!(peak <= CEILING && peak > 0.9, "a peak of {peak}");
}

#[test]
fn a_fader_change_has_no_step() {
    let mut rig = Rig::new(9 * SECOND);
    rig.select(&of(&vec![[0.5; 2]; 9 * SECOND]), 0);
    rig.ask(Command::Play);
    rig.frames(SECOND);
    rig.ask(Command::Levels(0.0, 1.0));
    let heard = rig.frames(SECOND);
    assert!(steepest(&heard) < 0.002, "a step of {}", steepest(&heard));
    assert_eq!(heard[SECOND - 1], [0.0; 2]);
}
