//! Whether a reader has come to rest for good.

use gstreamer::{self as gst, prelude::*};
use std::sync::atomic::{AtomicBool, Ordering};

/// Name of the message that is sent when all threads that paused have left their work.
const AT_REST: &str = "needledrop-at-rest";

/// Finds out that no thread of a pipeline will ever do anything again.
///
/// GStreamer drops the error of a demuxer that fails while it is being added, and then no message comes. The state of a
/// reading thread alone tells nothing: the thread that recognised the format pauses as soon as the demuxer has taken
/// over, and any thread pauses before it sends its last messages. So the threads count as at rest when none of them is
/// running and each paused one has given up its lock, which it holds while it works. A message is sent then. It comes
/// after all that they have sent.
#[derive(Default)]
pub(crate) struct Rest {
    asked: AtomicBool,
}

impl Rest {
    /// Call it when no message came for a moment.
    pub fn ask(&self, pipeline: &gst::Pipeline) {
        let pads = pads(pipeline);
        if is_running(&pads) || self.asked.swap(true, Ordering::Relaxed) {
            return;
        }
        let pipeline = pipeline.clone();
        let wait = move || {
            for pad in pads {
                drop(pad.stream_lock());
            }
            let structure = gst::Structure::new_empty(AT_REST);
            let message = gst::message::Application::builder(structure)
                .src(&pipeline)
                .build();
            if pipeline.post_message(message).is_err() {
                tracing::debug!("nobody waits for the reader");
            }
        };
        let named = std::thread::Builder::new().name("media-rest".into());
        if named.spawn(wait).is_err() {
            tracing::warn!("no thread left to wait for a reader");
            self.asked.store(false, Ordering::Relaxed);
        }
    }

    /// Whether `message` says that the threads were at rest, and they still are.
    pub fn is_told(&self, message: &gst::Message, pipeline: &gst::Pipeline) -> bool {
        let gst::MessageView::Application(told) = message.view() else {
            return false;
        };
        if told.structure().is_none_or(|s| s.name() != AT_REST) {
            return false;
        }
        self.asked.store(false, Ordering::Relaxed);
        // A thread that started another one meanwhile did so before it gave up its lock.
        !is_running(&pads(pipeline))
    }
}

/// The pads that have, or had, a thread of their own.
fn pads(pipeline: &gst::Pipeline) -> Vec<gst::Pad> {
    let elements = pipeline.iterate_recurse().into_iter().flatten();
    let all = elements.flat_map(|element| element.pads());
    all.filter(|pad| pad.task_state() != gst::TaskState::Stopped)
        .collect()
}

fn is_running(pads: &[gst::Pad]) -> bool {
    pads.iter()
        .any(|pad| pad.task_state() == gst::TaskState::Started)
}
