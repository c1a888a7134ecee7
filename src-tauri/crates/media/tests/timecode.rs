//! Start timecode and reel name of files that ffmpeg wrote.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use needledrop_media::{Recorded, probe, recorded};
use needledrop_timebase::FrameRate;
use std::{
    fs::{self, File},
    io::Cursor,
    path::{Path, PathBuf},
    process::Command,
};

/// A second of test picture at `rate`, written to `name`.
fn make(dir: &Path, name: &str, rate: &str, options: &[&str]) -> PathBuf {
    let path = dir.join(name);
    let source = format!("testsrc=s=160x120:r={rate}:d=1");
    let done = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "lavfi", "-i", &source])
        .args(["-pix_fmt", "yuv420p"])
        .args(options)
        .arg(&path)
        .status();
    assert!(done.expect("ffmpeg is installed").success(), "{path:?}");
    path
}

/// Start and reel of a clip, and its rate.
fn read(path: &Path) -> (Option<String>, Option<String>, FrameRate) {
    let info = probe(path).unwrap();
    let start = info.start_timecode;
    assert!(start.is_none_or(|start| start.rate() == info.rate));
    (start.map(|start| start.to_string()), info.reel, info.rate)
}

fn start_of(path: &Path) -> Option<String> {
    read(path).0
}

#[test]
fn mov_and_mp4_give_the_timecode_of_their_tmcd_track_at_every_rate() {
    let dir = tempfile::tempdir().unwrap();
    for (rate, timecode) in [
        ("24000/1001", "01:02:03:04"),
        ("24", "23:59:59:23"),
        ("25", "10:00:00:00"),
        ("30000/1001", "01:02:03;04"),
        ("30000/1001", "01:02:03:04"),
        ("30", "00:00:00:00"),
        ("50", "10:00:00:49"),
        ("60000/1001", "00:01:00;04"),
        ("60000/1001", "00:01:00:00"),
        ("60", "00:00:10:59"),
    ] {
        for (name, coding) in [("a.mov", "mpeg4"), ("b.mp4", "libx264")] {
            let path = make(
                dir.path(),
                name,
                rate,
                &["-timecode", timecode, "-c:v", coding],
            );
            let (start, reel, found) = read(&path);
            assert_eq!(start.as_deref(), Some(timecode), "{name} at {rate}");
            assert_eq!(reel, None);
            let (num, den) = rate.split_once('/').unwrap_or((rate, "1"));
            let made = FrameRate::new(num.parse().unwrap(), den.parse().unwrap());
            assert_eq!(Ok(found), made, "{name} at {rate}");
        }
    }
}

#[test]
fn mxf_gives_the_timecode_of_its_material_package() {
    let dir = tempfile::tempdir().unwrap();
    for (rate, timecode) in [
        ("25", "10:00:00:00"),
        ("30000/1001", "01:02:03;04"),
        ("30000/1001", "01:02:03:04"),
    ] {
        let options = ["-timecode", timecode, "-c:v", "mpeg2video"];
        let path = make(dir.path(), "a.mxf", rate, &options);
        assert_eq!(start_of(&path).as_deref(), Some(timecode), "at {rate}");
    }
    let options = ["-timecode", "10:00:00:40", "-c:v", "libx264"];
    let path = make(dir.path(), "b.mxf", "50", &options);
    assert_eq!(
        start_of(&path).as_deref(),
        Some("10:00:00:40"),
        "50 frames a second"
    );
}

#[test]
fn reel_names_are_read_from_mov_and_mxf() {
    let dir = tempfile::tempdir().unwrap();
    let coded = ["-timecode", "10:00:00:00", "-c:v", "mpeg2video"];
    for (name, option) in [("a.mov", "-metadata:s:v"), ("a.mxf", "-metadata")] {
        let options = [&coded[..], &[option, "reel_name=A001_C002"]].concat();
        let (_, reel, _) = read(&make(dir.path(), name, "25", &options));
        assert_eq!(reel.as_deref(), Some("A001_C002"), "{name}");
    }
}

#[test]
fn mpeg_streams_give_the_timecode_of_their_first_group_of_pictures() {
    let dir = tempfile::tempdir().unwrap();
    for (name, rate, timecode) in [
        ("a.ts", "25", "01:02:03:04"),
        ("b.ts", "50", "01:02:03:44"),
        ("a.mpg", "30000/1001", "01:02:03;04"),
    ] {
        let options = ["-timecode", timecode, "-c:v", "mpeg2video"];
        let path = make(dir.path(), name, rate, &options);
        assert_eq!(start_of(&path).as_deref(), Some(timecode), "{name}");
    }
}

#[test]
fn matroska_gives_the_timecode_of_its_tag() {
    let dir = tempfile::tempdir().unwrap();
    let options = ["-timecode", "10:00:00:10", "-c:v", "libx264"];
    let path = make(dir.path(), "a.mkv", "25", &options);
    assert_eq!(start_of(&path).as_deref(), Some("10:00:00:10"));
}

#[test]
fn clips_without_timecode_have_none() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a.mov", "a.mp4", "a.mkv", "a.ts", "a.avi"] {
        let coding = if name == "a.ts" {
            "mpeg2video"
        } else {
            "libx264"
        };
        let path = make(dir.path(), name, "25", &["-c:v", coding]);
        assert_eq!(start_of(&path), None, "{name}");
    }
}

#[test]
fn damaged_files_are_read_to_an_end_without_a_panic() {
    let dir = tempfile::tempdir().unwrap();
    let options = ["-timecode", "10:00:00:00", "-c:v", "mpeg2video"];
    for name in ["a.mov", "a.mxf"] {
        let path = make(dir.path(), name, "25", &options);
        let whole = fs::read(&path).unwrap();
        let rate = FrameRate::FPS_25;
        let of_file = recorded(&mut File::open(&path).unwrap(), rate);
        assert!(of_file.start.is_some());
        // MXF has its metadata in front, ffmpeg's MOV at the end.
        let (mut bytes, at) = match name {
            "a.mxf" => (whole[..16_384].to_vec(), 0..6_000),
            _ => (whole.clone(), whole.len() - 1_500..whole.len()),
        };
        let mut same = 0;
        for at in at {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let was = std::mem::replace(&mut bytes[at], value);
                same += i32::from(recorded(&mut Cursor::new(&bytes), rate) == of_file);
                bytes[at] = was;
            }
            let cut = recorded(&mut Cursor::new(&bytes[..at]), rate);
            assert!(
                cut == of_file || cut == Recorded::default(),
                "{name} cut at {at}"
            );
        }
        assert!(
            same > 1000,
            "{name}: most bytes do not matter, {same} did not"
        );
    }
}
