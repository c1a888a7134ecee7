//! Elements of a pipeline, and stopping one.

use crate::MediaError;
use gstreamer::{self as gst, prelude::*};
use gstreamer_app as app;
use gstreamer_video as video;
use std::{path::Path, sync::mpsc, time::Duration};

/// Dropping a pipeline waits this long for it to stop.
pub(crate) const STOP_PATIENCE: Duration = Duration::from_millis(500);

/// Creates an element of GStreamer.
pub(crate) fn element(factory: &str) -> Result<gst::Element, MediaError> {
    gst::ElementFactory::make(factory)
        .build()
        .map_err(|_| MediaError::GStreamer(format!("its element \"{factory}\" is not installed")))
}

/// Stops a pipeline on its own thread: a decoder or network drive that hangs must not block the
/// caller. The pipeline is freed when it has stopped.
pub(crate) fn stop(pipeline: &gst::Pipeline, path: &Path) {
    let pipeline = pipeline.clone();
    let (done, stopped) = mpsc::channel();
    let stop = move || {
        let _open: mpsc::Sender<()> = done;
        if pipeline.set_state(gst::State::Null).is_err() {
            tracing::debug!("the pipeline did not stop cleanly");
        }
    };
    if std::thread::Builder::new()
        .name("media-stop".into())
        .spawn(stop)
        .is_err()
    {
        tracing::warn!("no thread left to stop a pipeline");
    }
    if stopped.recv_timeout(STOP_PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
        tracing::warn!(path = %path.display(), "the pipeline is slow to stop");
    }
}

/// Accepts rows with padding; otherwise libav copies every picture.
pub(crate) fn accept_strides(sink: &app::AppSink) {
    let Some(pad) = sink.static_pad("sink") else {
        return;
    };
    pad.add_probe(gst::PadProbeType::QUERY_DOWNSTREAM, |_, info| {
        if let Some(gst::PadProbeData::Query(query)) = &mut info.data
            && let gst::QueryViewMut::Allocation(allocation) = query.view_mut()
        {
            allocation.add_allocation_meta::<video::VideoMeta>(None);
            return gst::PadProbeReturn::Handled;
        }
        gst::PadProbeReturn::Ok
    });
}

/// Makes the decoder hand out its remaining pictures without reading the file to its end.
pub(crate) fn finish(pad: &gst::Pad) {
    if let Some(peer) = pad.peer() {
        peer.send_event(gst::event::Eos::new());
    }
}
