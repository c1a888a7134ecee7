//! Events of an audition.

/// An event of an audition.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The requested state changed: play, pause, rate, range, loop, selection or levels.
    Changed,
    /// The playhead reached the end of the range or the clip and stopped.
    Ended,
    /// The device ran out of sound.
    Underrun {
        /// Underruns since the audition was opened.
        count: u64,
    },
    /// The device is gone: the playhead moves by the computer's clock and nothing is heard.
    DeviceLost {
        /// The reason, as a sentence for people.
        why: String,
    },
    /// A device was opened, at the start or after a loss.
    DeviceReady {
        /// Name of the device.
        output: String,
    },
    /// The cue is decoded at the playhead. Only the selected cue, those next to it and those selected before
    /// are decoded ahead; another cue becomes ready some milliseconds after it is selected.
    CueReady {
        /// Id of the cue.
        id: String,
    },
    /// The sound of a cue or of the clip cannot be read.
    CueFailed {
        /// Id of the cue; `None` for the clip.
        id: Option<String>,
        /// The reason, as a sentence for people.
        why: String,
    },
}

/// Receives events, on threads of the audition and of callers, never on the audio thread. It should
/// return quickly.
pub type Sink = std::sync::Arc<dyn Fn(Event) + Send + Sync>;
