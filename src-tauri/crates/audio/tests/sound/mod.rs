//! Signals, files and comparisons for the tests of decoding.
#![allow(dead_code, clippy::unwrap_used)] // Each test binary uses its own part.

use std::path::{Path, PathBuf};

use gstreamer as gst;
use gstreamer::prelude::*;
use needledrop_audio::AudioError;
use needledrop_audio::decode::Decoder;

/// Noise without high frequencies, different in every channel. It never repeats, so a shift by one
/// sample is visible. Full scale ±1, in steps of `bits`.
pub fn murmur(frames: usize, channels: usize, bits: u32) -> Vec<f32> {
    let (mut state, mut low) = (1u32, vec![0.0f64; channels]);
    let steps = 2f64.powi(bits as i32 - 1);
    (0..frames * channels)
        .map(|i| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let low = &mut low[i % channels];
            *low += 0.15 * (f64::from(state) / f64::from(u32::MAX) - 0.5 - *low);
            ((*low * 2.0 * steps).round() / steps) as f32
        })
        .collect()
}

/// The bytes of a WAV file: `fmt ` and `data`, with other chunks before and after.
pub struct Wav {
    pub tag: u16,
    pub channels: u16,
    pub rate_hz: u32,
    pub bits: u16,
    /// Channel mask and subformat; makes the format chunk extensible.
    pub mask: Option<u32>,
    pub before: Vec<u8>,
    pub after: Vec<u8>,
}

impl Wav {
    pub fn pcm(rate_hz: u32, channels: u16, bits: u16) -> Wav {
        let (before, after) = (Vec::new(), Vec::new());
        Wav {
            tag: 1,
            channels,
            rate_hz,
            bits,
            mask: None,
            before,
            after,
        }
    }

    pub fn format(&self) -> Vec<u8> {
        let frame = self.channels.wrapping_mul(self.bits / 8);
        let mut body = Vec::new();
        body.extend(
            if self.mask.is_some() {
                0xfffe
            } else {
                self.tag
            }
            .to_le_bytes(),
        );
        body.extend(self.channels.to_le_bytes());
        body.extend(self.rate_hz.to_le_bytes());
        body.extend(self.rate_hz.wrapping_mul(u32::from(frame)).to_le_bytes());
        body.extend(frame.to_le_bytes());
        body.extend(self.bits.to_le_bytes());
        if let Some(mask) = self.mask {
            body.extend(22u16.to_le_bytes());
            body.extend(self.bits.to_le_bytes());
            body.extend(mask.to_le_bytes());
            body.extend(self.tag.to_le_bytes());
            body.extend([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]);
        }
        chunk(b"fmt ", &body)
    }

    pub fn file(&self, samples: &[f32]) -> Vec<u8> {
        let data = self.data(samples);
        let body = [
            &b"WAVE"[..],
            &self.before,
            &self.format(),
            &chunk(b"data", &data),
            &self.after,
        ];
        chunk(b"RIFF", &body.concat())
    }

    pub fn data(&self, samples: &[f32]) -> Vec<u8> {
        samples
            .iter()
            .flat_map(|&x| self.sample(f64::from(x)))
            .collect()
    }

    fn sample(&self, x: f64) -> Vec<u8> {
        let whole = (x * 2f64.powi(i32::from(self.bits) - 1)).round() as i64;
        match (self.tag, self.bits) {
            (3, 32) => (x as f32).to_le_bytes().to_vec(),
            (3, _) => x.to_le_bytes().to_vec(),
            (_, 8) => vec![(whole + 128) as u8],
            (_, bits) => whole.to_le_bytes()[..usize::from(bits / 8)].to_vec(),
        }
    }
}

/// A RIFF chunk, padded to an even length.
pub fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = [&name[..], &(body.len() as u32).to_le_bytes(), body].concat();
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

/// An AIFF or AIFC chunk, padded to an even length.
pub fn be_chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = [&name[..], &(body.len() as u32).to_be_bytes(), body].concat();
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

/// AIFF, or AIFC of that compression type, at 44.1 kHz; `data` as it is.
pub fn aiff(kind: Option<&[u8; 4]>, channels: u16, bits: u16, data: &[u8]) -> Vec<u8> {
    let frames = data.len() as u32 / u32::from(channels * bits / 8);
    let mut common = Vec::new();
    common.extend(channels.to_be_bytes());
    common.extend(frames.to_be_bytes());
    common.extend(bits.to_be_bytes());
    common.extend([0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0]);
    if let Some(kind) = kind {
        common.extend(kind);
        common.extend([0, 0]);
    }
    let sound = [&[0; 8], data].concat();
    let form: &[u8] = if kind.is_some() { b"AIFC" } else { b"AIFF" };
    let body = [
        form,
        &be_chunk(b"COMM", &common),
        &be_chunk(b"SSND", &sound),
    ]
    .concat();
    be_chunk(b"FORM", &body)
}

