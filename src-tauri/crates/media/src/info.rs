//! Properties of a clip, read without decoding.

use crate::{
    MediaError,
    caps::{caps_name, describe, is_gif},
    clock, coding,
    demux::Demux,
    geometry::{Orientation, square_pixels},
    length::{self, Ends, Length},
    limit::Limit,
    notes::ClipNote,
    packets::{Index, Indexer},
    rate::{key_gap_ns, rate},
    remembered::Remembered,
    startup::init,
    stream_time::seconds,
    timecode::{Recorded, group_header, of_comment, recorded},
};
use gstreamer::{self as gst, prelude::*};
use needledrop_timebase::{FrameRate, Timecode};
use std::{fs::File, path::Path, sync::Arc};
use tokio_util::sync::CancellationToken;

/// Packets that are read to find out whether the frame rate is steady and how far key frames are
/// apart. The limit in bytes is for clips of dozens of megabytes a second.
const SCAN: Limit = Limit {
    packets: 300,
    bytes: 48 << 20,
    reads_on: false,
};
/// The same packets, and then the rest of the file for its length.
const WHOLE: Limit = Limit {
    reads_on: true,
    ..SCAN
};

/// Properties of a clip. Sizes are in pixels, times in seconds of stream time (after edit lists).
#[derive(Debug, Clone, PartialEq)]
pub struct ClipInfo {
    /// Description of the container, such as `ISO MP4/M4A`.
    pub container: String,
    /// The container's media type, such as `video/quicktime`.
    pub container_type: String,
    /// Description of the video codec, such as `H.264 (High Profile)`.
    pub video_codec: String,
    /// The video codec's media type, such as `video/x-h264`.
    pub video_type: String,
    /// Profile of the codec as the stream names it, such as `high`.
    pub profile: Option<String>,
    /// Description of the codec of the first audio stream.
    pub audio_codec: Option<String>,
    /// Displayed width: pixel aspect and rotation applied.
    pub width: u32,
    /// Displayed height: pixel aspect and rotation applied.
    pub height: u32,
    /// Width of the coded pictures.
    pub coded_width: u32,
    /// Height of the coded pictures.
    pub coded_height: u32,
    /// Frame rate: the container's where its pictures agree with it, else that of the pictures of the first seconds,
    /// the mean where their distances vary; 25 for a single picture.
    pub rate: FrameRate,
    /// Timecode of the first frame, where camera or recorder wrote one, at `rate`.
    pub start_timecode: Option<Timecode>,
    /// Name of the reel, tape or card, where the file holds one.
    pub reel: Option<String>,
    /// Whether the distances of frames vary.
    pub variable_fps: bool,
    /// Median distance of two pictures in seconds; 0 if there are fewer than two. This and the next
    /// two numbers describe the first seconds.
    pub usual_step_s: f64,
    /// Longest distance of two pictures, seconds.
    pub longest_step_s: f64,
    /// Longest distance of pictures that decode alone, seconds.
    pub key_gap_s: Option<f64>,
    /// Length of the clip, seconds: the end of its last picture, measured.
    pub duration_s: f64,
    /// Stream time of the clip's first picture, seconds: 0 except for streams cut from a longer
    /// one, such as MPEG-TS. All other times of a clip count from here.
    pub origin_s: f64,
    /// Clockwise rotation from coded to upright pictures: 0, 90, 180 or 270 degrees.
    pub rotation_deg: u16,
    /// Pixel aspect ratio, numerator.
    pub par_num: u32,
    /// Pixel aspect ratio, denominator.
    pub par_den: u32,
    /// Bits in a colour component.
    pub bit_depth: u8,
    /// Chroma subsampling, such as `4:2:0`; `None` if it is not known.
    pub chroma: Option<String>,
    /// Whether at least some pictures consist of two fields.
    pub interlaced: bool,
    /// Whether the transfer function is PQ or HLG (ITU-R BT.2100).
    pub hdr: bool,
    /// Whether the clip has sound.
    pub has_audio: bool,
    /// Number of audio streams.
    pub sound_tracks: usize,
    /// Whether it is an MP4 whose index lies in pieces.
    pub fragmented: bool,
    /// What its container does not say, or says otherwise.
    pub notes: Vec<ClipNote>,
}

impl ClipInfo {
    /// Whether pictures come so unevenly that `rate` is only their mean.
    pub fn is_uneven(&self) -> bool {
        let uneven = |note: &ClipNote| matches!(note, ClipNote::Uneven { .. });
        self.notes.iter().any(uneven)
    }

