//! The sound of a clip: its position in time, and clips without sound.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

use gstreamer::{self as gst, prelude::*};
use needledrop_media::{SOUND_CHANNELS, SOUND_RATE_HZ, SoundReport, probe, sound};
use std::{ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

fn make(text: &str, path: &Path) {
    gst::init().unwrap();
    let text = format!("{text} filesink name=file location={}", path.display());
    let pipeline = gst::parse::launch(&text).unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let ends = [gst::MessageType::Eos, gst::MessageType::Error];
    let end = pipeline
        .bus()
        .unwrap()
        .timed_pop_filtered(gst::ClockTime::from_seconds(60), &ends)
        .unwrap();
    assert_eq!(end.type_(), gst::MessageType::Eos, "making {text}: {end:?}");
    pipeline.set_state(gst::State::Null).unwrap();
}

/// Ten seconds of video with a tone that is loud in every other second.
fn clip(path: &Path, audio: &str, mux: &str) {
    let text = format!(
        "videotestsrc num-buffers=100 ! video/x-raw,width=64,height=48,framerate=10/1 ! x264enc key-int-max=10 ! \
         h264parse ! {mux} name=mux ! filesink name=out audiotestsrc num-buffers=100 samplesperbuffer=4800 \
         wave=sine freq=440 ! audio/x-raw,rate=48000,channels=1 ! {audio} ! mux. mux. ! queue !"
    );
    // One muxer, one sink.
    let text = text
        .replace("! filesink name=out ", "")
        .replace("! mux. mux. ! queue !", "! mux. mux. !");
    make(&text, path);
}

fn hear(path: &Path, range_s: (f64, f64)) -> (Option<SoundReport>, Vec<f32>) {
    let info = probe(path).unwrap();
    let mut samples = Vec::new();
    let report = sound(
        path,
        0,
        info.origin_s,
        range_s,
        &CancellationToken::new(),
        &mut |block| {
            samples.extend_from_slice(block);
            ControlFlow::Continue(())
        },
    );
    (report.unwrap(), samples)
}

fn rms(samples: &[f32]) -> f32 {
    (samples.iter().map(|x| x * x).sum::<f32>() / samples.len().max(1) as f32).sqrt()
}

#[test]
fn sound_is_read_as_a_whole_and_by_range() {
    let dir = tempfile::tempdir().unwrap();
    for (name, audio, mux) in [
        ("a.mp4", "avenc_aac ! aacparse", "mp4mux"),
        ("a.mkv", "vorbisenc", "matroskamux"),
        ("p.mkv", "audioconvert", "matroskamux"),
        ("a.ts", "avenc_aac ! aacparse", "mpegtsmux"),
    ] {
        let path = dir.path().join(name);
        clip(&path, audio, mux);
        let (report, samples) = hear(&path, (0.0, 10.0));
        let duration_s = report.unwrap().duration_s;
        assert!(
            (9.8..=10.05).contains(&duration_s),
            "{name}: {duration_s} s"
        );
        assert!(rms(&samples) > 0.3, "{name}: {}", rms(&samples));
        let (_, part) = hear(&path, (4.0, 6.0));
        let wanted = 2 * SOUND_RATE_HZ as usize * SOUND_CHANNELS;
        assert!(
            part.len().abs_diff(wanted) < 200,
            "{name}: {} of {wanted}",
            part.len()
        );
        assert!(rms(&part) > 0.3, "{name}: {}", rms(&part));
    }
}

#[test]
fn a_clip_without_sound_has_none_and_does_not_stall() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mute.mp4");
    make(
        "videotestsrc num-buffers=30 ! video/x-raw,width=64,height=48 ! x264enc ! h264parse ! mp4mux !",
        &path,
    );
    // A pipeline that waited for sound would end in the error `stalled`.
    assert_eq!(hear(&path, (0.0, 1.0)), (None, Vec::new()));
}

#[test]
fn truncated_sound_is_read_up_to_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("short.mkv");
    clip(&path, "vorbisenc", "matroskamux");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let (report, samples) = hear(&path, (0.0, 10.0));
    let duration_s = report.unwrap().duration_s;
    assert!((1.0..9.0).contains(&duration_s), "{duration_s} s");
    assert!(rms(&samples) > 0.2);
}
