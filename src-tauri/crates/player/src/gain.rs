//! Loudness and level. Pure.

/// Loudness that cues are matched to, LUFS.
pub const TARGET_LUFS: f64 = -18.0;
/// Highest true peak after matching, dBTP.
pub const MAX_TRUE_PEAK_DBTP: f64 = -1.0;
/// Most change of level by matching, dB.
pub const MAX_MATCHING_GAIN_DB: f64 = 12.0;

/// The gain in dB that brings a track of this loudness to [`TARGET_LUFS`]: at most
/// [`MAX_MATCHING_GAIN_DB`] either way, and none that would lift its true peak above [`MAX_TRUE_PEAK_DBTP`].
/// 0 for a track whose loudness is unknown or no number (silence).
pub fn matching_gain_db(loudness_lufs: Option<f64>, true_peak_dbtp: Option<f64>) -> f64 {
    let Some(loudness) = loudness_lufs.filter(|l| l.is_finite()) else {
        return 0.0;
    };
    let wanted = TARGET_LUFS - loudness;
    let room = true_peak_dbtp
        .filter(|p| p.is_finite())
        .map_or(f64::INFINITY, |peak| MAX_TRUE_PEAK_DBTP - peak);
    // A track whose peaks are above the limit is lowered by the larger of the two amounts.
    wanted
        .min(room)
        .clamp(-MAX_MATCHING_GAIN_DB, MAX_MATCHING_GAIN_DB)
}

/// The amplitude factor of a gain in dB; 0 from −90 dB down.
pub fn amplitude(gain_db: f64) -> f32 {
    if gain_db.is_nan() || gain_db <= -90.0 {
        return 0.0;
    }
    10f64.powf(gain_db.min(24.0) / 20.0) as f32
}

/// A level that approaches its goal without a step, for faders and mutes.
#[derive(Clone, Copy, Debug)]
pub struct SmoothedGain {
    now: f32,
    goal: f32,
    /// Share of the remaining way made in each frame.
    share: f32,
}

/// Time constant, seconds: 63 % of the way.
const TIME_S: f64 = 0.01;
/// Distance at which the level is set to the goal: −80 dB.
const NEAR: f32 = 1e-4;

impl SmoothedGain {
    /// At a level, for an output of that many frames a second.
    pub fn at(level: f32, rate_hz: u32) -> SmoothedGain {
        SmoothedGain {
            now: level,
            goal: level,
            share: (1.0 - (-1.0 / (TIME_S * f64::from(rate_hz))).exp()) as f32,
        }
    }

    /// Sets the amplitude factor to approach.
    pub fn go(&mut self, goal: f32) {
        self.goal = goal;
    }

    /// The level of the next frame.
    pub fn next(&mut self) -> f32 {
        if self.now != self.goal {
            self.now += (self.goal - self.now) * self.share;
            if (self.goal - self.now).abs() < NEAR {
                self.now = self.goal;
            }
        }
        self.now
    }

    /// The same level for an output of another rate.
    pub fn at_rate(self, rate_hz: u32) -> SmoothedGain {
        SmoothedGain {
            now: self.now,
            goal: self.goal,
            ..SmoothedGain::at(0.0, rate_hz)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tracks_are_matched_to_the_target() {
        assert_eq!(matching_gain_db(Some(-8.0), Some(0.2)), -10.0);
        assert_eq!(matching_gain_db(Some(-23.0), Some(-9.0)), 5.0);
    }

    #[test]
    fn peaks_limit_the_gain_of_a_quiet_track() {
        assert_eq!(matching_gain_db(Some(-24.0), Some(-3.0)), 2.0);
        assert_eq!(matching_gain_db(Some(-18.0), Some(0.5)), -1.5);
    }

    #[test]
    fn unknown_loudness_gives_no_gain() {
        assert_eq!(matching_gain_db(None, Some(-3.0)), 0.0);
        assert_eq!(matching_gain_db(Some(f64::NEG_INFINITY), None), 0.0);
        assert_eq!(matching_gain_db(Some(-28.0), None), 10.0);
    }

    proptest! {
        #[test]
        fn matching_stays_in_bounds_and_under_the_peak_limit(loudness in -70.0..0.0f64, peak in -60.0..6.0f64) {
            let gain = matching_gain_db(Some(loudness), Some(peak));
            prop_assert!(gain.abs() <= MAX_MATCHING_GAIN_DB);
            prop_assert!(gain <= 0.0 || peak + gain <= MAX_TRUE_PEAK_DBTP + 1e-9);
            prop_assert!(loudness + gain <= TARGET_LUFS + 1e-9 || gain == -MAX_MATCHING_GAIN_DB);
        }
    }

    #[test]
    fn a_smoothed_gain_has_no_step_and_reaches_its_goal() {
        let mut gain = SmoothedGain::at(0.0, 48_000);
        gain.go(1.0);
        let levels: Vec<f32> = (0..12_000).map(|_| gain.next()).collect();
        let steepest = levels.windows(2).map(|w| (w[1] - w[0]).abs());
        assert!(steepest.fold(levels[0], f32::max) < 0.003);
        assert_eq!(levels[11_999], 1.0);
        assert!((levels[480] - 0.632).abs() < 0.01, "63 % after 10 ms");
    }
}
