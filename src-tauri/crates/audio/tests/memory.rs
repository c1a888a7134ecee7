//! Memory and bytes read for one file: neither grows with the length of a track or with its
//! artwork.
//!
//! Each file is read by a process of its own, this test binary again, which prints its peak.

#![cfg(target_os = "linux")] // Where a process can look its peak up.
#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod sound;

use std::path::Path;
use std::process::Command;

use needledrop_audio::decode::Decoder;
use needledrop_audio::{Metadata, Meter};
use sound::{Wav, chunk, encode, murmur, write};

const MB: u64 = 1 << 20;

#[test]
#[ignore = "run by the others, in a process of its own"]
fn reads_one_file() {
    let Some(path) = std::env::var_os("NEEDLEDROP_TEST_FILE") else {
        return;
    };
    let path = Path::new(&path);
    let metadata = Metadata::read(path);
    let mut decoder = Decoder::open(path).unwrap();
    let (mut samples, mut meter) = (Vec::new(), None);
    while let Some((rate, _)) = decoder.next_block(&mut samples).unwrap() {
        meter
            .get_or_insert_with(|| Meter::with_speakers(rate, decoder.speakers()))
            .push(&samples);
    }
    let loudness = meter.map(|m| m.loudness()).unwrap_or_default();
    assert!(loudness.integrated_lufs.is_some());
    println!(
        "RESULT {} {} {} {}",
        peak_bytes(),
        decoder.frames(),
        read_bytes(),
        metadata.title.is_some()
    );
}

/// Peak memory of this process so far, bytes.
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .unwrap();
    1024 * line.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
}

/// Bytes that this process has read so far, from all files.
fn read_bytes() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap();
    let line = io.lines().find_map(|l| l.strip_prefix("rchar:")).unwrap();
    line.trim().parse().unwrap()
}

/// Cost of reading a file in a process of its own.
struct Cost {
    peak: u64,
    frames: u64,
    read: u64,
    has_title: bool,
}

fn read(path: &Path) -> Cost {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "reads_one_file", "--ignored", "--nocapture"])
        .env("NEEDLEDROP_TEST_FILE", path)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text
        .lines()
        .find_map(|l| l.split_once("RESULT "))
        .unwrap_or_else(|| {
            panic!(
                "{}: {text}{}",
                path.display(),
                String::from_utf8_lossy(&output.stderr)
            )
        });
    let mut words = line.1.split(' ');
    let mut number = || words.next().unwrap().parse::<u64>().unwrap();
    let (peak, frames, read) = (number(), number(), number());
    let has_title = words.next() == Some("true");
    Cost {
        peak,
        frames,
        read,
        has_title,
    }
}

#[test]
fn a_long_track_takes_no_more_memory_than_a_short_one() {
    let dir = tempfile::tempdir().unwrap();
    let of = |seconds: usize| {
        let samples = murmur(8000, 1, 16).repeat(seconds);
        let path = dir.path().join(format!("{seconds}.wav"));
        read(&write(path, &Wav::pcm(8000, 1, 16).file(&samples))).peak
    };
    let (short, long) = (of(20), of(1200));
    assert!(
        long < short + 2 * MB,
        "{short} bytes for 20 s, {long} for 20 min"
    );
}

fn picture(bytes: &[u8]) -> Vec<u8> {
    let body = [&b"\0image/jpeg\0\x03\0\xff\xd8\xff\xe0"[..], bytes].concat();
    [
        &b"APIC"[..],
        &(body.len() as u32).to_be_bytes(),
        &[0, 0],
        &body,
    ]
    .concat()
}

/// An ID3v2.3 tag with a title and artwork.
fn tag(artwork: &[u8]) -> Vec<u8> {
    let body = [&b"TIT2\0\0\0\x05\0\0\x03Dusk"[..], &picture(artwork)].concat();
    let size = [21, 14, 7, 0].map(|shift| (body.len() >> shift & 0x7f) as u8);
    [&b"ID3\x03\0\0"[..], &size, &body].concat()
}

#[test]
fn artwork_of_100_mb_is_not_held_and_is_read_once_at_most() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let huge = vec![7; 100 << 20];
    let plain = Wav::pcm(44_100, 2, 16);
    let signal = murmur(2 * 44_100, 2, 16);
    let source = write(at("in.wav"), &plain.file(&signal));
    encode(&source, "flacenc", &at("in.flac"));
    encode(&source, "lamemp3enc", &at("in.mp3"));
    encode(&source, "avenc_aac ! mp4mux", &at("in.m4a"));
    let bytes = |name: &str| std::fs::read(at(name)).unwrap();
    // Seven pictures of 15 MB, about the most that a FLAC block may hold, after the stream info.
    let block = [&[6, 0xf0, 0, 0][..], &huge[..0xf0_0000]].concat();
    let (mut head, rest) = (
        bytes("in.flac")[..42].to_vec(),
        bytes("in.flac")[42..].to_vec(),
    );
    head[4] = 0;
    let wav = |before: Vec<u8>, after: Vec<u8>| {
        Wav {
            before,
            after,
            ..Wav::pcm(44_100, 2, 16)
        }
        .file(&signal)
    };
    let cover = [&(huge.len() as u32 + 8).to_be_bytes()[..], b"covr", &huge].concat();
    let small = read(&source);
    for (name, file, has_title) in [
        ("before.mp3", [tag(&huge), bytes("in.mp3")].concat(), true),
        ("after.mp3", [bytes("in.mp3"), tag(&huge)].concat(), false),
        (
            "before.flac",
            [tag(&huge), bytes("in.flac")].concat(),
            false,
        ),
        ("within.flac", [head, block.repeat(7), rest].concat(), false),
        (
            "before.wav",
            wav(chunk(b"id3 ", &tag(&huge)), Vec::new()),
            false,
        ),
        (
            "after.wav",
            wav(Vec::new(), chunk(b"id3 ", &tag(&huge))),
            false,
        ),
        ("after.m4a", [bytes("in.m4a"), cover].concat(), false),
    ] {
        let path = write(at(name), &file);
        drop(file);
        let cost = read(&path);
        std::fs::remove_file(&path).unwrap();
        let frames = cost.frames;
        assert!(frames.abs_diff(88_200) < 5000, "{name}: {frames} frames");
        assert!(
            cost.peak < small.peak + 24 * MB,
            "{name}: {} bytes held, {} without artwork",
            cost.peak,
            small.peak
        );
        assert!(
            cost.read < small.read + 124 * MB,
            "{name}: {} bytes read, {} without artwork: its 100 MB are passed over once at most",
            cost.read,
            small.read
        );
        assert!(
            cost.has_title || !has_title,
            "{name}: the title is found all the same"
        );
        println!(
            "{name}: {} KB more held, {} KB more read",
            cost.peak.saturating_sub(small.peak) >> 10,
            cost.read.saturating_sub(small.read) >> 10
        );
    }
}
