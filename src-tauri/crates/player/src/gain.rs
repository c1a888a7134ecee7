//! Loudness and level. Pure.

/// Loudness that auditions are matched to, LUFS.
pub const TARGET_LUFS: f64 = -18.0;
/// Matching raises no true peak above this, dBTP.
pub const MOST_PEAK_DBTP: f64 = -1.0;
/// Matching changes no level by more, dB.
pub const MOST_MATCHING_DB: f64 = 12.0;

/// The gain in dB that brings a track of this loudness to [`TARGET_LUFS`]: at most
/// [`MOST_MATCHING_DB`] either way, and none that would lift its true peak above [`MOST_PEAK_DBTP`].
/// 0 for a track whose loudness is unknown or no number (silence).
pub fn matching_gain_db(loudness_lufs: Option<f64>, true_peak_dbtp: Option<f64>) -> f64 {
    let Some(loudness) = loudness_lufs.filter(|l| l.is_finite()) else {
        return 0.0;
    };
    let wanted = TARGET_LUFS - loudness;
    let room = true_peak_dbtp
        .filter(|p| p.is_finite())
        .map_or(f64::INFINITY, |peak| MOST_PEAK_DBTP - peak);
    // A track whose own peaks are above is brought down as far as its loudness asks or its peaks do.
    wanted.min(room).clamp(-MOST_MATCHING_DB, MOST_MATCHING_DB)
}

/// The factor of a gain in dB; silence from −90 dB down.
pub fn amplitude(gain_db: f64) -> f32 {
    if gain_db.is_nan() || gain_db <= -90.0 {
        return 0.0;
    }
    10f64.powf(gain_db.min(24.0) / 20.0) as f32
}

/// A level that goes to its goal without a step: a fader that is moved, a mute.
#[derive(Clone, Copy, Debug)]
pub struct Glide {
    now: f32,
    goal: f32,
    /// Share of the way made in each frame.
    share: f32,
}

/// Time in which a glide makes 63 % of its way, seconds.
const GLIDE_S: f64 = 0.01;
/// Nearer than this is there: 80 dB down.
const NEAR: f32 = 1e-4;

impl Glide {
    /// Rests at a level, on an output of that many frames a second.
    pub fn at(level: f32, rate_hz: u32) -> Glide {
        Glide {
            now: level,
            goal: level,
            share: (1.0 - (-1.0 / (GLIDE_S * f64::from(rate_hz))).exp()) as f32,
        }
    }

    /// Sets out for another level.
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

    /// The same level on an output of another rate.
    pub fn at_rate(self, rate_hz: u32) -> Glide {
        Glide {
            now: self.now,
            goal: self.goal,
            ..Glide::at(0.0, rate_hz)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tracks_meet_at_the_target() {
        assert_eq!(matching_gain_db(Some(-8.0), Some(0.2)), -10.0);
        assert_eq!(matching_gain_db(Some(-23.0), Some(-9.0)), 5.0);
    }

    #[test]
    fn peaks_hold_a_quiet_track_back() {
        assert_eq!(matching_gain_db(Some(-24.0), Some(-3.0)), 2.0);
        assert_eq!(matching_gain_db(Some(-18.0), Some(0.5)), -1.5);
    }

    #[test]
    fn what_is_not_known_changes_nothing() {
        assert_eq!(matching_gain_db(None, Some(-3.0)), 0.0);
        assert_eq!(matching_gain_db(Some(f64::NEG_INFINITY), None), 0.0);
        assert_eq!(matching_gain_db(Some(-28.0), None), 10.0);
    }

    proptest! {
        #[test]
        fn matching_stays_in_bounds_and_makes_no_peak(loudness in -70.0..0.0f64, peak in -60.0..6.0f64) {
            let gain = matching_gain_db(Some(loudness), Some(peak));
            prop_assert!(gain.abs() <= MOST_MATCHING_DB);
            prop_assert!(gain <= 0.0 || peak + gain <= MOST_PEAK_DBTP + 1e-9);
            prop_assert!(loudness + gain <= TARGET_LUFS + 1e-9 || gain == -MOST_MATCHING_DB);
        }
    }

    #[test]
    fn a_glide_has_no_step_and_arrives() {
        let mut glide = Glide::at(0.0, 48_000);
        glide.go(1.0);
        let levels: Vec<f32> = (0..12_000).map(|_| glide.next()).collect();
        let steepest = levels.windows(2).map(|w| (w[1] - w[0]).abs());
        assert!(steepest.fold(levels[0], f32::max) < 0.003);
        assert_eq!(levels[11_999], 1.0);
        assert!((levels[480] - 0.632).abs() < 0.01, "63 % after 10 ms");
    }
}
