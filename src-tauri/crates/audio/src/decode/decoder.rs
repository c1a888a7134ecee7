//! Decodes the first audio stream of a file and survives damaged files.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use symphonia::core::errors::Error as CodecError;
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::Packet;

use super::converter::{Converter, Verdict};
use super::open::{self, Later, Opened, Stream};
use super::{mp4, seek};
use crate::AudioError;
use crate::loudness::Speaker;

/// Longest sound that is analysed, seconds (four hours).
pub const MAX_DURATION_S: f64 = 4.0 * 3600.0;

/// Decoding ends after this many errors in a row.
const MOST_ERRORS_IN_A_ROW: usize = 200;
/// Decoding ends after this many packets in a row without samples.
const MOST_SILENT_PACKETS: usize = 100_000;

/// Decodes a file in time order: all channels interleaved, full scale ±1. Samples that encoders add
/// before and after the sound are left out where the file declares them. Files that were joined are read
/// to the end of the last one, in the layout of the first.
///
/// A panic of a reader or decoder becomes an error of the file, or its end.
pub struct Decoder {
    format: Box<dyn FormatReader>,
    stream: Stream,
    edits: mp4::EditLists,
    path: PathBuf,
    converter: Converter,
    /// Frames handed out so far.
    frames: u64,
    /// Frames that the file declares, where that number is exact.
    promised: Option<u64>,
    has_shrunk: Arc<AtomicBool>,
    is_open_ended: bool,
    damaged_packets: usize,
    last_reason: Option<String>,
    /// Bytes of packets that may still be read; a file that gives more than twice its length reads
    /// the same bytes over and over.
    budget: u64,
    over: bool,
    /// Parts of a joined file that follow.
    later: VecDeque<Later>,
    /// After a seek: the frame to go on at, counted before any are skipped, until its packet
    /// arrives.
    landing: Option<u64>,
}

impl Decoder {
    /// Opens the first audio stream of a file; decodes nothing yet.
    ///
    /// # Errors
    /// `NotFound`, `Unreadable`, `EmptyFile`, `NotAudio`, `NoAudioStream`, `UnsupportedCodec`,
    /// `UnsupportedLayout`, `Undecodable`.
    pub fn open(path: &Path) -> Result<Decoder, AudioError> {
        guarded(path, || Ok(Decoder::new(open::file(path)?, path)))
    }

    /// Like [`open`](Decoder::open), from bytes in memory.
    ///
    /// # Errors
    /// As [`open`](Decoder::open).
    #[doc(hidden)]
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Decoder, AudioError> {
        let path = Path::new("(memory)");
        guarded(path, || Ok(Decoder::new(open::bytes(bytes, path)?, path)))
    }

    fn new(opened: Opened, path: &Path) -> Decoder {
        let mut decoder = Decoder {
            format: opened.format,
            stream: opened.stream,
            edits: opened.edits,
            path: path.to_owned(),
            converter: Converter::new(),
            frames: 0,
            promised: opened.promised,
            has_shrunk: opened.has_shrunk,
            is_open_ended: opened.is_open_ended,
            damaged_packets: 0,
            last_reason: None,
            budget: 2 * opened.bytes + (1 << 20),
            over: false,
            later: opened.later.into(),
            landing: None,
        };
        if opened.is_cut_short {
            decoder.note_damage("the file ends before its sound does");
        }
        decoder
    }

    /// Frames (samples per channel) handed out so far.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Number of skipped packets, plus one where the file ends too early.
    pub fn damaged_packets(&self) -> usize {
        self.damaged_packets
    }

    /// Position of each channel; known after the first block.
    pub fn speakers(&self) -> &[Speaker] {
        self.converter.speakers()
    }

    /// Sample rate that the header declares, Hz. The blocks carry the true rate.
    pub fn claimed_rate_hz(&self) -> Option<u32> {
        open::claimed_rate_hz(self.format.as_ref())
    }

    /// Seeks to a frame, counted from the first audible one. The next block begins there with the
    /// samples that decoding from the start would give. Must be called before the first block.
    /// Returns false where the file does not allow it; the decoder is then unusable.
    pub fn seek(&mut self, frame: u64) -> bool {
        if !self.later.is_empty() {
            return false;
        }
        let landing = self.stream.audible.place(frame);
        let (format, stream) = (self.format.as_mut(), &mut self.stream);
        let sought = AssertUnwindSafe(|| seek::near(format, stream, landing));
        let is_near = matches!(std::panic::catch_unwind(sought), Ok(Ok(true)));
        if is_near {
            self.landing = Some(landing);
            self.stream.audible = self.stream.audible.after(frame);
            // Skipped frames count neither as read nor as missing.
            self.promised = None;
        }
        is_near
    }

    /// Replaces `samples` with the next block, interleaved. Returns the sample rate in Hz and the
    /// channel count, which are the same for every block, or `None` at the end. Broken packets are
    /// skipped and counted; a truncated file ends where its data ends.
    ///
    /// # Errors
    /// `UnsupportedLayout`, `TooLong`, and `Undecodable` where no sample came out.
    pub fn next_block(
        &mut self,
        samples: &mut Vec<f32>,
    ) -> Result<Option<(u32, usize)>, AudioError> {
        let advanced = AssertUnwindSafe(|| self.advance(samples));
        std::panic::catch_unwind(advanced).unwrap_or_else(|_| {
            samples.clear();
            self.note_damage("the decoder panicked");
            self.end()
        })
    }

