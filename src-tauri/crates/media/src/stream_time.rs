//! Stream times of packets and pictures in ns. Stream time is the time in the clip after its edit
//! lists.

use gstreamer::{self as gst, prelude::*};

/// Stream times of a buffer: its stamp, the start and end of its display, and whether it is
/// displayed.
pub(crate) fn span(
    segment: &gst::FormattedSegment<gst::ClockTime>,
    pts: gst::ClockTime,
    duration: Option<gst::ClockTime>,
) -> Option<(i64, i64, Option<i64>, bool)> {
    let at = |t: gst::ClockTime| segment.to_stream_time_full(t).map(signed_ns);
    let stamp = at(pts)?;
    let end = duration.filter(|d| !d.is_zero()).map(|d| pts + d);
    let before = segment
        .start()
        .is_some_and(|start| end.map_or(pts < start, |e| e <= start));
    let after = segment.stop().is_some_and(|stop| pts >= stop);
    let start = segment.start().map_or(Some(stamp), |s| at(s.max(pts)))?;
    let end = match (end, segment.stop()) {
        (Some(end), Some(stop)) => at(end.min(stop)),
        (Some(end), None) => at(end),
        (None, _) => None,
    };
    Some((stamp, start, end, !before && !after))
}

fn signed_ns(time: gst::Signed<gst::ClockTime>) -> i64 {
    match time {
        gst::Signed::Positive(t) => t.nseconds() as i64,
        gst::Signed::Negative(t) => -(t.nseconds() as i64),
    }
}

pub(crate) fn start_of(sample: &gst::Sample) -> Option<i64> {
    let buffer = sample.buffer()?;
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    span(segment, buffer.pts()?, buffer.duration()).map(|s| s.1)
}

pub(crate) fn stamp_of(pad: &gst::Pad, buffer: &gst::Buffer) -> Option<i64> {
    let event = pad.sticky_event::<gst::event::Segment>(0)?;
    let segment = event.segment().downcast_ref::<gst::ClockTime>()?;
    span(segment, buffer.pts()?, None).map(|s| s.0)
}

pub(crate) fn flagged_corrupt(sample: &gst::Sample) -> bool {
    sample
        .buffer()
        .is_some_and(|b| b.flags().contains(gst::BufferFlags::CORRUPTED))
}

/// Converts nanoseconds to seconds.
pub(crate) fn seconds(ns: i64) -> f64 {
    ns as f64 / 1e9
}

/// Converts seconds to the nearest nanosecond.
pub(crate) fn nanoseconds(time_s: f64) -> i64 {
    (time_s * 1e9).round() as i64
}
