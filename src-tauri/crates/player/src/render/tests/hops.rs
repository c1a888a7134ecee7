//! Another track under the playhead, the same one moved, and one that is still being decoded.

use std::sync::Arc;
use std::time::Instant;

use super::{FADE, SECOND, Stage, assert_same, steepest, tone};
use crate::pool::{CHUNK_FRAMES, Pool};
use crate::reel::Reel;
use crate::reel::tests::{numbered, of};
use crate::render::Command;

#[test]
fn a_hop_keeps_the_playhead_and_leaves_no_gap() {
    let (first, second) = (numbered(4 * SECOND), numbered(6 * SECOND));
    let mut stage = Stage::new(10 * SECOND);
    stage.deck(&of(&first), 0);
    stage.ask(Command::Play);
    stage.frames(SECOND + 17);
    stage.deck(&of(&second), 70_000);
    let got = stage.frames(SECOND);
    let want = &second[70_000 + SECOND + 17..];
    assert_same(
        &got[FADE..],
        &want[FADE..SECOND],
        "the other track, where the playhead is",
    );
    assert_eq!(
        stage.place(stage.renderer.frame()),
        (2 * SECOND + 17) as f64
    );
}

#[test]
fn a_hop_is_as_loud_all_the_way_and_does_not_click() {
    let (low, high) = (tone(330.0, 0.4, 3 * SECOND), tone(470.0, 0.4, 3 * SECOND));
    let mut stage = Stage::new(10 * SECOND);
    let reels = [of(&low), of(&high)];
    stage.deck(&reels[0], 0);
    stage.ask(Command::Play);
    let mut heard = stage.frames(5_000);
    for hop in 1..20 {
        stage.deck(&reels[hop % 2], hop as i64 * 11);
        heard.extend(stage.frames(1_000));
    }
    // A sine of the higher pitch changes by 0.025 from frame to frame; two that cross, by little more.
    assert!(steepest(&heard) < 0.035, "a step of {}", steepest(&heard));
    let power =
        |part: &[[f32; 2]]| part.iter().map(|f| f[0] * f[0]).sum::<f32>() / part.len() as f32;
    for part in heard[1_000..].chunks_exact(200) {
        assert!(
            power(part) > 0.02,
            "power {} where 0.08 is usual",
            power(part)
        );
    }
}

#[test]
fn hops_faster_than_a_fade_do_not_click() {
    let reels = [of(&tone(200.0, 0.3, SECOND)), of(&tone(300.0, 0.3, SECOND))];
    let mut stage = Stage::new(10 * SECOND);
    stage.ask(Command::Play);
    let mut heard = Vec::new();
    for hop in 0..60 {
        stage.deck(&reels[hop % 2], 0);
        heard.extend(stage.frames(64));
    }
    assert!(steepest(&heard) < 0.05, "a step of {}", steepest(&heard));
}

#[test]
fn a_slip_moves_the_music_and_nothing_else() {
    let (track, own) = (numbered(5 * SECOND), numbered(5 * SECOND));
    let (reel, mut stage) = (of(&track), Stage::new(5 * SECOND));
    stage.ask(Command::Clip(Some(of(&own)), 5 * SECOND as i64));
    stage.deck(&reel, 1_000);
    stage.ask(Command::Play);
    stage.frames(2_000);
    stage.deck(&reel, 1_480);
    let got = stage.frames(1_000);
    for i in FADE..1_000 {
        let want = track[3_480 + i][0] + own[2_000 + i][0];
        assert_eq!(got[i][0], want, "frame {i}");
    }
}

#[test]
fn sound_that_is_not_there_yet_fades_in_when_it_comes() {
    let pool = Arc::new(Pool::new(1 << 20));
    let reel = Arc::new(Reel::new(pool, 10.0));
    let track = tone(333.0, 0.4, 5 * CHUNK_FRAMES);
    let chunk = |n: usize| track[n * 4096..(n + 1) * 4096].concat();
    assert!(reel.write(0, &chunk(0), Instant::now()));
    let mut stage = Stage::new(9 * SECOND);
    stage.deck(&reel, 0);
    stage.ask(Command::Play);
    let mut heard = stage.frames(6_000);
    assert!(
        heard[4_096..].iter().all(|f| *f == [0.0; 2]),
        "nothing is made up"
    );
    assert!(reel.write(1, &chunk(1), Instant::now()) && reel.write(2, &chunk(2), Instant::now()));
    heard.extend(stage.frames(4_000));
    assert_same(
        &heard[6_500..9_000],
        &track[6_500..9_000],
        "it comes back at its place",
    );
    assert!(steepest(&heard) < 0.03, "a step of {}", steepest(&heard));
}
