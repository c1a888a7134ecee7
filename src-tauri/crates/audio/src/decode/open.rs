//! Opening a file: its first audio stream and the decoder for it.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::common::Limit;
use symphonia::core::errors::Error as CodecError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::well_known::{FORMAT_ID_FLAC, FORMAT_ID_MP3};
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::Duration;

use super::audible::{self, AudibleRange, without_pre_skip};
use super::mp4::EditLists;
use super::origin::Origin;
use super::recognise::{self, Recognised};
use super::view::View;
use super::{frames_of_file, layout, mp4, ogg, riff, tags, trailing};
use crate::AudioError;
use crate::codecs;
use crate::loudness::Speaker;

/// Larger artwork is not held, bytes.
const MOST_ARTWORK_BYTES: usize = 1 << 20;
const MOST_TAG_BYTES: usize = 1 << 16;
/// Bytes in which a container tells whether it knows its own length.
const OPENING_BYTES: u64 = 256;

/// A file that is ready to be decoded.
pub(super) struct Opened {
    pub format: Box<dyn FormatReader>,
    pub stream: Stream,
    pub edits: EditLists,
    /// Length of the file without tags and artwork.
    pub bytes: u64,
    pub is_cut_short: bool,
    /// Nothing in the file says where it ends, as in a recording of a live stream.
    pub is_open_ended: bool,
    pub has_shrunk: Arc<AtomicBool>,
    pub promised: Option<u64>,
    /// Parts of a joined file that follow, in order.
    pub later: Vec<Later>,
}

/// A part of a joined file: the source, its range, and its number of frames where the header has
/// another.
pub(super) struct Later {
    origin: Arc<Origin>,
    start: u64,
    length: u64,
    correction: Option<(u64, u32)>,
}

/// The first audio stream of a file.
pub(super) struct Stream {
    pub id: u32,
    pub audible: AudibleRange,
    /// The reader guesses the end of an MP3 from the size of its first packets and would drop the
    /// samples after it.
    guesses_end: bool,
    /// Factor that the header asks to apply to every sample.
    gain: f32,
    codec: Box<dyn AudioDecoder>,
}

pub(super) fn file(path: &Path) -> Result<Opened, AudioError> {
    let unreadable = |error| AudioError::io(path, error);
    // Check before opening: opening a named pipe would wait for its other end.
    let about = std::fs::metadata(path).map_err(unreadable)?;
    if !about.is_file() {
        let source = std::io::Error::other("not a regular file");
        return Err(AudioError::Unreadable {
            path: path.to_owned(),
            source,
        });
    }
    let file = File::open(path).map_err(unreadable)?;
    source(Origin::File(file), path)
}

pub(super) fn bytes(bytes: Vec<u8>, path: &Path) -> Result<Opened, AudioError> {
    source(Origin::Bytes(bytes.into()), path)
}

fn source(origin: Origin, path: &Path) -> Result<Opened, AudioError> {
    let unreadable = |error| AudioError::io(path, error);
    let mut view = origin.source().and_then(View::new).map_err(unreadable)?;
    if view.len() == 0 {
        return Err(AudioError::EmptyFile {
            path: path.to_owned(),
        });
    }
    let has_tag = tags::leave_out_leading(&mut view).map_err(unreadable)?;
    let found = recognise::find(&mut view, has_tag).map_err(unreadable)?;
    refuse(found.kind, path)?;
    view.skip(found.from);
    view.cut(found.length.unwrap_or(u64::MAX));
    let bytes = view.len();
    let later = match found.kind {
        Recognised::Music("MP3") => first_part(&mut view, origin).map_err(unreadable)?,
        Recognised::Music("FLAC" | "AAC in ADTS") => {
            trailing::leave_out(&mut view).map_err(unreadable)?;
            Vec::new()
        }
        _ => Vec::new(),
    };
    let (edits, head) = repair(&mut view).map_err(unreadable)?;
    let (any_hz, _) = layout::SAMPLE_RATES_HZ;
    let channels = head.channels.map_or(1, usize::from);
    check(head.rate_hz.unwrap_or(any_hz), channels, path)?;
    let has_shrunk = view.has_shrunk();
    let start = view.part(0, OPENING_BYTES).map_err(unreadable)?;
    // That a page of Ogg is missing is told by `repair`.
    let is_open_ended = start.starts_with(b"OggS") || recognise::is_live(&start);
    let view = view.rewound().map_err(unreadable)?;
    let format = probe(view, path)?;
    let stream = Stream::open(format.as_ref(), &edits, path)?;
    let promised = track(format.as_ref()).and_then(|t| promised(format.as_ref(), t));
    Ok(Opened {
        format,
        stream,
        edits,
        bytes,
        is_cut_short: head.is_cut_short,
        is_open_ended,
        has_shrunk,
        promised: promised.filter(|_| later.is_empty()),
        later,
    })
}

