//! Proxies of what editors bring: each shows at every moment what the clip shows then.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod common;

use common::{Clip, STEPS, read_back};
use gstreamer::prelude::*;
use needledrop_media::{
    FrameSize, MediaError, Playable, ProxyEncoder, ProxyReport, ProxyRequest, Sampling,
    StripRequest, frame_strip, playable, probe, proxy,
};
use std::{fs, ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

const X264: &str =
    "x264enc key-int-max=25 bframes=2 speed-preset=ultrafast quantizer=18 pass=qual bitrate=100000";

fn make(path: &Path, request: &ProxyRequest) -> ProxyReport {
    let mut told = Vec::new();
    let stem = path.with_file_name("proxy");
    let report = proxy(
        path,
        &stem,
        request,
        &CancellationToken::new(),
        &mut |done, total| told.push((done, total)),
    )
    .unwrap();
    assert!(told.is_sorted(), "progress goes forward");
    assert_eq!(told.last(), Some(&(report.frames, report.frames)));
    let beside = fs::read_dir(path.parent().unwrap()).unwrap();
    assert_eq!(beside.count(), 2, "the clip and the proxy, nothing else");
    report
}

/// Checks that each frame of the proxy shows what the clip shows then, give or take half a frame.
fn assert_true_to(clip: &Clip<'_>, report: &ProxyReport, late_ms: u64, name: &str) {
    let frames = read_back(&report.path);
    assert_eq!(frames.len() as u64, report.frames, "{name}");
    let frame_s = f64::from(report.fps_den) / f64::from(report.fps_num);
    let start_s = |n: usize| (clip.start_ms)(n).saturating_sub(late_ms) as f64 / 1000.0;
    for (number, frame) in frames.iter().enumerate() {
        let time_s = number as f64 * frame_s;
        let off = (frame.time_s - time_s).abs();
        assert!(off < 0.001, "{name}: frame {number} at {} s", frame.time_s);
        let right = (0..clip.frames).any(|n| {
            let from = if n == 0 { f64::MIN } else { start_s(n) };
            let shows =
                from <= time_s + frame_s * 0.51 && start_s(n + 1) >= time_s + frame_s * 0.49;
            shows && n * 7 % STEPS == frame.step
        });
        assert!(
            right,
            "{name}: frame {number} ({time_s:.3} s) shows step {}",
            frame.step
        );
    }
    let (end_s, clip_s) = (frames.len() as f64 * frame_s, start_s(clip.frames));
    assert!(
        (end_s - clip_s).abs() <= frame_s * 1.01,
        "{name}: {end_s} of {clip_s} s"
    );
}

#[test]
fn the_formats_of_editors_become_proxies_that_show_the_same_at_the_same_time() {
    let dir = tempfile::tempdir().unwrap();
    let ntsc = |n: usize| (n as f64 * 1001.0 / 30.0).round() as u64;
    let cases: [(&str, &str, Clip<'_>, (usize, usize)); 10] = [
        (
            "prores.mov",
            "codec",
            Clip {
                width: 1280,
                height: 720,
                frames: 15,
                encode: "avenc_prores_ks profile=hq",
                mux: "qtmux",
                format: "I422_10LE",
                ..Clip::default()
            },
            (960, 540),
        ),
        (
            "dnxhd.mxf",
            "container",
            Clip {
                width: 1920,
                height: 1080,
                frames: 15,
                encode: "avenc_dnxhd bitrate=120000000",
                mux: "mxfmux",
                format: "Y42B",
                ..Clip::default()
            },
            (960, 540),
        ),
        (
            "hevc10.mp4",
            "codec",
            Clip {
                width: 640,
                height: 360,
                frames: 40,
                encode: "x265enc speed-preset=ultrafast qp=16 ! h265parse",
                format: "I420_10LE",
                ..Clip::default()
            },
            (640, 360),
        ),
        (
            "uhd.mp4",
            "size",
            Clip {
                width: 3840,
                height: 2160,
                frames: 12,
                encode: X264,
                ..Clip::default()
            },
            (960, 540),
        ),
        (
            "interlaced.ts",
            "container",
            Clip {
                width: 720,
                height: 576,
                frames: 40,
                encode: "mpeg2enc format=3 interlace-mode=1 bitrate=8000 ! mpegvideoparse",
                mux: "mpegtsmux",
                par: (64, 45),
                ..Clip::default()
            },
            (960, 540),
        ),
        (
            "fields.ts",
            "container",
            Clip {
                width: 720,
                height: 576,
                encode: "capssetter caps=video/x-raw,interlace-mode=interleaved ! x264enc \
                         interlaced=true key-int-max=25 quantizer=16 pass=qual bitrate=100000 ! \
                         h264parse",
                mux: "mpegtsmux",
                ..Clip::default()
            },
            (676, 540),
        ),
        (
            "stream.ts",
            "container",
            Clip {
                encode: "x264enc key-int-max=25 bframes=2 quantizer=16 pass=qual ! h264parse",
                mux: "mpegtsmux",
                ..Clip::default()
            },
            (160, 120),
        ),
        (
            "old.avi",
            "container",
            Clip {
                encode: "jpegenc quality=95",
                mux: "avimux",
                ..Clip::default()
            },
            (160, 120),
        ),
        (
            "plain.mkv",
            "container",
            Clip {
                encode: X264,
                mux: "matroskamux",
                start_ms: &ntsc,
                ..Clip::default()
            },
            (160, 120),
        ),
        (
            "sparse.mp4",
            "key_frames",
            Clip {
                frames: 160,
                encode: "x264enc key-int-max=250 speed-preset=ultrafast quantizer=18 pass=qual \
                     option-string=scenecut=0",
                ..Clip::default()
            },
            (160, 120),
        ),
    ];
    for (name, reason, clip, (width, height)) in cases {
        let place = dir.path().join(name.replace('.', " #"));
        fs::create_dir(&place).unwrap();
        let path = place.join(name);
        clip.write(&path);
        let info = probe(&path).unwrap();
        let fields = ["interlaced.ts", "fields.ts"].contains(&name);
        assert_eq!(info.interlaced, fields, "{name}");
        match playable(&info) {
            Playable::Proxy(why) => assert_eq!(why.code(), reason, "{name}: {why}"),
            Playable::Direct => panic!("{name} is no file for a webview: {info:?}"),
        }
        let report = make(&path, &ProxyRequest::default());
        assert!(!report.corrupt, "{name}: {report:?}");
        assert_eq!(
            (report.width, report.height),
            (width as u32, height as u32),
            "{name}"
        );
        assert_eq!(report.encoder, ProxyEncoder::X264);
        // JPEG's levels are of full range: 40 to 230 become 50 to 213.
        if name != "old.avi" {
            assert_true_to(&clip, &report, 0, name);
        }
        let made = probe(&report.path).unwrap();
        assert_eq!(playable(&made), Playable::Direct, "{name}");
        assert_eq!(
            (made.width, made.height),
            (report.width, report.height),
            "{name}"
        );
        assert_eq!(
            (made.fps_num, made.fps_den),
            (report.fps_num, report.fps_den),
            "{name}"
        );
        assert!(!made.has_audio && !made.variable_fps, "{name}");
        let gap = made.key_gap_s.unwrap() * f64::from(made.fps_num) / f64::from(made.fps_den);
        assert!(
            gap < 12.5,
            "{name}: {gap} frames between two that decode alone"
        );
        let bytes = fs::read(&report.path).unwrap();
        let at = |atom: &[u8]| bytes.windows(4).position(|w| w == atom).unwrap();
        assert!(at(b"moov") < at(b"mdat"), "{name}: the index is in front");
        fs::remove_dir_all(&place).unwrap();
    }
}

#[test]
fn uneven_footage_of_a_phone_held_upright_becomes_even_and_stands() {
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
fn every_way_to_turn_a_picture_is_the_strips_own() {
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
fn a_picture_that_begins_late_shows_from_nought_at_true_times() {
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
fn other_encoders_make_proxies_too() {
    for encoder in [ProxyEncoder::OpenH264, ProxyEncoder::Vp8] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("clip.mkv");
        let clip = Clip {
            width: 320,
            height: 240,
            encode: X264,
            mux: "matroskamux",
            ..Clip::default()
        };
        clip.write(&path);
        let request = ProxyRequest {
            encoder: Some(encoder),
            ..ProxyRequest::default()
        };
        let report = make(&path, &request);
        assert_eq!(report.encoder, encoder);
        assert_eq!(report.path.extension().unwrap(), encoder.extension());
        assert_true_to(&clip, &report, 0, encoder.element());
        let made = probe(&report.path).unwrap();
        assert_eq!(playable(&made), Playable::Direct, "{encoder}");
    }
}

#[test]
fn a_slow_motion_clip_keeps_a_whole_part_of_its_pictures() {
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
fn a_clip_that_breaks_off_gives_what_it_has_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("torn.mkv");
    let clip = Clip {
        frames: 250,
        encode: X264,
        mux: "matroskamux",
        ..Clip::default()
    };
    clip.write(&path);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() * 6 / 10]).unwrap();
    let report = make(&path, &ProxyRequest::default());
    assert!(report.corrupt, "{report:?}");
    assert!(
        (100..200).contains(&report.frames),
        "{} frames",
        report.frames
    );
    assert_eq!(read_back(&report.path).len() as u64, report.frames);
}

#[test]
fn a_cancel_leaves_nothing_and_what_is_no_clip_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mkv");
    let clip = Clip {
        width: 640,
        height: 480,
        frames: 300,
        encode: X264,
        mux: "matroskamux",
        ..Clip::default()
    };
    clip.write(&path);
    let cancel = CancellationToken::new();
    let stem = dir.path().join("proxy");
    let request = ProxyRequest::default();
    let error = proxy(&path, &stem, &request, &cancel, &mut |done, _| {
        if done > 20 {
            cancel.cancel();
        }
    });
    assert!(matches!(error, Err(MediaError::Cancelled)), "{error:?}");
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        1,
        "the clip alone"
    );
    let text = dir.path().join("text.mov");
    fs::write(&text, "no clip").unwrap();
    let error = proxy(
        &text,
        &stem,
        &request,
        &CancellationToken::new(),
        &mut |_, _| (),
    );
    assert_eq!(error.unwrap_err().code(), "not_a_video");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
}

#[test]
fn a_place_that_cannot_be_written_is_told_as_such() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mkv");
    Clip {
        mux: "matroskamux",
        ..Clip::default()
    }
    .write(&path);
    // A file where a folder is needed.
    let stem = path.join("proxy");
    let request = ProxyRequest::default();
    let error = proxy(
        &path,
        &stem,
        &request,
        &CancellationToken::new(),
        &mut |_, _| (),
    );
    assert_eq!(error.unwrap_err().code(), "write_failed");
}

#[test]
fn colours_stay_what_they_were() {
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
