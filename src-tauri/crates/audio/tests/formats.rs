//! Every supported format, encoded by GStreamer: lossless formats decode exactly, lossy ones in
//! time to the sample.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod sound;

use std::path::{Path, PathBuf};

use gstreamer as gst;
use gstreamer::prelude::*;
use needledrop_audio::{Metadata, decode::Decoder};
use sound::{
    Wav, atom, decode, decode_bytes, encode, lag, murmur, with_atoms, with_lame_tag, worst, write,
};
use tempfile::TempDir;

const SECONDS: usize = 3;

/// A folder with the source signal as `in.wav`.
fn source(rate_hz: u32, channels: u16, bits: u16) -> (TempDir, PathBuf, Vec<f32>) {
    let dir = tempfile::tempdir().unwrap();
    let signal = murmur(SECONDS * rate_hz as usize, channels.into(), bits.into());
    let bytes = Wav::pcm(rate_hz, channels, bits).file(&signal);
    let wav = write(dir.path().join("in.wav"), &bytes);
    (dir, wav, signal)
}

/// Decodes a lossy file: it has the length of the source, no shift, and a similar waveform.
fn assert_in_time(what: &str, path: &Path, rate_hz: u32, channels: usize, want: &[f32]) {
    let got = decode(path).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!((got.rate_hz, got.channels), (rate_hz, channels), "{what}");
    assert_eq!(got.damaged, 0, "{what}: a sound file");
    let beyond = (got.samples.len() as isize - want.len() as isize) / channels as isize;
    assert_eq!(beyond, 0, "{what}: samples too many");
    let (late, off) = lag(&got.samples, want, channels, 3000);
    assert_eq!(
        late, 0,
        "{what}: samples late, differing by {off} of the energy"
    );
    assert!(off < 0.04, "{what}: differs by {off} of the energy");
}

#[test]
fn lossless_formats_decode_exactly() {
    for (bits, name, rest) in [
        (16, "a.flac", "flacenc"),
        (24, "a.flac", "audio/x-raw,format=S24_32LE ! flacenc"),
        (16, "a.aiff", "audio/x-raw,format=S16BE ! avmux_aiff"),
        (16, "alac.m4a", "avenc_alac ! mp4mux"),
        (16, "a.caf", "audio/x-raw,format=S16BE ! avmux_caf"),
        (16, "a.rf64", "audio/x-raw,format=S16LE ! avmux_wav"),
        (24, "a.wav", "audio/x-raw,format=S24LE ! wavenc"),
        (16, "wrong-extension.mp3", "flacenc"),
    ] {
        let (dir, wav, want) = source(44_100, 2, bits);
        let path = dir.path().join(name);
        encode(&wav, rest, &path);
        let got = decode(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            (got.rate_hz, got.channels, got.damaged),
            (44_100, 2, 0),
            "{name}"
        );
        let off = worst(&got.samples, &want);
        assert!(off < 1e-7, "{name}, {bits} bits: off by {off:e}");
    }
}

#[test]
fn vorbis_decodes_in_time() {
    for (rate, channels) in [(44_100, 2), (48_000, 1), (22_050, 2), (44_100, 6)] {
        let (dir, wav, want) = source(rate, channels, 16);
        let path = dir.path().join("a.ogg");
        encode(
            &wav,
            "audio/x-raw,format=F32LE ! vorbisenc quality=0.9 ! oggmux",
            &path,
        );
        let what = format!("Vorbis, {channels} channels at {rate} Hz");
        assert_in_time(&what, &path, rate, channels.into(), &want);
    }
}

#[test]
fn opus_decodes_in_time_for_every_pre_skip() {
    for channels in [1, 2] {
        let (dir, wav, want) = source(48_000, channels, 16);
        let path = dir.path().join("a.opus");
        encode(&wav, "opusenc bitrate=320000 ! oggmux", &path);
        let what = format!("Opus, {channels} channels");
        assert_in_time(&what, &path, 48_000, channels.into(), &want);
    }
}

