//! The exact tempo of loops and of long tracks.

use super::listen;
use crate::signal::MUSIC_RATE_HZ;
use crate::synth::Drum::{Hat, Kick, Snare};
use crate::synth::strokes;

fn beat(bpm: f64, beats: usize) -> Vec<f32> {
    let lines = [
        (Kick, "x.......x.x....."),
        (Snare, "....x.......x..."),
        (Hat, "x.x.x.x.x.x.x.x."),
    ];
    strokes(bpm, 4, &lines, 4, beats as f64 * 60.0 / bpm)
}

/// Distance to the nearest of the tempo, its half and its double, beats per minute of the tempo.
fn off(got: f32, want: f64) -> f64 {
    let near = |factor: f64| (f64::from(got) * factor - want).abs();
    near(1.0).min(near(0.5)).min(near(2.0))
}

#[test]
fn a_loop_cut_to_whole_bars_has_its_exact_tempo() {
    for (bpm, beats) in [
        (100.0, 8),
        (100.0, 16),
        (133.0, 16),
        (87.5, 8),
        (174.0, 16),
        (63.0, 8),
        (118.7, 32),
    ] {
        let tempo = listen(&beat(bpm, beats)).0.unwrap();
        let off = off(tempo.bpm, bpm);
        assert!(off <= 0.05, "{beats} beats at {bpm} read as {}", tempo.bpm);
    }
}

#[test]
fn a_loop_between_silences_has_its_tempo() {
    for (bpm, beats, ahead_s, behind_s) in [(92.0, 16, 0.3, 0.0), (126.0, 16, 0.05, 0.5)] {
        let silence = |seconds: f64| vec![0.0; (seconds * f64::from(MUSIC_RATE_HZ)) as usize];
        let mut samples = silence(ahead_s);
        samples.extend(beat(bpm, beats));
        samples.extend(silence(behind_s));
        let tempo = listen(&samples).0.unwrap();
        let off = off(tempo.bpm, bpm);
        assert!(off <= 0.05, "{beats} beats at {bpm} read as {}", tempo.bpm);
    }
}

#[test]
fn a_long_track_has_its_tempo_to_a_fiftieth() {
    let tempo = listen(&beat(97.3, 146)).0.unwrap();
    assert!(off(tempo.bpm, 97.3) <= 0.02, "read as {}", tempo.bpm);
}
