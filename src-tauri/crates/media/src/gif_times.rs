//! Times of decoded GIF pictures. The decoder gives all of them the time of the first one; it hands out a picture for
//! each packet, in order.

use gstreamer::{self as gst, prelude::*};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// Time and duration of a packet.
type Span = (Option<gst::ClockTime>, Option<gst::ClockTime>);

/// Gives each picture of a GIF decoder the time of its packet; leaves other decoders alone.
pub(crate) fn keep(decoder: &gst::Element) {
    let is_gif = decoder.factory().is_some_and(|f| f.name() == "avdec_gif");
    let pads = decoder.static_pad("sink").zip(decoder.static_pad("src"));
    let Some((sink, src)) = pads.filter(|_| is_gif) else {
        return;
    };
    let times: Arc<Mutex<VecDeque<Span>>> = Arc::default();
    let packets = Arc::clone(&times);
    let kinds = gst::PadProbeType::BUFFER | gst::PadProbeType::EVENT_FLUSH;
    sink.add_probe(kinds, move |_, info| {
        let mut times = packets.lock().unwrap_or_else(PoisonError::into_inner);
        match &info.data {
            Some(gst::PadProbeData::Buffer(packet)) => {
                times.push_back((packet.pts(), packet.duration()));
            }
            _ => times.clear(),
        }
        gst::PadProbeReturn::Ok
    });
    src.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
        let span = times
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front();
        if let Some(gst::PadProbeData::Buffer(picture)) = &mut info.data
            && let Some((start, duration)) = span
        {
            let picture = picture.make_mut();
            picture.set_pts(start);
            picture.set_duration(duration);
        }
        gst::PadProbeReturn::Ok
    });
}
