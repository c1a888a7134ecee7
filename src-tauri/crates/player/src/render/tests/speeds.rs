//! Other rates of the playhead, backwards too, and outputs of other sample rates.

use super::{FADE, Rig, SECOND, steepest, tone};
use crate::render::Command;
use crate::track_buffer::tests::{numbered, of};

#[test]
fn the_pitch_follows_the_rate() {
    let track = tone(500.0, 0.5, 9 * SECOND);
    for (rate, start) in [(2.0, 0), (0.5, 0), (-1.5, 300_000), (8.0, 0)] {
        let mut rig = Rig::new(9 * SECOND);
        rig.select(&of(&track), 0);
        rig.ask(Command::Rate(rate));
        rig.ask(Command::Seek(start));
        rig.ask(Command::Play);
        let heard = rig.frames(20_000);
        let rises = |w: &&[[f32; 2]]| w[0][0] < 0.0 && w[1][0] >= 0.0;
        let cycles = heard[FADE..].windows(2).filter(rises).count() as f64;
        let want = 500.0 * f64::abs(rate) * (20_000 - FADE) as f64 / 48_000.0;
        assert!(
            (cycles - want).abs() <= 1.5,
            "{cycles} cycles at {rate}, not {want}"
        );
        assert_eq!(rig.place(20_000), start as f64 + 20_000.0 * rate);
        assert!(heard.iter().all(|f| f[0].abs() <= 0.51));
    }
}

#[test]
fn backwards_plays_the_same_frames_in_reverse() {
    let track = numbered(5 * SECOND);
    let mut rig = Rig::new(5 * SECOND);
    rig.select(&of(&track), 0);
    rig.ask(Command::Seek(100_000));
    rig.ask(Command::Rate(-1.0));
    rig.ask(Command::Play);
    let heard = rig.frames(5_000);
    for i in FADE..5_000 {
        assert_eq!(heard[i], track[100_000 - i], "frame {i}");
    }
}

#[test]
fn a_change_of_rate_does_not_click() {
    let mut rig = Rig::new(9 * SECOND);
    rig.select(&of(&tone(100.0, 0.5, 9 * SECOND)), 0);
    rig.ask(Command::Seek(100_000));
    rig.ask(Command::Play);
    let mut heard = rig.frames(5_000);
    for rate in [1.3, 2.0, -1.0, -2.0, 0.0, 1.0] {
        rig.ask(Command::Rate(rate));
        heard.extend(rig.frames(5_003));
    }
    assert!(steepest(&heard) < 0.03, "a step of {}", steepest(&heard));
    assert!(
        heard[27_000..29_000].iter().all(|f| *f == [0.0; 2]),
        "rate 0 is silent"
    );
}

#[test]
fn devices_of_other_sample_rates_play_the_same_place() {
    let track = tone(1_000.0, 0.5, 9 * SECOND);
    // At 8 kHz each frame stands for six, whose mean is a little less than the one in their middle.
    let cases = [
        (44_100u32, 2e-3),
        (96_000, 2e-3),
        (192_000, 2e-3),
        (8_000, 0.02),
    ];
    for (rate_hz, near) in cases {
        let mut rig = Rig::new(9 * SECOND);
        rig.renderer.set_rate_hz(rate_hz);
        rig.select(&of(&track), 0);
        rig.ask(Command::Play);
        let n = rate_hz as usize / 2;
        let heard = rig.frames(n);
        for i in [n / 3, n / 2, n - 1] {
            let want =
                0.5 * (std::f64::consts::TAU * 1_000.0 * i as f64 / f64::from(rate_hz)).sin();
            assert!(
                (f64::from(heard[i][0]) - want).abs() < near,
                "frame {i} at {rate_hz} Hz"
            );
        }
        let place = rig.place(n as u64);
        assert!((place - 24_000.0).abs() < 1e-6, "{place} at {rate_hz} Hz");
    }
}