/// Limits the view of an MP3 to the first of the files that were joined; gives the others.
fn first_part(view: &mut View, origin: Origin) -> std::io::Result<Vec<Later>> {
    let mut parts = frames_of_file::parts(view)?.into_iter();
    let Some(first) = parts.next() else {
        return Ok(Vec::new());
    };
    let (base, origin) = (view.start(), Arc::new(origin));
    let later = parts.map(|part| Later {
        origin: Arc::clone(&origin),
        start: base + part.start,
        length: part.end - part.start,
        correction: part
            .correction()
            .map(|(at, frames)| (at - part.start, frames)),
    });
    let later = later.collect();
    view.cut(first.end);
    if let Some((at, frames)) = first.correction() {
        view.patch(at, &frames.to_be_bytes());
    }
    Ok(later)
}

impl Later {
    /// Opens this part.
    pub fn open(self, path: &Path) -> Result<(Box<dyn FormatReader>, Stream), AudioError> {
        let unreadable = |error| AudioError::io(path, error);
        let mut view = self
            .origin
            .source()
            .and_then(View::new)
            .map_err(unreadable)?;
        view.skip(self.start);
        view.cut(self.length);
        if let Some((at, frames)) = self.correction {
            view.patch(at, &frames.to_be_bytes());
        }
        let format = probe(view.rewound().map_err(unreadable)?, path)?;
        let stream = Stream::open(format.as_ref(), &EditLists::default(), path)?;
        Ok((format, stream))
    }
}

/// An error for files that no reader here reads. The readers themselves take much foreign data for
/// MP3.
fn refuse(kind: Recognised, path: &Path) -> Result<(), AudioError> {
    let path = path.to_owned();
    let not_audio = |reason: &str| AudioError::NotAudio {
        path: path.clone(),
        reason: reason.to_owned(),
    };
    match kind {
        Recognised::Music(_) | Recognised::Film("MP4" | "Matroska" | "WebM" | "Ogg") => Ok(()),
        Recognised::Unsupported(codec) => Err(AudioError::UnsupportedCodec {
            path: path.clone(),
            codec: codec.to_owned(),
        }),
        Recognised::Film(container) => Err(AudioError::UnsupportedCodec {
            path: path.clone(),
            codec: format!("of a film ({container})"),
        }),
        Recognised::ResourceFork => Err(not_audio("it is the resource fork of another file")),
        Recognised::Other => Err(not_audio("its content is of no known format")),
    }
}

/// Repairs everything that would mislead the readers.
fn repair(view: &mut View) -> std::io::Result<(EditLists, riff::Head)> {
    tags::hide_flac_blocks(view)?;
    let mut head = riff::repair(view)?;
    let edits = mp4::edits(view)?;
    head.is_cut_short |= edits.is_cut_short || ogg::is_cut_short(view)?;
    Ok((edits, head))
}

