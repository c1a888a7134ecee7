//! Headers, lengths and tags that declare more than the file holds.

use crate::files;
use crate::sound::{Wav, aiff, chunk, murmur};
use crate::work::decode_bounded;

/// A WAV file with other values in its header.
fn claiming(rate_hz: u32, channels: u16, bits: u16) -> Vec<u8> {
    let mut wav = Wav::pcm(48_000, 2, 16).file(&murmur(4000, 2, 16));
    wav[22..24].copy_from_slice(&channels.to_le_bytes());
    wav[24..28].copy_from_slice(&rate_hz.to_le_bytes());
    wav[34..36].copy_from_slice(&bits.to_le_bytes());
    wav
}

#[test]
fn a_header_with_values_out_of_bounds_is_refused_with_the_value() {
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
        let error = decode_bounded(what, file)
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
fn declared_lengths_beyond_the_file_end_with_the_file() {
    let signal = murmur(10_000, 2, 16);
    let day = 24 * 3600 * 48_000 * 4;
    let mut wav = Wav::pcm(48_000, 2, 16).file(&signal);
    for size in [day, u64::from(u32::MAX) - 1] {
        wav[40..44].copy_from_slice(&(size as u32).to_le_bytes());
        let got = decode_bounded("WAV", wav.clone()).unwrap();
        assert_eq!(got.samples.len(), signal.len());
        assert_eq!(got.damaged, 1, "the end is missing");
    }
    let dir = tempfile::tempdir().unwrap();
    let (_, flac) = files(dir.path()).swap_remove(2);
    let mut flac = std::fs::read(flac).unwrap();
    // STREAMINFO ends its count of samples, 36 bits, at byte 26: 68 thousand million of them.
    flac[21] |= 0x0f;
    flac[22..26].fill(0xff);
    let got = decode_bounded("FLAC", flac).unwrap();
    assert_eq!((got.samples.len(), got.damaged), (2 * 88_200, 1));
    let mut mp4 = std::fs::read(dir.path().join("a.m4a")).unwrap();
    // Every table of the track claims 4 thousand million entries.
    for table in [b"stts", b"stsz", b"stsc", b"stco"] {
        let mut file = mp4.clone();
        let at = file.windows(4).position(|w| w == table).unwrap();
        let count = at + if table == b"stsz" { 12 } else { 8 };
        file[count..count + 4].fill(0xff);
        if let Err(error) = decode_bounded("MP4 tables", file) {
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
    if let Ok(got) = decode_bounded("MP4 of one packet size", mp4) {
        assert!(got.damaged > 0, "more packets than there are bytes");
    }
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
    let got = decode_bounded("ID3", file).unwrap();
    assert!(got.samples.len() > 2 * 80_000);
    // A comment of 4 GB within its packet.
    let mut ogg = bytes("ogg");
    let at = ogg.windows(7).position(|w| w == b"\x03vorbis").unwrap();
    ogg[at + 7..at + 11].fill(0xff);
    if let Err(error) = decode_bounded("Vorbis comment", ogg) {
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
            if let Err(error) = decode_bounded("an atom", file) {
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
    let error = decode_bounded("a chunk", wav).err().unwrap();
    assert_eq!(error.code(), "not_audio", "{error}");
}
