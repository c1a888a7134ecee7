//! Formats are told by content: names play no part, and foreign data is not taken for MP3.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod sound;

use std::path::Path;

use needledrop_audio::Recognised::{self, Film, Music, Other, ResourceFork, Unsupported};
use needledrop_audio::decode::Decoder;
use needledrop_audio::{recognise, recognise_bytes};
use sound::{Wav, aiff, chunk, encode, murmur, write};

#[test]
fn encoded_sound_is_recognised_whatever_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let bytes = Wav::pcm(44_100, 2, 16).file(&murmur(44_100, 2, 16));
    let wav = write(dir.path().join("in.wav"), &bytes);
    for (rest, want) in [
        ("wavenc", Music("WAV")),
        ("flacenc", Music("FLAC")),
        ("lamemp3enc", Music("MP3")),
        ("lamemp3enc ! id3v2mux", Music("MP3")),
        ("avenc_mp2", Music("MPEG audio layer 2 (MP2)")),
        ("avenc_aac ! avmux_adts", Music("AAC in ADTS")),
        ("avenc_aac ! mp4mux", Music("MP4")),
        ("avenc_alac ! mp4mux", Music("MP4")),
        ("vorbisenc ! oggmux", Music("Ogg Vorbis")),
        (
            "audioresample ! audio/x-raw,rate=48000 ! opusenc ! oggmux",
            Music("Opus"),
        ),
        (
            "audioresample ! audio/x-raw,rate=48000 ! opusenc ! webmmux",
            Music("WebM"),
        ),
        (
            "audioresample ! audio/x-raw,rate=48000 ! opusenc ! webmmux streamable=true",
            Music("WebM"),
        ),
        ("audio/x-raw,format=S16BE ! avmux_aiff", Music("AIFF")),
        ("audio/x-raw,format=S16BE ! avmux_caf", Music("CAF")),
        ("avenc_ac3", Unsupported("AC-3")),
        (
            "avenc_wmav2 ! avmux_asf",
            Unsupported("Windows Media Audio (WMA)"),
        ),
        ("avenc_ac3 ! mp4mux", Unsupported("AC-3 in MP4")),
        ("avenc_ac3 ! matroskamux", Unsupported("AC-3 in Matroska")),
    ] {
        let path = dir.path().join("noext");
        encode(&wav, &format!("audioconvert ! {rest}"), &path);
        assert_eq!(recognise(&path).unwrap(), want, "{rest}");
        let opened = Decoder::open(&path);
        match want {
            Unsupported(name) => {
                let error = opened.err().unwrap();
                assert_eq!(error.code(), "unsupported_codec", "{rest}: {error}");
                assert!(error.to_string().contains(name), "{rest}: {error}");
            }
            _ => assert!(opened.is_ok(), "{rest}: {:?}", opened.err()),
        }
    }
}

#[test]
fn formats_without_a_decoder_are_named_by_their_first_bytes() {
    let at = |position: usize, magic: &[u8]| {
        let mut bytes = vec![b' '; 2000];
        bytes[position..position + magic.len()].copy_from_slice(magic);
        bytes
    };
    for (bytes, want) in [
        (at(0, b"wvpk\x20"), "WavPack"),
        (at(0, b"TTA1"), "True Audio (TTA)"),
        (at(0, b"MAC \x96\x0f"), "Monkey's Audio (APE)"),
        (at(0, b"MPCK"), "Musepack"),
        (at(0, b"DSD \x1c"), "DSD (DSF)"),
        (at(0, b"FRM8"), "DSD (DSDIFF)"),
        (at(0, b"#!AMR\n"), "AMR"),
        (at(0, b"MThd\0\0\0\x06"), "MIDI notes"),
        (at(0, b"RIFF\0\x10\0\0RMIDdata"), "MIDI notes"),
        (at(1080, b"M.K."), "tracker notes (MOD)"),
        (at(44, b"SCRM"), "tracker notes (S3M)"),
        (at(0, b"\x7f\xfe\x80\x01\xfc\x3c"), "DTS"),
        (at(0, b"\xff\x1f\x00\xe8\xf1\x07"), "DTS"),
        (at(4, b"\xf8\x72\x6f\xba"), "TrueHD"),
        (at(0, b"FORM\0\0\x10\x008SVX"), "Amiga 8SVX"),
        (b"ID3\x03\0\0\0\0\0\x02..wvpk".to_vec(), "WavPack"),
    ] {
        assert_eq!(recognise_bytes(&bytes), Unsupported(want));
        let error = Decoder::from_bytes(bytes).err().unwrap();
        assert_eq!(error.code(), "unsupported_codec", "{want}: {error}");
        assert!(error.to_string().contains(want), "{error}");
    }
}

