//! The dense pass: many small pictures, each at its own time.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod common;

use common::{Clip, STEPS, step_of};
use needledrop_media::{DensePass, Frame, StripReport, dense};
use std::{ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

fn read_dense(path: &Path, range_s: Option<(f64, f64)>) -> (StripReport, Vec<Frame>) {
    let mut frames = Vec::new();
    let report = dense(path, range_s, &CancellationToken::new(), &mut |frame| {
        frames.push(frame);
        ControlFlow::Continue(())
    })
    .unwrap();
    (report, frames)
}

/// Step of the right half of the picture, which has one level.
fn step(frame: &Frame, full_range: bool) -> usize {
    let (width, row) = (frame.width as usize, frame.height as usize / 2);
    let line = &frame.rgb[row * width * 3..(row + 1) * width * 3];
    let half = &line[width * 3 / 2..];
    let mean = half.iter().map(|v| f64::from(*v)).sum::<f64>() / half.len() as f64;
    // Levels are of luma, 16 to 235 but for JPEG.
    step_of(if full_range {
        mean
    } else {
        mean * 219.0 / 255.0 + 16.0
    })
}

fn assert_in_order(frames: &[Frame]) {
    for pair in frames.windows(2) {
        assert!(
            pair[0].time_s < pair[1].time_s,
            "{} then {}",
            pair[0].time_s,
            pair[1].time_s
        );
    }
}

#[test]
fn pictures_have_their_own_times_and_small_distances() {
    let dir = tempfile::tempdir().unwrap();
    for (name, encode, mux) in [
        (
            "b.mp4",
            "x264enc key-int-max=50 bframes=3 b-pyramid=true quantizer=16 pass=qual",
            "mp4mux",
        ),
        (
            "b.mkv",
            "x264enc key-int-max=50 bframes=2 quantizer=16 pass=qual",
            "matroskamux",
        ),
        ("i.mkv", "jpegenc", "matroskamux"),
        (
            "v.webm",
            "vp8enc deadline=1 keyframe-max-dist=30",
            "webmmux",
        ),
        (
            "t.ts",
            "x264enc key-int-max=25 bframes=2 quantizer=16 pass=qual ! h264parse",
            "mpegtsmux",
        ),
    ] {
        let path = dir.path().join(name);
        let clip = Clip {
            width: 320,
            height: 240,
            frames: 100,
            encode,
            mux,
            ..Clip::default()
        };
        clip.write(&path);
        let (report, frames) = read_dense(&path, None);
        assert!(!report.corrupt, "{name}: {report:?}");
        assert_in_order(&frames);
        assert!(
            frames.len() >= 44,
            "{name}: {} pictures in 4 s",
            frames.len()
        );
        let first = frames[0].time_s;
        for frame in &frames {
            assert_eq!((frame.width, frame.height), (120, 90), "{name}");
            let number = ((frame.time_s - first) * 25.0).round() as usize;
            let wanted = number * 7 % STEPS;
            let step = step(frame, encode == "jpegenc");
            assert_eq!(step, wanted, "{name} at {:.3} s", frame.time_s);
        }
        let furthest = frames
            .windows(2)
            .map(|w| w[1].time_s - w[0].time_s)
            .fold(0.0, f64::max);
        assert!(
            furthest < 0.1,
            "{name}: {furthest:.3} s between two pictures"
        );
    }
}

#[test]
fn a_range_gives_only_its_own_pictures() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("range.mp4");
    Clip {
        frames: 200,
        ..Clip::default()
    }
    .write(&path);
    let (report, frames) = read_dense(&path, Some((3.0, 5.0)));
    assert_eq!(report.range_s, (3.0, 5.0));
    assert!(frames.first().unwrap().time_s > 2.9, "{}", frames[0].time_s);
    assert!(frames.last().unwrap().time_s < 5.0);
    assert!(frames.len() >= 22, "{}", frames.len());
}

