//! `needledrop look`, and the use of its analysis in a match.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;

use std::fs;
use std::path::Path;

use common::{Ran, Sandbox, music, pipeline};

/// Makes a clip of shots with these lengths in seconds, at 25 frames per second with hard cuts. Each shot has drifting stripes
/// and discs in its own colours.
fn shots(path: &Path, seconds: &[f64]) {
    const SIZE: (usize, usize) = (160, 90);
    let mut raw = Vec::new();
    for (shot, seconds) in seconds.iter().enumerate() {
        for frame in 0..(seconds * 25.0).round() as usize {
            for at in 0..SIZE.0 * SIZE.1 {
                let (x, y) = (
                    (at % SIZE.0) as f64 + frame as f64 * 0.4,
                    (at / SIZE.0) as f64,
                );
                let turn = shot as f64 * 1.7;
                let stripes =
                    ((x * turn.cos() + y * turn.sin()) * (0.1 + 0.04 * shot as f64)).sin();
                let disc = f64::from(u8::from(
                    (x - 60.0).hypot(y - 45.0) < 20.0 + 5.0 * (shot % 3) as f64,
                ));
                for channel in 0..3 {
                    let tint = 90.0 + 60.0 * (turn * 2.0 + f64::from(channel) * 2.1).sin();
                    raw.push((tint + 40.0 * stripes + 50.0 * disc) as u8);
                }
            }
        }
    }
    let file = path.with_extension("raw");
    fs::write(&file, raw).unwrap();
    pipeline(&format!(
        "filesrc location=\"{}\" ! rawvideoparse format=rgb width={} height={} framerate=25/1 ! videoconvert ! \
         x264enc key-int-max=50 bframes=2 speed-preset=fast ! h264parse ! mp4mux ! filesink location=\"{}\"",
        file.display(),
        SIZE.0,
        SIZE.1,
        path.display()
    ));
    fs::remove_file(file).unwrap();
}

fn ok(ran: Ran) -> Ran {
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    ran
}

#[test]
fn look_reports_cuts_to_the_frame_and_caches_the_analysis() {
    let sandbox = Sandbox::with_pack();
    shots(&sandbox.path("a b #1.mp4"), &[2.0, 1.48, 2.52, 0.8, 1.2]);
    let look =
        |more: &[&str]| ok(sandbox.run(&[&["look", "a b #1.mp4", "--json"], more].concat())).json();
    let told = look(&[]);
    for key in [
        "duration_s",
        "range_s",
        "fps",
        "rate",
        "range_frames",
        "start_timecode",
        "cuts",
        "tempo",
        "motion",
        "camera",
        "brightness",
        "contrast",
        "saturation",
        "warmth",
        "arc",
        "hits",
        "beats_s",
        "mood",
        "mood_label",
        "valence",
        "arousal",
        "mode",
        "speech_s",
        "music_present",
        "loudness_lufs",
        "corrupt",
        "timings_ms",
    ] {
        assert!(told.get(key).is_some(), "{key} in {told}");
    }
    assert_eq!(told["fps"], 25.0);
    assert_eq!(told["rate"], serde_json::json!({"num": 25, "den": 1}));
    assert_eq!(told["range_frames"], serde_json::json!([0, 200]));
    assert_eq!(told["start_timecode"], serde_json::Value::Null);
    let cuts = told["cuts"].as_array().unwrap();
    let times: Vec<f64> = cuts.iter().map(|c| c["time_s"].as_f64().unwrap()).collect();
    assert_eq!(times.len(), 4, "{cuts:?}");
    for (time, wanted) in times.iter().zip([2.0, 3.48, 6.0, 6.8]) {
        assert!((time - wanted).abs() < 0.041, "{times:?}");
    }
    for cut in cuts {
        let frame = cut["frame"].as_i64().unwrap();
        assert_eq!(
            cut["time_s"].as_f64().unwrap(),
            frame as f64 / 25.0,
            "{cut}"
        );
    }
    assert!(cuts.iter().all(|c| c["kind"] == "cut"), "{cuts:?}");
    assert_eq!(
        told["speech_s"],
        serde_json::Value::Null,
        "a silent clip has no facts about sound"
    );
    assert_eq!(told["mood_label"].as_str().unwrap().len(), 2);
    assert!(told["motion"]["values"].as_array().unwrap().len() >= 79);

    let again = look(&[]);
    assert_eq!(again["cuts"], told["cuts"]);
    assert_eq!(again["mood"], told["mood"]);
    fs::rename(sandbox.path("a b #1.mp4"), sandbox.path("moved.mp4")).unwrap();
    let watch = |doc: &serde_json::Value| doc["timings_ms"]["watch"].as_f64().unwrap();
    let moved = ok(sandbox.run(&["look", "moved.mp4", "--json"])).json();
    assert!(watch(&moved) < watch(&told) / 2.0, "{moved} after {told}");
    let few = ok(sandbox.run(&["look", "moved.mp4", "--json", "--sensitivity", "0"])).json();
    assert!(few["cuts"].as_array().unwrap().len() <= 4);

    let people = ok(sandbox.run(&["look", "moved.mp4"])).stdout;
    assert!(
        people.contains("5 (4 cuts, 0 fades, 0 dissolves)"),
        "{people}"
    );
    let refused = sandbox.error(&["look", "moved.mp4", "--sensitivity", "2"], 2);
    assert!(
        refused["message"].as_str().unwrap().contains("0 to 1"),
        "{refused}"
    );
}

