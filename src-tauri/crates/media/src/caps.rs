//! Names from the caps of a stream: media type, codec, required decoder.

use crate::codec_names;
use gstreamer as gst;
use gstreamer_pbutils as pbutils;

/// Media type of the first structure; empty without one.
pub(crate) fn caps_name(caps: &gst::CapsRef) -> &str {
    caps.structure(0).map_or("", |s| s.name().as_str())
}

/// Description of a codec or container for people.
pub(crate) fn describe(caps: &gst::CapsRef) -> String {
    if is_gif(caps) {
        "GIF".to_owned()
    } else if let Some(name) = codec_names::name(caps) {
        name
    } else if caps.is_fixed() && !caps.is_empty() {
        pbutils::functions::pb_utils_get_codec_description(caps).to_string()
    } else {
        caps_name(caps).to_owned()
    }
}

pub(crate) fn is_audio(caps: &gst::CapsRef) -> bool {
    caps_name(caps).starts_with("audio/")
}

pub(crate) fn is_video(caps: &gst::CapsRef) -> bool {
    let name = caps_name(caps);
    name.starts_with("video/") || name.starts_with("image/")
}

/// Description of the decoder that `caps` need.
pub(crate) fn decoder_name(caps: &gst::CapsRef) -> String {
    let name = pbutils::functions::pb_utils_get_decoder_description(caps);
    format!("{name} ({})", caps_name(caps))
}

/// Whether the stream holds the pictures of a GIF.
pub(crate) fn is_gif(caps: &gst::CapsRef) -> bool {
    caps_name(caps) == "image/gst-libav-gif"
}
