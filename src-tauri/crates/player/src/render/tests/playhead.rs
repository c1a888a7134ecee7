//! Play, pause and seek, alone and in any order: what is heard belongs where the clock says.

use proptest::prelude::*;

use super::{FADE, SECOND, Stage, assert_same, steepest, tone};
use crate::reel::tests::{numbered, of};
use crate::render::Command;
use crate::transport::Transport;

#[test]
fn nothing_sounds_before_play_and_the_playhead_stands() {
    let mut stage = Stage::new(10 * SECOND);
    stage.deck(&of(&numbered(SECOND)), 0);
    assert_same(&stage.frames(1_000), &[[0.0; 2]; 1_000], "silence");
    assert_eq!(stage.place(1000), 0.0);
}

#[test]
fn pause_and_play_do_not_click_and_lose_nothing() {
    let track = tone(333.0, 0.4, 4 * SECOND);
    let mut stage = Stage::new(10 * SECOND);
    stage.deck(&of(&track), 0);
    stage.ask(Command::Play);
    let mut heard = stage.frames(5_000);
    stage.ask(Command::Pause);
    heard.extend(stage.frames(5_000));
    assert_eq!(stage.place(10_000), 5_000.0);
    assert_eq!(heard[9_000], [0.0; 2]);
    stage.ask(Command::Play);
    heard.extend(stage.frames(5_000));
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
    let mut stage = Stage::new(9 * SECOND);
    stage.ask(Command::Clip(Some(of(&own)), 9 * SECOND as i64));
    stage.deck(&of(&music), 100);
    stage.ask(Command::Play);
    let mut heard = stage.frames(5_000);
    stage.ask(Command::Seek(300_000));
    heard.extend(stage.frames(5_000));
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
    fn what_is_heard_is_what_belongs_where_the_clock_says(moves in moves()) {
        let track = numbered(200_000);
        let (reel, mut stage) = (of(&track), Stage::new(300_000));
        let (mut start, mut range) = (0i64, Transport::default());
        range.load(300_000);
        stage.deck(&reel, start);
        stage.ask(Command::Play);
        for (one, n) in moves {
            match one {
                Move::Seek(to) => stage.ask(Command::Seek(to)),
                Move::Start(to) => {
                    start = to;
                    stage.deck(&reel, to);
                }
                Move::Range(a, b) => {
                    range.set_range(a, b);
                    stage.ask(Command::Range(a, b));
                }
                Move::Loop(on) => stage.ask(Command::Loop(on)),
                Move::Play => stage.ask(Command::Play),
                Move::Pause => stage.ask(Command::Pause),
            }
            let before = stage.renderer.frame();
            let heard = stage.frames(n + FADE);
            // Where nothing fades: not just after a command, nor near the ends of the range.
            for (i, frame) in heard.iter().enumerate().skip(FADE) {
                let (place, moves, _) = stage.clock.place((before + i as u64) as f64);
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
