//! The playhead: its place in the clip, whether it moves, and where it jumps back or stops. Pure.

/// Shortest range, frames: 0.1 s. A loop must be longer than the 5 ms crossfade at its seam.
pub const LEAST_RANGE: i64 = 4_800;
/// Highest speed forwards and backwards.
pub const MOST_RATE: f64 = 8.0;
/// Length in frames without a loaded clip: 24 hours.
pub const UNBOUNDED: i64 = 24 * 3600 * 48_000;

/// The next place at which a moving playhead does not simply continue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Boundary {
    /// The end of a loop: after that many frames of output the playhead jumps by `jump` clip frames.
    Seam { after: u64, jump: i64 },
    /// The end of the range or clip: after that many frames of output the playhead stops at clip frame
    /// `at`.
    Stop { after: u64, at: i64 },
}

impl Boundary {
    /// Frames of output until the boundary.
    pub fn after(self) -> u64 {
        match self {
            Boundary::Seam { after, .. } | Boundary::Stop { after, .. } => after,
        }
    }
}

/// The playhead within the range and the clip.
#[derive(Clone, Debug, PartialEq)]
pub struct Transport {
    /// Clip frames; a fraction at rates other than ±1.
    pub position: f64,
    pub playing: bool,
    /// Clip seconds a second; 1 is the recorded speed, negative is backwards.
    pub rate: f64,
    pub looping: bool,
    range: (i64, i64),
    length: i64,
}

impl Default for Transport {
    fn default() -> Self {
        Transport {
            position: 0.0,
            playing: false,
            rate: 1.0,
            looping: false,
            range: (0, UNBOUNDED),
            length: UNBOUNDED,
        }
    }
}

impl Transport {
    /// In and out, clip frames.
    pub fn range(&self) -> (i64, i64) {
        self.range
    }

    /// Length of the clip, frames.
    pub fn length(&self) -> i64 {
        self.length
    }

    /// Loads a clip of that length; the range is the whole clip, the playhead stands at its start.
    pub fn load(&mut self, length: i64) {
        self.length = length.clamp(LEAST_RANGE, UNBOUNDED);
        self.range = (0, self.length);
        self.position = 0.0;
        self.playing = false;
    }

    /// Sets in and out, held within the clip and at least [`LEAST_RANGE`] apart.
    pub fn set_range(&mut self, from: i64, to: i64) {
        let from = from.clamp(0, self.length - LEAST_RANGE);
        self.range = (from, to.clamp(from + LEAST_RANGE, self.length));
    }

    /// Moves the playhead to a frame, held within the clip.
    pub fn seek(&mut self, frame: i64) {
        self.position = frame.clamp(0, self.length) as f64;
    }

    /// Moves the playhead to where playing would have brought it: wrapped within a loop, else held
    /// within the clip.
    pub fn continue_at(&mut self, position: f64) {
        let (from, to) = (self.range.0 as f64, self.range.1 as f64);
        let was_inside = (from..to).contains(&self.position);
        self.position = if self.looping && was_inside && !(from..to).contains(&position) {
            from + (position - from).rem_euclid(to - from)
        } else {
            position.clamp(0.0, self.length as f64)
        }
        .round();
    }

    /// Sets the rate, held between −8 and 8; NaN becomes 1.
    pub fn set_rate(&mut self, rate: f64) {
        let rate = if rate.is_nan() { 1.0 } else { rate };
        self.rate = rate.clamp(-MOST_RATE, MOST_RATE);
    }

    /// Plays from a whole frame. From the end of the range or clip it plays from the in-point; backwards
    /// from the start of the clip it plays from the out-point.
    pub fn play(&mut self) {
        let (from, to) = self.range;
        let at = self.position.round() as i64;
        let over = self.rate >= 0.0 && (at == to || at >= self.length);
        let before = self.rate < 0.0 && at <= 0;
        self.position = match (over, before) {
            (true, _) => from as f64,
            (_, true) => to as f64,
            _ => at as f64,
        };
        self.playing = true;
    }

    /// Stops on the nearest whole frame.
    pub fn pause(&mut self) {
        self.playing = false;
        self.position = self.position.round();
    }

