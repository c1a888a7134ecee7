//! What a clip is, read without decoding any of it.

use crate::{
    MediaError,
    demux::{Demux, describe, seconds},
    geometry::{Orientation, square_pixels},
    packets::{Index, Indexer},
};
use gstreamer::{self as gst, prelude::*};
use gstreamer_video as video;
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// Packets looked at to tell a steady frame rate from a variable one.
const RATE_PACKETS: usize = 300;

/// Properties of a clip. Sizes in pixels, times in seconds of stream time (edit lists
/// applied).
#[derive(Debug, Clone, PartialEq)]
pub struct ClipInfo {
    /// The container in words, such as `ISO MP4/M4A`.
    pub container: String,
    /// The video codec in words, such as `H.264 (High Profile)`.
    pub video_codec: String,
    /// The first sound stream's codec in words.
    pub audio_codec: Option<String>,
    /// Width as shown: pixel aspect and rotation applied.
    pub width: u32,
    /// Height as shown.
    pub height: u32,
    /// Width as coded.
    pub coded_width: u32,
    /// Height as coded.
    pub coded_height: u32,
    /// Frame rate, numerator; 0 when there is none to tell.
    pub fps_num: u32,
    /// Frame rate, denominator.
    pub fps_den: u32,
    /// Whether frames come at uneven distances (`fps_*` is then the container's word or
    /// the mean).
    pub variable_fps: bool,
    /// Duration in seconds.
    pub duration_s: f64,
    /// Stream time at which the clip begins, in seconds: 0 but for streams cut out of a longer
    /// one, such as MPEG-TS. Every other time of a clip counts from here.
    pub origin_s: f64,
    /// Clockwise degrees that coded pictures are turned by to stand upright: 0, 90, 180
    /// or 270.
    pub rotation_deg: u16,
    /// Pixel aspect ratio, numerator.
    pub par_num: u32,
    /// Pixel aspect ratio, denominator.
    pub par_den: u32,
    /// Bits a colour component.
    pub bit_depth: u8,
    /// Whether the transfer function is PQ or HLG (ITU-R BT.2100).
    pub hdr: bool,
    /// Whether there is sound.
    pub has_audio: bool,
}

/// Reads the properties of the clip at `path`. Decodes nothing, so it also works where
/// the decoder is missing.
///
/// # Errors
/// Everything that makes the file no readable video; see [`MediaError`].
pub fn probe(path: &Path) -> Result<ClipInfo, MediaError> {
    crate::init()?;
    let cancel = CancellationToken::new();
    let indexer = Indexer::open(path, &cancel)?;
    indexer.preroll(&cancel)?;
    let told = indexer.demux.duration_s();
    // Where the container does not tell its duration, the packets do.
    let limit = if told.is_some() {
        RATE_PACKETS
    } else {
        usize::MAX
    };
    let index = indexer.run(0.0, None, limit, &cancel)?;
    if index.packets.is_empty() && index.timed {
        return Err(MediaError::NoFrames { path: path.into() });
    }
    let duration_s = told.unwrap_or_else(|| end_s(&index));
    let origin_s = indexer.origin_s();
    let info = read(&indexer.demux, &index, duration_s)?;
    Ok(ClipInfo { origin_s, ..info })
}

/// End of the last shown packet, in seconds.
pub(crate) fn end_s(index: &Index) -> f64 {
    let end = |p: &crate::packets::Packet| p.end_ns.unwrap_or(p.start_ns);
    index
        .packets
        .iter()
        .filter(|p| p.shown)
        .map(end)
        .max()
        .map_or(0.0, seconds)
}

/// How the clip's pictures are turned to stand upright.
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

