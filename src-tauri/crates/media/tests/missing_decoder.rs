//! A codec without a decoder. The test has its own process, because it hides decoders.

mod common;

use common::Clip;
use gstreamer::prelude::*;
use needledrop_media::{FrameSize, Sampling, StripRequest, frame_strip, probe};
use std::ops::ControlFlow;
use tokio_util::sync::CancellationToken;

#[test]
fn the_error_names_a_missing_decoder_and_probing_works_without_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("v.webm");
    Clip {
        encode: "vp8enc deadline=1",
        mux: "webmmux",
        ..Clip::default()
    }
    .write(&path);
    let registry = gstreamer::Registry::get();
    for name in ["vp8dec", "avdec_vp8"] {
        if let Some(decoder) = registry.lookup_feature(name) {
            decoder.set_rank(gstreamer::Rank::NONE);
        }
    }
    let request = StripRequest {
        range_s: None,
        sampling: Sampling::Fast,
        size: FrameSize::Native,
        most: needledrop_media::MAX_FRAMES,
    };
    let error = frame_strip(&path, &request, &CancellationToken::new(), &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap_err();
    assert_eq!(error.code(), "missing_plugin", "{error}");
    assert!(
        error.to_string().contains("VP8"),
        "the plugin is named: {error}"
    );
    assert_eq!(
        probe(&path).unwrap().width,
        160,
        "its size is known all the same"
    );
}
