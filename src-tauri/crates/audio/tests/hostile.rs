//! Files that are broken, lie or are no music at all: each has a clear outcome, and none takes the
//! program down or keeps it busy.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod sound;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use needledrop_audio::decode::Decoder;
use needledrop_audio::{AudioError, Metadata};
use sound::{Decoded, Wav, aiff, chunk, decode, decode_bytes, encode, murmur, write};

/// No file of these tests may take longer, in a build that is hardly optimised.
const PATIENCE: Duration = Duration::from_secs(10);

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

/// Decodes and reads tags, in time.
fn timed(what: &str, bytes: Vec<u8>) -> Result<Decoded, AudioError> {
    let started = Instant::now();
    Metadata::from_bytes(&bytes);
    let result = decode_bytes(bytes);
    let took = started.elapsed();
    assert!(took < PATIENCE, "{what}: took {took:?}");
    result
}

#[test]
fn a_file_cut_short_anywhere_gives_what_it_holds_or_says_what_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    for (name, path) in files(dir.path()) {
        let whole = std::fs::read(&path).unwrap();
        let all = decode(&path).unwrap().samples.len();
        let step = whole.len() / 37;
        let cuts = [1, 4, 11, 20, 43, 60, 100, 300].into_iter();
        for cut in cuts
            .chain((1..37).map(|i| i * step))
            .chain([whole.len() - 1])
        {
            let what = format!("{name}, {cut} of {} bytes", whole.len());
            match timed(&what, whole[..cut].to_vec()) {
                Ok(got) => {
                    assert!(got.samples.len() <= all, "{what}: more than there is");
                    // The very end may hold padding alone, and MP3 without a tag has no end.
                    let lost = got.samples.len() + 8 * 1152 < all;
                    assert!(
                        got.damaged > 0 || !lost || name == "mp3",
                        "{what}: the loss goes unnoticed"
                    );
                }
                Err(error) => {
                    let code = error.code();
                    assert!(
                        ["not_audio", "undecodable", "no_audio_stream"].contains(&code),
                        "{what}: {error}"
                    );
                    assert!(cut < whole.len() / 3, "{what}: nothing came out: {error}");
                }
            }
        }
    }
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
fn bytes_changed_anywhere_end_in_an_error_or_in_what_is_left() {
    let dir = tempfile::tempdir().unwrap();
    for (name, path) in files(dir.path()) {
        let whole = std::fs::read(&path).unwrap();
        let mut state = 99u32;
        for round in 0..60 {
            let mut bytes = whole.clone();
            // Headers are where a byte does most.
            let within = if round % 2 == 0 {
                bytes.len()
            } else {
                bytes.len().min(600)
            };
            for _ in 0..=round {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = (state >> 8) as usize % within;
                bytes[at] ^= (state >> 24) as u8 | 1;
            }
            bytes.truncate(whole.len() - (round % 4) * whole.len() / 5);
            // Whatever comes out is finite and bounded, which decoding checks.
            let _outcome = timed(&format!("{name}, round {round}"), bytes);
        }
    }
}

/// A WAV file with other values in its header.
fn claiming(rate_hz: u32, channels: u16, bits: u16) -> Vec<u8> {
    let mut wav = Wav::pcm(48_000, 2, 16).file(&murmur(4000, 2, 16));
    wav[22..24].copy_from_slice(&channels.to_le_bytes());
    wav[24..28].copy_from_slice(&rate_hz.to_le_bytes());
    wav[34..36].copy_from_slice(&bits.to_le_bytes());
    wav
}

