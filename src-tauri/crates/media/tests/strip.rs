//! Frame strips of clips whose frames encode their number.

mod common;

use common::{Clip, STEPS, level, step_of};
use needledrop_media::{
    Frame, FrameSize, MediaError, Sampling, StripReport, StripRequest, frame_strip, probe,
    write_strip,
};
use std::{ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

fn strip(
    path: &Path,
    sampling: Sampling,
    size: FrameSize,
    range_s: Option<(f64, f64)>,
) -> Result<(Vec<Frame>, StripReport), MediaError> {
    let request = StripRequest {
        range_s,
        sampling,
        size,
        most: needledrop_media::MAX_FRAMES,
    };
    let mut frames = Vec::new();
    let report = frame_strip(path, &request, &CancellationToken::new(), &mut |frame| {
        frames.push(frame);
        ControlFlow::Continue(())
    })?;
    Ok((frames, report))
}

/// Mean of a small square around a point given in parts of the size.
fn mean_at(frame: &Frame, x: f64, y: f64) -> f64 {
    let (w, h) = (frame.width as usize, frame.height as usize);
    let (cx, cy) = ((x * w as f64) as usize, (y * h as f64) as usize);
    let mut sum = 0.0;
    for row in cy - 2..cy + 2 {
        for column in cx - 2..cx + 2 {
            sum += f64::from(frame.rgb[(row * w + column) * 3]);
        }
    }
    sum / 16.0
}

/// The video-range luma of a full-range grey; GStreamer takes GRAY8 as luma.
fn unscaled(mean: f64) -> f64 {
    mean * 219.0 / 255.0 + 16.0
}

fn assert_shows(frame: &Frame, n: usize, what: &str) {
    let mean = unscaled(mean_at(frame, 0.66, 0.5));
    assert_eq!(
        step_of(mean),
        n * 7 % STEPS,
        "{what}: level {mean} for frame {n} ({})",
        level(n)
    );
}

fn clip(dir: &tempfile::TempDir, name: &str, clip: &Clip) -> std::path::PathBuf {
    let path = dir.path().join(name);
    clip.write(&path);
    path
}

#[test]
fn exact_sampling_gives_the_frame_shown_at_each_time() {
    let dir = tempfile::tempdir().unwrap();
    let path = clip(&dir, "a clip #1 50%.mp4", &Clip::default());
    let (frames, report) = strip(&path, Sampling::Exact, FrameSize::Native, None).unwrap();
    assert_eq!(
        (report.sampled, report.decoded, report.corrupt),
        (3, 3, false),
        "{report:?}"
    );
    for (i, frame) in frames.iter().enumerate() {
        assert_shows(frame, i * 25, "whole seconds");
        assert_eq!(frame.times_s, [i as f64], "its time");
    }
    let (frames, _) = strip(&path, Sampling::Exact, FrameSize::Native, Some((0.5, 2.5))).unwrap();
    assert_shows(&frames[0], 12, "0.5 s lies in frame 12");
    assert_shows(&frames[1], 37, "1.5 s lies in frame 37");
    assert!(
        (frames[1].time_s - 1.48).abs() < 1e-6,
        "its own start: {}",
        frames[1].time_s
    );
}

#[test]
fn a_range_far_into_the_clip_gives_the_same_frames_after_a_seek() {
    let dir = tempfile::tempdir().unwrap();
    for (name, mux) in [
        ("a.mp4", "mp4mux"),
        ("a.mkv", "matroskamux"),
        ("a.ts", "h264parse ! mpegtsmux"),
    ] {
        let path = clip(
            &dir,
            name,
            &Clip {
                mux,
                ..Clip {
                    frames: 400,
                    ..Clip::default()
                }
            },
        );
        let (frames, report) = strip(
            &path,
            Sampling::Exact,
            FrameSize::Native,
            Some((10.02, 13.02)),
        )
        .unwrap();
        assert_eq!(report.sampled, 3, "{name}: {report:?}");
        for (i, frame) in frames.iter().enumerate() {
            assert_shows(frame, 250 + 25 * i, name);
        }
    }
}

#[test]
fn fast_sampling_serves_every_time_with_a_frame_near_it() {
    let dir = tempfile::tempdir().unwrap();
    let encode = "x264enc key-int-max=50 bframes=2 quantizer=18 pass=qual option-string=scenecut=0";
    let path = clip(
        &dir,
        "f.mp4",
        &Clip {
            frames: 500,
            encode,
            ..Clip::default()
        },
    );
    let (frames, report) = strip(&path, Sampling::Fast, FrameSize::Native, None).unwrap();
    let times: Vec<f64> = frames.iter().flat_map(|f| f.times_s.clone()).collect();
    assert_eq!(
        times,
        (0..20).map(f64::from).collect::<Vec<_>>(),
        "every time, in order"
    );
    assert!(
        report.decoded < 20,
        "one frame stands for several times: {report:?}"
    );
    for frame in &frames {
        assert_shows(
            frame,
            (frame.time_s * 25.0).round() as usize,
            "the frame it says it is",
        );
    }
}

#[test]
fn uneven_frame_times_are_kept_and_reported() {
    let dir = tempfile::tempdir().unwrap();
    let start = |n: usize| {
        if n < 10 {
            n as u64 * 40
        } else {
            400 + (n as u64 - 10) * 700
        }
    };
    let uneven = Clip {
        frames: 16,
        start_ms: &start,
        ..Clip::default()
    };
    for (name, mux) in [("v.mkv", "matroskamux"), ("v.mp4", "mp4mux")] {
        let path = clip(
            &dir,
            name,
            &Clip {
                mux,
                ..Clip {
                    start_ms: &start,
                    frames: 16,
                    ..Clip::default()
                }
            },
        );
        assert!(
            probe(&path).unwrap().variable_fps,
            "{name} is told to be variable"
        );
        let (frames, _) = strip(&path, Sampling::Exact, FrameSize::Native, None).unwrap();
        for frame in &frames {
            let ms = (frame.times_s[0] * 1000.0) as u64;
            let n = (0..uneven.frames).rev().find(|n| start(*n) <= ms).unwrap();
            assert_shows(frame, n, name);
        }
    }
}

#[test]
fn rotated_clips_are_upright() {
    let dir = tempfile::tempdir().unwrap();
    for (tag, degrees, dark) in [
        ("90", 90, (0.5, 0.1)),
        ("180", 180, (0.9, 0.5)),
        ("270", 270, (0.5, 0.9)),
    ] {
        let turned = Clip {
            turned_deg: degrees,
            frames: 30,
            ..Clip::default()
        };
        let path = clip(&dir, &format!("{tag}.mp4"), &turned);
        let info = probe(&path).unwrap();
        assert_eq!(info.rotation_deg, degrees, "the tag is read");
        let want = if degrees == 180 {
            (160, 120)
        } else {
            (120, 160)
        };
        assert_eq!((info.width, info.height), want, "{tag}: size as shown");
        let (frames, _) = strip(&path, Sampling::Fast, FrameSize::Native, None).unwrap();
        assert_eq!(
            (frames[0].width, frames[0].height),
            want,
            "{tag}: size of the frame"
        );
        assert!(
            mean_at(&frames[0], dark.0, dark.1) < 30.0,
            "{tag}: the dark side lies at {dark:?}"
        );
    }
}

#[test]
fn pixel_aspect_and_odd_sizes_are_applied() {
    let dir = tempfile::tempdir().unwrap();
    let wide = Clip {
        par: (2, 1),
        frames: 30,
        ..Clip::default()
    };
    let path = clip(&dir, "par.mp4", &wide);
    let info = probe(&path).unwrap();
    assert_eq!(
        (info.par_num, info.par_den, info.width, info.height),
        (2, 1, 320, 120),
        "{info:?}"
    );
    let (frames, _) = strip(&path, Sampling::Exact, FrameSize::ShortSide(60), None).unwrap();
    assert_eq!(
        (frames[0].width, frames[0].height),
        (160, 60),
        "display aspect is kept"
    );
    let odd = Clip {
        width: 163,
        height: 121,
        frames: 30,
        encode: "vp8enc keyframe-max-dist=25 deadline=1",
        mux: "webmmux",
        ..Clip::default()
    };
    let path = clip(&dir, "odd.webm", &odd);
    for size in [
        FrameSize::Native,
        FrameSize::ShortSide(57),
        FrameSize::Stretch(384, 384),
    ] {
        let (frames, _) = strip(&path, Sampling::Exact, size, None).unwrap();
        let frame = &frames[0];
        assert_eq!(
            frame.rgb.len(),
            (frame.width * frame.height * 3) as usize,
            "packed {size:?}"
        );
        assert_shows(frame, 0, "an odd size");
    }
}

#[test]
fn ten_bit_and_other_codecs_are_sampled() {
    let dir = tempfile::tempdir().unwrap();
    for (name, encode, mux, format, bits) in [
        (
            "hi10.mp4",
            "x264enc key-int-max=25 quantizer=18 pass=qual",
            "mp4mux",
            "I420_10LE",
            10,
        ),
        (
            "hevc.mp4",
            "x265enc key-int-max=25 log-level=0 ! h265parse",
            "mp4mux",
            "I420",
            8,
        ),
        (
            "hevc10.mp4",
            "x265enc key-int-max=25 log-level=0 ! h265parse",
            "mp4mux",
            "I420_10LE",
            10,
        ),
        (
            "vp9.webm",
            "vp9enc deadline=1 cpu-used=8 keyframe-max-dist=25",
            "webmmux",
            "I420",
            8,
        ),
        (
            "mpeg4.avi",
            "avenc_mpeg4 bitrate=4000000",
            "avimux",
            "I420",
            8,
        ),
    ] {
        let path = clip(
            &dir,
            name,
            &Clip {
                encode,
                mux,
                format,
                frames: 60,
                ..Clip::default()
            },
        );
        assert_eq!(probe(&path).unwrap().bit_depth, bits, "{name}: bit depth");
        for sampling in [Sampling::Exact, Sampling::Fast] {
            let (frames, report) =
                strip(&path, sampling, FrameSize::Native, Some((0.0, 2.0))).unwrap();
            assert_eq!(report.sampled, 2, "{name} {sampling:?}: {report:?}");
            assert_shows(&frames[0], 0, name);
        }
    }
}

#[test]
fn written_frames_are_square_jpegs_named_by_time() {
    let dir = tempfile::tempdir().unwrap();
    let path = clip(&dir, "w.mp4", &Clip::default());
    let out = dir.path().join("out");
    let cancel = CancellationToken::new();
    let mut told = 0;
    let files = write_strip(&path, &out, Sampling::Fast, None, &cancel, &mut |done| {
        told = done
    })
    .unwrap();
    let names: Vec<_> = files
        .iter()
        .map(|f| f.file_name().unwrap().to_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "frame-0000.000.jpg",
            "frame-0001.000.jpg",
            "frame-0002.000.jpg"
        ],
        "names"
    );
    assert_eq!(told, 3, "progress counts the files");
    let picture = image::open(&files[0]).unwrap();
    assert_eq!((picture.width(), picture.height()), (384, 384), "size");
}
