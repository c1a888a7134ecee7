//! The colour description of decoded pictures, where the stream gives only a part of it.
//!
//! A stream may say that it uses the full range and name no matrix. GStreamer then drops the description whole and
//! takes the range for limited: a grey of 40 comes out as 28.

use gstreamer::{self as gst, prelude::*};
use gstreamer_video::{
    VideoColorMatrix, VideoColorPrimaries, VideoColorRange, VideoColorimetry, VideoTransferFunction,
};

/// Pictures taller than this are of high definition: BT.709 is what their matrix means where none is named (as in
/// GStreamer).
const STANDARD_LINES: i32 = 576;

/// Raw caps with a full range kept and its missing matrix named.
pub(crate) fn completed(caps: &gst::Caps) -> gst::Caps {
    let named = caps.structure(0).and_then(|s| {
        let told = s.get::<&str>("colorimetry").ok()?;
        let told = told.parse::<VideoColorimetry>().ok()?;
        let is_rgb = s.get::<&str>("format").is_ok_and(|format| {
            ["RGB", "BGR", "ARGB", "GBR"]
                .iter()
                .any(|rgb| format.contains(rgb))
        });
        let lacks = told.range() == VideoColorRange::Range0_255
            && told.matrix() == VideoColorMatrix::Unknown
            && !is_rgb;
        lacks.then(|| complete(&told, s.get::<i32>("height").unwrap_or(0)))
    });
    let Some(colours) = named else {
        return caps.clone();
    };
    let mut caps = caps.clone();
    caps.make_mut().set("colorimetry", colours.to_string());
    caps
}

fn complete(told: &VideoColorimetry, height: i32) -> VideoColorimetry {
    let matrix = match height > STANDARD_LINES {
        true => VideoColorMatrix::Bt709,
        false => VideoColorMatrix::Bt601,
    };
    let transfer = match told.transfer() {
        VideoTransferFunction::Unknown => VideoTransferFunction::Bt709,
        known => known,
    };
    let primaries = match told.primaries() {
        VideoColorPrimaries::Unknown => VideoColorPrimaries::Bt709,
        known => known,
    };
    VideoColorimetry::new(told.range(), matrix, transfer, primaries)
}

/// The same for all that `decoder` hands on.
pub(crate) fn complete_colours(decoder: &gst::Element) {
    let Some(pad) = decoder.static_pad("src") else {
        return;
    };
    pad.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, |_, info| {
        if let Some(gst::PadProbeData::Event(event)) = &info.data
            && let gst::EventView::Caps(caps) = event.view()
        {
            let named = completed(&caps.caps_owned());
            if !named.is_strictly_equal(caps.caps()) {
                info.data = Some(gst::PadProbeData::Event(gst::event::Caps::new(&named)));
            }
        }
        gst::PadProbeReturn::Ok
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(colorimetry: &str, height: i32) -> String {
        gst::init().unwrap();
        let caps = gst::Caps::builder("video/x-raw")
            .field("format", "I420")
            .field("height", height)
            .field("colorimetry", colorimetry)
            .build();
        let named = completed(&caps);
        named
            .structure(0)
            .unwrap()
            .get::<String>("colorimetry")
            .unwrap()
    }

    #[test]
    fn a_full_range_without_a_matrix_stays_full() {
        for height in [180, 1080] {
            let named = told("1:0:0:0", height).parse::<VideoColorimetry>().unwrap();
            assert_eq!(named.range(), VideoColorRange::Range0_255);
            assert_eq!(named.matrix() == VideoColorMatrix::Bt709, height == 1080);
        }
        assert_eq!(told("bt709", 180), "bt709", "a whole description stays");
        assert_eq!(told("1:3:5:1", 180), "1:3:5:1", "so does a named matrix");
    }
}