#[test]
fn a_header_that_claims_too_much_is_refused_by_name() {
    for (what, file, code, words) in [
        (
            "1 kHz",
            claiming(1000, 2, 16),
            "unsupported_layout",
            "expected a sample rate of 8000 to 384000 Hz, got 1000 Hz",
        ),
        ("0 Hz", claiming(0, 2, 16), "unsupported_layout", "got 0 Hz"),
        (
            "4 GHz",
            claiming(u32::MAX, 2, 16),
            "unsupported_layout",
            "got 4294967295 Hz",
        ),
        (
            "0 channels",
            claiming(48_000, 0, 16),
            "unsupported_layout",
            "expected 1 to 24 channels, got 0",
        ),
        (
            "25 channels",
            claiming(48_000, 25, 16),
            "unsupported_layout",
            "got 25",
        ),
        (
            "65,535 channels",
            claiming(48_000, 65_535, 16),
            "unsupported_layout",
            "got 65535",
        ),
        (
            "0 bits",
            claiming(48_000, 2, 0),
            "not_audio",
            "bits per sample",
        ),
        (
            "17 bits",
            claiming(48_000, 2, 17),
            "not_audio",
            "bits per sample",
        ),
        (
            "AIFF without channels",
            aiff_claiming(0),
            "unsupported_layout",
            "got 0",
        ),
        (
            "AIFF of 65,535 channels",
            aiff_claiming(65_535),
            "unsupported_layout",
            "got 65535",
        ),
    ] {
        let error = timed(what, file)
            .err()
            .unwrap_or_else(|| panic!("{what}: was decoded"));
        assert_eq!(error.code(), code, "{what}: {error}");
        assert!(error.to_string().contains(words), "{what}: {error}");
    }
}

fn aiff_claiming(channels: u16) -> Vec<u8> {
    let mut file = aiff(None, 2, 16, &[1; 4000]);
    file[20..22].copy_from_slice(&channels.to_be_bytes());
    file
}

#[test]
fn lengths_beyond_the_file_end_with_the_file() {
    let signal = murmur(10_000, 2, 16);
    let day = 24 * 3600 * 48_000 * 4;
    let mut wav = Wav::pcm(48_000, 2, 16).file(&signal);
    for size in [day, u64::from(u32::MAX) - 1] {
        wav[40..44].copy_from_slice(&(size as u32).to_le_bytes());
        let got = timed("WAV", wav.clone()).unwrap();
        assert_eq!(got.samples.len(), signal.len());
        assert_eq!(got.damaged, 1, "the end is missing");
    }
    let dir = tempfile::tempdir().unwrap();
    let (_, flac) = files(dir.path()).swap_remove(2);
    let mut flac = std::fs::read(flac).unwrap();
    // STREAMINFO ends its count of samples, 36 bits, at byte 26: 68 thousand million of them.
    flac[21] |= 0x0f;
    flac[22..26].fill(0xff);
    let got = timed("FLAC", flac).unwrap();
    assert_eq!((got.samples.len(), got.damaged), (2 * 88_200, 1));
    let mut mp4 = std::fs::read(dir.path().join("a.m4a")).unwrap();
    // Every table of the track claims 4 thousand million entries.
    for table in [b"stts", b"stsz", b"stsc", b"stco"] {
        let mut file = mp4.clone();
        let at = file.windows(4).position(|w| w == table).unwrap();
        let count = at + if table == b"stsz" { 12 } else { 8 };
        file[count..count + 4].fill(0xff);
        if let Err(error) = timed("MP4 tables", file) {
            assert!(
                ["not_audio", "undecodable"].contains(&error.code()),
                "{error}"
            );
        }
    }
    // Every packet of the same size and as many as can be counted, over and over the same bytes.
    let at = mp4.windows(4).position(|w| w == b"stsz").unwrap();
    mp4[at + 8..at + 12].copy_from_slice(&200u32.to_be_bytes());
    mp4[at + 12..at + 16].fill(0xff);
    if let Ok(got) = timed("MP4 of one packet size", mp4) {
        assert!(got.damaged > 0, "more packets than there are bytes");
    }
}

