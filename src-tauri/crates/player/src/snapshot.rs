//! What an audition plays at one moment, for callers.

use std::sync::Arc;
use std::time::Instant;

/// What an audition plays at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Place in the clip that is heard, seconds.
    pub position_s: f64,
    /// Whether the playhead moves.
    pub playing: bool,
    /// Clip seconds a second while the playhead moves.
    pub rate: f64,
    /// The moment that all other fields belong to.
    pub at: Instant,
    /// Time from rendering a frame to hearing it, seconds.
    pub latency_s: f64,
    /// Name of the output; empty without one.
    pub output: Arc<str>,
    /// Output frames a second.
    pub rate_hz: u32,
    /// Frames of the device's buffer; 0 without a device.
    pub buffer_frames: u32,
    /// Underruns since the audition was opened.
    pub underruns: u64,
    /// True without a device: the playhead moves by the computer's clock and nothing is heard.
    pub silent: bool,
}

impl Snapshot {
    /// Place in the clip at another moment, seconds, as long as the motion stays the same.
    pub fn position_at(&self, moment: Instant) -> f64 {
        if !self.playing {
            return self.position_s;
        }
        let since_s = |a: Instant, b: Instant| a.saturating_duration_since(b).as_secs_f64();
        let passed_s = since_s(moment, self.at) - since_s(self.at, moment);
        self.position_s + passed_s * self.rate
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_snapshot_extrapolates_to_other_moments() {
        let at = Instant::now();
        let snapshot = Snapshot {
            position_s: 10.0,
            playing: true,
            rate: -2.0,
            at,
            latency_s: 0.02,
            output: "".into(),
            rate_hz: 48_000,
            buffer_frames: 256,
            underruns: 0,
            silent: false,
        };
        let later = snapshot.position_at(at + Duration::from_millis(500));
        assert!((later - 9.0).abs() < 1e-9, "{later}");
        let still = Snapshot {
            playing: false,
            ..snapshot
        };
        assert_eq!(still.position_at(at + Duration::from_secs(9)), 10.0);
    }
}