    fn advance(&mut self, samples: &mut Vec<f32>) -> Result<Option<(u32, usize)>, AudioError> {
        let mut errors = 0;
        for _ in 0..MOST_SILENT_PACKETS {
            samples.clear();
            if self.over {
                return Ok(None);
            }
            let Some(packet) = self.packet(&mut errors) else {
                self.converter.finish(samples);
                return match self.converter.layout().filter(|_| !samples.is_empty()) {
                    Some(layout) => Ok(Some(self.handed_out(samples, layout))),
                    None => self.end(),
                };
            };
            if packet.track_id != self.stream.id {
                continue;
            }
            let (rate, channels) = match self.stream.decode(&packet, samples) {
                Ok(layout) => layout,
                Err(error) => {
                    errors += 1;
                    self.note_damage(&error.to_string());
                    if errors >= MOST_ERRORS_IN_A_ROW {
                        return self.end();
                    }
                    continue;
                }
            };
            if samples.is_empty() {
                continue;
            }
            let (layout, stream) = ((rate, channels), &self.stream);
            let verdict = self
                .converter
                .judge(layout, || stream.speakers(), &self.path)?;
            if verdict != Verdict::Usable {
                errors += 1;
                self.note_damage(&format!(
                    "the stream changes to {channels} channels at {rate} Hz"
                ));
                if verdict == Verdict::Damaged && errors < MOST_ERRORS_IN_A_ROW {
                    continue;
                }
                samples.clear();
                return self.end();
            }
            if let Some(landing) = self.landing {
                let lead = landing.saturating_sub(seek::place(&packet));
                if lead >= (samples.len() / channels) as u64 {
                    continue;
                }
                self.landing = None;
                samples.drain(..lead as usize * channels);
            }
            // Packets after the audible range are not read.
            self.over = !self.stream.audible.trim(samples, channels);
            if samples.is_empty() {
                continue;
            }
            tame(samples);
            self.converter.convert(samples);
            let Some(layout) = self.converter.layout().filter(|_| !samples.is_empty()) else {
                continue;
            };
            let (rate, channels) = self.handed_out(samples, layout);
            if self.frames as f64 > MAX_DURATION_S * f64::from(rate) {
                return Err(AudioError::TooLong {
                    path: self.path.clone(),
                    most_s: MAX_DURATION_S,
                });
            }
            return Ok(Some((rate, channels)));
        }
        self.note_damage("too many packets without sound");
        self.end()
    }

    /// The next packet of any stream; `None` at the end or after an error that ends the file.
    fn packet(&mut self, errors: &mut usize) -> Option<Packet> {
        loop {
            match self.format.next_packet() {
                Ok(Some(packet)) => {
                    let bytes = packet.data.len() as u64;
                    if bytes > self.budget {
                        self.note_damage("more data than the file holds");
                        return None;
                    }
                    self.budget -= bytes;
                    return Some(self.stream.whole(packet));
                }
                Ok(None) => match self.later.pop_front()?.open(&self.path) {
                    Ok((format, stream)) => {
                        (self.format, self.stream) = (format, stream);
                        self.converter.announce();
                    }
                    Err(error) => {
                        *errors += 1;
                        self.note_damage(&error.to_string());
                    }
                },
                // A chained Ogg file begins a new stream.
                Err(CodecError::ResetRequired) => {
                    let format = self.format.as_ref();
                    match Stream::open(format, &self.edits, &self.path) {
                        Ok(stream) => self.stream = stream,
                        Err(error) => {
                            self.note_damage(&error.to_string());
                            return None;
                        }
                    }
                    self.converter.announce();
                    *errors += 1;
                }
                Err(CodecError::DecodeError(reason)) => {
                    *errors += 1;
                    self.note_damage(reason);
                }
                Err(CodecError::IoError(error))
                    if self.is_open_ended && error.kind() == ErrorKind::UnexpectedEof =>
                {
                    return None;
                }
                Err(error) => {
                    self.note_damage(&error.to_string());
                    return None;
                }
            }
            if *errors >= MOST_ERRORS_IN_A_ROW {
                return None;
            }
        }
    }

    /// Counts the frames of a block that is handed out.
    fn handed_out(&mut self, samples: &[f32], layout: (u32, usize)) -> (u32, usize) {
        self.frames += (samples.len() / layout.1.max(1)) as u64;
        layout
    }

    fn end(&mut self) -> Result<Option<(u32, usize)>, AudioError> {
        let first = !std::mem::replace(&mut self.over, true);
        let is_short = self.promised.is_some_and(|n| n > self.frames)
            || self.has_shrunk.load(Ordering::Relaxed);
        if first && self.damaged_packets == 0 && is_short {
            self.note_damage("the file ends before its sound does");
        }
        if self.frames > 0 || self.damaged_packets == 0 {
            return Ok(None);
        }
        let reason = self.last_reason.take().unwrap_or_default();
        Err(AudioError::Undecodable {
            path: self.path.clone(),
            reason,
        })
    }

    fn note_damage(&mut self, reason: &str) {
        self.damaged_packets += 1;
        self.last_reason = Some(reason.to_owned());
    }
}

/// Replaces NaN and infinity, which float files may hold; one NaN would spoil every running sum.
fn tame(samples: &mut [f32]) {
    for sample in samples {
        let tamed = sample.clamp(-8.0, 8.0);
        *sample = if sample.is_finite() { tamed } else { 0.0 };
    }
}

/// Turns a panic during opening into an error.
fn guarded(
    path: &Path,
    open: impl FnOnce() -> Result<Decoder, AudioError>,
) -> Result<Decoder, AudioError> {
    std::panic::catch_unwind(AssertUnwindSafe(open)).unwrap_or_else(|_| {
        Err(AudioError::Undecodable {
            path: path.to_owned(),
            reason: "the reader panicked".to_owned(),
        })
    })
}