    /// Whether the file ends before all that its container declares.
    pub fn is_cut_short(&self) -> bool {
        let cut = |note: &ClipNote| matches!(note, ClipNote::CutShort { .. });
        self.notes.iter().any(cut)
    }
}

/// Reads the properties of the clip at `path`. It decodes nothing, so it works without the decoder.
///
/// # Errors
/// Any reason why the file is not a readable video; see [`MediaError`].
pub fn probe(path: &Path) -> Result<ClipInfo, MediaError> {
    examine(path, &CancellationToken::new()).map(|examined| examined.info.clone())
}

/// Properties of a clip, and everything that decoding it needs.
pub(crate) struct Examined {
    pub info: ClipInfo,
    /// Caps of the coded pictures.
    pub caps: gst::Caps,
    pub orientation: Orientation,
    /// Times are only right when the file is read from its start.
    pub reads_through: bool,
}

/// Container types whose times are only right when they are read from the start: they count from the position where
/// reading starts.
const STREAMS: [&str; 2] = ["video/mpegts", "video/mpeg"];

/// The properties of a clip. They are remembered as long as the file's size and time of change stay the same.
pub(crate) fn examine(
    path: &Path,
    cancel: &CancellationToken,
) -> Result<Arc<Examined>, MediaError> {
    static EXAMINED: Remembered<Examined> = Remembered::new();
    EXAMINED.get(path, || examine_anew(path, cancel))
}

fn examine_anew(path: &Path, cancel: &CancellationToken) -> Result<Examined, MediaError> {
    init()?;
    let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
    let indexer = Indexer::open(path, cancel)?;
    indexer.preroll(cancel)?;
    let demux = &indexer.demux;
    let told_s = demux.duration_s();
    let origin_s = indexer.origin_s();
    let container = demux.container_caps();
    let kind = container.as_ref().map_or("", |caps| caps_name(caps));
    let is_system = |caps: &gst::Caps| {
        let s = caps.structure(0);
        s.is_some_and(|s| s.get::<bool>("systemstream") != Ok(false))
    };
    let is_system = container.as_ref().is_some_and(is_system);
    let is_stream = STREAMS.contains(&kind) && is_system;
    let is_bare = kind.starts_with("video/x-h26") || (kind == "video/mpeg" && !is_system);
    let joined = is_stream && clock::jumps(path);
    let is_gif = demux.video_caps().is_some_and(|caps| is_gif(&caps));
    // Without a usable length only reading gives it.
    let told_s = told_s.filter(|_| !joined && !is_gif);
    let limit = if told_s.is_some() { SCAN } else { WHOLE };
    let index = indexer.run(0.0, None, limit, cancel)?;
    if index.seen == 0 && index.timed {
        return Err(MediaError::NoFrames { path: path.into() });
    }
    let caps = coded_caps(demux)?;
    let mut info = read(demux, &caps, &index)?;
    let ends = match told_s {
        Some(told_s) => length::ends(path, &indexer, &index, told_s, origin_s, cancel)?,
        None => Ends {
            pictures_s: end_s(&index),
            sound_s: demux.sound_end_s(),
        },
    };
    info.origin_s = origin_s;
    info.duration_s = match ends.pictures_s - origin_s {
        measured if measured > 0.0 => measured,
        // Pictures without any times.
        _ => index.seen as f64 / info.rate.fps(),
    };
    let length = Length {
        ends: ends.from(origin_s),
        told_s: told_s.filter(|_| !is_stream),
        is_cut: demux.source.is_cut,
        joined,
        is_growing: std::fs::metadata(path).is_ok_and(|meta| meta.len() > size),
    };
    info.notes.splice(0..0, length.notes());
    if !index.timed && is_bare {
        let fps = info.rate.fps();
        info.notes.push(ClipNote::StatedRate { fps });
    }
    let recorded = recorded_on(path, &indexer, info.rate);
    Ok(Examined {
        info: ClipInfo {
            start_timecode: recorded.start,
            reel: recorded.reel,
            ..info
        },
        orientation: orientation(&indexer.demux),
        reads_through: is_gif || joined || (!index.timed && is_bare),
        caps,
    })
}

/// The file's own timecode and reel name, else the timecode on its packets and tags.
fn recorded_on(path: &Path, indexer: &Indexer, rate: FrameRate) -> Recorded {
    let stored = File::open(path).map(|mut file| recorded(&mut file, rate));
    let mut found = stored.unwrap_or_default();
    let comment = || {
        tags(&indexer.demux, |list| {
            let comments = list.iter_tag::<gst::tags::ExtendedComment>();
            let mut read = comments.filter_map(|t| of_comment(t.get(), rate));
            read.next()
        })
    };
    let first = indexer.first();
    found.start = found
        .start
        .or_else(|| first.label.and_then(|label| label.at(rate)))
        .or_else(comment)
        .or_else(|| group_header(&first.head, rate).and_then(|label| label.at(rate)));
    found
}

