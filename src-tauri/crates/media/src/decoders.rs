//! The installed decoders for a codec.

use crate::{
    MediaError,
    caps::{caps_name, decoder_name},
    codec_names,
};
use gstreamer::{self as gst, prelude::*};
use std::path::Path;

/// A larger picture is refused before a decoder allocates it, pixels.
const MAX_PIXELS: u64 = 1 << 27;

/// Decoders for `caps`, best first. Software comes before hardware: only a few pictures are needed,
/// and in memory.
///
/// # Errors
/// [`MediaError::MissingPlugin`] where none is installed, [`MediaError::NoDecoder`] where GStreamer has none.
pub(crate) fn decoders(
    caps: &gst::Caps,
    path: &Path,
) -> Result<Vec<Option<gst::ElementFactory>>, MediaError> {
    let field = |name| {
        caps.structure(0)
            .and_then(|s| s.get::<i32>(name).ok())
            .unwrap_or(0)
    };
    let pixels = field("width").max(0) as u64 * field("height").max(0) as u64;
    if pixels > MAX_PIXELS {
        let detail = format!(
            "{} x {} pixels are more than this program decodes",
            field("width"),
            field("height")
        );
        return Err(MediaError::Undecodable {
            detail,
            path: path.into(),
        });
    }
    if caps_name(caps) == "video/x-raw" {
        return Ok(vec![None]);
    }
    let kind = gst::ElementFactoryType::DECODER;
    let mut found: Vec<gst::ElementFactory> =
        gst::ElementFactory::factories_with_type(kind, gst::Rank::MARGINAL)
            .into_iter()
            .filter(|f| f.can_sink_all_caps(caps))
            .collect();
    let hard = |f: &gst::ElementFactory| {
        f.metadata(gst::ELEMENT_METADATA_KLASS)
            .is_some_and(|k| k.contains("Hardware"))
    };
    found.sort_by_key(|f| (hard(f), std::cmp::Reverse(f.rank()), f.name()));
    if found.is_empty()
        && let Some(codec) = codec_names::name(caps)
    {
        return Err(MediaError::NoDecoder {
            codec,
            path: path.into(),
        });
    }
    if found.is_empty() {
        return Err(MediaError::MissingPlugin {
            plugin: decoder_name(caps),
            path: path.into(),
        });
    }
    Ok(found.into_iter().map(Some).collect())
}
