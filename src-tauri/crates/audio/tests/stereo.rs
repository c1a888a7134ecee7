//! A range of a file has the same samples as in the whole file.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod sound;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use needledrop_audio::decode::{STEREO_RATE_HZ, stereo};
use sound::{Wav, atom, encode, lag, murmur, with_atoms, with_lame_tag, worst, write};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const SECONDS: usize = 12;
const RATE: f64 = STEREO_RATE_HZ as f64;

fn source(rate_hz: u32, channels: u16) -> (TempDir, PathBuf, Vec<f32>) {
    let dir = tempfile::tempdir().unwrap();
    let signal = murmur(SECONDS * rate_hz as usize, channels.into(), 16);
    let wav = Wav::pcm(rate_hz, channels, 16).file(&signal);
    let path = write(dir.path().join("in.wav"), &wav);
    (dir, path, signal)
}

fn part(path: &Path, range_s: (f64, f64)) -> Vec<f32> {
    let mut got = Vec::new();
    stereo(path, range_s, &CancellationToken::new(), &mut |samples| {
        got.extend_from_slice(samples);
        ControlFlow::Continue(())
    })
    .unwrap();
    got
}

/// Compares ranges from all over the file with the whole.
fn assert_parts(what: &str, path: &Path, most: f32) {
    let whole = part(path, (0.0, 1e5));
    let length = SECONDS as f64 * RATE;
    assert!(
        (whole.len() as f64 / 2.0 - length).abs() < 3000.0,
        "{what}: {} samples",
        whole.len()
    );
    for from_s in [0.0, 0.001, 0.5, 1.0, 2.345_678, 5.000_01, 9.999, 11.9] {
        let got = part(path, (from_s, from_s + 1.5));
        let from = (from_s * RATE).round() as usize * 2;
        let to = (((from_s + 1.5) * RATE).round() as usize * 2).min(whole.len());
        assert_eq!(got.len(), to - from, "{what}: length from {from_s} s");
        let off = worst(&got, &whole[from..to]);
        assert!(off <= most, "{what}: off by {off:e} from {from_s} s");
    }
    assert!(
        part(path, (60.0, 61.0)).is_empty(),
        "{what}: nothing behind its end"
    );
}

#[test]
fn wav_and_flac_and_other_lossless_files() {
    for (rate, name, rest) in [
        (44_100, "a.wav", "audio/x-raw,format=S16LE ! wavenc"),
        (48_000, "a.wav", "audio/x-raw,format=S16LE ! wavenc"),
        (96_000, "a.flac", "flacenc"),
        (44_100, "a.flac", "flacenc"),
        (22_050, "a.flac", "flacenc"),
        (44_100, "a.aiff", "audio/x-raw,format=S16BE ! avmux_aiff"),
        (44_100, "alac.m4a", "avenc_alac ! mp4mux"),
        (44_100, "a.caf", "audio/x-raw,format=S16BE ! avmux_caf"),
    ] {
        let (dir, wav, _) = source(rate, 2);
        let path = dir.path().join(name);
        encode(&wav, rest, &path);
        assert_parts(&format!("{name} at {rate} Hz"), &path, 0.0);
    }
}

#[test]
fn mp3_with_and_without_a_lame_tag() {
    for mode in [
        "target=bitrate bitrate=128 cbr=true",
        "target=quality quality=4",
    ] {
        let (dir, wav, signal) = source(44_100, 2);
        let path = dir.path().join("a.mp3");
        encode(&wav, &format!("lamemp3enc {mode}"), &path);
        assert_parts(&format!("MP3, {mode}"), &path, 0.0);
        if mode.contains("cbr") {
            let mp3 = std::fs::read(&path).unwrap();
            write(path.clone(), &with_lame_tag(&mp3, signal.len() / 2));
            assert_parts("MP3 with a LAME tag", &path, 0.0);
        }
    }
}