#[test]
fn codecs_in_wav_and_aifc_are_named() {
    let wav = |tag: u16, data: &[u8]| {
        let mut file = Wav {
            tag,
            ..Wav::pcm(44_100, 2, 16)
        }
        .file(&[]);
        file.truncate(file.len() - 8);
        file.extend(chunk(b"data", data));
        file
    };
    let noise = Wav::pcm(44_100, 2, 16).data(&murmur(4000, 2, 16));
    let dts = [&noise[..400], b"\xfe\x7f\x01\x80"].concat().repeat(9);
    let chance = [&noise[..400], b"\xfe\x7f\x01\x80", &noise[..]].concat();
    let late = [&vec![0; 100_000], &dts[..]].concat();
    for (bytes, want) in [
        (wav(0x31, &noise), Unsupported("GSM 6.10 in WAV")),
        (
            wav(0x161, &noise),
            Unsupported("Windows Media Audio in WAV"),
        ),
        (
            wav(0x9999, &noise),
            Unsupported("WAV with a codec that is not known"),
        ),
        (wav(0x55, &noise), Unsupported("WAV without samples")),
        (wav(0x2001, &dts), Unsupported("DTS")),
        (wav(1, &dts), Unsupported("DTS in WAV")),
        (wav(1, &late), Unsupported("DTS in WAV")),
        (wav(1, &chance), Music("WAV")),
        (wav(1, &noise), Music("WAV")),
        (
            aiff(Some(b"ima4"), 2, 16, &noise),
            Unsupported("ADPCM in AIFC"),
        ),
        (
            aiff(Some(b"MAC6"), 2, 16, &noise),
            Unsupported("MACE in AIFC"),
        ),
        (aiff(Some(b"sowt"), 2, 16, &noise), Music("AIFF")),
    ] {
        assert_eq!(recognise_bytes(&bytes), want);
        assert_eq!(
            Decoder::from_bytes(bytes).is_ok(),
            matches!(want, Music(_)),
            "{want:?}"
        );
    }
}

#[test]
fn foreign_data_is_no_sound() {
    // Bytes without order, with many that look like the start of a frame.
    let mut state = 5u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if state >> 30 == 0 {
            0xff
        } else {
            (state >> 16) as u8
        }
    };
    let noise: Vec<u8> = (0..500_000).map(|_| noise()).collect();
    let fork = [&b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X"[..], &[0; 4000]].concat();
    for (what, bytes, want) in [
        ("noise", noise.clone(), Other),
        (
            "a tag without sound",
            [&b"ID3\x04\0\0\0\0\0\0"[..], &noise].concat(),
            Other,
        ),
        ("text", b"no music at all\n".repeat(2000), Other),
        (
            "UTF-16",
            "no music"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
            Other,
        ),
        ("an archive", [&b"PK\x03\x04"[..], &noise].concat(), Other),
        ("zeros", vec![0; 100_000], Other),
        ("one byte", b"x".to_vec(), Other),
        ("nothing", Vec::new(), Other),
        ("a resource fork", fork, ResourceFork),
        ("AVI", b"RIFF\0\0\0\0AVI LIST".to_vec(), Film("AVI")),
        (
            "a transport stream",
            [&[0x47][..], &[0; 187]].concat().repeat(9),
            Film("MPEG transport stream"),
        ),
    ] {
        assert_eq!(recognise_bytes(&bytes), want, "{what}");
        assert!(Decoder::from_bytes(bytes).is_err(), "{what}");
    }
}

#[test]
fn sound_is_found_behind_tags_and_junk() {
    let dir = tempfile::tempdir().unwrap();
    let bytes = Wav::pcm(44_100, 2, 16).file(&murmur(88_200, 2, 16));
    let wav = write(dir.path().join("in.wav"), &bytes);
    let path = dir.path().join("a.mp3");
    encode(&wav, "lamemp3enc", &path);
    let mp3 = std::fs::read(&path).unwrap();
    let picture = |n: usize| (0..n).map(|i| (i * i / 8) as u8).collect::<Vec<u8>>();
    let ape = [
        &b"APETAGEX\xd0\x07\0\0\x0c\0\0\0\x01\0\0\0\0\0\0\xa0\0\0\0\0\0\0\0\0"[..],
        &[b'x'; 12],
    ]
    .concat();
    for (what, before) in [
        ("zeros", vec![0; 5000]),
        ("junk", picture(3000)),
        ("an APE tag", ape),
        (
            "two tags",
            b"ID3\x03\0\0\0\0\0\x01.ID3\x04\0\0\0\0\0\x01.".to_vec(),
        ),
        (
            "a tag of a wrong length",
            [&b"ID3\x03\0\0\0\0\x01\0"[..], &picture(900_000)].concat(),
        ),
        (
            "one frame of another stream",
            mp3[..417].iter().map(|b| b ^ 4).collect(),
        ),
    ] {
        let file = [&before[..], &mp3].concat();
        assert_eq!(recognise_bytes(&file), Music("MP3"), "{what}");
        let mut decoder = Decoder::from_bytes(file).unwrap();
        let mut block = Vec::new();
        while decoder.next_block(&mut block).unwrap().is_some() {}
        let seconds = decoder.frames() as f64 / 44_100.0;
        assert!((seconds - 2.0).abs() < 0.1, "{what}: {seconds} s");
        assert_eq!(decoder.damaged_packets(), 0, "{what}");
    }
}

