//! From a file to blocks of samples, bounded in length, channels and sample rate.

use std::fs::File;
use std::path::Path;

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::common::Limit;
use symphonia::core::errors::Error as CodecError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

use crate::AudioError;
use crate::codecs;

/// Lowest and highest sample rate that is analysed, Hz.
pub const SAMPLE_RATES_HZ: (u32, u32) = (8_000, 384_000);
/// Most channels.
pub const MAX_CHANNELS: usize = 24;
/// Longest sound that is analysed, seconds: four hours.
pub const MAX_DURATION_S: f64 = 4.0 * 3600.0;

/// Artwork beyond this is not held, bytes.
const MOST_ARTWORK_BYTES: usize = 1 << 20;
const MOST_TAG_BYTES: usize = 1 << 16;
/// A stream that fails this often in a row is given up.
const MOST_ERRORS_IN_A_ROW: usize = 200;

/// Samples of a file in time order, all channels interleaved, full scale ±1.
pub struct Decoder {
    format: Box<dyn FormatReader>,
    codec: Box<dyn AudioDecoder>,
    stream: u32,
    rate_hz: u32,
    channels: usize,
    frames: u64,
    damaged_packets: usize,
    last_reason: Option<String>,
    path: std::path::PathBuf,
}

impl Decoder {
    /// Opens the first audio stream of a file and decodes nothing yet.
    ///
    /// # Errors
    /// `NotFound`, `Unreadable`, `EmptyFile`, `NotAudio`, `NoAudioStream`, `UnsupportedCodec`,
    /// `UnsupportedLayout`.
    pub fn open(path: &Path) -> Result<Decoder, AudioError> {
        let file = File::open(path).map_err(|e| AudioError::io(path, e))?;
        let about = file.metadata().map_err(|e| AudioError::io(path, e))?;
        if !about.is_file() {
            let source = std::io::Error::other("not a regular file");
            return Err(AudioError::Unreadable {
                path: path.to_owned(),
                source,
            });
        }
        if about.len() == 0 {
            return Err(AudioError::EmptyFile {
                path: path.to_owned(),
            });
        }
        let mut hint = Hint::new();
        if let Some(extension) = path.extension().and_then(|e| e.to_str()) {
            hint.with_extension(extension);
        }
        let source = MediaSourceStream::new(Box::new(file), Default::default());
        let metadata = MetadataOptions::default()
            .limit_tag_bytes(Limit::Maximum(MOST_TAG_BYTES))
            .limit_visual_bytes(Limit::Maximum(MOST_ARTWORK_BYTES));
        let format = symphonia::default::get_probe()
            .probe(&hint, source, FormatOptions::default(), metadata)
            .map_err(|e| AudioError::NotAudio {
                path: path.to_owned(),
                reason: e.to_string(),
            })?;
        let (codec, stream) = open_codec(format.as_ref(), path)?;
        let decoder = Decoder {
            format,
            codec,
            stream,
            rate_hz: 0,
            channels: 0,
            frames: 0,
            damaged_packets: 0,
            last_reason: None,
            path: path.to_owned(),
        };
        let params = decoder.codec.codec_params();
        let (rate, channels) = (
            params.sample_rate,
            params.channels.as_ref().map(|c| c.count()),
        );
        if let Some(rate) = rate {
            decoder.check_rate(rate)?;
        }
        if let Some(channels) = channels {
            decoder.check_channels(channels)?;
        }
        Ok(decoder)
    }

    /// Frames (samples per channel) given out so far.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Packets that were passed over because they could not be decoded.
    pub fn damaged_packets(&self) -> usize {
        self.damaged_packets
    }

