//! Where in the clip the playhead is, whether it moves, and where it turns back or stops. Pure.

/// Shortest range, frames: a tenth of a second. A loop must be longer than the crossfade at its seam.
pub const LEAST_RANGE: i64 = 4_800;
/// How fast the playhead may move either way.
pub const MOST_RATE: f64 = 8.0;
/// Length of a clip that was never loaded, frames: a day.
pub const UNBOUNDED: i64 = 24 * 3600 * 48_000;

/// What the playhead will run into.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ahead {
    /// A loop's end: after so many frames of output the playhead jumps by so many frames of clip.
    Seam { after: u64, jump: i64 },
    /// The end of the range or the clip: after so many frames of output it stops there.
    End { after: u64, at: i64 },
}

impl Ahead {
    /// Frames of output until then.
    pub fn after(self) -> u64 {
        match self {
            Ahead::Seam { after, .. } | Ahead::End { after, .. } => after,
        }
    }
}

/// The playhead.
#[derive(Clone, Debug, PartialEq)]
pub struct Transport {
    /// Clip frames; between two frames at other rates than 1.
    pub position: f64,
    pub playing: bool,
    /// Clip seconds for each second; 1 is as recorded, negative backwards.
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

    /// Takes a clip of that length on, whole, from its start.
    pub fn load(&mut self, length: i64) {
        self.length = length.clamp(LEAST_RANGE, UNBOUNDED);
        self.range = (0, self.length);
        self.position = 0.0;
        self.playing = false;
    }

    /// Sets in and out, kept within the clip and apart.
    pub fn set_range(&mut self, from: i64, to: i64) {
        let from = from.clamp(0, self.length - LEAST_RANGE);
        self.range = (from, to.clamp(from + LEAST_RANGE, self.length));
    }

    /// Puts the playhead somewhere in the clip.
    pub fn seek(&mut self, frame: i64) {
        self.position = frame.clamp(0, self.length) as f64;
    }

    /// Puts the playhead where it would have come to by itself: around the loop, not beyond an end.
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

    /// How fast, between −8 and 8; what is no number is 1.
    pub fn set_rate(&mut self, rate: f64) {
        let rate = if rate.is_nan() { 1.0 } else { rate };
        self.rate = rate.clamp(-MOST_RATE, MOST_RATE);
    }

    /// Starts, on a whole frame. At the end of the range, or of the clip, it starts over; backwards
    /// from the start of the clip it starts at the out-point.
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

    /// Stops where it is, on a whole frame.
    pub fn pause(&mut self) {
        self.playing = false;
        self.position = self.position.round();
    }

    /// What comes when every frame of output takes the playhead `step` clip frames on; `None` where
    /// it does not move.
    pub fn ahead(&self, step: f64) -> Option<Ahead> {
        if !self.playing || step == 0.0 {
            return None;
        }
        let (from, to) = self.range;
        let after = |limit: i64| {
            let frames = ((limit as f64 - self.position) / step).ceil();
            frames.max(0.0) as u64
        };
        let (near, far, turn) = if step > 0.0 {
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
            (true, true) => Ahead::Seam {
                after: after(near),
                jump: turn,
            },
            (true, false) => Ahead::End {
                after: after(near),
                at: near,
            },
            (false, _) => Ahead::End {
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
    fn it_stops_at_the_out_point_and_starts_over_from_the_in_point() {
        let mut transport = playing(96_000, 1.0, (48_000, 96_000), false);
        assert_eq!(transport.position, 48_000.0, "play at the end starts over");
        let want = Ahead::End {
            after: 48_000,
            at: 96_000,
        };
        assert_eq!(transport.ahead(1.0), Some(want));
        transport.seek(100_000);
        let want = Ahead::End {
            after: 380_000,
            at: 480_000,
        };
        assert_eq!(
            transport.ahead(1.0),
            Some(want),
            "beyond the range it goes on"
        );
    }

    #[test]
    fn a_loop_turns_at_both_ends() {
        let transport = playing(50_000, 1.0, (48_000, 96_000), true);
        let want = Ahead::Seam {
            after: 46_000,
            jump: -48_000,
        };
        assert_eq!(transport.ahead(1.0), Some(want));
        let transport = playing(50_000, -2.0, (48_000, 96_000), true);
        let want = Ahead::Seam {
            after: 1_000,
            jump: 48_000,
        };
        assert_eq!(transport.ahead(-2.0), Some(want));
    }

    #[test]
    fn ranges_stay_in_the_clip_and_apart() {
        let mut transport = Transport::default();
        transport.load(48_000);
        transport.set_range(47_000, 10);
        assert_eq!(transport.range(), (43_200, 48_000));
        transport.set_range(-5, 1 << 60);
        assert_eq!(transport.range(), (0, 48_000));
    }

    #[test]
    fn it_continues_around_the_loop() {
        let mut transport = playing(50_000, 1.0, (48_000, 96_000), true);
        transport.continue_at(97_000.4);
        assert_eq!(transport.position, 49_000.0);
        transport.looping = false;
        transport.continue_at(1e9);
        assert_eq!(transport.position, 480_000.0);
    }

    #[test]
    fn standing_still_runs_into_nothing() {
        let mut transport = playing(50_000, 0.0, (48_000, 96_000), true);
        assert_eq!(transport.ahead(0.0), None);
        transport.set_rate(f64::NAN);
        assert_eq!(transport.rate, 1.0);
        transport.pause();
        assert_eq!(transport.ahead(1.0), None);
    }

    proptest! {
        #[test]
        fn the_last_frame_before_the_limit_is_played_and_none_beyond(
            start in 48_000..96_000i64,
            rate in prop_oneof![0.1..8.0f64, -8.0..-0.1f64],
            output in prop_oneof![Just(44_100.0f64), Just(48_000.0), Just(96_000.0)],
            looping: bool,
        ) {
            let step = rate * 48_000.0 / output;
            let transport = playing(start, rate, (48_000, 96_000), looping);
            let Some(ahead) = transport.ahead(step) else {
                return Err(TestCaseError::fail("it moves"));
            };
            let last = transport.position + (ahead.after().max(1) - 1) as f64 * step;
            let next = transport.position + ahead.after() as f64 * step;
            if let Ahead::Seam { jump, .. } = ahead {
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
