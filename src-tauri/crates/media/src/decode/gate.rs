//! The filter before the decoder: only planned packets pass.

use crate::{pipeline::finish, plan::Route, stream_time::stamp_of};
use gstreamer as gst;
use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Lets only planned packets pass to the decoder, and ends the stream after the last of them.
pub(super) struct Gate {
    stamps: Option<Mutex<HashSet<i64>>>,
    /// Packets that reached the gate.
    pub passed: AtomicUsize,
}

impl Gate {
    pub fn new(route: &Route) -> Self {
        let stamps = match route {
            Route::Chosen { stamps, .. } => Some(Mutex::new(stamps.clone())),
            Route::Straight => None,
        };
        Self {
            stamps,
            passed: AtomicUsize::new(0),
        }
    }

    pub fn pass(&self, pad: &gst::Pad, info: &mut gst::PadProbeInfo<'_>) -> gst::PadProbeReturn {
        match &info.data {
            Some(gst::PadProbeData::Buffer(buffer)) => {
                self.passed.fetch_add(1, Ordering::Relaxed);
                let Some(stamps) = &self.stamps else {
                    return gst::PadProbeReturn::Ok;
                };
                let mut stamps = stamps.lock().unwrap_or_else(PoisonError::into_inner);
                if stamps.is_empty() {
                    finish(pad);
                    info.flow_res = Err(gst::FlowError::Eos);
                    return gst::PadProbeReturn::Handled;
                }
                let wanted = stamp_of(pad, buffer).is_some_and(|stamp| stamps.remove(&stamp));
                if wanted {
                    gst::PadProbeReturn::Ok
                } else {
                    gst::PadProbeReturn::Drop
                }
            }
            _ => gst::PadProbeReturn::Ok,
        }
    }
}
