//! The syntax of a stream's packets, by its caps.

use crate::{
    bitstream::Syntax,
    caps::{caps_name, is_gif},
};
use gstreamer as gst;

/// Syntax of packets with these caps.
pub(crate) fn syntax(caps: &gst::CapsRef) -> Syntax {
    let Some(s) = caps.structure(0) else {
        return Syntax::Opaque;
    };
    let format = s.get::<&str>("stream-format").unwrap_or_default();
    let length_bytes = |at: usize| {
        let data = s.get::<gst::Buffer>("codec_data").ok()?;
        let data = data.map_readable().ok()?;
        Some(usize::from(data.get(at)? & 3) + 1)
    };
    match (caps_name(caps), format) {
        ("video/x-h264", "avc" | "avc3") => length_bytes(4).map_or(Syntax::Opaque, Syntax::Avc),
        ("video/x-h264", "byte-stream") => Syntax::AvcBytes,
        ("video/x-h265", "hvc1" | "hev1") => length_bytes(21).map_or(Syntax::Opaque, Syntax::Hevc),
        ("video/x-h265", "byte-stream") => Syntax::HevcBytes,
        ("video/mpeg", _) => match s.get::<i32>("mpegversion") {
            Ok(1 | 2) => Syntax::Mpeg2,
            Ok(4) => Syntax::Mpeg4,
            _ => Syntax::Opaque,
        },
        ("video/x-prores" | "video/x-dnxhd" | "video/x-raw" | "video/x-dv", _) => Syntax::AllIntra,
        _ if is_gif(caps) => Syntax::Opaque,
        (name, _) if name.starts_with("image/") => Syntax::AllIntra,
        _ => Syntax::Opaque,
    }
}