fn coded_caps(demux: &Demux) -> Result<gst::Caps, MediaError> {
    demux.video_caps().ok_or_else(|| MediaError::NoFrames {
        path: demux.path.clone(),
    })
}

/// End of the last displayed packet, seconds.
fn end_s(index: &Index) -> f64 {
    index.reach_ns.map_or(0.0, seconds)
}

/// Rotation from coded to upright pictures.
pub(crate) fn orientation(demux: &Demux) -> Orientation {
    tags(demux, |list| {
        list.get::<gst::tags::ImageOrientation>()
            .map(|t| Orientation::from_tag(t.get()))
    })
    .unwrap_or_default()
}

fn tags<T>(demux: &Demux, read: impl Fn(&gst::TagListRef) -> Option<T>) -> Option<T> {
    let pad = demux.video_pad()?;
    // A stream's own tags come before those of the file.
    (0..16)
        .map_while(|at| pad.sticky_event::<gst::event::Tag>(at))
        .find_map(|event| read(event.tag()))
}

fn read(demux: &Demux, caps: &gst::Caps, index: &Index) -> Result<ClipInfo, MediaError> {
    let s = caps.structure(0).ok_or_else(|| MediaError::NoFrames {
        path: demux.path.clone(),
    })?;
    let side = |name| {
        s.get::<i32>(name)
            .ok()
            .and_then(|v| u32::try_from(v).ok())
            .unwrap_or(0)
    };
    let ratio = |name| {
        s.get::<gst::Fraction>(name)
            .ok()
            .map(|f| (f.numer(), f.denom()))
    };
    let positive = |(n, d): (i32, i32)| (n > 0 && d > 0).then_some((n as u32, d as u32));
    let coded = (side("width"), side("height"));
    let par = ratio("pixel-aspect-ratio")
        .and_then(positive)
        .unwrap_or((1, 1));
    let orientation = orientation(demux);
    let square = if coded.0 > 0 && coded.1 > 0 {
        square_pixels(coded.0, coded.1, par)
    } else {
        coded
    };
    let (width, height) = orientation.turned(square);
    let interlaced = coding::is_interlaced(s, index.fields);
    let rate = rate(index);
    let told = ratio("framerate")
        .and_then(positive)
        .and_then(|(num, den)| FrameRate::new(num, den).ok());
    let fps = rate.choose(told, interlaced);
    let audio = demux.audio_caps();
    let container_caps = demux.container_caps();
    let container = tags(demux, |list| {
        list.get::<gst::tags::ContainerFormat>()
            .map(|t| t.get().to_owned())
    });
    Ok(ClipInfo {
        container: container
            .or_else(|| container_caps.as_ref().map(|c| describe(c)))
            .unwrap_or_default(),
        container_type: container_caps.map_or(String::new(), |c| caps_name(&c).to_owned()),
        video_codec: describe(caps),
        video_type: caps_name(caps).to_owned(),
        profile: coding::profile(s),
        audio_codec: audio.as_ref().map(|c| describe(c)),
        width,
        height,
        coded_width: coded.0,
        coded_height: coded.1,
        rate: fps,
        start_timecode: None,
        reel: None,
        variable_fps: rate.uneven,
        usual_step_s: seconds(rate.usual_ns),
        longest_step_s: seconds(rate.longest_ns),
        key_gap_s: key_gap_ns(index).map(seconds),
        duration_s: 0.0,
        origin_s: 0.0,
        rotation_deg: orientation.degrees(),
        par_num: par.0,
        par_den: par.1,
        bit_depth: coding::bit_depth(s),
        chroma: coding::chroma(s),
        interlaced,
        hdr: coding::is_hdr(s),
        has_audio: audio.is_some(),
        sound_tracks: demux.sound_tracks(),
        fragmented: demux.source.is_fragmented,
        notes: rate_note(rate.is_variable(), told, fps)
            .into_iter()
            .collect(),
    })
}

/// A container's rate that differs by less than this share is the same to an editor.
const SAME_RATE: f64 = 0.005;

fn rate_note(uneven: bool, told: Option<FrameRate>, rate: FrameRate) -> Option<ClipNote> {
    let fps = rate.fps();
    let told = told.map(FrameRate::fps);
    if uneven {
        return Some(ClipNote::Uneven { fps });
    }
    let told = told.filter(|told| (told / fps - 1.0).abs() > SAME_RATE)?;
    Some(ClipNote::Rate { told, fps })
}
