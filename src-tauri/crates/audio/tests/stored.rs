//! Sound as it is stored: wrong counts, joined files, gains in headers, opposite channels.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod common;
mod sound;

use std::path::Path;

use needledrop_audio::{Analyzer, decode::Decoder};
use sound::{Wav, chunk, decode_bytes, encode, murmur, with_lame_tag, write};
use tokio_util::sync::CancellationToken;

const SECOND: usize = 44_100;

/// A sound of some seconds in another format.
fn encoded(rate_hz: u32, channels: u16, seconds: usize, rest: &str) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let signal = murmur(seconds * rate_hz as usize, channels.into(), 16);
    let wav = Wav::pcm(rate_hz, channels, 16).file(&signal);
    let wav = write(dir.path().join("in.wav"), &wav);
    let path = dir.path().join("out");
    encode(&wav, rest, &path);
    std::fs::read(path).unwrap()
}

fn mp3(channels: u16, seconds: usize) -> Vec<u8> {
    let plain = encoded(
        44_100,
        channels,
        seconds,
        "lamemp3enc target=bitrate bitrate=128 cbr=true",
    );
    with_lame_tag(&plain, seconds * SECOND)
}

#[test]
fn packets_count_more_than_the_number_in_the_header() {
    let file = mp3(2, 2);
    let at = file.windows(4).position(|w| w == b"Info").unwrap() + 8;
    let right = u32::from_be_bytes(file[at..at + 4].try_into().unwrap());
    for (wrong, has_bytes) in [
        (0, false),
        (right / 2, false),
        (right + 1, true),
        (9 * right, true),
    ] {
        let mut file = file.clone();
        file[at..at + 4].copy_from_slice(&u32::to_be_bytes(wrong));
        if has_bytes {
            // The header then counts bytes too, and LAME's part moves on.
            let size = file.len() as u32;
            file[at - 1] |= 2;
            file.splice(at + 4..at + 4, size.to_be_bytes());
            file.drain(at + 60..at + 64);
        }
        let got = decode_bytes(file).unwrap();
        assert_eq!(
            (got.samples.len(), got.damaged),
            (4 * SECOND, 0),
            "{wrong} frames"
        );
    }
    let mut cut = file.clone();
    cut.truncate(file.len() / 2);
    let got = decode_bytes(cut).unwrap();
    assert!(
        got.damaged > 0 && got.samples.len() < 3 * SECOND,
        "a file that was cut is told"
    );
}

#[test]
fn joined_mp3_files_are_read_to_the_end_of_the_last() {
    let (file, tag) = (mp3(2, 2), b"ID3\x03\0\0\0\0\0\x0aTIT2\0\0\0\0\0\0");
    let old = [&b"TAG"[..], &[b' '; 125]].concat();
    for (what, joined) in [
        ("at once", [&file[..], &file].concat()),
        (
            "with tags between",
            [&file[..], &old, tag, &file, &old].concat(),
        ),
        ("in other channels", [&file[..], &mp3(1, 2)].concat()),
    ] {
        let got = decode_bytes(joined).unwrap();
        assert_eq!((got.channels, got.damaged), (2, 0), "{what}");
        assert_eq!(got.samples.len(), 2 * 4 * SECOND, "{what}");
        let part = |from: usize| &got.samples[from + SECOND..from + 2 * SECOND];
        let loud = |part: &[f32]| part.iter().any(|x| x.abs() > 0.01);
        assert!(
            loud(part(0)) && loud(part(4 * SECOND)),
            "{what}: both are heard"
        );
    }
}

/// Gives every page of an Ogg file another serial number.
fn with_serial(mut file: Vec<u8>, serial: u32) -> Vec<u8> {
    let mut at = 0;
    while at < file.len() {
        let segments = usize::from(file[at + 26]);
        let body: usize = file[at + 27..at + 27 + segments]
            .iter()
            .map(|&n| usize::from(n))
            .sum();
        let page = &mut file[at..at + 27 + segments + body];
        page[14..18].copy_from_slice(&serial.to_le_bytes());
        page[22..26].fill(0);
        let sum = page.iter().fold(0u32, |sum, &byte| {
            (0..8).fold(sum ^ u32::from(byte) << 24, |sum, _| {
                sum << 1 ^ if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 }
            })
        });
        page[22..26].copy_from_slice(&sum.to_le_bytes());
        at += 27 + segments + body;
    }
    file
}

#[test]
fn a_chained_ogg_goes_on_in_the_layout_of_its_start() {
    let vorbis = |rate, channels| {
        encoded(
            rate,
            channels,
            2,
            "audio/x-raw,format=F32LE ! vorbisenc ! oggmux",
        )
    };
    for (rate, channels) in [(44_100, 1), (44_100, 2), (48_000, 2), (22_050, 1)] {
        let parts = [
            with_serial(vorbis(44_100, 1), 1),
            with_serial(vorbis(rate, channels), 2),
        ];
        let got = decode_bytes(parts.concat()).unwrap();
        let what = format!("then {channels} channels at {rate} Hz");
        assert_eq!(
            (got.rate_hz, got.channels, got.damaged),
            (44_100, 1, 0),
            "{what}"
        );
        let beyond = got.samples.len().abs_diff(4 * SECOND);
        assert!(beyond < 64, "{what}: {} samples", got.samples.len());
        let late = &got.samples[3 * SECOND..];
        assert!(
            late.iter().any(|x| x.abs() > 0.01),
            "{what}: the second part is heard"
        );
    }
}