#[test]
fn odd_clips_are_analysed_as_far_as_they_can_be_decoded() {
    let sandbox = Sandbox::with_pack();
    let at = |name: &str| sandbox.path(name).display().to_string();
    shots(&sandbox.path("whole.mkv.mp4"), &[2.0, 2.0]);
    pipeline(&format!(
        "videotestsrc num-buffers=250 ! video/x-raw,width=160,height=120,framerate=25/1 ! x264enc key-int-max=25 ! \
         h264parse ! matroskamux ! filesink location={}",
        at("long.mkv")
    ));
    let bytes = fs::read(sandbox.path("long.mkv")).unwrap();
    sandbox.write("torn.mkv", &bytes[..bytes.len() * 6 / 10]);
    pipeline(&format!(
        "videotestsrc num-buffers=1 ! video/x-raw,width=160,height=120,framerate=25/1 ! x264enc ! h264parse ! mp4mux ! \
         filesink location={}",
        at("one.mp4")
    ));
    pipeline(&format!(
        "videotestsrc num-buffers=480 pattern=ball ! video/x-raw,width=160,height=120,framerate=240/1 ! x264enc ! \
         h264parse ! mp4mux ! filesink location={}",
        at("fast.mp4")
    ));
    pipeline(&format!(
        "videotestsrc num-buffers=6 ! video/x-raw,width=7680,height=4320,framerate=2/1 ! jpegenc ! matroskamux ! \
         filesink location={}",
        at("huge.mkv")
    ));
    pipeline(&format!(
        "mp4mux name=m ! filesink location={} videotestsrc num-buffers=50 ! \
         video/x-raw,width=160,height=120,framerate=25/1 ! x264enc ! h264parse ! m. audiotestsrc wave=silence \
         num-buffers=20 samplesperbuffer=4800 ! audio/x-raw,rate=48000,channels=2 ! avenc_aac ! aacparse ! m.",
        at("silent.mp4")
    ));
    for (name, corrupt) in [
        ("torn.mkv", true),
        ("one.mp4", false),
        ("fast.mp4", false),
        ("huge.mkv", false),
        ("silent.mp4", false),
    ] {
        let ran = ok(sandbox.run(&["look", name, "--json"]));
        let told = ran.json();
        assert_eq!(told["corrupt"], corrupt, "{name}: {told}");
        assert_eq!(
            ran.stderr.contains("cut short"),
            corrupt,
            "{name}: {}",
            ran.stderr
        );
        assert!(
            told["tempo"]["confidence"].as_f64().unwrap() < 0.3,
            "{name}: {told}"
        );
        assert!(
            !told["motion"]["values"].as_array().unwrap().is_empty(),
            "{name}"
        );
    }
    let silent = ok(sandbox.run(&["look", "silent.mp4", "--json"])).json();
    assert_eq!(silent["speech_s"], serde_json::json!([]));
    assert_eq!(silent["music_present"], false);
    assert_eq!(silent["loudness_lufs"], serde_json::Value::Null);
    sandbox.write("no.mp4", b"a shopping list, and no clip at all");
    let error = sandbox.error(&["look", "no.mp4"], 2);
    assert_eq!(error["code"], "not_a_video");
}

#[test]
fn a_match_uses_the_clips_motion_and_look_draws_it() {
    let sandbox = Sandbox::with_pack();
    fs::create_dir(sandbox.path("music")).unwrap();
    for (name, bpm) in [("slow", 75.0), ("middle", 100.0), ("quick", 131.0)] {
        music(
            &sandbox.path(&format!("music/{name}.wav")),
            60.0,
            bpm,
            220.0,
            false,
        );
    }
    ok(sandbox.run(&["index", "music", "--catalog", "catalog", "--json"]));
    // A cut on every fourth beat at 100 BPM, some on the second.
    let mut seconds = vec![2.4; 9];
    seconds[3] = 1.2;
    seconds[4] = 3.6;
    shots(&sandbox.path("clip.mp4"), &seconds);
    let ask = |more: &[&str]| {
        let args = [
            &["match", "clip.mp4", "--catalog", "catalog", "--json"],
            more,
        ]
        .concat();
        ok(sandbox.run(&args))
    };
    let ran = ask(&[]);
    assert!(
        ran.stderr
            .contains("first answer, by the content of the picture"),
        "{}",
        ran.stderr
    );
    let told = ran.json();
    assert_eq!(told["refined"], true);
    for row in told["results"].as_array().unwrap() {
        let alignment = &row["alignment"];
        assert!(
            (0.0..=1.0).contains(&alignment["score"].as_f64().unwrap()),
            "{row}"
        );
        assert!(row["start_s"].as_f64().unwrap() < row["duration_s"].as_f64().unwrap());
    }
    let score = |title: &str| {
        let rows = told["results"].as_array().unwrap();
        let row = rows.iter().find(|row| row["title"] == title).unwrap();
        row["alignment"]["score"].as_f64().unwrap()
    };
    assert!(
        score("middle") > score("slow") && score("middle") > score("quick"),
        "{told}"
    );
    let timings = &told["timings_ms"];
    let part = |name: &str| timings[name].as_f64().unwrap();
    let sum = part("first_rows") + part("watch") + part("refine");
    assert!((sum - part("total")).abs() < 0.5, "{timings}");

    let quick = ask(&["--quick"]).json();
    assert_eq!(quick["refined"], false);
    assert!(quick["results"][0].get("alignment").is_none(), "{quick}");
    assert_eq!(
        quick["results"][0]["scores"]["tempo"], 0.5,
        "without a wanted tempo the term is neutral"
    );

    let drawn = [
        "look",
        "clip.mp4",
        "--plot",
        "sheets/one.png",
        "--catalog",
        "catalog",
    ];
    ok(sandbox.run(&drawn));
    let png = fs::read(sandbox.path("sheets/one.png")).unwrap();
    assert_eq!(&png[..4], b"\x89PNG");
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!((side(16), side(20)), (1600, 640));
}
