//! The limiter on the sum of music and clip. Pure.

/// Highest sample value of the output: −0.3 dBFS.
pub const CEILING: f32 = 0.966;
/// Time constant of the release, seconds.
const RELEASE_S: f64 = 0.15;

/// Lowers its gain at once as far as a peak needs, and raises it again slowly. It leaves sound below the
/// ceiling unchanged.
#[derive(Clone, Debug)]
pub struct Limiter {
    gain: f32,
    share: f32,
}

impl Limiter {
    /// For an output of that many frames a second.
    pub fn new(rate_hz: u32) -> Limiter {
        Limiter {
            gain: 1.0,
            share: (1.0 - (-1.0 / (RELEASE_S * f64::from(rate_hz))).exp()) as f32,
        }
    }

    /// The frame, limited to the ceiling.
    pub fn hold(&mut self, frame: [f32; 2]) -> [f32; 2] {
        if self.gain < 1.0 {
            self.gain += (1.0 - self.gain) * self.share;
            if self.gain > 0.999 {
                self.gain = 1.0;
            }
        }
        let peak = frame[0].abs().max(frame[1].abs());
        if peak * self.gain > CEILING {
            self.gain = CEILING / peak;
        }
        frame.map(|x| (x * self.gain).clamp(-CEILING, CEILING))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sound_below_the_ceiling_is_unchanged() {
        let mut limiter = Limiter::new(48_000);
        for i in 0..1000 {
            let frame = [(i as f32 * 0.1).sin() * 0.96, (i as f32 * 0.07).sin() * 0.5];
            assert_eq!(limiter.hold(frame), frame);
        }
    }

    #[test]
    fn the_gain_recovers_after_a_peak() {
        let mut limiter = Limiter::new(48_000);
        limiter.hold([2.0, 0.0]);
        let soon = limiter.hold([0.5, 0.5])[0];
        assert!(soon < 0.25, "limited just after a peak: {soon}");
        for _ in 0..96_000 {
            limiter.hold([0.0; 2]);
        }
        assert_eq!(limiter.hold([0.5, 0.5]), [0.5, 0.5]);
    }

    proptest! {
        #[test]
        fn nothing_is_louder_than_the_ceiling(
            samples in prop::collection::vec((-20.0..20.0f32, -20.0..20.0f32), 1..300),
        ) {
            let mut limiter = Limiter::new(48_000);
            for (left, right) in samples {
                let [l, r] = limiter.hold([left, right]);
                prop_assert!(l.abs() <= CEILING && r.abs() <= CEILING);
            }
        }
    }
}