#[test]
fn opus_skips_the_samples_that_its_header_declares() {
    let (dir, wav, _) = source(48_000, 1, 16);
    let path = dir.path().join("a.opus");
    encode(&wav, "opusenc bitrate=128000 ! oggmux", &path);
    let file = std::fs::read(&path).unwrap();
    let head = file.windows(8).position(|w| w == b"OpusHead").unwrap();
    let mut unskipped = file.clone();
    unskipped[head + 10..head + 12].fill(0);
    let whole = decode_bytes(with_page_sum(unskipped)).unwrap().samples;
    // 3,840 samples are four packets: more than the decoder itself would skip.
    for skip in [312u16, 3840, 5000] {
        let mut file = file.clone();
        file[head + 10..head + 12].copy_from_slice(&skip.to_le_bytes());
        let got = decode_bytes(with_page_sum(file)).unwrap().samples;
        assert_eq!(got, whole[usize::from(skip)..], "{skip} samples skipped");
    }
}

/// Corrects the checksum of the first Ogg page.
fn with_page_sum(mut file: Vec<u8>) -> Vec<u8> {
    let segments = usize::from(file[26]);
    let body: usize = file[27..27 + segments]
        .iter()
        .map(|&n| usize::from(n))
        .sum();
    file[22..26].fill(0);
    let sum = file[..27 + segments + body]
        .iter()
        .fold(0u32, |sum, &byte| {
            (0..8).fold(sum ^ u32::from(byte) << 24, |sum, _| {
                sum << 1 ^ if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 }
            })
        });
    file[22..26].copy_from_slice(&sum.to_le_bytes());
    file
}

#[test]
fn mp3_with_a_lame_tag_decodes_in_time() {
    let (dir, wav, want) = source(44_100, 2, 16);
    let path = dir.path().join("a.mp3");
    encode(
        &wav,
        "lamemp3enc target=bitrate bitrate=320 cbr=true",
        &path,
    );
    let mp3 = std::fs::read(&path).unwrap();
    let bare = decode(&path).unwrap();
    let (late, _) = lag(&bare.samples, &want, 2, 3000);
    assert_eq!(late, 1105, "without the tag the delay is unknown and stays");
    std::fs::write(&path, with_lame_tag(&mp3, want.len() / 2)).unwrap();
    assert_in_time("MP3", &path, 44_100, 2, &want);
}

#[test]
fn aac_decodes_in_time_if_the_file_declares_its_priming() {
    let (dir, wav, want) = source(44_100, 2, 16);
    let path = dir.path().join("a.m4a");
    encode(&wav, "avenc_aac bitrate=320000 ! mp4mux", &path);
    let mut file = std::fs::read(&path).unwrap();
    // This muxer's own edit list keeps everything.
    if let Some(at) = file.windows(4).position(|w| w == b"edts") {
        file[at..at + 4].copy_from_slice(b"free");
    }
    write(path.clone(), &file);
    let bare = decode(&path).unwrap();
    let (late, _) = lag(&bare.samples, &want, 2, 3000);
    assert_eq!(late, 1024, "untold, the priming stays");

    let words = |words: &[u32]| {
        words
            .iter()
            .flat_map(|w| w.to_be_bytes())
            .collect::<Vec<u8>>()
    };
    // One edit: its length in the movie's time scale, its start at 1,024 samples, rate 1.
    let scale = file.windows(4).position(|w| w == b"mvhd").unwrap() + 16;
    let scale = u32::from_be_bytes(file[scale..scale + 4].try_into().unwrap()) as usize;
    let length = SECONDS * scale;
    let list = words(&[0, 1, length as u32, 1024, 0x0001_0000]);
    let edits = atom(b"edts", &atom(b"elst", &list));
    write(
        path.clone(),
        &with_atoms(file.clone(), &[b"moov", b"trak"], &edits),
    );
    assert_in_time("an edit list", &path, 44_100, 2, &want);

    let text = format!(
        " 00000000 00000400 00000000 {:016X} 00000000",
        want.len() / 2
    );
    let value = [&words(&[1, 0])[..], text.as_bytes()].concat();
    let comment = [
        atom(b"mean", b"\0\0\0\0com.apple.iTunes"),
        atom(b"name", b"\0\0\0\0iTunSMPB"),
        atom(b"data", &value),
    ];
    let list = atom(b"ilst", &atom(b"----", &comment.concat()));
    let tags = atom(b"udta", &atom(b"meta", &[&[0; 4], &list[..]].concat()));
    write(path.clone(), &with_atoms(file, &[b"moov"], &tags));
    assert_in_time("iTunes' comment", &path, 44_100, 2, &want);
}