    /// Replaces `samples` by the next block, interleaved; gives its sample rate in Hz and channel
    /// count, the same for every block, or `None` at the end. Broken packets are passed over and
    /// counted; a file cut short ends where it ends.
    ///
    /// # Errors
    /// `UnsupportedLayout`, `TooLong`, and `Undecodable` where nothing at all came out.
    pub fn next_block(
        &mut self,
        samples: &mut Vec<f32>,
    ) -> Result<Option<(u32, usize)>, AudioError> {
        samples.clear();
        let mut in_a_row = 0;
        loop {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return self.end(),
                // A chained Ogg stream begins a new one; go on where its layout is the same.
                Err(CodecError::ResetRequired) => {
                    match open_codec(self.format.as_ref(), &self.path) {
                        Ok((codec, stream)) => {
                            self.codec = codec;
                            self.stream = stream;
                            continue;
                        }
                        Err(_) => return self.end(),
                    }
                }
                Err(CodecError::DecodeError(reason)) if in_a_row < MOST_ERRORS_IN_A_ROW => {
                    in_a_row += 1;
                    self.note_damage(reason.to_owned());
                    continue;
                }
                Err(error) => {
                    self.note_damage(error.to_string());
                    return self.end();
                }
            };
            if packet.track_id != self.stream {
                continue;
            }
            let (rate, channels) = match self.codec.decode(&packet) {
                Ok(buffer) => {
                    let layout = (buffer.spec().rate(), buffer.spec().channels().count());
                    buffer.copy_to_vec_interleaved(samples);
                    layout
                }
                Err(error) => {
                    in_a_row += 1;
                    self.note_damage(error.to_string());
                    if in_a_row >= MOST_ERRORS_IN_A_ROW {
                        return self.end();
                    }
                    continue;
                }
            };
            if samples.is_empty() {
                continue;
            }
            if self.frames == 0 {
                self.check_rate(rate)?;
                self.check_channels(channels)?;
                (self.rate_hz, self.channels) = (rate, channels);
            } else if (rate, channels) != (self.rate_hz, self.channels) {
                self.note_damage(format!(
                    "the stream turns to {channels} channels at {rate} Hz"
                ));
                samples.clear();
                return self.end();
            }
            for sample in samples.iter_mut() {
                // Float files may hold anything; one NaN would poison every running sum.
                *sample = if sample.is_finite() {
                    sample.clamp(-8.0, 8.0)
                } else {
                    0.0
                };
            }
            self.frames += (samples.len() / channels) as u64;
            if self.frames as f64 > MAX_DURATION_S * f64::from(rate) {
                return Err(AudioError::TooLong {
                    path: self.path.clone(),
                    most_s: MAX_DURATION_S,
                });
            }
            return Ok(Some((rate, channels)));
        }
    }

    fn end(&mut self) -> Result<Option<(u32, usize)>, AudioError> {
        if self.frames > 0 || self.damaged_packets == 0 {
            return Ok(None);
        }
        let reason = self.last_reason.take().unwrap_or_default();
        Err(AudioError::Undecodable {
            path: self.path.clone(),
            reason,
        })
    }

    fn note_damage(&mut self, reason: String) {
        self.damaged_packets += 1;
        self.last_reason = Some(reason);
    }

    fn check_rate(&self, rate: u32) -> Result<(), AudioError> {
        let (least, most) = SAMPLE_RATES_HZ;
        if (least..=most).contains(&rate) {
            return Ok(());
        }
        Err(AudioError::UnsupportedLayout {
            path: self.path.clone(),
            expected: format!("a sample rate of {least} to {most} Hz"),
            got: format!("{rate} Hz"),
        })
    }

    fn check_channels(&self, channels: usize) -> Result<(), AudioError> {
        if (1..=MAX_CHANNELS).contains(&channels) {
            return Ok(());
        }
        Err(AudioError::UnsupportedLayout {
            path: self.path.clone(),
            expected: format!("1 to {MAX_CHANNELS} channels"),
            got: format!("{channels}"),
        })
    }
}

fn open_codec(
    format: &dyn FormatReader,
    path: &Path,
) -> Result<(Box<dyn AudioDecoder>, u32), AudioError> {
    let path = || path.to_owned();
    let Some(track) = format.default_track(TrackType::Audio) else {
        return Err(AudioError::NoAudioStream { path: path() });
    };
    let Some(params) = track.codec_params.as_ref().and_then(|p| p.audio()) else {
        return Err(AudioError::NoAudioStream { path: path() });
    };
    // Checked before the decoder sets up its buffers: a header may claim anything.
    let channels = params.channels.as_ref().map_or(1, |c| c.count());
    if channels > MAX_CHANNELS {
        return Err(AudioError::UnsupportedLayout {
            path: path(),
            expected: format!("1 to {MAX_CHANNELS} channels"),
            got: format!("{channels}"),
        });
    }
    let codec = codecs::registry()
        .make_audio_decoder(params, &AudioDecoderOptions::default())
        .map_err(|error| match error {
            CodecError::Unsupported(_) => AudioError::UnsupportedCodec {
                path: path(),
                codec: params.codec.to_string(),
            },
            other => AudioError::Undecodable {
                path: path(),
                reason: other.to_string(),
            },
        })?;
    Ok((codec, track.id))
}
