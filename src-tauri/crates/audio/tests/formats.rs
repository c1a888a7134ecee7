//! Every format that the program promises, encoded by GStreamer and decoded here.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod common;

use std::path::Path;

use common::{pulsing_chord, write_wav};
use gstreamer as gst;
use gstreamer::prelude::*;
use needledrop_audio::{AudioError, Metadata, decode::Decoder};

const RATE_HZ: u32 = 44_100;
const SECONDS: f64 = 5.0;

/// Runs `filesrc ! wavparse ! audioconvert ! <rest> ! filesink`.
fn encode(wav: &Path, rest: &str, out: &Path) {
    gst::init().unwrap();
    let line = format!(
        "filesrc location=\"{}\" ! wavparse ! audioconvert ! audioresample ! {rest} ! filesink location=\"{}\"",
        wav.display(),
        out.display()
    );
    let pipeline = gst::parse::launch(&line).unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let bus = pipeline.bus().unwrap();
    let kinds = [gst::MessageType::Eos, gst::MessageType::Error];
    let message = bus
        .timed_pop_filtered(gst::ClockTime::from_seconds(60), &kinds)
        .unwrap();
    pipeline.set_state(gst::State::Null).unwrap();
    assert_eq!(
        message.type_(),
        gst::MessageType::Eos,
        "{rest}: {message:?}"
    );
}

/// All samples, interleaved, with sample rate and channels.
fn decode(path: &Path) -> Result<(Vec<f32>, u32, usize), AudioError> {
    let mut decoder = Decoder::open(path)?;
    let (mut all, mut block, mut layout) = (Vec::new(), Vec::new(), (0, 0));
    while let Some(of_block) = decoder.next_block(&mut block)? {
        layout = of_block;
        all.extend_from_slice(&block);
    }
    assert_eq!(
        decoder.damaged_packets(),
        0,
        "a sound file: {}",
        path.display()
    );
    Ok((all, layout.0, layout.1))
}

/// Share of the energy that differs, at the best of the shifts up to `reach` frames.
fn difference(got: &[f32], want: &[f32], channels: usize, reach: usize) -> f64 {
    let at = |shift: usize| {
        let (mut off, mut energy) = (0.0, 0.0);
        for (a, b) in got[shift * channels..].iter().zip(want) {
            off += f64::from(a - b).powi(2);
            energy += f64::from(*b).powi(2);
        }
        off / energy
    };
    (0..=reach).map(at).fold(f64::INFINITY, f64::min)
}

#[test]
fn lossless_formats_come_back_exactly() {
    let dir = tempfile::tempdir().unwrap();
    let want = pulsing_chord(RATE_HZ, 2, SECONDS);
    let wav = write_wav(&dir.path().join("in.wav"), RATE_HZ, 2, &want);
    for (name, rest) in [
        ("a.flac", "flacenc"),
        ("a.aiff", "audio/x-raw,format=S16BE ! avmux_aiff"),
        ("a.m4a", "avenc_alac ! mp4mux"),
        ("24.wav", "audio/x-raw,format=S24LE ! wavenc"),
        ("32.wav", "audio/x-raw,format=F32LE ! wavenc"),
        ("wrong-extension.mp3", "flacenc"),
    ] {
        let path = dir.path().join(name);
        encode(&wav, rest, &path);
        let (got, rate, channels) = decode(&path).unwrap();
        assert_eq!((rate, channels), (RATE_HZ, 2), "{name}");
        assert_eq!(got.len(), want.len(), "{name}: every sample");
        let off = difference(&got, &want, 2, 0);
        assert!(off < 1e-6, "{name}: differs by {off:e} of the energy");
    }
}

#[test]
fn lossy_formats_come_back_in_length_and_likeness() {
    let dir = tempfile::tempdir().unwrap();
    let want = pulsing_chord(RATE_HZ, 2, SECONDS);
    let wav = write_wav(&dir.path().join("in.wav"), RATE_HZ, 2, &want);
    for (name, rest, delay) in [
        (
            "a.ogg",
            "audio/x-raw,format=F32LE ! vorbisenc quality=0.7 ! oggmux",
            0,
        ),
        (
            "a.mp3",
            "lamemp3enc target=bitrate bitrate=256 cbr=true ! xingmux",
            2400,
        ),
        ("a.m4a", "avenc_aac bitrate=256000 ! mp4mux", 2400),
    ] {
        let path = dir.path().join(name);
        encode(&wav, rest, &path);
        let (got, rate, channels) = decode(&path).unwrap();
        assert_eq!((rate, channels), (RATE_HZ, 2), "{name}");
        let beyond = got.len() as f64 / 2.0 - SECONDS * f64::from(RATE_HZ);
        assert!(
            (-10.0..=4800.0).contains(&beyond),
            "{name}: {beyond} samples too many"
        );
        let off = difference(&got, &want, 2, delay);
        assert!(off < 0.01, "{name}: differs by {off} of the energy");
    }
}