fn probe(view: View, path: &Path) -> Result<Box<dyn FormatReader>, AudioError> {
    let source = MediaSourceStream::new(Box::new(view), Default::default());
    let metadata = MetadataOptions::default()
        .limit_tag_bytes(Limit::Maximum(MOST_TAG_BYTES))
        .limit_visual_bytes(Limit::Maximum(MOST_ARTWORK_BYTES));
    symphonia::default::get_probe()
        .probe(&Hint::new(), source, FormatOptions::default(), metadata)
        .map_err(|error| match error {
            CodecError::IoError(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => {
                AudioError::io(path, e)
            }
            other => AudioError::NotAudio {
                path: path.to_owned(),
                reason: other.to_string(),
            },
        })
}

fn track(format: &dyn FormatReader) -> Option<&Track> {
    format.default_track(TrackType::Audio)
}

/// Sample rate that the first audio stream declares, Hz.
pub(super) fn claimed_rate_hz(format: &dyn FormatReader) -> Option<u32> {
    let params = track(format)?.codec_params.as_ref()?.audio()?;
    params.sample_rate
}

/// Frames of the file where its count is exact: FLAC, and MP3 with a LAME tag.
fn promised(format: &dyn FormatReader, track: &Track) -> Option<u64> {
    let kind = format.format_info().format;
    let is_exact = kind == FORMAT_ID_FLAC || kind == FORMAT_ID_MP3 && track.delay.is_some();
    track.num_frames.filter(|_| is_exact)
}

/// An error where the rate or the channel count is out of bounds.
pub(super) fn check(rate_hz: u32, channels: usize, path: &Path) -> Result<(), AudioError> {
    let checked = layout::check_rate(rate_hz).and_then(|()| layout::check_channels(channels));
    checked.map_err(|(expected, got)| AudioError::UnsupportedLayout {
        path: path.to_owned(),
        expected,
        got,
    })
}

impl Stream {
    /// Opens the first audio stream; checks what it declares before the decoder allocates buffers.
    pub fn open(
        format: &dyn FormatReader,
        edits: &EditLists,
        path: &Path,
    ) -> Result<Stream, AudioError> {
        let no_stream = || AudioError::NoAudioStream {
            path: path.to_owned(),
        };
        let track = track(format).ok_or_else(no_stream)?;
        let params = track.codec_params.as_ref().and_then(|p| p.audio());
        let params = params.ok_or_else(no_stream)?;
        let (fallback_hz, _) = layout::SAMPLE_RATES_HZ;
        let rate_hz = params.sample_rate.unwrap_or(fallback_hz);
        let channels = params.channels.as_ref().map_or(1, |c| c.count());
        check(rate_hz, channels, path)?;
        let codec = codecs::registry()
            .make_audio_decoder(&without_pre_skip(params), &AudioDecoderOptions::default())
            .map_err(|error| match error {
                CodecError::Unsupported(reason) => AudioError::UnsupportedCodec {
                    path: path.to_owned(),
                    codec: codecs::describe(params, reason),
                },
                other => AudioError::Undecodable {
                    path: path.to_owned(),
                    reason: other.to_string(),
                },
            })?;
        Ok(Stream {
            id: track.id,
            audible: AudibleRange::of(format, track, edits, rate_hz),
            guesses_end: format.format_info().format == FORMAT_ID_MP3 && track.delay.is_none(),
            gain: audible::opus_gain(params),
            codec,
        })
    }

    /// Restores the samples that were trimmed from a packet on a guess.
    pub fn whole(&self, mut packet: Packet) -> Packet {
        if self.guesses_end {
            packet.dur = packet.dur.saturating_add(packet.trim_end);
            packet.trim_end = Duration::ZERO;
        }
        packet
    }

    /// Decodes a packet into `samples`, interleaved; gives the sample rate in Hz and the channel
    /// count.
    pub fn decode(
        &mut self,
        packet: &Packet,
        samples: &mut Vec<f32>,
    ) -> Result<(u32, usize), CodecError> {
        let buffer = self.codec.decode(packet)?;
        let layout = (buffer.spec().rate(), buffer.spec().channels().count());
        buffer.copy_to_vec_interleaved(samples);
        if self.gain != 1.0 {
            samples.iter_mut().for_each(|sample| *sample *= self.gain);
        }
        Ok(layout)
    }

    /// Resets the decoder after a seek.
    pub fn restart(&mut self) {
        self.codec.reset();
    }

    /// Position of each channel of the last packet.
    pub fn speakers(&self) -> Vec<Speaker> {
        let last = self.codec.last_decoded();
        layout::speakers(last.spec().channels())
    }
}