#[test]
fn what_is_no_music_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let code = |path: &Path| {
        let started = Instant::now();
        assert_eq!(
            Metadata::read(path),
            Metadata::default(),
            "{}",
            path.display()
        );
        assert_eq!(Metadata::artwork(path), None);
        let error = Decoder::open(path)
            .err()
            .unwrap_or_else(|| panic!("{}: opened", path.display()));
        assert!(started.elapsed() < PATIENCE);
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

#[test]
fn odd_but_sound_files_are_decoded() {
    let rate = 44_100;
    let silence = vec![0.0; 2 * rate];
    let constant = vec![0.25; 2 * rate];
    let short = murmur(rate / 100, 2, 16);
    for (what, samples) in [("silence", silence), ("DC", constant), ("10 ms", short)] {
        let got = timed(what, Wav::pcm(44_100, 2, 16).file(&samples)).unwrap();
        assert_eq!((got.samples, got.damaged), (samples, 0), "{what}");
    }
    let signal = murmur(38_400, 2, 24);
    let got = timed("384 kHz", Wav::pcm(384_000, 2, 24).file(&signal)).unwrap();
    assert_eq!((got.samples.len(), got.rate_hz), (signal.len(), 384_000));
    let got = timed("no samples", Wav::pcm(44_100, 2, 16).file(&[])).unwrap();
    assert!(got.samples.is_empty());
}

#[test]
fn tags_that_reach_beyond_the_file_do_not_hide_its_sound() {
    let dir = tempfile::tempdir().unwrap();
    let all = files(dir.path());
    let bytes = |wanted: &str| {
        let (_, path) = all.iter().find(|(name, _)| *name == wanted).unwrap();
        std::fs::read(path).unwrap()
    };
    // An ID3v2 tag of 256 MB.
    let file = [&b"ID3\x04\0\0\x7f\x7f\x7f\x7f"[..], &[0; 50], &bytes("mp3")].concat();
    let got = timed("ID3", file).unwrap();
    assert!(got.samples.len() > 2 * 80_000);
    // A comment of 4 GB within its packet.
    let mut ogg = bytes("ogg");
    let at = ogg.windows(7).position(|w| w == b"\x03vorbis").unwrap();
    ogg[at + 7..at + 11].fill(0xff);
    if let Err(error) = timed("Vorbis comment", ogg) {
        assert!(
            ["not_audio", "undecodable"].contains(&error.code()),
            "{error}"
        );
    }
    // Atoms of 4 GB and of 16 million million MB.
    let mp4 = bytes("m4a");
    for name in [b"ftyp", b"moov", b"udta", b"trak", b"stbl", b"mdat"] {
        for size in [u32::MAX, 1, 2, 7] {
            let mut file = mp4.clone();
            let Some(at) = file.windows(4).position(|w| w == name) else {
                continue;
            };
            file[at - 4..at].copy_from_slice(&size.to_be_bytes());
            if let Err(error) = timed("an atom", file) {
                let code = error.code();
                assert!(
                    [
                        "not_audio",
                        "undecodable",
                        "no_audio_stream",
                        "unsupported_codec"
                    ]
                    .contains(&code),
                    "{error}"
                );
            }
        }
    }
    // A chunk before the sound that is longer than the file.
    let mut wav = Wav {
        before: chunk(b"LIST", &[0; 40]),
        ..Wav::pcm(44_100, 2, 16)
    }
    .file(&murmur(4000, 2, 16));
    wav[16..20].copy_from_slice(&0xffff_fff0u32.to_le_bytes());
    let error = timed("a chunk", wav).err().unwrap();
    assert_eq!(error.code(), "not_audio", "{error}");
}

#[test]
fn a_file_that_shrinks_or_goes_while_it_is_read_ends_there() {
    let dir = tempfile::tempdir().unwrap();
    for (name, path) in files(dir.path()) {
        let size = std::fs::metadata(&path).unwrap().len();
        let mut decoder = Decoder::open(&path).unwrap();
        let mut samples = Vec::new();
        decoder.next_block(&mut samples).unwrap();
        let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(size / 2).unwrap();
        std::fs::remove_file(&path).unwrap();
        // Some of it may have been read ahead.
        while decoder.next_block(&mut samples).unwrap().is_some() {}
        assert!(decoder.frames() > 0, "{name}");
        assert!(
            decoder.frames() > 80_000 || decoder.damaged_packets() > 0,
            "{name}: unnoticed"
        );
        assert_eq!(
            Decoder::open(&path).err().unwrap().code(),
            "not_found",
            "{name}"
        );
    }
}
