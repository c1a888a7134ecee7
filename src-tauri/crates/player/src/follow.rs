//! Which frame is being heard at which moment, smoothed from what the device says. Pure.
//!
//! A delay-locked loop of second order (after Fons Adriaensen, "Using a DLL to filter time", 2005):
//! moments and their rate are followed slowly, so that the jitter of single callbacks is not seen.

/// Bandwidth once settled, and at first, Hz.
const BANDWIDTH_HZ: (f64, f64) = (0.3, 4.0);
/// Time in which the bandwidth goes from one to the other, seconds.
const SETTLING_S: f64 = 2.0;
/// The clocks of a device and of the computer differ by less than this share.
const MOST_DRIFT: f64 = 2e-3;
/// A moment is moved by no more than this at once, seconds.
const MOST_SLEW_S: f64 = 0.0005;
/// As long as the device is off by less, it is jitter, seconds.
const SLIP_S: f64 = 0.004;
/// And so many callbacks in a row off by more, the same way, are no jitter.
const SLIPS: u32 = 4;
/// Or one by so much, seconds.
const BREAK_S: f64 = 0.25;

/// What a callback tells beside the moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Followed {
    /// As expected, but for jitter.
    Steady,
    /// From here on everything is heard so much later (silence was put in: an underrun), or earlier.
    Slipped { late_s: f64 },
}

/// The moments, in seconds since some beginning, at which frames are heard.
#[derive(Clone, Debug)]
pub struct Follower {
    rate_hz: f64,
    state: Option<State>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    frame: u64,
    at_s: f64,
    /// Seconds from frame to frame.
    pace_s: f64,
    /// Heard so far, seconds.
    since_s: f64,
    slips: u32,
}

impl Follower {
    /// For a device of that many frames a second.
    pub fn new(rate_hz: u32) -> Follower {
        Follower {
            rate_hz: f64::from(rate_hz),
            state: None,
        }
    }

    /// A callback: that frame will be heard at that moment, says the device.
    pub fn hear(&mut self, frame: u64, at_s: f64) -> Followed {
        let nominal_s = 1.0 / self.rate_hz;
        let fresh = State {
            frame,
            at_s,
            pace_s: nominal_s,
            since_s: 0.0,
            slips: 0,
        };
        let Some(state) = &mut self.state else {
            self.state = Some(fresh);
            return Followed::Steady;
        };
        let frames = frame.saturating_sub(state.frame) as f64;
        let expected_s = state.at_s + frames * state.pace_s;
        let late_s = at_s - expected_s;
        let same_way = state.slips == 0 || (state.slips_late() == (late_s > 0.0));
        if late_s.abs() > SLIP_S && same_way {
            state.note_slip(late_s > 0.0);
        } else {
            state.slips = 0;
        }
        let is_slip = state.slip_count() >= SLIPS || late_s.abs() > BREAK_S;
        // While it settles nothing is known well enough to call it a slip.
        if is_slip && state.since_s > SETTLING_S {
            self.state = Some(State {
                pace_s: state.pace_s,
                since_s: SETTLING_S / 2.0,
                ..fresh
            });
            return Followed::Slipped { late_s };
        }
        if is_slip {
            self.state = Some(State {
                since_s: state.since_s,
                ..fresh
            });
            return Followed::Steady;
        }
        let (settled, first) = BANDWIDTH_HZ;
        let share = (state.since_s / SETTLING_S).min(1.0);
        let bandwidth = first * (settled / first).powf(share);
        let omega = std::f64::consts::TAU * bandwidth * frames * nominal_s;
        let moved_s = (std::f64::consts::SQRT_2 * omega * late_s).clamp(-MOST_SLEW_S, MOST_SLEW_S);
        let moved_s = if moved_s.abs() > late_s.abs() {
            late_s
        } else {
            moved_s
        };
        state.frame = frame;
        state.at_s = expected_s + moved_s;
        if frames > 0.0 {
            let pace_s = state.pace_s + (omega * omega).min(0.1) * late_s / frames;
            let most = nominal_s * MOST_DRIFT;
            state.pace_s = pace_s.clamp(nominal_s - most, nominal_s + most);
        }
        state.since_s += frames * nominal_s;
        Followed::Steady
    }

    /// A frame, the moment at which it is heard, and frames a second.
    pub fn mapping(&self) -> Option<(u64, f64, f64)> {
        self.state.map(|s| (s.frame, s.at_s, 1.0 / s.pace_s))
    }
}

/// `slips` counts in the upper bits and tells the way in the lowest.
impl State {
    fn slip_count(&self) -> u32 {
        self.slips >> 1
    }

    fn slips_late(&self) -> bool {
        self.slips & 1 == 1
    }

    fn note_slip(&mut self, late: bool) {
        self.slips = (self.slip_count() + 1) << 1 | u32::from(late);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Jitter of up to a millisecond that looks like chance.
    fn jitter(i: u64) -> f64 {
        ((i * 2_654_435_761 % 1000) as f64 / 1000.0 - 0.5) * 0.002
    }

    /// Heard by callbacks of 256 frames on a device that is `drift` fast; the error at each.
    fn errors(seconds: u64, drift: f64, gap: impl Fn(f64) -> f64) -> (Vec<f64>, Vec<Followed>) {
        let mut follower = Follower::new(48_000);
        (0..seconds * 48_000 / 256)
            .map(|i| {
                let frame = i * 256;
                let plain_s = frame as f64 / 48_000.0 / (1.0 + drift);
                let true_s = plain_s + gap(plain_s);
                let followed = follower.hear(frame, true_s + jitter(i));
                let (at, at_s, rate) = follower.mapping().unwrap();
                ((frame - at) as f64 / rate + at_s - true_s, followed)
            })
            .unzip()
    }

    #[test]
    fn jitter_is_smoothed_and_drift_followed() {
        for drift in [0.0, 2e-4, -2e-4] {
            let (errors, followed) = errors(60, drift, |_| 0.0);
            let settled = &errors[1500..];
            let worst = settled.iter().fold(0.0f64, |m, e| m.max(e.abs()));
            assert!(worst < 0.0004, "off by {worst} s at a drift of {drift}");
            assert!(followed.iter().all(|f| *f == Followed::Steady));
        }
    }

    #[test]
    fn moments_never_jump_while_nothing_happens() {
        let (errors, _) = errors(30, 1e-4, |_| 0.0);
        let steps = errors[200..].windows(2).map(|w| (w[1] - w[0]).abs());
        assert!(steps.fold(0.0, f64::max) < 0.0005);
    }

    #[test]
    fn silence_put_in_is_told_and_followed() {
        let (errors, followed) = errors(20, 0.0, |t| if t > 10.0 { 0.03 } else { 0.0 });
        let slips: Vec<_> = followed
            .iter()
            .filter(|f| **f != Followed::Steady)
            .collect();
        assert_eq!(slips.len(), 1, "one slip: {slips:?}");
        let Followed::Slipped { late_s } = slips[0] else {
            unreachable!()
        };
        assert!((late_s - 0.03).abs() < 0.004, "late by {late_s}");
        assert!(errors.last().unwrap().abs() < 0.001);
    }

    #[test]
    fn a_single_odd_callback_is_jitter() {
        let mut follower = Follower::new(48_000);
        for i in 0..2000u64 {
            let odd = if i % 97 == 0 { 0.011 } else { 0.0 };
            let followed = follower.hear(i * 256, i as f64 * 256.0 / 48_000.0 + odd);
            assert_eq!(followed, Followed::Steady, "callback {i}");
        }
    }
}