#[test]
fn aac_in_adts_keeps_its_priming() {
    let (dir, wav, want) = source(44_100, 2, 16);
    let path = dir.path().join("a.aac");
    encode(&wav, "avenc_aac bitrate=320000 ! avmux_adts", &path);
    let got = decode(&path).unwrap();
    let (late, off) = lag(&got.samples, &want, 2, 3000);
    assert_eq!(late, 1024, "nothing in the file tells");
    assert!(off < 0.02, "differs by {off} of the energy");
}

#[test]
fn a_file_without_sound_gives_no_audio_stream() {
    gst::init().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("silent-film.mkv");
    let line = format!(
        "videotestsrc num-buffers=10 ! vp8enc ! matroskamux ! filesink location=\"{}\"",
        path.display()
    );
    let pipeline = gst::parse::launch(&line).unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let eos = [gst::MessageType::Eos, gst::MessageType::Error];
    pipeline
        .bus()
        .unwrap()
        .timed_pop_filtered(gst::ClockTime::from_seconds(60), &eos)
        .unwrap();
    pipeline.set_state(gst::State::Null).unwrap();
    let error = Decoder::open(&path).err().unwrap();
    assert_eq!(error.code(), "no_audio_stream", "got {error}");
}

#[test]
fn tags_are_read_from_every_kind_of_file() {
    let (dir, wav, _) = source(44_100, 2, 16);
    let tags = "taginject tags=\"title=Dusk,artist=Someone,album=Hours,license=CC0,isrc=QZES71982312,beats-per-minute=127.5,musical-key=Am,comment=mine,copyright=them,genre=Ambient\"";
    for (name, rest, decimal) in [
        ("a.flac", format!("{tags} ! flacenc"), true),
        (
            "a.ogg",
            format!("audio/x-raw,format=F32LE ! {tags} ! vorbisenc ! oggmux"),
            true,
        ),
        (
            "a.opus",
            format!("audioresample ! audio/x-raw,rate=48000 ! {tags} ! opusenc ! oggmux"),
            true,
        ),
        ("a.mp3", format!("{tags} ! lamemp3enc ! id3v2mux"), false),
    ] {
        let path = dir.path().join(name);
        encode(&wav, &rest, &path);
        let metadata = Metadata::read(&path);
        assert_eq!(metadata.title.as_deref(), Some("Dusk"), "{name}");
        assert_eq!(metadata.artist.as_deref(), Some("Someone"), "{name}");
        assert_eq!(metadata.album.as_deref(), Some("Hours"), "{name}");
        assert_eq!(metadata.genre.as_deref(), Some("Ambient"), "{name}");
        let bpm = metadata.claimed_bpm.unwrap();
        let near = if decimal { 0.01 } else { 1.0 };
        assert!((bpm - 127.5).abs() <= near, "{name}: {bpm} BPM");
        assert_eq!(Metadata::artwork(&path), None, "{name}");
    }
}

#[test]
fn tags_of_mp4_are_read() {
    let (dir, wav, _) = source(44_100, 1, 16);
    let path = dir.path().join("a.m4a");
    encode(&wav, "avenc_aac ! mp4mux", &path);
    let data =
        |kind: u8, value: &[u8]| atom(b"data", &[&[0, 0, 0, kind, 0, 0, 0, 0], value].concat());
    let items = [
        atom(b"\xa9nam", &data(1, b"Dusk")),
        atom(b"tmpo", &data(21, &127u16.to_be_bytes())),
    ];
    let handler = atom(b"hdlr", b"\0\0\0\0\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0");
    let meta = [&[0; 4], &handler[..], &atom(b"ilst", &items.concat())].concat();
    let tags = atom(b"udta", &atom(b"meta", &meta));
    let file = with_atoms(std::fs::read(&path).unwrap(), &[b"moov"], &tags);
    let metadata = Metadata::read(&write(path, &file));
    assert_eq!(metadata.title.as_deref(), Some("Dusk"));
    assert_eq!(metadata.claimed_bpm, Some(127.0));
}
