//! The pictures of a proxy: their times, orientation and colours.

use crate::common::{Clip, read_back};
use crate::{X264, assert_true_to, make};
use gstreamer::prelude::*;
use needledrop_media::{FrameSize, ProxyRequest, Sampling, StripRequest, frame_strip, probe};
use std::{fs, ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

#[test]
fn uneven_rotated_phone_footage_becomes_even_and_upright() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("phone.mp4");
    // 30 a second, some of them late, and now and then one dropped.
    let uneven = |n: usize| {
        let n = n as u64 + n as u64 / 17 + 3 * u64::from(n > 40);
        n * 1000 / 30 + (n * n) % 7
    };
    let clip = Clip {
        width: 320,
        height: 180,
        frames: 120,
        start_ms: &uneven,
        encode: X264,
        turned_deg: 90,
        ..Clip::default()
    };
    clip.write(&path);
    let info = probe(&path).unwrap();
    assert!(info.variable_fps, "{info:?}");
    let report = make(&path, &ProxyRequest::default());
    assert_eq!((report.width, report.height), (180, 320), "upright");
    let fps = f64::from(report.fps_num) / f64::from(report.fps_den);
    assert!((29.0..31.0).contains(&fps), "its usual rate: {fps}");
    assert_true_to(&clip, &report, 0, "phone");
    // The dark third is on the left of what is coded, so above when it is turned clockwise.
    let [left, right, top, bottom] = read_back(&report.path)[3].edges;
    assert!(top + 20.0 < bottom, "dark above: {top} and {bottom}");
    assert!((left - right).abs() < 3.0, "{left} and {right}");
}

#[test]
fn every_rotation_equals_that_of_the_strip() {
    for degrees in [90, 180, 270] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("turned.mp4");
        let clip = Clip {
            frames: 15,
            encode: X264,
            turned_deg: degrees,
            ..Clip::default()
        };
        clip.write(&path);
        let report = make(&path, &ProxyRequest::default());
        let dark = |edges: [f64; 4]| {
            (0..4)
                .min_by(|a, b| edges[*a].total_cmp(&edges[*b]))
                .unwrap()
        };
        let wanted = match degrees {
            90 => 2,
            180 => 1,
            _ => 3,
        };
        assert_eq!(
            dark(read_back(&report.path)[0].edges),
            wanted,
            "{degrees} degrees"
        );
    }
}

#[test]
fn a_late_first_picture_shows_from_0_and_later_ones_at_their_times() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("late.mp4");
    let late = |n: usize| n as u64 * 40 + 700;
    let clip = Clip {
        frames: 50,
        start_ms: &late,
        encode: X264,
        // The sound begins with the clip, so the muxer keeps the picture waiting.
        mux: "m. audiotestsrc num-buffers=116 ! avenc_aac ! mp4mux name=m",
        ..Clip::default()
    };
    clip.write(&path);
    let report = make(&path, &ProxyRequest::default());
    let frames = read_back(&report.path);
    assert!(
        frames[..18].iter().all(|frame| frame.step == 0),
        "the first picture waits"
    );
    assert_true_to(&clip, &report, 0, "late");
}

#[test]
fn a_slow_motion_clip_keeps_every_nth_picture() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("slow.mp4");
    let fast = |n: usize| n as u64 * 1000 / 125;
    let clip = Clip {
        frames: 250,
        start_ms: &fast,
        encode: X264,
        ..Clip::default()
    };
    clip.write(&path);
    let report = make(&path, &ProxyRequest::default());
    let fps = f64::from(report.fps_num) / f64::from(report.fps_den);
    assert!((20.0..=60.0).contains(&fps), "{fps}");
    assert!(
        (report.frames as f64 / fps - 2.0).abs() < 0.05,
        "{} frames",
        report.frames
    );
}

#[test]
fn a_proxy_keeps_the_colours() {
    let dir = tempfile::tempdir().unwrap();
    for (name, format, encode, mux) in [
        (
            "sd.mkv",
            "I420,colorimetry=bt601",
            "x264enc quantizer=10 pass=qual",
            "matroskamux",
        ),
        (
            "hd.mov",
            "I422_10LE,colorimetry=bt709",
            "avenc_prores_ks profile=hq",
            "qtmux",
        ),
        (
            "full.mkv",
            "I420,colorimetry=1:4:0:0",
            "jpegenc quality=95",
            "matroskamux",
        ),
    ] {
        let place = dir.path().join(name.replace('.', " "));
        fs::create_dir(&place).unwrap();
        let path = place.join(name);
        let text = format!(
            "videotestsrc num-buffers=5 pattern=smpte75 ! video/x-raw,width=640,height=360,\
             framerate=25/1,format={format} ! {encode} ! {mux} ! filesink location=\"{}\"",
            path.display()
        );
        let pipeline = gstreamer::parse::launch(&{
            gstreamer::init().unwrap();
            text
        })
        .unwrap();
        pipeline.set_state(gstreamer::State::Playing).unwrap();
        let bus = pipeline.bus().unwrap();
        let kinds = [gstreamer::MessageType::Eos, gstreamer::MessageType::Error];
        let end = bus.timed_pop_filtered(gstreamer::ClockTime::from_seconds(60), &kinds);
        assert_eq!(end.unwrap().type_(), gstreamer::MessageType::Eos, "{name}");
        pipeline.set_state(gstreamer::State::Null).unwrap();
        let report = make(&path, &ProxyRequest::default());
        let (before, after) = (first(&path), first(&report.path));
        assert_eq!(before.len(), after.len(), "{name}");
        // The middles of the seven bars, a third from above.
        for bar in 0..7 {
            let (x, y) = (640 * (2 * bar + 1) / 14, 120);
            let at = (y * 640 + x) * 3;
            for channel in 0..3 {
                let (b, a) = (before[at + channel], after[at + channel]);
                assert!(b.abs_diff(a) <= 4, "{name}, bar {bar}: {b} became {a}");
            }
        }
    }
}

fn first(path: &Path) -> Vec<u8> {
    let request = StripRequest {
        range_s: Some((0.0, 0.1)),
        sampling: Sampling::Exact,
        size: FrameSize::Native,
        most: needledrop_media::MAX_FRAMES,
    };
    let mut pixels = Vec::new();
    frame_strip(path, &request, &CancellationToken::new(), &mut |frame| {
        pixels = frame.rgb;
        ControlFlow::Break(())
    })
    .unwrap();
    pixels
}
