//! What is heard.

use serde::{Deserialize, Serialize};

/// Where the sound is.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Clock {
    /// Seconds of the clip that are heard at `at_ms`.
    pub position_s: f64,
    /// The engine's own clock, milliseconds.
    pub at_ms: f64,
    /// It runs.
    pub playing: bool,
    /// Seconds of the clip a second.
    pub rate: f64,
    /// In and out.
    pub range_s: (f64, f64),
    /// It begins again at the end.
    pub looping: bool,
    /// The selected track.
    pub track_id: Option<String>,
    /// Second of the track at the in-point.
    pub start_s: f64,
    /// Where the sound goes; nowhere without a device.
    pub output: Option<Output>,
    /// Times the device had to wait.
    pub underruns: u32,
}

/// Where the sound goes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Output {
    /// Name of the device.
    pub name: String,
    /// Samples a second.
    pub rate_hz: u32,
    /// Frames in a buffer.
    pub buffer_frames: u32,
    /// From here to the ear.
    pub latency_ms: f64,
}

/// How loud.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Levels {
    /// The music, 0 to 1.
    pub music: f64,
    /// The clip's own sound, 0 to 1.
    pub clip: f64,
    /// The music makes room for speech.
    pub duck: bool,
    /// All tracks equally loud.
    pub match_loudness: bool,
}

impl Default for Levels {
    fn default() -> Self {
        Self {
            music: 0.9,
            clip: 0.5,
            duck: true,
            match_loudness: true,
        }
    }
}

/// A device that sound can go to.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Device {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The system's standard one.
    pub standard: bool,
}