/// Runs `filesrc ! wavparse ! audioconvert ! <rest> ! filesink`.
pub fn encode(wav: &Path, rest: &str, out: &Path) {
    gst::init().unwrap();
    let line = format!(
        "filesrc location=\"{}\" ! wavparse ! audioconvert dithering=none ! {rest} ! filesink location=\"{}\"",
        wav.display(),
        out.display()
    );
    let pipeline = gst::parse::launch(&line).unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let bus = pipeline.bus().unwrap();
    let kinds = [gst::MessageType::Eos, gst::MessageType::Error];
    let message = bus
        .timed_pop_filtered(gst::ClockTime::from_seconds(60), &kinds)
        .unwrap();
    pipeline.set_state(gst::State::Null).unwrap();
    assert_eq!(
        message.type_(),
        gst::MessageType::Eos,
        "{rest}: {message:?}"
    );
}

/// A decoded file: interleaved samples, sample rate, channel count, damaged packets.
pub struct Decoded {
    pub samples: Vec<f32>,
    pub rate_hz: u32,
    pub channels: usize,
    pub damaged: usize,
}

pub fn decode(path: &Path) -> Result<Decoded, AudioError> {
    drain(Decoder::open(path)?)
}

pub fn decode_bytes(bytes: Vec<u8>) -> Result<Decoded, AudioError> {
    drain(Decoder::from_bytes(bytes)?)
}

fn drain(mut decoder: Decoder) -> Result<Decoded, AudioError> {
    let (mut samples, mut block, mut layout) = (Vec::new(), Vec::new(), (0, 0));
    while let Some(of_block) = decoder.next_block(&mut block)? {
        assert!(block.iter().all(|x| x.abs() <= 8.0), "finite and bounded");
        layout = of_block;
        samples.extend_from_slice(&block);
    }
    assert!(
        decoder.next_block(&mut block)?.is_none(),
        "the end is the end"
    );
    let (rate_hz, channels) = layout;
    assert_eq!(samples.len(), decoder.frames() as usize * channels);
    Ok(Decoded {
        samples,
        rate_hz,
        channels,
        damaged: decoder.damaged_packets(),
    })
}

/// The delay of `got` relative to `want` in frames, searched up to `reach`, and the share of the
/// energy that differs at that delay.
pub fn lag(got: &[f32], want: &[f32], channels: usize, reach: isize) -> (isize, f64) {
    let first = |all: &[f32]| all.iter().step_by(channels).copied().collect::<Vec<f32>>();
    let (got, want) = (first(got), first(want));
    let (from, to) = (
        reach as usize + 2000,
        want.len().min(got.len()) - reach as usize - 2000,
    );
    let part = &want[from..to.min(from + 20_000)];
    let energy: f32 = part.iter().map(|x| x * x).sum();
    let off = |by: isize| -> f64 {
        let other = &got[(from as isize + by) as usize..][..part.len()];
        let off: f32 = part.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum();
        f64::from(off / energy)
    };
    let all = (-reach..=reach).map(|by| (by, off(by)));
    all.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap()
}

/// The largest difference of two signals of the same length.
pub fn worst(got: &[f32], want: &[f32]) -> f32 {
    assert_eq!(got.len(), want.len(), "every sample");
    let off = got.iter().zip(want).map(|(a, b)| (a - b).abs());
    off.fold(0.0, f32::max)
}

/// Writes a file and returns its path.
pub fn write(path: PathBuf, bytes: &[u8]) -> PathBuf {
    std::fs::write(&path, bytes).unwrap();
    path
}

/// An MP3 file of LAME's with the tag in front that its own muxer would have put there.
pub fn with_lame_tag(mp3: &[u8], frames: usize) -> Vec<u8> {
    let bitrate = [
        32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
    ];
    let size = |head: &[u8]| {
        let kbps = bitrate[usize::from(head[2] >> 4) - 1];
        144_000 * kbps / 44_100 + usize::from(head[2] >> 1 & 1)
    };
    let (mut packets, mut at) = (0, 0);
    while at + 4 < mp3.len() {
        packets += 1;
        at += size(&mp3[at..]);
    }
    let mut tag = vec![0; size(mp3)];
    tag[..4].copy_from_slice(&mp3[..4]);
    // After the side information.
    let at = if mp3[3] >> 6 == 3 { 21 } else { 36 };
    tag[at..at + 8].copy_from_slice(b"Info\0\0\0\x01");
    tag[at + 8..at + 12].copy_from_slice(&(packets as u32).to_be_bytes());
    tag[at + 12..at + 21].copy_from_slice(b"LAME3.100");
    let (delay, padding) = (576, packets * 1152 - 576 - frames);
    tag[at + 33..at + 36].copy_from_slice(&((delay << 12 | padding) as u32).to_be_bytes()[1..]);
    [tag, mp3.to_vec()].concat()
}

/// An atom of MP4.
pub fn atom(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], name, body].concat()
}

/// Appends atoms to `moov`, or to the track in it. `moov` must be the last atom of the file.
pub fn with_atoms(mut file: Vec<u8>, parents: &[&[u8; 4]], atoms: &[u8]) -> Vec<u8> {
    let mut at = 0;
    for parent in parents {
        at += file[at..].windows(4).position(|w| w == *parent).unwrap();
        let size = u32::from_be_bytes(file[at - 4..at].try_into().unwrap()) + atoms.len() as u32;
        file[at - 4..at].copy_from_slice(&size.to_be_bytes());
    }
    let size = u32::from_be_bytes(file[at - 4..at].try_into().unwrap()) as usize;
    let end = at - 4 + size - atoms.len();
    file.splice(end..end, atoms.iter().copied());
    file
}
