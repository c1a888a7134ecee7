//! The whole analysis with the models of the embedded pack, and files without music.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod common;

use std::path::Path;

use common::{embedded, pulsing_chord, write_wav};
use needledrop_audio::{Analyzer, AudioError};
use tokio_util::sync::CancellationToken;

fn analyzer() -> Analyzer {
    Analyzer::open(&embedded(), 1).unwrap()
}

fn code(analyzer: &mut Analyzer, path: &Path) -> &'static str {
    analyzer
        .analyze(path, &CancellationToken::new())
        .unwrap_err()
        .code()
}

fn length(v: &[f32]) -> f32 {
    v.iter().map(|x| x * x).sum::<f32>().sqrt()
}

#[test]
fn a_track_gets_everything_an_index_needs() {
    let dir = tempfile::tempdir().unwrap();
    let samples = pulsing_chord(44_100, 2, 40.0);
    let path = write_wav(&dir.path().join("chord.wav"), 44_100, 2, &samples);
    let mut analyzer = analyzer();
    let cancel = CancellationToken::new();
    let track = analyzer.analyze(&path, &cancel).unwrap();
    assert!((track.duration_s - 40.0).abs() < 1e-6);
    assert_eq!(
        track.preview_s.1 - track.preview_s.0,
        30.0,
        "a 30 s preview"
    );
    assert_eq!(track.vector.len(), 384);
    assert!((length(&track.vector) - 1.0).abs() < 1e-4, "of length 1");
    assert!(!track.sections.is_empty(), "at least one section");
    assert_eq!(track.sections[0].start_s, 0.0);
    assert_eq!(
        track.sections[track.sections.len() - 1].end_s,
        track.duration_s
    );
    let beats = track.beats.unwrap();
    assert!(
        (beats.times_s.len() as f64 - 80.0).abs() < 4.0,
        "{} beats",
        beats.times_s.len()
    );
    assert_eq!(track.curves.peaks.values.len(), 160, "four points a second");
    assert_eq!(track.curves.energy.values.len(), 80);
    assert!(track.fingerprint.len() > 200, "a fingerprint");
    assert!(
        track
            .sections
            .iter()
            .all(|s| (length(&s.vector) - 1.0).abs() < 1e-4)
    );
    assert!(
        track.tags.windows(2).all(|t| t[0].1 >= t[1].1),
        "highest first"
    );
    let tempo = track.tempo.unwrap();
    assert!(
        (tempo.bpm - 120.0).abs() < 1.0,
        "two pulses a second, got {:?}",
        tempo.candidates
    );
    assert_eq!(track.key.unwrap().key.to_string(), "C");
    assert!((-40.0..0.0).contains(&track.loudness.integrated_lufs.unwrap()));
    assert_eq!(track.damaged_packets, 0);
    assert_eq!(
        analyzer.embed_file(&path, &cancel).unwrap(),
        track.vector,
        "the same vector alone"
    );
}

#[test]
fn the_same_sound_at_another_rate_has_the_same_vector() {
    let dir = tempfile::tempdir().unwrap();
    let mut analyzer = analyzer();
    let mut of = |rate: u32, channels: u16| {
        let samples = pulsing_chord(rate, 1, 12.0);
        let samples: Vec<f32> = samples
            .iter()
            .flat_map(|&x| std::iter::repeat_n(x, usize::from(channels)))
            .collect();
        let path = write_wav(
            &dir.path().join(format!("{rate}.wav")),
            rate,
            channels,
            &samples,
        );
        analyzer
            .analyze(&path, &CancellationToken::new())
            .unwrap()
            .vector
    };
    let reference = of(48_000, 2);
    for (rate, channels) in [(16_000, 1), (44_100, 1), (96_000, 6), (44_101, 2)] {
        let vector = of(rate, channels);
        let cosine: f32 = reference.iter().zip(&vector).map(|(a, b)| a * b).sum();
        assert!(
            cosine > 0.99,
            "{rate} Hz in {channels} channels: cosine {cosine}"
        );
    }
}

#[test]
fn silence_is_analysed_and_has_no_tempo_and_no_key() {
    let dir = tempfile::tempdir().unwrap();
    let path = write_wav(&dir.path().join("s.wav"), 44_100, 1, &vec![0.0; 44_100 * 8]);
    let track = analyzer()
        .analyze(&path, &CancellationToken::new())
        .unwrap();
    assert_eq!(
        (track.tempo, track.key, track.loudness),
        (None, None, needledrop_ranking::Loudness::default())
    );
    assert!(
        (length(&track.vector) - 1.0).abs() < 1e-4,
        "and still a vector of length 1"
    );
}

#[test]
fn files_without_music_give_error_codes_and_the_next_file_is_analysed() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let mut analyzer = analyzer();
    assert_eq!(code(&mut analyzer, &at("missing.ogg")), "not_found");
    std::fs::write(at("empty.mp3"), []).unwrap();
    assert_eq!(code(&mut analyzer, &at("empty.mp3")), "empty_file");
    std::fs::write(at("text.flac"), "no music at all ".repeat(500)).unwrap();
    assert_eq!(code(&mut analyzer, &at("text.flac")), "not_audio");
    assert_eq!(code(&mut analyzer, dir.path()), "unreadable");
    let short = write_wav(&at("short.wav"), 44_100, 1, &vec![0.1; 441]);
    assert_eq!(code(&mut analyzer, &short), "too_short");
    let slow = write_wav(&at("slow.wav"), 1_000, 1, &vec![0.1; 20_000]);
    assert_eq!(code(&mut analyzer, &slow), "unsupported_layout");
    let fast = write_wav(&at("fast.wav"), 400_000, 1, &vec![0.1; 20_000]);
    assert_eq!(code(&mut analyzer, &fast), "unsupported_layout");
    let wide = write_wav(&at("wide.wav"), 44_100, 26, &vec![0.1; 26 * 4000]);
    assert_eq!(code(&mut analyzer, &wide), "unsupported_layout");
    let good = write_wav(&at("good.wav"), 22_050, 1, &pulsing_chord(22_050, 1, 5.0));
    assert!(analyzer.analyze(&good, &CancellationToken::new()).is_ok());
}

#[test]
fn a_truncated_file_is_analysed_up_to_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cut.wav");
    write_wav(&path, 44_100, 2, &pulsing_chord(44_100, 2, 10.0));
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let track = analyzer()
        .analyze(&path, &CancellationToken::new())
        .unwrap();
    assert!(
        (track.duration_s - 5.0).abs() < 0.2,
        "got {} s",
        track.duration_s
    );
}

#[test]
fn a_cancelled_analysis_stops() {
    let dir = tempfile::tempdir().unwrap();
    let path = write_wav(
        &dir.path().join("c.wav"),
        44_100,
        1,
        &pulsing_chord(44_100, 1, 5.0),
    );
    let cancel = CancellationToken::new();
    cancel.cancel();
    let error = analyzer().analyze(&path, &cancel).unwrap_err();
    assert!(matches!(error, AudioError::Cancelled), "got {error}");
    assert!(
        !error.is_about_the_file(),
        "an index must not note the file as bad"
    );
}