#[test]
fn unusual_frame_rates_keep_their_times() {
    let dir = tempfile::tempdir().unwrap();
    let uneven = |n: usize| n as u64 * 40 + (n as u64 % 5) * 9;
    let fast = |n: usize| n as u64 * 1000 / 240;
    for (name, frames, start_ms, least, most) in [
        (
            "one.mp4",
            1,
            &(|n: usize| n as u64 * 40) as &dyn Fn(usize) -> u64,
            1,
            1,
        ),
        ("uneven.mkv", 100, &uneven, 40, 100),
        ("fast.mp4", 480, &fast, 22, 480),
    ] {
        let path = dir.path().join(name);
        let mux = if name.ends_with("mkv") {
            "matroskamux"
        } else {
            "mp4mux"
        };
        Clip {
            frames,
            start_ms,
            mux,
            ..Clip::default()
        }
        .write(&path);
        let (report, seen) = read_dense(&path, None);
        assert!(!report.corrupt, "{name}: {report:?}");
        assert!(
            (least..=most).contains(&seen.len()),
            "{name}: {} pictures",
            seen.len()
        );
        assert_in_order(&seen);
    }
}

#[test]
fn a_truncated_clip_gives_its_readable_pictures() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cut.mkv");
    Clip {
        frames: 250,
        mux: "matroskamux",
        ..Clip::default()
    }
    .write(&path);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() * 6 / 10]).unwrap();
    let (report, frames) = read_dense(&path, None);
    assert!(report.corrupt, "{report:?}");
    assert!(frames.len() > 50, "{} pictures", frames.len());
    // Rubbish in the middle: what is before and after it counts.
    let mut bytes = bytes;
    let middle = bytes.len() / 2;
    for (i, byte) in bytes[middle..middle + 2_000].iter_mut().enumerate() {
        *byte = (i * 37 % 251) as u8;
    }
    std::fs::write(&path, &bytes).unwrap();
    let (_, frames) = read_dense(&path, None);
    assert!(frames.len() > 50, "{} pictures", frames.len());
    assert_in_order(&frames);
}

#[test]
fn a_cancel_stops_the_dense_pass() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.mp4");
    Clip {
        frames: 500,
        ..Clip::default()
    }
    .write(&path);
    let cancel = CancellationToken::new();
    let mut seen = 0;
    let error = dense(&path, None, &cancel, &mut |_| {
        seen += 1;
        if seen == 10 {
            cancel.cancel();
        }
        ControlFlow::Continue(())
    });
    assert_eq!(error.unwrap_err().code(), "cancelled");
    assert!(seen < 60, "{seen} more pictures");
}

#[test]
fn a_second_look_gives_every_picture_between_two() {
    let dir = tempfile::tempdir().unwrap();
    for (name, mux, encode) in [
        (
            "b.mp4",
            "mp4mux",
            "x264enc bframes=3 quantizer=16 pass=qual",
        ),
        (
            "b.ts",
            "mpegtsmux",
            "x264enc bframes=3 quantizer=16 pass=qual ! h264parse",
        ),
        ("fast.mkv", "matroskamux", "jpegenc"),
    ] {
        let path = dir.path().join(name);
        let apart_ms = if name == "fast.mkv" { 8 } else { 40 };
        Clip {
            frames: 150,
            start_ms: &|n| n as u64 * apart_ms,
            encode,
            mux,
            ..Clip::default()
        }
        .write(&path);
        let cancel = CancellationToken::new();
        let pass = DensePass::new(&path, None, &cancel).unwrap();
        let mut seen_s = Vec::new();
        pass.watch(&cancel, &mut |frame| {
            seen_s.push(frame.time_s);
            ControlFlow::Continue(())
        })
        .unwrap();
        let apart_s = apart_ms as f64 / 1000.0;
        let gap = (seen_s.windows(2)).rfind(|w| w[1] - w[0] > 1.5 * apart_s);
        let gap = gap.expect("some picture is left out");
        let mut numbers = Vec::new();
        let mut take = |frame: Frame| {
            numbers.push(((frame.time_s - gap[0]) / apart_s).round() as usize);
            ControlFlow::Continue(())
        };
        let spans_s = [(gap[0], gap[1]), (seen_s[0], seen_s[0])];
        pass.between(&spans_s, &cancel, &mut take).unwrap();
        let count = ((gap[1] - gap[0]) / apart_s).round() as usize;
        assert_eq!(numbers, (0..=count).collect::<Vec<_>>(), "{name} {gap:?}");
        pass.between(&spans_s[1..], &cancel, &mut |_| {
            panic!("nothing lies between")
        })
        .unwrap();
    }
}
