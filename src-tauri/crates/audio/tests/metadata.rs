//! Tags and artwork in files written by hand.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod sound;

use std::path::Path;

use needledrop_audio::Metadata;
use sound::{Wav, encode, murmur, write};

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
fn tempo_and_key_tags_of_dj_programs_are_read() {
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
fn a_tag_that_is_not_a_picture_gives_no_artwork() {
    let dir = tempfile::tempdir().unwrap();
    let tag = id3(&[text(b"TIT2", "Dusk"), picture(3, b"<svg onload=alert(1)>")]);
    let path = write(dir.path().join("a.mp3"), &[tag, mp3(dir.path())].concat());
    assert_eq!(Metadata::artwork(&path), None);
    assert_eq!(Metadata::artwork(&dir.path().join("missing.mp3")), None);
    assert_eq!(Metadata::artwork(dir.path()), None);
}