    /// The next boundary where each frame of output moves the playhead by `step` clip frames; `None`
    /// while it does not move.
    pub fn next_boundary(&self, step: f64) -> Option<Boundary> {
        if !self.playing || step == 0.0 {
            return None;
        }
        let (from, to) = self.range;
        let after = |limit: i64| {
            let frames = ((limit as f64 - self.position) / step).ceil();
            frames.max(0.0) as u64
        };
        let (near, far, jump) = if step > 0.0 {
            (to, self.length, from - to)
        } else {
            (from, 0, to - from)
        };
        let is_inside = if step > 0.0 {
            self.position < near as f64
        } else {
            self.position > near as f64
        };
        Some(match (is_inside, self.looping) {
            (true, true) => Boundary::Seam {
                after: after(near),
                jump,
            },
            (true, false) => Boundary::Stop {
                after: after(near),
                at: near,
            },
            (false, _) => Boundary::Stop {
                after: after(far),
                at: far,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn playing(position: i64, rate: f64, range: (i64, i64), looping: bool) -> Transport {
        let mut transport = Transport {
            looping,
            ..Transport::default()
        };
        transport.load(480_000);
        transport.set_range(range.0, range.1);
        transport.seek(position);
        transport.set_rate(rate);
        transport.play();
        transport
    }

    #[test]
    fn playing_stops_at_the_out_point_and_restarts_at_the_in_point() {
        let mut transport = playing(96_000, 1.0, (48_000, 96_000), false);
        assert_eq!(
            transport.position, 48_000.0,
            "playing from the end restarts at the in-point"
        );
        let want = Boundary::Stop {
            after: 48_000,
            at: 96_000,
        };
        assert_eq!(transport.next_boundary(1.0), Some(want));
        transport.seek(100_000);
        let want = Boundary::Stop {
            after: 380_000,
            at: 480_000,
        };
        assert_eq!(
            transport.next_boundary(1.0),
            Some(want),
            "beyond the range it plays to the end of the clip"
        );
    }

    #[test]
    fn a_loop_jumps_at_both_ends() {
        let transport = playing(50_000, 1.0, (48_000, 96_000), true);
        let want = Boundary::Seam {
            after: 46_000,
            jump: -48_000,
        };
        assert_eq!(transport.next_boundary(1.0), Some(want));
        let transport = playing(50_000, -2.0, (48_000, 96_000), true);
        let want = Boundary::Seam {
            after: 1_000,
            jump: 48_000,
        };
        assert_eq!(transport.next_boundary(-2.0), Some(want));
    }

    #[test]
    fn ranges_are_held_within_the_clip_and_have_a_least_length() {
        let mut transport = Transport::default();
        transport.load(48_000);
        transport.set_range(47_000, 10);
        assert_eq!(transport.range(), (43_200, 48_000));
        transport.set_range(-5, 1 << 60);
        assert_eq!(transport.range(), (0, 48_000));
    }

    #[test]
    fn continuing_past_the_out_point_wraps_in_a_loop() {
        let mut transport = playing(50_000, 1.0, (48_000, 96_000), true);
        transport.continue_at(97_000.4);
        assert_eq!(transport.position, 49_000.0);
        transport.looping = false;
        transport.continue_at(1e9);
        assert_eq!(transport.position, 480_000.0);
    }

    #[test]
    fn a_playhead_that_does_not_move_has_no_boundary() {
        let mut transport = playing(50_000, 0.0, (48_000, 96_000), true);
        assert_eq!(transport.next_boundary(0.0), None);
        transport.set_rate(f64::NAN);
        assert_eq!(transport.rate, 1.0);
        transport.pause();
        assert_eq!(transport.next_boundary(1.0), None);
    }

    proptest! {
        #[test]
        fn the_boundary_lies_right_after_the_last_frame_inside(
            start in 48_000..96_000i64,
            rate in prop_oneof![0.1..8.0f64, -8.0..-0.1f64],
            output in prop_oneof![Just(44_100.0f64), Just(48_000.0), Just(96_000.0)],
            looping: bool,
        ) {
            let step = rate * 48_000.0 / output;
            let transport = playing(start, rate, (48_000, 96_000), looping);
            let Some(boundary) = transport.next_boundary(step) else {
                return Err(TestCaseError::fail("a moving playhead has a boundary"));
            };
            let last = transport.position + (boundary.after().max(1) - 1) as f64 * step;
            let next = transport.position + boundary.after() as f64 * step;
            if let Boundary::Seam { jump, .. } = boundary {
                let landed = next + jump as f64;
                prop_assert!((48_000.0 - step.abs()..=96_000.0 + step.abs()).contains(&landed));
                prop_assert_eq!(jump.abs(), 48_000);
            }
            let limit = if step > 0.0 { 96_000.0 } else { 48_000.0 };
            let inside = |p: f64| if step > 0.0 { p < limit } else { p > limit };
            if inside(transport.position) {
                prop_assert!(inside(last) && !inside(next), "{last} {next}");
            }
        }
    }
}
