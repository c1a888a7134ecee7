//! Documents of the audition: clock, output, levels, devices.

use serde::{Deserialize, Serialize};

/// The state of the audition at a moment.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Clock {
    /// Id of the clip whose position and range these are; absent while no clip is loaded.
    pub clip: Option<String>,
    /// Second of the clip that is heard at `at_ms`.
    pub position_s: f64,
    /// Milliseconds of the session's own monotonic clock.
    pub at_ms: f64,
    pub playing: bool,
    /// Speed: 1 is real time, negative plays backwards.
    pub rate: f64,
    pub range_s: (f64, f64),
    pub looping: bool,
    /// Id of the selected track; absent while the clip plays alone.
    pub track_id: Option<String>,
    /// Second of the track at the in-point.
    pub start_s: f64,
    /// Absent without a sound device.
    pub output: Option<Output>,
    /// How often the device ran out of samples.
    pub underruns: u32,
}

/// The device that plays the sound.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Output {
    pub name: String,
    pub rate_hz: u32,
    pub buffer_frames: u32,
    /// Time from the mixer to the loudspeaker.
    pub latency_ms: f64,
}

/// Loudness of the parts of the mix.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Levels {
    /// Fader of the music, 0 to 1.
    pub music: f64,
    /// Fader of the clip's own sound, 0 to 1.
    pub clip: f64,
    /// Lowers the music under speech.
    pub duck: bool,
    /// Plays all tracks at the same loudness (EBU R128).
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

/// A sound device that can be chosen.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Device {
    pub id: String,
    pub name: String,
    /// The system's default device.
    pub standard: bool,
}
