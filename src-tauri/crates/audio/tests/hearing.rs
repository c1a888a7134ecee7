//! Tempo, beats, bars and keys of music with known truth: 120 composed pieces in twenty-one styles,
//! played by a soundfont. The bounds are those of `docs/PERFORMANCE.md`; `benches/hearing/run`
//! measures them beside real MIDI files and other programs.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod scores;

use needledrop_audio::{Analyzer, TrackAnalysis};
use needledrop_ranking::Mode;
use scores::{Piece, compose, play};
use tokio_util::sync::CancellationToken;

const EACH: u64 = 6;
const SECONDS: f64 = 42.0;
/// A beat counts as found within this, and the first seconds do not count (MIREX).
const NEAR_S: f64 = 0.07;
const SETTLING_S: f64 = 5.0;

/// Sums of the figures over all pieces.
#[derive(Default)]
struct Tally {
    pieces: f64,
    accuracy1: f64,
    accuracy2: f64,
    beats: f64,
    downbeats: f64,
    keyed: f64,
    key: f64,
    problems: Vec<String>,
}

#[test]
fn tempo_beats_bars_and_keys_of_known_music_are_found() {
    let pieces: Vec<Piece> = compose::collection(0, EACH, SECONDS).collect();
    let share = pieces.len().div_ceil(cores());
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        let parts = pieces
            .chunks(share)
            .map(|part| scope.spawn(|| judge_all(part)));
        let parts: Vec<_> = parts.collect();
        for part in parts {
            tally.add(part.join().unwrap());
        }
    });
    let n = tally.pieces;
    let mean = |sum: f64| sum / n;
    println!(
        "{n} pieces: accuracy1 {:.3}, accuracy2 {:.3}, beats {:.3}, downbeats {:.3}; {} keys: {:.3}",
        mean(tally.accuracy1),
        mean(tally.accuracy2),
        mean(tally.beats),
        mean(tally.downbeats),
        tally.keyed,
        tally.key / tally.keyed
    );
    let problems = tally.problems.join("\n");
    assert!(mean(tally.accuracy1) >= 0.85, "tempo:\n{problems}");
    assert!(
        mean(tally.accuracy2) >= 0.97,
        "tempo but for octaves:\n{problems}"
    );
    assert!(mean(tally.beats) >= 0.90, "beats:\n{problems}");
    assert!(mean(tally.downbeats) >= 0.75, "downbeats:\n{problems}");
    assert!(tally.key / tally.keyed >= 0.80, "keys:\n{problems}");
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn judge_all(pieces: &[Piece]) -> Tally {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("piece.wav");
    let mut analyzer = Analyzer::without_pack().unwrap();
    let mut tally = Tally::default();
    for piece in pieces {
        std::fs::write(&path, play::wav(&play::play(piece))).unwrap();
        let heard = analyzer.analyze(&path, &CancellationToken::new()).unwrap();
        tally.judge(piece, &heard);
    }
    tally
}

impl Tally {
    fn judge(&mut self, piece: &Piece, heard: &TrackAnalysis) {
        let bpm = heard.tempo.as_ref().map_or(0.0, |t| f64::from(t.bpm));
        let near = |factor: f64| (bpm * factor / piece.bpm - 1.0).abs() <= 0.04;
        let octave = [1.0, 2.0, 0.5, 3.0, 1.0 / 3.0].into_iter().any(near);
        let (mut beats_s, mut downbeats_s) = (Vec::new(), Vec::new());
        if let Some(beats) = &heard.beats {
            downbeats_s = beats.downbeats_s().collect();
            beats_s.clone_from(&beats.times_s);
        }
        let beats = f_measure(&piece.beats_s, &beats_s);
        let downbeats = f_measure(&piece.downbeats_s, &downbeats_s);
        self.pieces += 1.0;
        self.accuracy1 += f64::from(u8::from(near(1.0)));
        self.accuracy2 += f64::from(u8::from(octave));
        self.beats += beats;
        self.downbeats += downbeats;
        let key = heard
            .key
            .map(|k| (k.key.tonic(), k.key.mode() == Mode::Minor));
        let mut key_score = 1.0;
        if let Some(truth) = piece.key {
            key_score = mirex(truth, key);
            self.keyed += 1.0;
            self.key += key_score;
        }
        if !near(1.0) || beats < 0.9 || downbeats < 0.75 || key_score < 1.0 {
            self.problems.push(format!(
                "{}: {:.1} BPM heard as {bpm:.1}, beats {beats:.2}, downbeats {downbeats:.2}, key {:?} as {key:?}",
                piece.name, piece.bpm, piece.key
            ));
        }
    }

    fn add(&mut self, other: Tally) {
        self.pieces += other.pieces;
        self.accuracy1 += other.accuracy1;
        self.accuracy2 += other.accuracy2;
        self.beats += other.beats;
        self.downbeats += other.downbeats;
        self.keyed += other.keyed;
        self.key += other.key;
        self.problems.extend(other.problems);
    }
}

/// Harmonic mean of precision and recall, each time matched once.
fn f_measure(truth: &[f64], heard: &[f64]) -> f64 {
    let settled = |times: &[f64]| -> Vec<f64> {
        times.iter().copied().filter(|t| *t >= SETTLING_S).collect()
    };
    let (truth, heard) = (settled(truth), settled(heard));
    let (mut t, mut h, mut hits) = (0, 0, 0.0);
    while t < truth.len() && h < heard.len() {
        if (truth[t] - heard[h]).abs() <= NEAR_S {
            (t, h, hits) = (t + 1, h + 1, hits + 1.0);
        } else if truth[t] < heard[h] {
            t += 1;
        } else {
            h += 1;
        }
    }
    if hits == 0.0 {
        0.0
    } else {
        2.0 * hits / (truth.len() + heard.len()) as f64
    }
}

/// MIREX: the key 1, its fifth 0.5, its relative 0.3, its parallel 0.2.
fn mirex((tonic, minor): (u8, bool), heard: Option<(u8, bool)>) -> f64 {
    let Some((got, got_minor)) = heard else {
        return 0.0;
    };
    let up = (got + 12 - tonic) % 12;
    match (up, minor == got_minor) {
        (0, true) => 1.0,
        (7, true) => 0.5,
        (9, false) if !minor => 0.3,
        (3, false) if minor => 0.3,
        (0, false) => 0.2,
        _ => 0.0,
    }
}
