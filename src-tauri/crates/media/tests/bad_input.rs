//! Files that are not a clip, or only partly: each gives a named error; usable parts are kept.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod common;

use common::Clip;
use needledrop_media::{
    FrameSize, MediaError, Sampling, StripReport, StripRequest, frame_strip, probe,
};
use std::{fs, ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

fn sample(path: &Path, range_s: Option<(f64, f64)>) -> Result<StripReport, MediaError> {
    let request = StripRequest {
        range_s,
        sampling: Sampling::Fast,
        size: FrameSize::Native,
        most: needledrop_media::MAX_FRAMES,
    };
    frame_strip(path, &request, &CancellationToken::new(), &mut |_| {
        ControlFlow::Continue(())
    })
}

fn assert_code(path: &Path, code: &str) {
    let error = sample(path, None).unwrap_err();
    assert_eq!(error.code(), code, "sampling: {error}");
    let error = probe(path).unwrap_err();
    assert_eq!(error.code(), code, "probing: {error}");
}

#[test]
fn files_that_are_not_a_video_give_an_error_each() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    assert_code(&at("nothing.mp4"), "not_found");
    assert_code(dir.path(), "unreadable");
    fs::write(at("empty.mp4"), b"").unwrap();
    assert_code(&at("empty.mp4"), "empty_file");
    fs::write(at("text.mp4"), "just a shopping list\n".repeat(200)).unwrap();
    assert_code(&at("text.mp4"), "not_a_video");
    let noise: Vec<u8> = (0..20_000u64)
        .map(|i| (i.wrapping_mul(i * 2_654_435_761) >> 13) as u8)
        .collect();
    fs::write(at("noise.mp4"), noise).unwrap();
    assert_code(&at("noise.mp4"), "not_a_video");
    image::RgbImage::new(32, 32).save(at("still.jpg")).unwrap();
    assert_code(&at("still.jpg"), "not_a_video");
}

#[test]
fn a_file_with_only_sound_has_no_video_stream() {
    let dir = tempfile::tempdir().unwrap();
    gstreamer::init().unwrap();
    for (name, text) in [
        ("a.m4a", "audiotestsrc num-buffers=50 ! avenc_aac ! mp4mux"),
        ("a.wav", "audiotestsrc num-buffers=50 ! wavenc"),
        ("a.ogg", "audiotestsrc num-buffers=50 ! vorbisenc ! oggmux"),
    ] {
        use gstreamer::prelude::*;
        let path = dir.path().join(name);
        let text = format!("{text} ! filesink location={}", path.display());
        let pipeline = gstreamer::parse::launch(&text).unwrap();
        pipeline.set_state(gstreamer::State::Playing).unwrap();
        let kinds = [gstreamer::MessageType::Eos, gstreamer::MessageType::Error];
        let limit = gstreamer::ClockTime::from_seconds(30);
        pipeline
            .bus()
            .unwrap()
            .timed_pop_filtered(limit, &kinds)
            .unwrap();
        pipeline.set_state(gstreamer::State::Null).unwrap();
        assert_code(&path, "no_video_stream");
    }
}

#[test]
fn a_truncated_file_gives_its_good_part_and_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole.mp4");
    Clip {
        frames: 250,
        ..Clip::default()
    }
    .write(&whole);
    let bytes = fs::read(&whole).unwrap();
    let cut = dir.path().join("cut.mp4");
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    assert_code(&cut, "truncated");
    let front = dir.path().join("front.mp4");
    Clip {
        frames: 250,
        mux: "mp4mux faststart=true",
        ..Clip::default()
    }
    .write(&front);
    let bytes = fs::read(&front).unwrap();
    fs::write(&cut, &bytes[..bytes.len() * 6 / 10]).unwrap();
    let report = sample(&cut, None).unwrap();
    assert!(
        report.corrupt && (2..9).contains(&report.sampled),
        "half of it: {report:?}"
    );
}

#[test]
fn damage_in_the_middle_keeps_the_frames_around_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hurt.mp4");
    Clip {
        frames: 250,
        ..Clip::default()
    }
    .write(&path);
    let mut bytes = fs::read(&path).unwrap();
    let (from, to) = (bytes.len() * 3 / 10, bytes.len() * 5 / 10);
    bytes[from..to].iter_mut().for_each(|b| *b = 0x5a);
    fs::write(&path, bytes).unwrap();
    let report = sample(&path, None).unwrap();
    assert!(
        report.sampled >= 5,
        "frames before and after the damage: {report:?}"
    );
    assert!(report.corrupt, "and the damage is told: {report:?}");
}

#[test]
fn ranges_outside_and_too_long_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("r.mp4");
    Clip::default().write(&path);
    for range in [(0.0, 9.0), (5.0, 6.0), (2.0, 1.0)] {
        assert_eq!(
            sample(&path, Some(range)).unwrap_err().code(),
            "range_outside",
            "{range:?}"
        );
    }
    let long = dir.path().join("long.mkv");
    let slow = |n: usize| n as u64 * 1000;
    Clip {
        frames: 125,
        start_ms: &slow,
        mux: "matroskamux",
        ..Clip::default()
    }
    .write(&long);
    let error = sample(&long, None).unwrap_err();
    assert_eq!(error.code(), "clip_too_long", "{error}");
    assert_eq!(
        sample(&long, Some((2.0, 122.0))).unwrap().sampled,
        120,
        "a range of it is fine"
    );
}

#[test]
fn a_cancel_ends_before_the_next_frame_and_a_break_is_no_error() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("c.mp4");
    Clip {
        frames: 500,
        ..Clip::default()
    }
    .write(&path);
    let request = StripRequest {
        range_s: None,
        sampling: Sampling::Exact,
        size: FrameSize::Native,
        most: needledrop_media::MAX_FRAMES,
    };
    let cancel = CancellationToken::new();
    let mut frames = 0;
    let error = frame_strip(&path, &request, &cancel, &mut |_| {
        cancel.cancel();
        frames += 1;
        ControlFlow::Continue(())
    })
    .unwrap_err();
    assert_eq!(error.code(), "cancelled", "{error}");
    assert_eq!(frames, 1, "of the 20 that the clip has");
    let report = frame_strip(&path, &request, &CancellationToken::new(), &mut |_| {
        ControlFlow::Break(())
    })
    .unwrap();
    assert_eq!(report.decoded, 1, "what was handed on: {report:?}");
}