fn read(demux: &Demux, index: &Index, duration_s: f64) -> Result<ClipInfo, MediaError> {
    let caps = demux
        .video_pad()
        .and_then(|pad| pad.current_caps())
        .ok_or_else(|| MediaError::NoFrames {
            path: demux.path.clone(),
        })?;
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
    let rate = rate(index);
    let fps = ratio("framerate")
        .and_then(positive)
        .or(rate.mean)
        .unwrap_or((0, 1));
    let audio = demux.audio_caps();
    let container = tags(demux, |list| {
        list.get::<gst::tags::ContainerFormat>()
            .map(|t| t.get().to_owned())
    });
    Ok(ClipInfo {
        container: container
            .or_else(|| demux.container_caps().map(|c| describe(&c)))
            .unwrap_or_default(),
        video_codec: describe(&caps),
        audio_codec: audio.as_ref().map(|c| describe(c)),
        width,
        height,
        coded_width: coded.0,
        coded_height: coded.1,
        fps_num: fps.0,
        fps_den: fps.1,
        variable_fps: rate.uneven,
        duration_s,
        origin_s: 0.0,
        rotation_deg: orientation.degrees(),
        par_num: par.0,
        par_den: par.1,
        bit_depth: bit_depth(s),
        hdr: is_hdr(s),
        has_audio: audio.is_some(),
    })
}

fn bit_depth(s: &gst::StructureRef) -> u8 {
    if let Ok(depth) = s.get::<u32>("bit-depth-luma") {
        return depth.min(16) as u8;
    }
    if let Ok(format) = s.get::<&str>("format")
        && let Ok(format) = format.parse::<video::VideoFormat>()
    {
        return video::VideoFormatInfo::from_format(format).depth()[0].min(16) as u8;
    }
    let profile = s.get::<&str>("profile").unwrap_or_default();
    match (s.name().as_str(), profile) {
        // ProRes 422 holds 10 bits, 4444 12 (Apple ProRes white paper).
        ("video/x-prores", _) => match s.get::<&str>("variant") {
            Ok(v) if v.starts_with("4444") => 12,
            _ => 10,
        },
        (_, p) if p.contains("12") => 12,
        (_, p) if p.contains("10") => 10,
        // VP9 profiles 2 and 3 hold 10 or 12 bits.
        ("video/x-vp9", "2" | "3") => 10,
        _ => 8,
    }
}

fn is_hdr(s: &gst::StructureRef) -> bool {
    let transfer = s
        .get::<&str>("colorimetry")
        .ok()
        .and_then(|c| c.parse::<video::VideoColorimetry>().ok())
        .map(|c| c.transfer());
    matches!(
        transfer,
        Some(video::VideoTransferFunction::Smpte2084 | video::VideoTransferFunction::AribStdB67)
    )
}

/// What the packets say about the frame rate.
struct Rate {
    mean: Option<(u32, u32)>,
    uneven: bool,
}

fn rate(index: &Index) -> Rate {
    let mut starts: Vec<i64> = index
        .packets
        .iter()
        .filter(|p| p.shown)
        .map(|p| p.start_ns)
        .collect();
    starts.sort_unstable();
    // The read may end between a picture and those shown before it.
    let whole = if index.ended {
        starts.len()
    } else {
        starts.len().saturating_sub(8)
    };
    let steps: Vec<i64> = starts[..whole].windows(2).map(|w| w[1] - w[0]).collect();
    if steps.is_empty() {
        return Rate {
            mean: None,
            uneven: false,
        };
    }
    let mut sorted = steps.clone();
    sorted.sort_unstable();
    let usual = sorted[sorted.len() / 2].max(1);
    // Containers round to 1 ms at worst.
    let uneven = steps
        .iter()
        .any(|s| (s - usual).abs() > usual / 4 + 2_000_000);
    let total: i64 = steps.iter().sum();
    let fps = steps.len() as f64 * 1e9 / (total.max(1) as f64);
    Rate {
        mean: Some(rational(fps)),
        uneven,
    }
}

/// The usual frame rate nearest to `fps`, or thousandths.
fn rational(fps: f64) -> (u32, u32) {
    let known = [
        (24_000, 1001),
        (24, 1),
        (25, 1),
        (30_000, 1001),
        (30, 1),
        (50, 1),
    ]
    .into_iter()
    .chain([(60_000, 1001), (60, 1), (120, 1)])
    .find(|&(n, d)| (f64::from(n) / f64::from(d) - fps).abs() < fps * 4e-4);
    known.unwrap_or(((fps * 1000.0).round().clamp(1.0, 1e9) as u32, 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_rates_are_told_as_the_fractions_they_are_known_by() {
        assert_eq!(rational(29.970_03), (30_000, 1001), "NTSC");
        assert_eq!(rational(25.0), (25, 1), "PAL");
        assert_eq!(
            rational(12.345),
            (12_345, 1000),
            "anything else in thousandths"
        );
    }
}
