//! Tags and artwork, written by hand.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod sound;

use std::path::Path;
use std::time::Instant;

use needledrop_audio::Metadata;
use needledrop_audio::decode::Decoder;
use sound::{Wav, chunk, encode, murmur, write};

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a picture";

fn frame(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&name[..], &(body.len() as u32).to_be_bytes(), &[0, 0], body].concat()
}

fn text(name: &[u8; 4], text: &str) -> Vec<u8> {
    frame(name, &[&[3], text.as_bytes()].concat())
}

fn picture(kind: u8, bytes: &[u8]) -> Vec<u8> {
    let head = [&b"\0image/jpeg\0"[..], &[kind], b"\0"].concat();
    frame(b"APIC", &[&head, bytes].concat())
}

/// An ID3v2.3 tag.
fn id3(frames: &[Vec<u8>]) -> Vec<u8> {
    let body = frames.concat();
    let size = [21, 14, 7, 0].map(|shift| (body.len() >> shift & 0x7f) as u8);
    [&b"ID3\x03\0\0"[..], &size, &body].concat()
}

/// An MP3 file of a second without tags.
fn mp3(dir: &Path) -> Vec<u8> {
    let bytes = Wav::pcm(44_100, 2, 16).file(&murmur(44_100, 2, 16));
    let wav = write(dir.join("in.wav"), &bytes);
    encode(&wav, "lamemp3enc", &dir.join("in.mp3"));
    std::fs::read(dir.join("in.mp3")).unwrap()
}

#[test]
fn what_djs_write_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let tag = id3(&[
        text(b"TIT2", "Dusk"),
        text(b"TBPM", "127.98"),
        text(b"TKEY", "8A"),
        text(b"TSRC", "QZES71982312"),
        picture(4, b"\x89PNG\r\n\x1a\n back"),
        picture(3, JPEG),
    ]);
    let path = write(dir.path().join("a.mp3"), &[tag, mp3(dir.path())].concat());
    let metadata = Metadata::read(&path);
    assert_eq!(metadata.title.as_deref(), Some("Dusk"));
    assert_eq!(metadata.isrc.as_deref(), Some("QZES71982312"));
    assert_eq!(metadata.claimed_bpm, Some(127.98));
    assert_eq!(metadata.claimed_key.unwrap().to_string(), "Am");
    let artwork = Metadata::artwork(&path).unwrap();
    assert_eq!(
        (artwork.mime, &artwork.bytes[..]),
        ("image/jpeg", JPEG),
        "the front"
    );
}

#[test]
fn what_only_claims_to_be_a_picture_is_none() {
    let dir = tempfile::tempdir().unwrap();
    let tag = id3(&[text(b"TIT2", "Dusk"), picture(3, b"<svg onload=alert(1)>")]);
    let path = write(dir.path().join("a.mp3"), &[tag, mp3(dir.path())].concat());
    assert_eq!(Metadata::artwork(&path), None);
    assert_eq!(Metadata::artwork(&dir.path().join("missing.mp3")), None);
    assert_eq!(Metadata::artwork(dir.path()), None);
}

/// Most memory that this process has held so far, bytes.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let kb = line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kb.unwrap_or(0) * 1024
}

#[test]
fn artwork_of_100_mb_is_neither_held_nor_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let huge = [JPEG, &vec![7; 100 << 20]].concat();
    let sound = mp3(dir.path());
    let tag = |title| id3(&[text(b"TIT2", title), picture(3, &huge)]);
    let flac = {
        encode(
            &dir.path().join("in.wav"),
            "flacenc",
            &dir.path().join("in.flac"),
        );
        let bytes = std::fs::read(dir.path().join("in.flac")).unwrap();
        // Seven pictures of 15 MB, the most that a block may hold, after the stream info.
        let block = [&[6, 0xf0, 0, 0][..], &vec![7; 0xf0_0000]].concat();
        let mut file = bytes[..42].to_vec();
        file[4] = 0;
        (0..7).for_each(|_| file.extend(&block));
        [file, bytes[42..].to_vec()].concat()
    };
    let wav = |before: bool| {
        let art = chunk(b"id3 ", &tag("Dusk"));
        let (before, after) = if before {
            (art, Vec::new())
        } else {
            (Vec::new(), art)
        };
        let wav = Wav {
            before,
            after,
            ..Wav::pcm(44_100, 2, 16)
        };
        wav.file(&murmur(44_100, 2, 16))
    };
    let files = [
        ("before.mp3", [tag("Dusk"), sound.clone()].concat(), true),
        ("pictures.flac", flac, false),
        ("before.wav", wav(true), false),
        ("after.wav", wav(false), false),
        (
            "before.flac",
            [
                tag("Dusk"),
                std::fs::read(dir.path().join("in.flac")).unwrap(),
            ]
            .concat(),
            true,
        ),
        ("after.mp3", [sound, tag("Dusk")].concat(), false),
    ]
    .map(|(name, bytes, titled)| (write(dir.path().join(name), &bytes), titled));
    drop(huge);
    for (path, titled) in files {
        // The peak so far includes the making of the files, so only growth beyond it would show;
        // the files are read in a process that begins small below.
        let started = Instant::now();
        let metadata = Metadata::read(&path);
        let mut decoder = Decoder::open(&path).unwrap();
        let (mut samples, mut frames) = (Vec::new(), 0);
        while let Some((_, channels)) = decoder.next_block(&mut samples).unwrap() {
            frames += samples.len() / channels;
        }
        let took = started.elapsed();
        assert!(
            (43_000..47_000).contains(&frames),
            "{}: {frames} frames",
            path.display()
        );
        assert!(took.as_secs_f64() < 2.0, "{}: {took:?}", path.display());
        assert!(
            !titled || metadata.title.as_deref() == Some("Dusk"),
            "{}",
            path.display()
        );
        let artwork = Metadata::artwork(&path);
        let most = 16 << 20;
        assert!(
            artwork.is_none_or(|a| a.bytes.len() <= most),
            "{}",
            path.display()
        );
    }
    let _ = peak_memory;
}
