//! Where the playhead gets to, clip frames.
//!
//! Backwards the clip is mirrored: frame `x` becomes `−x`, so that all calculations are for a playhead that
//! moves forwards.

use std::ops::Range;

use crate::frames::RATE_HZ;

const SECOND: i64 = RATE_HZ as i64;
/// Frames beside a place that interpolation at rates other than ±1 reads.
const BESIDE: i64 = 64;
/// Beyond the ends of the range at rate 1: crossfades read a little further.
const MARGIN: i64 = SECOND / 10;

/// The motion of the playhead, mirrored where it moves backwards.
pub(super) struct Travel {
    at: i64,
    from: i64,
    to: i64,
    /// Whether the playhead jumps from `to` to `from`.
    wraps: bool,
    /// Whether the playhead stays below `to`.
    ends: bool,
    is_mirrored: bool,
    /// At least 1.
    speed: f64,
}

impl Travel {
    /// From that clip frame on, in or beside the range, at `rate` clip seconds a second.
    pub fn new(playhead: i64, (from, to): (i64, i64), looping: bool, rate: f64) -> Travel {
        let is_mirrored = rate < 0.0;
        let (at, from, to) = if is_mirrored {
            (-playhead, -to, -from)
        } else {
            (playhead, from, to)
        };
        Travel {
            at,
            from,
            to,
            wraps: looping && (from..=to).contains(&at) && from < to,
            ends: (from..to).contains(&at),
            is_mirrored,
            speed: rate.abs().max(1.0),
        }
    }

    /// The frames that play within at least `least_s` seconds, up to the next multiple of `step_s` seconds
    /// after `phase` frames; in a loop the part behind the seam is the second range.
    pub fn ahead(&self, least_s: i64, step_s: i64, phase: i64) -> Vec<Range<i64>> {
        let step = self.scaled(step_s * SECOND).max(1);
        let end = ceil(self.at + self.scaled(least_s * SECOND), step, phase);
        let margin = self.scaled(MARGIN);
        let last = if self.ends || self.wraps {
            end.min(self.to + margin)
        } else {
            end
        };
        let behind_seam = (self.wraps && end > self.to).then(|| {
            let rest = (end - self.to).min(self.to - self.from);
            self.from - margin..self.from + rest
        });
        let ranges = std::iter::once(self.at - BESIDE..last).chain(behind_seam);
        ranges.map(|range| self.clip(range)).collect()
    }

    /// At least that many seconds behind the playhead, but within the range.
    pub fn behind(&self, least_s: i64, step_s: i64) -> Range<i64> {
        let step = self.scaled(step_s * SECOND).max(1);
        let start = (self.at - self.scaled(least_s * SECOND)).div_euclid(step) * step;
        self.clip(start.max(self.from)..self.at.clamp(self.from, self.to))
    }

    /// Frames from the playhead to a clip frame; `None` where it lies behind.
    pub fn until(&self, clip_frame: i64) -> Option<i64> {
        let frame = if self.is_mirrored {
            -clip_frame
        } else {
            clip_frame
        };
        let ahead = frame - self.at;
        if !self.wraps {
            return (ahead >= 0).then_some(ahead);
        }
        let is_inside = (self.from..self.to).contains(&frame);
        is_inside.then(|| ahead.rem_euclid(self.to - self.from))
    }

    fn scaled(&self, frames: i64) -> i64 {
        (frames as f64 * self.speed) as i64
    }

    /// The range in clip frames.
    fn clip(&self, range: Range<i64>) -> Range<i64> {
        if self.is_mirrored {
            -range.end..-range.start
        } else {
            range
        }
    }
}

/// The next of the frames `phase`, `phase + step`, … at or after a frame.
fn ceil(frame: i64, step: i64, phase: i64) -> i64 {
    frame + (phase - frame).rem_euclid(step)
}
