//! Play, pause and seek, alone and in any order: the sound matches the position of the clock.

use proptest::prelude::*;

use super::{FADE, Rig, SECOND, assert_same, steepest, tone};
use crate::render::Command;
use crate::track_buffer::tests::{numbered, of};
use crate::transport::Transport;

#[test]
fn before_play_there_is_silence_and_the_playhead_stands() {
    let mut rig = Rig::new(10 * SECOND);
    rig.select(&of(&numbered(SECOND)), 0);
    assert_same(&rig.frames(1_000), &[[0.0; 2]; 1_000], "silence");
    assert_eq!(rig.place(1000), 0.0);
}

#[test]
fn pause_and_play_do_not_click_and_skip_no_frame() {
    let track = tone(333.0, 0.4, 4 * SECOND);
    let mut rig = Rig::new(10 * SECOND);
    rig.select(&of(&track), 0);
    rig.ask(Command::Play);
    let mut heard = rig.frames(5_000);
    rig.ask(Command::Pause);
    heard.extend(rig.frames(5_000));
    assert_eq!(rig.place(10_000), 5_000.0);
    assert_eq!(heard[9_000], [0.0; 2]);
    rig.ask(Command::Play);
    heard.extend(rig.frames(5_000));
    assert_same(
        &heard[10_000 + FADE..],
        &track[5_000 + FADE..10_000],
        "after the pause",
    );
    assert!(steepest(&heard) < 0.03, "a step of {}", steepest(&heard));
}

#[test]
fn a_seek_lands_on_the_sample_without_a_click() {
    let (music, own) = (tone(333.0, 0.3, 9 * SECOND), tone(250.0, 0.3, 9 * SECOND));
    let mut rig = Rig::new(9 * SECOND);
    rig.ask(Command::Clip(Some(of(&own)), 9 * SECOND as i64));
    rig.select(&of(&music), 100);
    rig.ask(Command::Play);
    let mut heard = rig.frames(5_000);
    rig.ask(Command::Seek(300_000));
    heard.extend(rig.frames(5_000));
    for i in FADE..5_000 {
        let want = music[300_100 + i][0] + own[300_000 + i][0];
        assert_eq!(heard[5_000 + i][0], want, "frame {i}");
    }
    assert!(steepest(&heard) < 0.04, "a step of {}", steepest(&heard));
}

#[derive(Clone, Debug)]
enum Move {
    Seek(i64),
    Start(i64),
    Range(i64, i64),
    Loop(bool),
    Play,
    Pause,
}

fn moves() -> impl Strategy<Value = Vec<(Move, usize)>> {
    let place = 0..300_000i64;
    let one = prop_oneof![
        place.clone().prop_map(Move::Seek),
        (-50_000..100_000i64).prop_map(Move::Start),
        (place.clone(), place).prop_map(|(a, b)| Move::Range(a, b)),
        any::<bool>().prop_map(Move::Loop),
        Just(Move::Play),
        Just(Move::Play),
        Just(Move::Pause),
    ];
    prop::collection::vec((one, 1..4_000usize), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]
    #[test]
    fn the_sound_matches_the_position_of_the_clock(moves in moves()) {
        let track = numbered(200_000);
        let (buffer, mut rig) = (of(&track), Rig::new(300_000));
        let (mut start, mut range) = (0i64, Transport::default());
        range.load(300_000);
        rig.select(&buffer, start);
        rig.ask(Command::Play);
        for (one, n) in moves {
            match one {
                Move::Seek(to) => rig.ask(Command::Seek(to)),
                Move::Start(to) => {
                    start = to;
                    rig.select(&buffer, to);
                }
                Move::Range(a, b) => {
                    range.set_range(a, b);
                    rig.ask(Command::Range(a, b));
                }
                Move::Loop(on) => rig.ask(Command::Loop(on)),
                Move::Play => rig.ask(Command::Play),
                Move::Pause => rig.ask(Command::Pause),
            }
            let before = rig.renderer.frame();
            let heard = rig.frames(n + FADE);
            // Fades are left out: right after a command and near the ends of the range.
            for (i, frame) in heard.iter().enumerate().skip(FADE) {
                let (place, moves, _) = rig.clock.place((before + i as u64) as f64);
                let (from, to) = range.range();
                let near = |end: i64| (place - end as f64).abs() <= FADE as f64 + 1.0;
                if near(from) || near(to) || near(300_000) {
                    continue;
                }
                let at = place as i64 + start - from;
                let want = usize::try_from(at).ok().and_then(|at| track.get(at).copied());
                let want = if moves { want.unwrap_or_default() } else { [0.0; 2] };
                prop_assert_eq!(*frame, want, "clip frame {}", place);
            }
        }
    }
}