#[test]
fn vorbis() {
    for (rate, channels) in [(44_100, 2), (48_000, 1)] {
        let (dir, wav, _) = source(rate, channels);
        let path = dir.path().join("a.ogg");
        let rest = "audio/x-raw,format=F32LE ! vorbisenc quality=0.5 ! oggmux";
        encode(&wav, rest, &path);
        assert_parts(&format!("Vorbis at {rate} Hz"), &path, 0.0);
    }
}

#[test]
fn opus() {
    let (dir, wav, _) = source(48_000, 2);
    let path = dir.path().join("a.opus");
    encode(&wav, "opusenc bitrate=128000 ! oggmux", &path);
    assert_parts("Opus", &path, 3e-5);
}

// Without noise that the decoder makes up: that is never the same twice.
#[test]
fn aac_with_and_without_an_edit_list() {
    let (dir, wav, _) = source(44_100, 2);
    let path = dir.path().join("a.m4a");
    encode(
        &wav,
        "avenc_aac aac-pns=false bitrate=192000 ! mp4mux",
        &path,
    );
    assert_parts("AAC in MP4", &path, 0.0);

    let mut file = std::fs::read(&path).unwrap();
    if let Some(at) = file.windows(4).position(|w| w == b"edts") {
        file[at..at + 4].copy_from_slice(b"free");
    }
    let scale = file.windows(4).position(|w| w == b"mvhd").unwrap() + 16;
    let scale = u32::from_be_bytes(file[scale..scale + 4].try_into().unwrap());
    let words = [0, 1, SECONDS as u32 * scale, 1024, 0x0001_0000u32];
    let list: Vec<u8> = words.iter().flat_map(|w| w.to_be_bytes()).collect();
    let edits = atom(b"edts", &atom(b"elst", &list));
    write(path.clone(), &with_atoms(file, &[b"moov", b"trak"], &edits));
    assert_parts("AAC with an edit list", &path, 0.0);

    let path = dir.path().join("a.aac");
    encode(
        &wav,
        "avenc_aac aac-pns=false bitrate=192000 ! avmux_adts",
        &path,
    );
    assert_parts("AAC in ADTS", &path, 0.0);
}

#[test]
fn stereo_is_in_time_on_both_sides() {
    let (dir, wav, signal) = source(48_000, 2);
    let path = dir.path().join("a.flac");
    encode(&wav, "flacenc", &path);
    let got = part(&path, (3.25, 4.0));
    assert_eq!(got, signal[3 * 96_000 + 24_000..4 * 96_000]);
    // At another rate it is the same sound at the same time, less its uppermost band.
    let (dir, wav, _) = source(44_100, 2);
    let path = dir.path().join("b.flac");
    encode(&wav, "flacenc", &path);
    let at_48 = dir.path().join("c.wav");
    let rest = "audioresample quality=10 ! audio/x-raw,rate=48000,format=S16LE ! wavenc";
    encode(&wav, rest, &at_48);
    let (got, want) = (part(&path, (2.0, 5.0)), part(&at_48, (2.0, 5.0)));
    let (late, off) = lag(&got, &want, 2, 200);
    assert_eq!(late, 0, "differing by {off} of the energy");
    assert!(off < 0.002, "differs by {off} of the energy");
}

#[test]
fn mono_goes_to_both_sides() {
    let (_dir, wav, signal) = source(48_000, 1);
    let got = part(&wav, (1.0, 2.0));
    let want: Vec<f32> = signal[48_000..96_000]
        .iter()
        .flat_map(|x| [*x, *x])
        .collect();
    assert_eq!(got, want);
}

#[test]
fn reading_stops_at_a_break_or_a_cancel() {
    let (_dir, wav, _) = source(44_100, 2);
    let mut blocks = 0;
    let broken = stereo(&wav, (0.0, 10.0), &CancellationToken::new(), &mut |_| {
        blocks += 1;
        ControlFlow::Break(())
    });
    assert!(broken.is_ok() && blocks == 1, "{blocks} blocks");
    let stop = CancellationToken::new();
    let cancelled = stereo(&wav, (0.0, 10.0), &stop, &mut |_| {
        stop.cancel();
        ControlFlow::Continue(())
    });
    assert_eq!(cancelled.unwrap_err().code(), "cancelled");
}
