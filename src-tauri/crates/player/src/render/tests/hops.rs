//! Hops to another track, slips of a track, and tracks that are still being decoded.

use std::sync::Arc;
use std::time::Instant;

use super::{FADE, Rig, SECOND, assert_same, steepest, tone};
use crate::chunk_pool::{CHUNK_FRAMES, ChunkPool};
use crate::render::Command;
use crate::track_buffer::TrackBuffer;
use crate::track_buffer::tests::{numbered, of};

#[test]
fn a_hop_keeps_the_playhead_and_has_no_gap() {
    let (first, second) = (numbered(4 * SECOND), numbered(6 * SECOND));
    let mut rig = Rig::new(10 * SECOND);
    rig.select(&of(&first), 0);
    rig.ask(Command::Play);
    rig.frames(SECOND + 17);
    rig.select(&of(&second), 70_000);
    let got = rig.frames(SECOND);
    let want = &second[70_000 + SECOND + 17..];
    assert_same(
        &got[FADE..],
        &want[FADE..SECOND],
        "the other track at the playhead",
    );
    assert_eq!(rig.place(rig.renderer.frame()), (2 * SECOND + 17) as f64);
}

#[test]
fn a_hop_has_constant_power_and_does_not_click() {
    let (low, high) = (tone(330.0, 0.4, 3 * SECOND), tone(470.0, 0.4, 3 * SECOND));
    let mut rig = Rig::new(10 * SECOND);
    let buffers = [of(&low), of(&high)];
    rig.select(&buffers[0], 0);
    rig.ask(Command::Play);
    let mut heard = rig.frames(5_000);
    for hop in 1..20 {
        rig.select(&buffers[hop % 2], hop as i64 * 11);
        heard.extend(rig.frames(1_000));
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
    let buffers = [of(&tone(200.0, 0.3, SECOND)), of(&tone(300.0, 0.3, SECOND))];
    let mut rig = Rig::new(10 * SECOND);
    rig.ask(Command::Play);
    let mut heard = Vec::new();
    for hop in 0..60 {
        rig.select(&buffers[hop % 2], 0);
        heard.extend(rig.frames(64));
    }
    assert!(steepest(&heard) < 0.05, "a step of {}", steepest(&heard));
}

#[test]
fn a_slip_moves_the_music_and_nothing_else() {
    let (track, own) = (numbered(5 * SECOND), numbered(5 * SECOND));
    let (buffer, mut rig) = (of(&track), Rig::new(5 * SECOND));
    rig.ask(Command::Clip(Some(of(&own)), 5 * SECOND as i64));
    rig.select(&buffer, 1_000);
    rig.ask(Command::Play);
    rig.frames(2_000);
    rig.select(&buffer, 1_480);
    let got = rig.frames(1_000);
    for i in FADE..1_000 {
        let want = track[3_480 + i][0] + own[2_000 + i][0];
        assert_eq!(got[i][0], want, "frame {i}");
    }
}

#[test]
fn a_track_fades_in_once_it_is_decoded() {
    let pool = Arc::new(ChunkPool::new(1 << 20));
    let buffer = Arc::new(TrackBuffer::new(pool, 10.0));
    let track = tone(333.0, 0.4, 5 * CHUNK_FRAMES);
    let chunk = |n: usize| track[n * 4096..(n + 1) * 4096].concat();
    assert!(buffer.write(0, &chunk(0), 0, Instant::now()));
    let mut rig = Rig::new(9 * SECOND);
    rig.select(&buffer, 0);
    rig.ask(Command::Play);
    let mut heard = rig.frames(6_000);
    assert!(
        heard[4_096..].iter().all(|f| *f == [0.0; 2]),
        "silence where nothing is decoded"
    );
    assert!(
        buffer.write(1, &chunk(1), 0, Instant::now())
            && buffer.write(2, &chunk(2), 0, Instant::now())
    );
    heard.extend(rig.frames(4_000));
    assert_same(
        &heard[6_500..9_000],
        &track[6_500..9_000],
        "the track continues at its place",
    );
    assert!(steepest(&heard) < 0.03, "a step of {}", steepest(&heard));
}

#[test]
fn the_track_before_plays_on_until_the_new_one_is_decoded() {
    let pool = Arc::new(ChunkPool::new(1 << 20));
    let late = Arc::new(TrackBuffer::new(pool, 10.0));
    let (before, after) = (
        tone(333.0, 0.4, 12 * CHUNK_FRAMES),
        tone(444.0, 0.4, 12 * CHUNK_FRAMES),
    );
    let mut rig = Rig::new(9 * SECOND);
    rig.select(&of(&before), 0);
    rig.ask(Command::Play);
    let mut heard = rig.frames(5_000);
    rig.select(&late, 0);
    heard.extend(rig.frames(3_000));
    assert_same(
        &heard[1_000..],
        &before[1_000..8_000],
        "the track before has no gap",
    );
    for chunk in 1..4 {
        let samples = after[chunk * 4096..(chunk + 1) * 4096].concat();
        assert!(late.write(chunk, &samples, 0, Instant::now()));
    }
    heard.extend(rig.frames(4_000));
    assert_same(
        &heard[8_000 + FADE..],
        &after[8_000 + FADE..12_000],
        "the new track at its place after one crossfade",
    );
    assert!(steepest(&heard) < 0.05, "a step of {}", steepest(&heard));
}

#[test]
fn the_track_before_ends_where_the_new_one_stays_undecoded() {
    let pool = Arc::new(ChunkPool::new(1 << 20));
    let never = Arc::new(TrackBuffer::new(pool, 10.0));
    let mut rig = Rig::new(9 * SECOND);
    rig.select(&of(&tone(333.0, 0.4, 2 * SECOND)), 0);
    rig.ask(Command::Play);
    rig.frames(5_000);
    rig.select(&never, 0);
    let heard = rig.frames(SECOND);
    assert!(
        heard[SECOND / 2..].iter().all(|f| *f == [0.0; 2]),
        "silence after a quarter of a second"
    );
    assert!(steepest(&heard) < 0.03, "a step of {}", steepest(&heard));
}
