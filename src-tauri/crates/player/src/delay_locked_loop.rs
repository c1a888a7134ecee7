//! Which frame is heard at which moment, smoothed over the reports of a device. Pure.
//!
//! A delay-locked loop of second order (after Fons Adriaensen, "Using a DLL to filter time", 2005): it
//! follows moments and their rate slowly, which removes the jitter of single callbacks.

/// Bandwidth once settled, and at the start, Hz.
const BANDWIDTH_HZ: (f64, f64) = (0.3, 4.0);
/// Time until the loop is settled, seconds.
const SETTLING_S: f64 = 2.0;
/// Most relative drift between the clocks of a device and of the computer.
const MOST_DRIFT: f64 = 2e-3;
/// Most correction a callback, seconds.
const MOST_SLEW_S: f64 = 0.0005;
/// Errors up to this are jitter, seconds.
const SLIP_S: f64 = 0.004;
/// This many callbacks in a row with a larger error in the same direction are a slip.
const SLIPS: u32 = 4;
/// One error of this size is a slip, seconds.
const BREAK_S: f64 = 0.25;

/// What the loop makes of a callback.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Observation {
    /// As expected, within the jitter.
    Steady,
    /// From here on every frame is heard that much later (the device inserted silence: an underrun) or,
    /// where negative, earlier.
    Slipped { late_s: f64 },
}

/// The loop. Moments are seconds on a clock of the caller's choice.
#[derive(Clone, Debug)]
pub struct DelayLockedLoop {
    rate_hz: f64,
    state: Option<State>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    frame: u64,
    at_s: f64,
    /// Measured length of a frame, seconds.
    frame_s: f64,
    /// Time since the start, seconds of sound.
    since_s: f64,
    slips: u32,
}

impl DelayLockedLoop {
    /// For a device of that many frames a second.
    pub fn new(rate_hz: u32) -> DelayLockedLoop {
        DelayLockedLoop {
            rate_hz: f64::from(rate_hz),
            state: None,
        }
    }

    /// Takes a callback in: the device reports that it plays that frame at that moment.
    pub fn observe(&mut self, frame: u64, at_s: f64) -> Observation {
        let nominal_s = 1.0 / self.rate_hz;
        let fresh = State {
            frame,
            at_s,
            frame_s: nominal_s,
            since_s: 0.0,
            slips: 0,
        };
        let Some(state) = &mut self.state else {
            self.state = Some(fresh);
            return Observation::Steady;
        };
        let frames = frame.saturating_sub(state.frame) as f64;
        let expected_s = state.at_s + frames * state.frame_s;
        let late_s = at_s - expected_s;
        let same_direction = state.slips == 0 || (state.slips_late() == (late_s > 0.0));
        if late_s.abs() > SLIP_S && same_direction {
            state.note_slip(late_s > 0.0);
        } else {
            state.slips = 0;
        }
        let is_slip = state.slip_count() >= SLIPS || late_s.abs() > BREAK_S;
        // Before it has settled, its expectation is too uncertain to report a slip.
        if is_slip && state.since_s > SETTLING_S {
            self.state = Some(State {
                frame_s: state.frame_s,
                since_s: SETTLING_S / 2.0,
                ..fresh
            });
            return Observation::Slipped { late_s };
        }
        if is_slip {
            self.state = Some(State {
                since_s: state.since_s,
                ..fresh
            });
            return Observation::Steady;
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
            let frame_s = state.frame_s + (omega * omega).min(0.1) * late_s / frames;
            let most = nominal_s * MOST_DRIFT;
            state.frame_s = frame_s.clamp(nominal_s - most, nominal_s + most);
        }
        state.since_s += frames * nominal_s;
        Observation::Steady
    }

    /// A frame, the moment at which it is heard, and frames a second; `None` before the first callback.
    pub fn mapping(&self) -> Option<(u64, f64, f64)> {
        self.state.map(|s| (s.frame, s.at_s, 1.0 / s.frame_s))
    }
}

/// `slips` holds the count in its upper bits and the direction in the lowest.
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

    /// Pseudo-random jitter of up to a millisecond.
    fn jitter(i: u64) -> f64 {
        ((i * 2_654_435_761 % 1000) as f64 / 1000.0 - 0.5) * 0.002
    }

    /// Callbacks of 256 frames on a device that is fast by `drift`: the error at each callback.
    fn errors(seconds: u64, drift: f64, gap: impl Fn(f64) -> f64) -> (Vec<f64>, Vec<Observation>) {
        let mut device_time = DelayLockedLoop::new(48_000);
        (0..seconds * 48_000 / 256)
            .map(|i| {
                let frame = i * 256;
                let plain_s = frame as f64 / 48_000.0 / (1.0 + drift);
                let true_s = plain_s + gap(plain_s);
                let observed = device_time.observe(frame, true_s + jitter(i));
                let (at, at_s, rate) = device_time.mapping().unwrap();
                ((frame - at) as f64 / rate + at_s - true_s, observed)
            })
            .unzip()
    }

    #[test]
    fn jitter_is_smoothed_and_drift_is_followed() {
        for drift in [0.0, 2e-4, -2e-4] {
            let (errors, observed) = errors(60, drift, |_| 0.0);
            let settled = &errors[1500..];
            let worst = settled.iter().fold(0.0f64, |m, e| m.max(e.abs()));
            assert!(worst < 0.0004, "off by {worst} s at a drift of {drift}");
            assert!(observed.iter().all(|f| *f == Observation::Steady));
        }
    }

    #[test]
    fn moments_do_not_jump_in_steady_state() {
        let (errors, _) = errors(30, 1e-4, |_| 0.0);
        let steps = errors[200..].windows(2).map(|w| (w[1] - w[0]).abs());
        assert!(steps.fold(0.0, f64::max) < 0.0005);
    }

    #[test]
    fn inserted_silence_is_reported_once_and_followed() {
        let (errors, observed) = errors(20, 0.0, |t| if t > 10.0 { 0.03 } else { 0.0 });
        let slips: Vec<_> = observed
            .iter()
            .filter(|f| **f != Observation::Steady)
            .collect();
        assert_eq!(slips.len(), 1, "one slip: {slips:?}");
        let Observation::Slipped { late_s } = slips[0] else {
            unreachable!()
        };
        assert!((late_s - 0.03).abs() < 0.004, "late by {late_s}");
        assert!(errors.last().unwrap().abs() < 0.001);
    }

    #[test]
    fn a_single_late_callback_is_jitter() {
        let mut device_time = DelayLockedLoop::new(48_000);
        for i in 0..2000u64 {
            let odd = if i % 97 == 0 { 0.011 } else { 0.0 };
            let observed = device_time.observe(i * 256, i as f64 * 256.0 / 48_000.0 + odd);
            assert_eq!(observed, Observation::Steady, "callback {i}");
        }
    }
}
