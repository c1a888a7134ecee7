//! The networks' inputs against librosa, transformers and BeatNet; tests/golden/make_*.py make the files.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

use needledrop_audio::frontend::{beat_activations, clap_picture, musicnn_frames};

/// The signal of make_mel.py.
fn signal(rate: u32, seconds: u32) -> Vec<f32> {
    let tau = std::f64::consts::TAU;
    let mut state: u32 = 12345;
    (0..rate * seconds)
        .map(|i| {
            let t = f64::from(i) / f64::from(rate);
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from(state) / 2f64.powi(31) - 1.0;
            let sweep = 0.4 * (tau * (100.0 * t + 400.0 * t * t)).sin();
            let tone = 0.2 * (tau * 3000.0 * t).sin() * (0.5 + 0.5 * (tau * 3.0 * t).sin());
            (sweep + tone + 0.05 * noise) as f32
        })
        .collect()
}

fn numbers(bytes: &[u8]) -> Vec<f32> {
    bytes
        .chunks_exact(4)
        .map(|b| f32::from_le_bytes(b.try_into().unwrap()))
        .collect()
}

fn worst(got: &[f32], want: &[f32]) -> f32 {
    assert_eq!(got.len(), want.len(), "as many numbers as the reference");
    got.iter()
        .zip(want)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max)
}

fn every(rows: &[f32], width: usize, step: usize) -> Vec<f32> {
    rows.chunks_exact(width)
        .step_by(step)
        .flatten()
        .copied()
        .collect()
}

#[test]
fn musicnn_frames_equal_librosas() {
    let frames = musicnn_frames(&signal(16_000, 4));
    assert_eq!(frames.len(), 251 * 96, "1 + 64000 / 256 frames");
    let mut got = every(&frames, 96, 8);
    got.extend_from_slice(&frames[frames.len() - 96..]);
    let off = worst(&got, &numbers(include_bytes!("golden/musicnn_mel.f32")));
    println!("largest difference to librosa: {off:e}");
    assert!(off < 1e-4, "off by {off} in log10 units");
}

#[test]
fn clap_pictures_equal_the_feature_extractors() {
    for (seconds, golden) in [
        (10, &include_bytes!("golden/clap_mel_10s.f32")[..]),
        (3, &include_bytes!("golden/clap_mel_3s.f32")[..]),
    ] {
        let got = every(&clap_picture(&signal(48_000, seconds)), 64, 50);
        let off = worst(&got, &numbers(golden));
        println!("{seconds} s: largest difference to transformers: {off:e} dB");
        assert!(off < 2e-3, "{seconds} s: off by {off} dB");
    }
}

#[test]
fn beat_activations_are_close_to_beatnets() {
    let got = beat_activations(&signal(22_050, 8)).unwrap();
    let got: Vec<f32> = got.iter().flatten().copied().collect();
    let want = numbers(include_bytes!("golden/beats_8s.f32"));
    let mean = got
        .iter()
        .zip(&want)
        .map(|(a, b)| (a - b).abs())
        .sum::<f32>()
        / want.len() as f32;
    let off = worst(&got, &want);
    println!("difference to BeatNet: {mean:e} on average, {off:e} at most");
    // The spectrum is read between the lines of a longer transform (rhythm/activation.rs).
    assert!(mean < 0.015, "off by {mean} on average");
    let highest = want.iter().fold(0.0f32, |m, &x| m.max(x));
    assert!(
        highest > 0.3,
        "the signal pulses: highest activation {highest}"
    );
}
