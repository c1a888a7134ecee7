//! Pictures for a timeline: they soon cover the whole range, each at its own time.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod common;

use common::{Clip, STEPS, step_of};
use needledrop_media::{Frame, MediaError, StillsReport, StillsRequest, stills};
use std::{collections::BTreeMap, fs, ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

type Received = Vec<(usize, Frame)>;

fn read_stills(path: &Path, range_s: Option<(f64, f64)>, count: usize) -> (StillsReport, Received) {
    let request = StillsRequest {
        range_s,
        count,
        height_px: 60,
    };
    let mut told = Vec::new();
    let report = stills(
        path,
        &request,
        &CancellationToken::new(),
        &mut |index, frame| {
            told.push((index, frame));
            ControlFlow::Continue(())
        },
    );
    (report.unwrap(), told)
}

/// Step of the larger part of the picture.
fn step(frame: &Frame, full_range: bool) -> usize {
    let mut levels: Vec<u8> = frame.rgb.iter().step_by(3).copied().collect();
    let middle = levels.len() / 2;
    let level = f64::from(*levels.select_nth_unstable(middle).1);
    step_of(if full_range {
        level
    } else {
        level * 219.0 / 255.0 + 16.0
    })
}

#[test]
fn each_part_of_a_clip_gets_a_picture_of_its_time() {
    let dir = tempfile::tempdir().unwrap();
    let h264 = "x264enc key-int-max=50 bframes=2 quantizer=16 pass=qual";
    for (name, encode, mux) in [
        ("a.mp4", h264, "mp4mux"),
        ("a.mkv", h264, "matroskamux"),
        (
            "a.ts",
            "x264enc key-int-max=50 bframes=2 quantizer=16 pass=qual ! h264parse",
            "mpegtsmux",
        ),
        (
            "a.webm",
            "vp8enc deadline=1 keyframe-max-dist=30",
            "webmmux",
        ),
        ("i.avi", "jpegenc", "avimux"),
        ("i.mov", "avenc_prores_ks profile=hq", "qtmux"),
        (
            "one.mp4",
            "x264enc key-int-max=1000 option-string=scenecut=0 quantizer=16 pass=qual",
            "mp4mux",
        ),
    ] {
        let path = dir.path().join(name);
        let clip = Clip {
            width: 320,
            height: 240,
            frames: 250,
            encode,
            mux,
            format: if name == "i.mov" { "I422_10LE" } else { "I420" },
            ..Clip::default()
        };
        clip.write(&path);
        let (report, told) = read_stills(&path, None, 20);
        assert_eq!((report.found, report.corrupt), (20, false), "{name}");
        let mut last: BTreeMap<usize, &Frame> = BTreeMap::new();
        for (index, frame) in &told {
            assert_eq!((frame.width, frame.height), (80, 60), "{name}");
            let number = (frame.time_s * 25.0).round() as usize;
            let wanted = number * 7 % STEPS;
            let found = step(frame, encode == "jpegenc");
            assert_eq!(
                found, wanted,
                "{name}: part {index} at {:.3} s",
                frame.time_s
            );
            last.insert(*index, frame);
        }
        assert!(last.keys().copied().eq(0..20), "{name}: every part");
        for (index, frame) in last {
            let middle_s = (index as f64 + 0.5) * report.range_s.1 / 20.0;
            assert!(
                (frame.times_s[0] - middle_s).abs() < 0.02,
                "{name}: part {index}"
            );
            let off_s = (frame.time_s - middle_s).abs();
            assert!(off_s <= 0.27, "{name}: part {index} is {off_s:.2} s off");
        }
    }
}

#[test]
fn the_whole_range_is_covered_before_any_part_is_refined() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sparse.mp4");
    Clip {
        frames: 250,
        encode: "x264enc key-int-max=125 option-string=scenecut=0",
        ..Clip::default()
    }
    .write(&path);
    let (report, told) = read_stills(&path, None, 40);
    assert_eq!(report.found, 40);
    let mut first: Vec<usize> = told[..40].iter().map(|(index, _)| *index).collect();
    first.sort_unstable();
    assert!(first.into_iter().eq(0..40), "each part has a picture first");
    assert!(
        told.len() > 60,
        "then the ones that were far off come again: {}",
        told.len()
    );
}

#[test]
fn a_range_of_a_long_clip_gives_only_its_own_pictures() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.mp4");
    let slow = |n: usize| n as u64 * 200;
    Clip {
        frames: 1_500,
        start_ms: &slow,
        encode: "x264enc key-int-max=25 speed-preset=ultrafast",
        ..Clip::default()
    }
    .write(&path);
    let (report, told) = read_stills(&path, None, 30);
    assert!(report.range_s.1 > 299.0, "{report:?}");
    assert_eq!(report.found, 30);
    assert!(told.iter().any(|(_, frame)| frame.time_s > 285.0));
    let (report, told) = read_stills(&path, Some((200.0, 220.0)), 10);
    assert_eq!((report.range_s, report.found), ((200.0, 220.0), 10));
    for (index, frame) in &told {
        assert!(
            (196.0..=224.0).contains(&frame.time_s),
            "{index}: {}",
            frame.time_s
        );
    }
    let request = StillsRequest {
        range_s: Some((400.0, 410.0)),
        count: 5,
        height_px: 60,
    };
    let cancel = CancellationToken::new();
    let error = stills(&path, &request, &cancel, &mut |_, _| {
        ControlFlow::Continue(())
    });
    assert_eq!(error.unwrap_err().code(), "range_outside");
}

#[test]
fn a_truncated_clip_gives_its_pictures_and_a_cancel_stops() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("torn.mkv");
    Clip {
        frames: 250,
        encode: "x264enc key-int-max=25",
        mux: "matroskamux",
        ..Clip::default()
    }
    .write(&path);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let (report, told) = read_stills(&path, None, 20);
    assert!(report.found >= 8, "{report:?}");
    assert!(told.iter().all(|(_, frame)| frame.time_s < 6.0));

    fs::write(&path, &bytes).unwrap();
    let request = StillsRequest {
        range_s: None,
        count: 200,
        height_px: 60,
    };
    let cancel = CancellationToken::new();
    let mut seen = 0;
    let error = stills(&path, &request, &cancel, &mut |_, _| {
        seen += 1;
        cancel.cancel();
        ControlFlow::Continue(())
    });
    assert!(matches!(error, Err(MediaError::Cancelled)), "{error:?}");
    assert!(seen < 30, "{seen} pictures after the cancel");
    let mut seen = 0;
    let report = stills(&path, &request, &CancellationToken::new(), &mut |_, _| {
        seen += 1;
        ControlFlow::Break(())
    });
    assert_eq!(
        (seen, report.unwrap().corrupt),
        (1, false),
        "enough is enough"
    );
}