#[test]
fn a_short_stream_is_recognised_where_the_file_ends_with_it() {
    let frame = |head: [u8; 4]| [&head[..], &[0; 413]].concat();
    let mp3 = |frames: usize| frame([0xff, 0xfb, 0x90, 0]).repeat(frames);
    assert_eq!(recognise_bytes(&mp3(3)), Music("MP3"));
    assert_eq!(
        recognise_bytes(&[mp3(2), b"TAG".to_vec()].concat()),
        Music("MP3")
    );
    assert_eq!(recognise_bytes(&[mp3(2), vec![7; 900]].concat()), Other);
    assert_eq!(recognise_bytes(&mp3(1)), Other);
    // Headers of a free bit rate at no constant distance, which take long to search.
    let (mut state, mut uneven) = (5u32, b"ID3\x04\0\0\0\0\0\0".to_vec());
    for _ in 0..20_000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        uneven.extend([0xff, 0xfb, 0, 0]);
        uneven.resize(uneven.len() + (state >> 24) as usize, 1);
    }
    assert_eq!(recognise_bytes(&uneven), Other);
}

#[test]
fn mp3_in_wav_is_decoded() {
    let dir = tempfile::tempdir().unwrap();
    let bytes = Wav::pcm(44_100, 2, 16).file(&murmur(88_200, 2, 16));
    let wav = write(dir.path().join("in.wav"), &bytes);
    let path = dir.path().join("a.mp3");
    encode(&wav, "lamemp3enc", &path);
    let mp3 = std::fs::read(&path).unwrap();
    let head = Wav {
        tag: 0x55,
        ..Wav::pcm(44_100, 2, 0)
    };
    let mut file = head.file(&[]);
    file.truncate(file.len() - 8);
    file.extend(
        [
            chunk(b"data", &mp3),
            chunk(b"LIST", b"INFOINAM\x05\0\0\0Dusk\0\0"),
        ]
        .concat(),
    );
    assert_eq!(recognise_bytes(&file), Music("MP3"));
    let (got, want) = (
        sound::decode_bytes(file).unwrap(),
        sound::decode_bytes(mp3).unwrap(),
    );
    assert_eq!((got.samples, got.damaged), (want.samples, 0));
}

#[test]
fn a_film_is_told_from_sound_in_the_same_container() {
    let dir = tempfile::tempdir().unwrap();
    for (mux, want) in [
        ("mp4mux", Film("MP4")),
        ("matroskamux", Film("Matroska")),
        ("webmmux", Film("WebM")),
    ] {
        let path = dir.path().join("clip");
        let video = if mux == "mp4mux" {
            "avenc_mpeg4"
        } else {
            "vp8enc"
        };
        film(
            &format!("videotestsrc num-buffers=5 ! {video} ! {mux}"),
            &path,
        );
        assert_eq!(recognise(&path).unwrap(), want);
    }
}

fn film(line: &str, path: &Path) {
    use gstreamer::prelude::*;
    gstreamer::init().unwrap();
    let line = format!("{line} ! filesink location=\"{}\"", path.display());
    let pipeline = gstreamer::parse::launch(&line).unwrap();
    pipeline.set_state(gstreamer::State::Playing).unwrap();
    let ends = [gstreamer::MessageType::Eos, gstreamer::MessageType::Error];
    let message = pipeline
        .bus()
        .unwrap()
        .timed_pop_filtered(gstreamer::ClockTime::from_seconds(60), &ends);
    pipeline.set_state(gstreamer::State::Null).unwrap();
    assert_eq!(
        message.unwrap().type_(),
        gstreamer::MessageType::Eos,
        "{line}"
    );
}

#[test]
fn what_is_no_file_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    assert!(recognise(dir.path()).is_err());
    assert!(recognise(&dir.path().join("missing.mp3")).is_err());
    let _: Recognised = recognise(&write(dir.path().join("empty.mp3"), b"")).unwrap();
}
