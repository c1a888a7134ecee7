//! Lengths and frame rates are those of the packets, whatever the container says.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod common;

use common::{Clip, make};
use needledrop_media::{
    ClipInfo, ClipNote, FrameSize, MAX_FRAMES, Sampling, StripRequest, frame_strip, probe, sound,
};
use std::{fs, ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

/// Pictures of 25 a second, with a tone, in a muxer.
fn recording(path: &Path, mux: &str, pictures: usize, sound: usize) {
    make(&format!(
        "videotestsrc num-buffers={pictures} ! video/x-raw,width=160,height=120,framerate=25/1 ! \
         x264enc speed-preset=ultrafast key-int-max=25 bitrate=200 ! h264parse ! queue ! m. \
         audiotestsrc samplesperbuffer=1920 num-buffers={sound} ! audio/x-raw,rate=48000 ! \
         avenc_aac ! aacparse ! queue ! m. {mux} name=m ! filesink location=\"{}\"",
        path.display()
    ));
}

fn cut(from: &Path, to: &Path, share: f64) {
    let bytes = fs::read(from).unwrap();
    fs::write(to, &bytes[..(bytes.len() as f64 * share) as usize]).unwrap();
}

fn codes(info: &ClipInfo) -> Vec<&'static str> {
    info.notes.iter().map(ClipNote::code).collect()
}

/// Number of frames of a range, and whether it is damaged.
fn frames(path: &Path, range_s: Option<(f64, f64)>) -> (usize, bool) {
    let request = StripRequest {
        range_s,
        sampling: Sampling::Fast,
        size: FrameSize::Native,
        most: MAX_FRAMES,
    };
    let report = frame_strip(path, &request, &CancellationToken::new(), &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap();
    (report.sampled, report.corrupt)
}

/// Seconds of sound of the whole clip.
fn heard_s(path: &Path, info: &ClipInfo) -> f64 {
    let whole = (0.0, info.duration_s);
    let stop = CancellationToken::new();
    let mut hear = |_: &[f32]| ControlFlow::Continue(());
    let report = sound(path, 0, info.origin_s, whole, &stop, &mut hear);
    report.unwrap().map_or(0.0, |report| report.duration_s)
}

#[test]
fn a_fragmented_recording_has_the_length_of_all_its_fragments() {
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole.mp4");
    recording(&whole, "mp4mux fragment-duration=1000", 250, 250);
    let info = probe(&whole).unwrap();
    assert!((info.duration_s - 10.0).abs() < 0.05, "{info:?}");
    assert_eq!((info.rate.num(), info.rate.den()), (25, 1));
    assert_eq!(codes(&info), Vec::<&str>::new());
    assert!(info.fragmented);
    assert_eq!(frames(&whole, None), (10, false));
    // Behind what the first fragment would be.
    assert_eq!(frames(&whole, Some((8.5, 9.5))), (1, false));
    assert!((heard_s(&whole, &info) - 10.0).abs() < 0.1);
}

#[test]
fn a_recording_that_was_cut_off_ends_where_its_packets_end_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let (whole, torn) = (dir.path().join("whole.mp4"), dir.path().join("torn.mp4"));
    recording(&whole, "mp4mux fragment-duration=2000", 250, 250);
    cut(&whole, &torn, 0.63);
    let info = probe(&torn).unwrap();
    assert!((5.0..7.5).contains(&info.duration_s), "{}", info.duration_s);
    assert_eq!(codes(&info), ["cut_short"]);
    let (found, damaged) = frames(&torn, None);
    assert!(found >= 5 && damaged);
    assert_eq!(
        frames(&torn, Some((1.0, 4.0))),
        (3, false),
        "before the cut"
    );
    // The part of a fragment that is there counts too.
    cut(&whole, &torn, 0.66);
    let longer = probe(&torn).unwrap().duration_s;
    assert!(longer > info.duration_s, "{longer} > {}", info.duration_s);
}

#[test]
fn an_index_in_front_does_not_promise_what_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let (whole, torn) = (dir.path().join("whole.mp4"), dir.path().join("torn.mp4"));
    recording(&whole, "mp4mux faststart=true", 500, 500);
    cut(&whole, &torn, 0.5);
    let info = probe(&torn).unwrap();
    assert!(
        (7.0..13.0).contains(&info.duration_s),
        "{}",
        info.duration_s
    );
    assert_eq!(codes(&info), ["cut_short"]);
}