#[test]
fn the_output_gain_of_opus_is_applied_and_gains_in_comments_are_not() {
    let file = encoded(48_000, 1, 2, "opusenc bitrate=128000 ! oggmux");
    let plain = decode_bytes(file.clone()).unwrap().samples;
    let head = file.windows(8).position(|w| w == b"OpusHead").unwrap();
    for (steps, factor) in [(-20 * 256, 0.1), (6 * 256, 1.995_262_3), (0, 1.0)] {
        let mut file = file.clone();
        file[head + 16..head + 18].copy_from_slice(&i16::to_le_bytes(steps));
        let got = decode_bytes(with_serial(file, 7)).unwrap().samples;
        let off = got
            .iter()
            .zip(&plain)
            .map(|(a, b)| (a - (b * factor).clamp(-8.0, 8.0)).abs());
        assert!(off.fold(0.0, f32::max) < 1e-6, "{steps} steps of 1/256 dB");
    }
}

/// An analysis without a pack.
fn analysis(path: &Path) -> needledrop_audio::TrackAnalysis {
    let mut analyzer = Analyzer::without_pack().unwrap();
    analyzer.analyze(path, &CancellationToken::new()).unwrap()
}

#[test]
fn opposite_channels_are_heard() {
    let dir = tempfile::tempdir().unwrap();
    let mono = common::pulsing_chord(44_100, 1, 16.0);
    let of = |name: &str, sides: fn(f32) -> [f32; 2]| {
        let samples: Vec<f32> = mono.iter().flat_map(|&x| sides(x)).collect();
        analysis(&common::write_wav(
            &dir.path().join(name),
            44_100,
            2,
            &samples,
        ))
    };
    let want = of("same.wav", |x| [x, x]);
    for (name, sides) in [
        ("opposite.wav", (|x| [x, -x]) as fn(f32) -> [f32; 2]),
        ("nearly.wav", |x| [x, -0.8 * x]),
        ("left.wav", |x| [x, 0.0]),
        ("offset.wav", |x| [0.5 * x + 0.3, 0.5 * x + 0.3]),
    ] {
        let got = of(name, sides);
        let bpm =
            |analysis: &needledrop_audio::TrackAnalysis| analysis.tempo.as_ref().map(|t| t.bpm);
        let (got_bpm, want_bpm) = (bpm(&got).unwrap(), bpm(&want).unwrap());
        assert!(
            (got_bpm - want_bpm).abs() < 0.5,
            "{name}: {got_bpm} and {want_bpm} BPM"
        );
        assert_eq!(got.key.map(|k| k.key), want.key.map(|k| k.key), "{name}");
    }
}

#[test]
fn a_chunk_of_an_odd_length_may_lack_its_padding() {
    let signal = murmur(4000, 2, 16);
    let mut odd = chunk(b"LIST", b"INFOINAM\x05\0\0\0Night");
    odd.pop();
    let wav = Wav {
        before: odd,
        ..Wav::pcm(44_100, 2, 16)
    };
    let got = decode_bytes(wav.file(&signal)).unwrap();
    assert_eq!((got.samples, got.damaged), (signal, 0));
}

#[test]
fn a_joined_file_plays_from_any_position() {
    let dir = tempfile::tempdir().unwrap();
    let file = mp3(2, 2);
    let path = write(dir.path().join("joined.mp3"), &[&file[..], &file].concat());
    let mut decoder = Decoder::open(&path).unwrap();
    assert!(
        !decoder.seek(3 * SECOND as u64),
        "it is read from its start"
    );
    let mut frames = 0;
    let stop = CancellationToken::new();
    needledrop_audio::decode::stereo(&path, (3.0, 3.5), &stop, &mut |samples| {
        frames += samples.len() / 2;
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(frames, 24_000);
}

#[test]
fn tags_behind_flac_and_aac_are_no_sound() {
    let old = [&b"TAG"[..], &[b'x'; 125]].concat();
    let lyrics = b"LYRICSBEGININD0000200000021LYRICS200";
    let ape = [
        &b"APETAGEX\xd0\x07\0\0\x20\0\0\0\0\0\0\0\0\0\0\0"[..],
        &[0; 8],
    ]
    .concat();
    for format in ["flacenc", "avenc_aac ! avmux_adts"] {
        let file = encoded(44_100, 2, 2, format);
        let want = decode_bytes(file.clone()).unwrap().samples;
        let tagged = [&file[..], &ape, lyrics, &old].concat();
        let got = decode_bytes(tagged).unwrap();
        assert_eq!(
            (got.samples.len(), got.damaged),
            (want.len(), 0),
            "{format}"
        );
    }
}

#[test]
fn a_recording_without_a_known_end_is_whole() {
    // Without the flag that marks the last page.
    let mut ogg = encoded(44_100, 2, 2, "vorbisenc ! oggmux");
    let last = ogg.windows(4).rposition(|w| w == b"OggS").unwrap();
    ogg[last + 5] &= !4;
    let live = "audioresample ! audio/x-raw,rate=48000 ! opusenc ! webmmux streamable=true";
    for (what, file) in [
        ("Ogg", with_serial(ogg, 7)),
        ("WebM", encoded(48_000, 2, 2, live)),
    ] {
        let got = decode_bytes(file).unwrap();
        assert_eq!(got.damaged, 0, "{what}");
        assert!(got.samples.len() / 2 >= 2 * SECOND - 2000, "{what}");
    }
    let signal = murmur(4000, 2, 16);
    let mut wav = Wav::pcm(44_100, 2, 16).file(&signal);
    wav[40..44].copy_from_slice(&0x7fff_ffffu32.to_le_bytes());
    let got = decode_bytes(wav).unwrap();
    assert_eq!((got.samples, got.damaged), (signal, 0));
}
