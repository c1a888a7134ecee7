//! The same music in other encodings is one recording, other music is not.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

mod common;

use std::path::{Path, PathBuf};
use std::time::Instant;

use gstreamer as gst;
use gstreamer::prelude::*;
use needledrop_audio::decode::Decoder;
use needledrop_audio::fingerprint::{Comparison, Fingerprint};

const RATE: u32 = 44_100;

/// A tune over chords, of notes drawn by a seed, half a second each.
fn tune(seed: u64, seconds: usize) -> Vec<f32> {
    let mut state = seed;
    let mut draw = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let scale = [0, 2, 4, 5, 7, 9, 11];
    let hz = |step: i32| 220.0 * 2_f64.powf(f64::from(step) / 12.0);
    let notes: Vec<[f64; 3]> = (0..seconds * 2)
        .map(|_| [(); 3].map(|()| hz(scale[draw() % 7] + 12 * (draw() % 3) as i32 - 12)))
        .collect();
    (0..seconds * RATE as usize)
        .flat_map(|at| {
            let t = at as f64 / f64::from(RATE);
            let within = (t * 2.0).fract();
            let tones = &notes[(t * 2.0) as usize];
            let sum: f64 = tones
                .iter()
                .map(|f| {
                    let phase = std::f64::consts::TAU * f * t;
                    phase.sin() + 0.4 * (2.0 * phase).sin() + 0.2 * (3.0 * phase).sin()
                })
                .sum();
            let loud = (0.15 * sum * (-2.0 * within).exp()) as f32;
            [loud, loud * 0.8]
        })
        .collect()
}

fn encode(wav: &Path, to: &Path, how: &str) {
    gst::init().unwrap();
    let text = format!(
        "filesrc location={} ! wavparse ! audioconvert ! audioresample ! {how} ! filesink location={}",
        wav.display(),
        to.display()
    );
    let pipeline = gst::parse::launch(&text).unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let ended = [gst::MessageType::Eos, gst::MessageType::Error];
    let message = pipeline
        .bus()
        .unwrap()
        .timed_pop_filtered(gst::ClockTime::from_seconds(60), &ended)
        .unwrap();
    if let gst::MessageView::Error(error) = message.view() {
        panic!("{text}: {error:?}");
    }
    pipeline.set_state(gst::State::Null).unwrap();
}

fn fingerprint(path: &Path) -> Vec<u32> {
    let mut decoder = Decoder::open(path).unwrap();
    let mut block = Vec::new();
    let mut listener = None;
    while let Some((rate_hz, channels)) = decoder.next_block(&mut block).unwrap() {
        listener
            .get_or_insert_with(|| Fingerprint::new(rate_hz, channels))
            .push(&block);
    }
    listener.unwrap().finish()
}

#[test]
fn encodings_of_one_piece_are_one_recording_and_other_pieces_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| -> PathBuf { dir.path().join(name) };
    let wav = common::write_wav(&path("a.wav"), RATE, 2, &tune(1, 40));
    encode(&wav, &path("a.flac"), "flacenc");
    encode(
        &wav,
        &path("a.ogg"),
        "volume volume=0.4 ! vorbisenc quality=0.1 ! oggmux",
    );
    encode(
        &wav,
        &path("a.mp3"),
        "volume volume=1.6 ! lamemp3enc target=bitrate bitrate=96",
    );
    encode(
        &wav,
        &path("a.opus"),
        "audio/x-raw,rate=48000 ! opusenc bitrate=64000 ! oggmux",
    );
    encode(
        &wav,
        &path("mono.wav"),
        "audio/x-raw,rate=22050,channels=1 ! wavenc",
    );
    let first = fingerprint(&wav);
    assert!(first.len() > 250, "{} numbers", first.len());
    let comparison = Comparison::new(&first);
    for name in ["a.wav", "a.flac", "a.ogg", "a.mp3", "a.opus", "mono.wav"] {
        assert!(
            comparison.is_same_recording(&fingerprint(&path(name))),
            "{name}"
        );
    }
    for seed in 2..12 {
        let other = common::write_wav(&path("other.wav"), RATE, 2, &tune(seed, 40));
        assert!(
            !comparison.is_same_recording(&fingerprint(&other)),
            "{seed}"
        );
    }
}

#[test]
#[ignore = "a measurement: prints the cost of a fingerprint and of a comparison"]
fn cost_of_fingerprint_and_comparison() {
    let samples = tune(3, 120);
    let started = Instant::now();
    let mut listener = Fingerprint::new(RATE, 2);
    samples.chunks(8192).for_each(|part| listener.push(part));
    let first = listener.finish();
    println!(
        "two minutes: {:.1} ms, {} numbers",
        started.elapsed().as_secs_f64() * 1e3,
        first.len()
    );
    let mut other = Fingerprint::new(RATE, 2);
    tune(4, 120).chunks(8192).for_each(|part| other.push(part));
    let other = other.finish();
    let comparison = Comparison::new(&first);
    for (what, with) in [("itself", &first), ("another", &other)] {
        let started = Instant::now();
        let same = (0..100)
            .filter(|_| comparison.is_same_recording(with))
            .count();
        println!(
            "with {what}: {:.1} µs, {same} of 100 the same",
            started.elapsed().as_secs_f64() * 1e4
        );
    }
}
