//! Files that are no music at all.

use std::path::Path;

use needledrop_audio::Metadata;
use needledrop_audio::decode::Decoder;

use crate::sound::{Wav, murmur, write};
use crate::work::bounded;

#[test]
fn files_without_music_give_an_error_each() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let code = |path: &Path| {
        assert_eq!(
            bounded("tags", || Metadata::read(path)),
            Metadata::default(),
            "{}",
            path.display()
        );
        assert_eq!(bounded("artwork", || Metadata::artwork(path)), None);
        let error = bounded("opening", || Decoder::open(path))
            .err()
            .unwrap_or_else(|| panic!("{}: opened", path.display()));
        error.code()
    };
    let png = [
        &b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..],
        &murmur_bytes(300_000),
    ]
    .concat();
    for (name, bytes, want) in [
        ("zero.mp3", Vec::new(), "empty_file"),
        (
            "text.mp3",
            "no music at all\n".repeat(20_000).into_bytes(),
            "not_audio",
        ),
        ("picture.mp3", png, "not_audio"),
        ("one-byte.flac", vec![b'f'], "not_audio"),
        ("magic-alone.flac", b"fLaC".to_vec(), "not_audio"),
        (
            "magic-alone.wav",
            b"RIFF\x04\0\0\0WAVE".to_vec(),
            "not_audio",
        ),
        ("zeros.mp3", vec![0; 100_000], "not_audio"),
    ] {
        assert_eq!(code(&write(at(name), &bytes)), want, "{name}");
    }
    assert_eq!(code(&at("missing.ogg")), "not_found");
    std::fs::create_dir(at("folder.wav")).unwrap();
    assert_eq!(code(&at("folder.wav")), "unreadable");
    #[cfg(unix)]
    {
        let made = std::process::Command::new("mkfifo")
            .arg(at("pipe.wav"))
            .status()
            .unwrap();
        assert!(made.success());
        assert_eq!(
            code(&at("pipe.wav")),
            "unreadable",
            "and it is not waited for"
        );
    }
}

fn murmur_bytes(n: usize) -> Vec<u8> {
    Wav::pcm(44_100, 1, 16).data(&murmur(n / 2, 1, 16))
}
