//! What an audition tells without being asked.

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Play, pause, rate, range, loop, choice, levels: something that was asked for has changed.
    Changed,
    /// The playhead has come to the end of the range or the clip and stands there.
    Ended,
    /// The device ran out of sound; how often so far.
    Underrun {
        /// Since the audition was opened.
        count: u64,
    },
    /// The device is gone; the playhead goes on by the computer's clock, and nothing is heard.
    DeviceLost {
        /// What was said about it.
        why: String,
    },
    /// Sound comes out of this device (again).
    DeviceReady {
        /// Its name.
        output: String,
    },
    /// A cue can be heard at the playhead without waiting.
    CueReady {
        /// The cue.
        id: String,
    },
    /// A cue, or the clip's own sound where there is no id, cannot be read.
    CueFailed {
        /// The cue.
        id: Option<String>,
        /// Why not.
        why: String,
    },
}

/// Where events go. Called from threads of the audition, never from the one that makes sound; it
/// should be quick.
pub type Sink = std::sync::Arc<dyn Fn(Event) + Send + Sync>;
