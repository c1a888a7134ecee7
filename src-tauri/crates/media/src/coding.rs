//! Properties of the pictures of a coded stream, from its caps. Pure.

use crate::fields;
use gstreamer as gst;
use gstreamer_video as video;

/// Bits in a colour component.
pub(crate) fn bit_depth(s: &gst::StructureRef) -> u8 {
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

/// Whether the transfer function is PQ or HLG.
pub(crate) fn is_hdr(s: &gst::StructureRef) -> bool {
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

/// Chroma subsampling, such as `4:2:0`; `None` if it is not known.
pub(crate) fn chroma(s: &gst::StructureRef) -> Option<String> {
    let text = |name| s.get::<&str>(name).ok();
    if let Some(told) = text("chroma-format").or_else(|| text("sampling")) {
        // JPEG writes `YCbCr-4:2:0`.
        return Some(told.rsplit('-').next().unwrap_or(told).to_owned());
    }
    if let Some(format) = text("format")
        && let Ok(format) = format.parse::<video::VideoFormat>()
    {
        let info = video::VideoFormatInfo::from_format(format);
        if info.is_rgb() {
            return Some("4:4:4".into());
        }
        // How often the first chroma component is halved, across and down.
        let halved = |sub: &[u32]| sub.get(1).copied().unwrap_or(0);
        return Some(
            match (halved(info.w_sub()), halved(info.h_sub())) {
                (0, _) => "4:4:4",
                (1, 0) => "4:2:2",
                (1, _) => "4:2:0",
                _ => "4:1:1",
            }
            .into(),
        );
    }
    match (s.name().as_str(), text("variant")) {
        ("video/x-prores", Some(v)) if v.starts_with("4444") => Some("4:4:4".into()),
        ("video/x-prores" | "video/x-dnxhd", _) => Some("4:2:2".into()),
        ("video/x-vp8", _) => Some("4:2:0".into()),
        ("video/x-vp9", _) => match text("profile") {
            None | Some("0" | "2") => Some("4:2:0".into()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether at least some pictures consist of two fields. `in_stream` is the flag of the stream's
/// parameter set, for caps without one.
pub(crate) fn is_interlaced(s: &gst::StructureRef, in_stream: Option<bool>) -> bool {
    let told = s.get::<&str>("interlace-mode").ok();
    let in_caps = || {
        let data = s.get::<gst::Buffer>("codec_data").ok()?;
        let data = data.map_readable().ok()?;
        fields::in_codec_data(&data)
    };
    told.is_some_and(|mode| mode != "progressive")
        || s.name() == "video/x-dv"
        || (s.name() == "video/x-h264" && in_stream.or_else(in_caps).unwrap_or(false))
}

/// The codec's profile, as the stream names it.
pub(crate) fn profile(s: &gst::StructureRef) -> Option<String> {
    let text = |name| s.get::<&str>(name).ok();
    text("profile")
        .or_else(|| text("variant"))
        .map(str::to_owned)
}