#[test]
fn a_stream_without_a_length_is_measured() {
    let dir = tempfile::tempdir().unwrap();
    for (name, mux) in [
        ("live.mkv", "matroskamux streamable=true"),
        ("a.ts", "mpegtsmux"),
        ("a.flv", "flvmux streamable=true"),
    ] {
        let path = dir.path().join(name);
        recording(&path, mux, 500, 500);
        let info = probe(&path).unwrap();
        assert!(
            (info.duration_s - 20.0).abs() < 0.1,
            "{name}: {}",
            info.duration_s
        );
        assert_eq!((info.rate.num(), info.rate.den()), (25, 1), "{name}");
        assert_eq!(frames(&path, Some((18.2, 19.3))), (1, false), "{name}");
    }
}

#[test]
fn parts_of_a_transport_stream_joined_end_to_end_count_on() {
    let dir = tempfile::tempdir().unwrap();
    let (part, joined) = (dir.path().join("part.ts"), dir.path().join("joined.ts"));
    recording(&part, "mpegtsmux", 250, 250);
    let bytes = fs::read(&part).unwrap();
    fs::write(&joined, [bytes.as_slice(), bytes.as_slice()].concat()).unwrap();
    let info = probe(&joined).unwrap();
    assert!((info.duration_s - 20.0).abs() < 0.3, "{}", info.duration_s);
    assert!(codes(&info).contains(&"joined"), "{:?}", info.notes);
    assert_eq!(
        frames(&joined, Some((14.0, 18.0))).0,
        4,
        "of the second part"
    );
}

#[test]
fn sound_that_outlasts_the_picture_is_no_damage() {
    let dir = tempfile::tempdir().unwrap();
    for (name, mux) in [("a.mp4", "mp4mux"), ("a.mkv", "matroskamux")] {
        let path = dir.path().join(name);
        recording(&path, mux, 100, 400);
        let info = probe(&path).unwrap();
        assert!(
            (info.duration_s - 4.0).abs() < 0.05,
            "{name}: {}",
            info.duration_s
        );
        assert_eq!(codes(&info), ["sound_goes_on"], "{name}");
        let text = info.notes[0].to_string();
        assert!(
            text.contains("16.0") || text.contains("15.9"),
            "{name}: {text}"
        );
        assert_eq!(frames(&path, None), (4, false), "{name}");
    }
}

#[test]
fn data_behind_the_last_box_is_no_damage() {
    let dir = tempfile::tempdir().unwrap();
    for (name, mux) in [
        ("whole.mp4", "mp4mux"),
        ("pieces.mp4", "mp4mux fragment-duration=1000"),
        ("a.mkv", "matroskamux"),
    ] {
        let path = dir.path().join(name);
        recording(&path, mux, 100, 100);
        for extra in [vec![0; 5], b"and then some text that is no box".repeat(20)] {
            let mut bytes = fs::read(&path).unwrap();
            bytes.extend(extra);
            fs::write(&path, bytes).unwrap();
            let info = probe(&path).unwrap();
            assert_eq!(codes(&info), Vec::<&str>::new(), "{name}");
            assert_eq!(frames(&path, None), (4, false), "{name}");
        }
    }
}

#[test]
fn a_recording_without_its_index_is_named_so() {
    let dir = tempfile::tempdir().unwrap();
    let (whole, torn) = (dir.path().join("whole.mp4"), dir.path().join("torn.mp4"));
    recording(&whole, "mp4mux", 100, 100);
    cut(&whole, &torn, 0.6);
    let error = probe(&torn).unwrap_err();
    assert_eq!(error.code(), "truncated");
    assert!(error.to_string().contains("index is missing"), "{error}");
}

#[test]
fn uneven_pictures_give_their_mean_rate_and_are_called_uneven() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("phone.mp4");
    // Every seventh picture is missing.
    Clip {
        frames: 200,
        start_ms: &|n| (n + (n + 3) / 6) as u64 * 40,
        mux: "mp4mux",
        ..Clip::default()
    }
    .write(&path);
    let info = probe(&path).unwrap();
    assert!((info.rate.fps() - 21.4).abs() < 0.2, "{}", info.rate.fps());
    assert!(info.is_uneven() && info.variable_fps);
    assert_eq!(codes(&info), ["uneven"]);
}