#[test]
fn opus_comes_back_at_48_khz_without_its_delay() {
    let dir = tempfile::tempdir().unwrap();
    for channels in [1u16, 2] {
        let want = pulsing_chord(48_000, usize::from(channels), SECONDS);
        let wav = write_wav(&dir.path().join("in.wav"), 48_000, channels, &want);
        let path = dir.path().join("a.opus");
        encode(&wav, "opusenc bitrate=256000 ! oggmux", &path);
        let (got, rate, count) = decode(&path).unwrap();
        assert_eq!((rate, count), (48_000, usize::from(channels)));
        let beyond = got.len() as f64 / f64::from(channels) - SECONDS * 48_000.0;
        assert!(beyond.abs() < 1000.0, "{beyond} samples too many");
        let off = difference(&got, &want, count, 0);
        assert!(
            off < 0.02,
            "{channels} channels: differs by {off} of the energy"
        );
    }
}

#[test]
fn a_file_without_sound_says_so() {
    gst::init().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("silent-film.mkv");
    let line = format!(
        "videotestsrc num-buffers=10 ! vp8enc ! matroskamux ! filesink location=\"{}\"",
        path.display()
    );
    let pipeline = gst::parse::launch(&line).unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let eos = [gst::MessageType::Eos, gst::MessageType::Error];
    pipeline
        .bus()
        .unwrap()
        .timed_pop_filtered(gst::ClockTime::from_seconds(60), &eos)
        .unwrap();
    pipeline.set_state(gst::State::Null).unwrap();
    let error = Decoder::open(&path).err().unwrap();
    assert_eq!(error.code(), "no_audio_stream", "got {error}");
}

#[test]
fn broken_streams_end_in_an_error_or_in_what_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let wav = write_wav(
        &dir.path().join("in.wav"),
        RATE_HZ,
        2,
        &pulsing_chord(RATE_HZ, 2, 3.0),
    );
    for (name, rest) in [
        ("a.flac", "flacenc"),
        ("a.ogg", "audio/x-raw,format=F32LE ! vorbisenc ! oggmux"),
        ("a.opus", "audio/x-raw,rate=48000 ! opusenc ! oggmux"),
        ("a.mp3", "lamemp3enc"),
        ("a.m4a", "avenc_aac ! mp4mux"),
    ] {
        let path = dir.path().join(name);
        encode(&wav, rest, &path);
        let whole = std::fs::read(&path).unwrap();
        let mut state = 99u32;
        for round in 0..40 {
            let mut bytes = whole.clone();
            for _ in 0..=round {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = state as usize % bytes.len();
                bytes[at] ^= (state >> 24) as u8 | 1;
            }
            bytes.truncate(whole.len() - (round % 4) * whole.len() / 5);
            std::fs::write(&path, bytes).unwrap();
            let mut samples = Vec::new();
            // Whatever comes out is finite and bounded; nothing panics.
            if let Ok(mut decoder) = Decoder::open(&path) {
                while let Ok(Some(_)) = decoder.next_block(&mut samples) {
                    assert!(
                        samples.iter().all(|x| x.abs() <= 8.0),
                        "{name}, round {round}"
                    );
                }
            }
        }
    }
}

#[test]
fn tags_are_read_from_every_kind() {
    let dir = tempfile::tempdir().unwrap();
    let wav = write_wav(
        &dir.path().join("in.wav"),
        RATE_HZ,
        2,
        &pulsing_chord(RATE_HZ, 2, 1.0),
    );
    let tags = "taginject tags=\"title=Dusk,artist=Someone,album=Hours,license=CC0\"";
    for (name, rest) in [
        ("a.flac", format!("{tags} ! flacenc")),
        (
            "a.ogg",
            format!("audio/x-raw,format=F32LE ! {tags} ! vorbisenc ! oggmux"),
        ),
        ("a.mp3", format!("{tags} ! lamemp3enc ! id3v2mux")),
    ] {
        let path = dir.path().join(name);
        encode(&wav, &rest, &path);
        let metadata = Metadata::read(&path);
        assert_eq!(metadata.title.as_deref(), Some("Dusk"), "{name}");
        assert_eq!(metadata.artist.as_deref(), Some("Someone"), "{name}");
        assert_eq!(metadata.album.as_deref(), Some("Hours"), "{name}");
    }
}
