//! What is rendered, to the sample, without a device.

use std::time::Instant;

use super::*;
use crate::frames::frame_at;
use crate::limiter::CEILING;
use crate::reel::tests::{numbered, of};
use crate::voice::FADE_S;
use proptest::prelude::*;

const SECOND: usize = RATE_HZ as usize;
const FADE: usize = (FADE_S * RATE_HZ as f64) as usize;

/// A renderer and what it is asked through.
struct Stage {
    ask: rtrb::Producer<Command>,
    renderer: Renderer,
    clock: Arc<Clock>,
    told: Arc<Told>,
}

impl Stage {
    fn new(length: usize) -> Stage {
        let (ask, commands) = rtrb::RingBuffer::new(64);
        let (clock, told) = (Arc::new(Clock::new(Instant::now())), Arc::<Told>::default());
        let renderer = Renderer::new(commands, clock.clone(), told.clone(), Arc::default());
        let mut stage = Stage {
            ask,
            renderer,
            clock,
            told,
        };
        stage.ask(Command::Clip(None, length as i64));
        stage
    }

    fn ask(&mut self, command: Command) {
        assert!(self.ask.push(command).is_ok(), "room for a command");
    }

    fn deck(&mut self, reel: &Arc<Reel>, start: i64) {
        let deck = Deck {
            reel: reel.clone(),
            start,
            gain: 1.0,
        };
        self.ask(Command::Deck(Some(deck)));
    }

    fn frames(&mut self, n: usize) -> Vec<[f32; 2]> {
        let mut out = vec![[9.0; 2]; n];
        self.renderer.render(&mut out);
        out
    }

    /// Clip frame at a frame of output.
    fn place(&self, frame: u64) -> f64 {
        self.clock.place(frame as f64).0
    }
}

fn tone(hz: f64, level: f64, n: usize) -> Vec<[f32; 2]> {
    let at = |i: usize| (std::f64::consts::TAU * hz * i as f64 / 48_000.0).sin() * level;
    // Rounded to what 16 bits hold, so that it comes back exactly.
    let grain = |x: f64| ((x * 32_768.0).round().min(32_767.0) / 32_768.0) as f32;
    (0..n).map(|i| [grain(at(i)); 2]).collect()
}

/// Frame for frame the same; tells the first that is not.
fn assert_same(got: &[[f32; 2]], want: &[[f32; 2]], what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    let differs = got.iter().zip(want).position(|(a, b)| a != b);
    if let Some(i) = differs {
        panic!("{what}: frame {i} is {:?}, not {:?}", got[i], want[i]);
    }
}

/// The steepest change from frame to frame.
fn steepest(sound: &[[f32; 2]]) -> f32 {
    let steps = sound.windows(2).map(|w| (w[1][0] - w[0][0]).abs());
    steps.fold(0.0, f32::max)
}

#[test]
fn the_track_lies_under_the_range_to_the_sample() {
    let track = numbered(10 * SECOND);
    for (in_s, start_s) in [(0.0, 0.0), (1.5, 3.25), (2.000_01, 0.123_456)] {
        let mut stage = Stage::new(20 * SECOND);
        let (from, start) = (frame_at(in_s), frame_at(start_s));
        stage.ask(Command::Range(from, 10 * SECOND as i64));
        stage.ask(Command::Seek(from));
        stage.deck(&of(&track), start);
        stage.ask(Command::Play);
        let got = stage.frames(SECOND);
        let want = &track[start as usize..][..SECOND];
        assert_same(
            &got[FADE..],
            &want[FADE..],
            &format!("in {in_s} s, start {start_s} s"),
        );
        assert_eq!(stage.place(SECOND as u64), (from + SECOND as i64) as f64);
    }
}

#[test]
fn nothing_sounds_before_play_and_the_playhead_stands() {
    let mut stage = Stage::new(10 * SECOND);
    stage.deck(&of(&numbered(SECOND)), 0);
    assert_same(&stage.frames(1_000), &[[0.0; 2]; 1_000], "silence");
    assert_eq!(stage.place(1000), 0.0);
}

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
fn a_loop_returns_to_the_in_point_to_the_sample() {
    let track = numbered(4 * SECOND);
    let (from, to, start) = (24_000, 60_000, 30_000);
    let mut stage = Stage::new(10 * SECOND);
    stage.ask(Command::Range(from, to));
    stage.ask(Command::Loop(true));
    stage.ask(Command::Seek(from));
    stage.deck(&of(&track), start);
    stage.ask(Command::Play);
    let length = (to - from) as usize;
    let got = stage.frames(3 * length);
    let want = &track[start as usize..];
    for round in 0..3 {
        let got = &got[round * length..(round + 1) * length];
        let begin = if round == 0 { FADE } else { 0 };
        let part = begin..length - FADE;
        assert_same(&got[part.clone()], &want[part], &format!("round {round}"));
    }
    assert_eq!(stage.place(length as u64), from as f64);
    assert_eq!(stage.place(2 * length as u64 - 1), (to - 1) as f64);
    assert_eq!(stage.told.ended.load(Ordering::Relaxed), 0);
}

