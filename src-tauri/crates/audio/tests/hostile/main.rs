//! Files that are broken, declare wrong values or are not music: each gives a clear result, and
//! none crashes the program or keeps it busy.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod claims;
mod damage;
mod no_music;
#[path = "../sound/mod.rs"]
mod sound;
mod work;

use std::path::{Path, PathBuf};

use sound::{Wav, decode, encode, murmur, write};
use work::decode_bounded;

/// Encoders for two seconds of sound in every format.
const FORMATS: [(&str, &str); 8] = [
    ("wav", "audio/x-raw,format=S16LE ! wavenc"),
    ("aiff", "audio/x-raw,format=S16BE ! avmux_aiff"),
    ("flac", "flacenc"),
    ("mp3", "lamemp3enc target=bitrate bitrate=128 cbr=true"),
    ("ogg", "audio/x-raw,format=F32LE ! vorbisenc ! oggmux"),
    (
        "opus",
        "audioresample ! audio/x-raw,rate=48000 ! opusenc ! oggmux",
    ),
    ("m4a", "avenc_aac ! mp4mux faststart=true"),
    ("alac.m4a", "avenc_alac ! mp4mux faststart=true"),
];

/// The formats as files in a folder.
fn files(dir: &Path) -> Vec<(&'static str, PathBuf)> {
    let bytes = Wav::pcm(44_100, 2, 16).file(&murmur(88_200, 2, 16));
    let source = write(dir.join("source.wav"), &bytes);
    let all = FORMATS.iter().map(|&(name, rest)| {
        let path = dir.join(format!("a.{name}"));
        encode(&source, rest, &path);
        (name, path)
    });
    all.collect()
}

#[test]
fn a_wrong_extension_does_not_matter() {
    let dir = tempfile::tempdir().unwrap();
    let all = files(dir.path());
    for (i, (name, path)) in all.iter().enumerate() {
        let wrong = dir
            .path()
            .join(format!("wrong.{}", all[(i + 3) % all.len()].0));
        std::fs::copy(path, &wrong).unwrap();
        let got = decode(&wrong).unwrap_or_else(|e| panic!("{name} as {}: {e}", wrong.display()));
        assert_eq!(got.damaged, 0, "{name}");
        assert!(got.samples.len() >= 2 * 88_200, "{name}");
        std::fs::remove_file(wrong).unwrap();
    }
}

#[test]
fn unusual_but_valid_files_are_decoded() {
    let rate = 44_100;
    let silence = vec![0.0; 2 * rate];
    let constant = vec![0.25; 2 * rate];
    let short = murmur(rate / 100, 2, 16);
    for (what, samples) in [("silence", silence), ("DC", constant), ("10 ms", short)] {
        let got = decode_bounded(what, Wav::pcm(44_100, 2, 16).file(&samples)).unwrap();
        assert_eq!((got.samples, got.damaged), (samples, 0), "{what}");
    }
    let signal = murmur(38_400, 2, 24);
    let got = decode_bounded("384 kHz", Wav::pcm(384_000, 2, 24).file(&signal)).unwrap();
    assert_eq!((got.samples.len(), got.rate_hz), (signal.len(), 384_000));
    let got = decode_bounded("no samples", Wav::pcm(44_100, 2, 16).file(&[])).unwrap();
    assert!(got.samples.is_empty());
}
