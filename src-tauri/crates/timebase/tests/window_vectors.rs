//! Vectors for the tests of the window's timecode functions, `ui/src/format/timecode.ts`.
//!
//! `NEEDLEDROP_REGENERATE=1 cargo test -p needledrop-timebase --test window_vectors` writes the file
//! anew.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::fmt::Write;
use std::path::Path;

use needledrop_timebase::{FrameRate, Frames, Timecode};

const FILE: &str = "../../../ui/src/format/timecode.vectors.json";

const RATES: [FrameRate; 9] = [
    FrameRate::FPS_23_976,
    FrameRate::FPS_24,
    FrameRate::FPS_25,
    FrameRate::FPS_29_97,
    FrameRate::FPS_30,
    FrameRate::FPS_50,
    FrameRate::FPS_59_94,
    FrameRate::FPS_60,
    FrameRate::FPS_119_88,
];

/// A rate as the window's clip holds it.
fn rate_json(rate: FrameRate, start: Option<Timecode>) -> String {
    let start = start.map_or("null".to_owned(), |start| {
        let (frame, drop_frame) = (start.frames(), start.is_drop_frame());
        format!(r#"{{ "frame": {frame}, "drop_frame": {drop_frame} }}"#)
    });
    format!(
        r#"{{ "fps_num": {}, "fps_den": {}, "start_timecode": {start} }}"#,
        rate.num(),
        rate.den()
    )
}

/// Times of a clip: starts of frames, the same in whole nanoseconds, and times inside frames,
/// around a second, a minute, ten minutes and an hour.
fn times_s(rate: FrameRate) -> Vec<f64> {
    let nominal = i64::from(rate.nominal());
    let around = [0, 1, 60, 600, 3600].map(|seconds| seconds * nominal);
    let dropped = nominal / 15;
    let mut times = Vec::new();
    for frame in around {
        let start_s = rate.start_s(Frames(frame));
        times.push(start_s);
        times.push((start_s * 1e9).floor() / 1e9);
        times.push(rate.start_s(Frames(frame + dropped)) + 0.9 / rate.fps());
    }
    times.push(rate.start_s(Frames(60 * nominal - 1)));
    times.push(rate.start_s(Frames(10 * (60 * nominal - dropped) + dropped)));
    times.dedup();
    times
}

fn shown(lines: &mut Vec<String>, rate: FrameRate, start: Option<Timecode>, at_s: f64) {
    let frame = rate.frame_shown_at_s(at_s);
    let default = Timecode::new(Frames(0), rate, rate.has_drop_frame()).unwrap();
    let label = start.unwrap_or(default) + frame;
    let rate = rate_json(rate, start);
    lines.push(format!(
        r#"    {{ "rate": {rate}, "at_s": {at_s:?}, "frame": {frame}, "label": "{label}" }}"#
    ));
}

fn vectors() -> String {
    let (mut labels, mut refused) = (Vec::new(), Vec::new());
    for rate in RATES {
        for at_s in times_s(rate) {
            shown(&mut labels, rate, None, at_s);
        }
        for drop_frame in [false, true] {
            for text in ["09:58:59:12", "23:59:59:12"] {
                let separator = if drop_frame { ";12" } else { ":12" };
                let text = text.replace(":12", separator);
                if let Ok(start) = Timecode::parse(&text, rate) {
                    for at_s in [0.0, 1.0, 61.5] {
                        shown(&mut labels, rate, Some(start), at_s);
                    }
                }
            }
        }
        let most = rate.nominal();
        for text in [
            "24:00:00:00",
            "00:60:00:00",
            "00:00:60:00",
            &format!("00:00:00:{most}"),
            "00:00:00:",
            "0:0:0:0:0",
        ] {
            assert!(Timecode::parse(text, rate).is_err(), "{text} at {rate}");
            let rate = rate_json(rate, None);
            refused.push(format!(r#"    {{ "rate": {rate}, "text": "{text}" }}"#));
        }
    }
    let mut json = String::new();
    writeln!(json, "{{\n  \"shown\": [\n{}\n  ],", labels.join(",\n")).unwrap();
    writeln!(json, "  \"refused\": [\n{}\n  ]\n}}", refused.join(",\n")).unwrap();
    json
}

#[test]
fn the_committed_vectors_are_those_of_this_crate() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let wanted = vectors();
    if std::env::var_os("NEEDLEDROP_REGENERATE").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == wanted,
        "timecode.vectors.json is stale: run NEEDLEDROP_REGENERATE=1 cargo test -p \
         needledrop-timebase --test window_vectors"
    );
}