#[test]
fn the_seam_of_a_loop_does_not_click() {
    let mut stage = Stage::new(10 * SECOND);
    stage.ask(Command::Range(0, 5_000));
    stage.ask(Command::Loop(true));
    stage.deck(&of(&tone(333.0, 0.4, SECOND)), 10_007);
    stage.ask(Command::Play);
    let heard = stage.frames(30_000);
    assert!(steepest(&heard) < 0.03, "a step of {}", steepest(&heard));
}

#[test]
fn it_stops_on_the_out_point_and_says_so() {
    let mut stage = Stage::new(10 * SECOND);
    stage.ask(Command::Range(0, 10_000));
    stage.deck(&of(&tone(333.0, 0.4, SECOND)), 0);
    stage.ask(Command::Play);
    let heard = stage.frames(12_000);
    assert_eq!(stage.told.ended.load(Ordering::Relaxed), 1);
    assert_eq!(stage.place(12_000), 10_000.0);
    assert!(heard[10_000 + FADE..].iter().all(|f| *f == [0.0; 2]));
    assert!(steepest(&heard) < 0.03);
    stage.ask(Command::Play);
    stage.frames(500);
    assert_eq!(stage.place(12_500), 500.0, "play starts the range over");
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
fn moving_the_in_point_moves_the_music_under_it() {
    let track = numbered(9 * SECOND);
    let mut stage = Stage::new(9 * SECOND);
    stage.deck(&of(&track), 2_000);
    stage.ask(Command::Seek(50_000));
    stage.ask(Command::Play);
    stage.frames(1_000);
    stage.ask(Command::Range(40_000, 400_000));
    let got = stage.frames(1_000);
    let want = &track[2_000 + 11_000..][..1_000];
    assert_same(&got[FADE..], &want[FADE..], "under the new in-point");
}

#[test]
fn outside_the_track_is_silence() {
    let track = numbered(2_000);
    let mut stage = Stage::new(SECOND);
    stage.deck(&of(&track), -1_000);
    stage.ask(Command::Play);
    let got = stage.frames(5_000);
    assert_same(&got[..1_000], &[[0.0; 2]; 1_000], "before the track");
    assert_same(&got[1_000..3_000], &track, "the track");
    assert_same(&got[3_000..], &[[0.0; 2]; 2_000], "behind the track");
}

#[test]
fn music_yields_to_speech_by_the_amount_asked() {
    let mut stage = Stage::new(9 * SECOND);
    let plain = vec![[0.5; 2]; 9 * SECOND];
    stage.ask(Command::Clip(
        Some(of(&vec![[0.1; 2]; 9 * SECOND])),
        9 * SECOND as i64,
    ));
    stage.deck(&of(&plain), 0);
    stage.ask(Command::Ducking(Arc::new(Ducking::new(
        &[(1.0, 2.0)],
        -12.0,
    ))));
    stage.ask(Command::Play);
    let heard = stage.frames(3 * SECOND);
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
fn ducking_that_is_switched_on_in_the_middle_does_not_click() {
    let mut stage = Stage::new(9 * SECOND);
    stage.deck(&of(&vec![[0.5; 2]; 9 * SECOND]), 0);
    stage.ask(Command::Play);
    stage.frames(SECOND);
    stage.ask(Command::Ducking(Arc::new(Ducking::new(
        &[(0.5, 2.0)],
        -12.0,
    ))));
    let heard = stage.frames(SECOND / 2);
    assert!(steepest(&heard) < 0.005, "a step of {}", steepest(&heard));
    assert!((heard[2_000][0] - 0.5 * 0.251_19).abs() < 1e-4);
}

#[test]
fn the_sum_never_clips() {
    let loud = tone(100.0, 1.0, 3 * SECOND);
    let mut stage = Stage::new(3 * SECOND);
    stage.ask(Command::Clip(Some(of(&loud)), 3 * SECOND as i64));
    let deck = Deck {
        reel: of(&loud),
        start: 5,
        gain: 4.0,
    };
    stage.ask(Command::Deck(Some(deck)));
    stage.ask(Command::Play);
    let heard = stage.frames(2 * SECOND);
    let peak = heard.iter().fold(0.0f32, |m, f| m.max(f[0].abs()));
    assert!(peak <= CEILING && peak > 0.9, "a peak of {peak}");
}

#[test]
fn faders_glide() {
    let mut stage = Stage::new(9 * SECOND);
    stage.deck(&of(&vec![[0.5; 2]; 9 * SECOND]), 0);
    stage.ask(Command::Play);
    stage.frames(SECOND);
    stage.ask(Command::Levels(0.0, 1.0));
    let heard = stage.frames(SECOND);
    assert!(steepest(&heard) < 0.002, "a step of {}", steepest(&heard));
    assert_eq!(heard[SECOND - 1], [0.0; 2]);
}

#[test]
fn other_speeds_sound_like_tape() {
    let track = tone(500.0, 0.5, 9 * SECOND);
    for (rate, start) in [(2.0, 0), (0.5, 0), (-1.5, 300_000), (8.0, 0)] {
        let mut stage = Stage::new(9 * SECOND);
        stage.deck(&of(&track), 0);
        stage.ask(Command::Rate(rate));
        stage.ask(Command::Seek(start));
        stage.ask(Command::Play);
        let heard = stage.frames(20_000);
        let rises = |w: &&[[f32; 2]]| w[0][0] < 0.0 && w[1][0] >= 0.0;
        let cycles = heard[FADE..].windows(2).filter(rises).count() as f64;
        let want = 500.0 * f64::abs(rate) * (20_000 - FADE) as f64 / 48_000.0;
        assert!(
            (cycles - want).abs() <= 1.5,
            "{cycles} cycles at {rate}, not {want}"
        );
        assert_eq!(stage.place(20_000), start as f64 + 20_000.0 * rate);
        assert!(heard.iter().all(|f| f[0].abs() <= 0.51));
    }
}

#[test]
fn backwards_is_the_same_sound_backwards() {
    let track = numbered(5 * SECOND);
    let mut stage = Stage::new(5 * SECOND);
    stage.deck(&of(&track), 0);
    stage.ask(Command::Seek(100_000));
    stage.ask(Command::Rate(-1.0));
    stage.ask(Command::Play);
    let heard = stage.frames(5_000);
    for i in FADE..5_000 {
        assert_eq!(heard[i], track[100_000 - i], "frame {i}");
    }
}

#[test]
fn a_change_of_speed_does_not_click() {
    let mut stage = Stage::new(9 * SECOND);
    stage.deck(&of(&tone(100.0, 0.5, 9 * SECOND)), 0);
    stage.ask(Command::Seek(100_000));
    stage.ask(Command::Play);
    let mut heard = stage.frames(5_000);
    for rate in [1.3, 2.0, -1.0, -2.0, 0.0, 1.0] {
        stage.ask(Command::Rate(rate));
        heard.extend(stage.frames(5_003));
    }
    assert!(steepest(&heard) < 0.03, "a step of {}", steepest(&heard));
    assert!(
        heard[27_000..29_000].iter().all(|f| *f == [0.0; 2]),
        "at rate 0 nothing sounds"
    );
}

#[test]
fn other_devices_hear_the_same_track_at_the_same_place() {
    let track = tone(1_000.0, 0.5, 9 * SECOND);
    // At 8 kHz each frame stands for six, whose mean is a little less than the one in their middle.
    let cases = [
        (44_100u32, 2e-3),
        (96_000, 2e-3),
        (192_000, 2e-3),
        (8_000, 0.02),
    ];
    for (rate_hz, near) in cases {
        let mut stage = Stage::new(9 * SECOND);
        stage.renderer.set_rate_hz(rate_hz);
        stage.deck(&of(&track), 0);
        stage.ask(Command::Play);
        let n = rate_hz as usize / 2;
        let heard = stage.frames(n);
        for i in [n / 3, n / 2, n - 1] {
            let want =
                0.5 * (std::f64::consts::TAU * 1_000.0 * i as f64 / f64::from(rate_hz)).sin();
            assert!(
                (f64::from(heard[i][0]) - want).abs() < near,
                "frame {i} at {rate_hz} Hz"
            );
        }
        let place = stage.place(n as u64);
        assert!((place - 24_000.0).abs() < 1e-6, "{place} at {rate_hz} Hz");
    }
}

#[test]
fn sound_that_is_not_there_yet_fades_in_when_it_comes() {
    let pool = Arc::new(crate::pool::Pool::new(1 << 20));
    let reel = Arc::new(Reel::new(pool, 10.0));
    let track = tone(333.0, 0.4, 5 * crate::pool::CHUNK_FRAMES);
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
