//! The clock: which place in the clip is heard at which moment. The driver writes it; any thread reads
//! it.
//!
//! Two maps: from a moment to the frame of output that is heard then (measured at the device), and from
//! a frame of output to the place in the clip (noted when the frame was rendered).

mod motion_log;

use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::frames::seconds;
use motion_log::MotionLog;
pub(crate) use motion_log::Segment;

/// Where the device is further than the clock, the clock runs faster by this share until it has caught
/// up.
const CATCH_UP_SHARE: f64 = 0.05;
/// Where it is behind by more than this, it jumps instead, seconds.
const MOST_CATCH_UP_S: f64 = 0.5;

/// The two maps that place a moment in the clip: moment to frame of output, frame of output to clip frame.
pub(crate) struct Clock {
    start: Instant,
    motion: MotionLog,
    /// Frames rendered so far.
    rendered: AtomicU64,
    /// Version of the mapping below; odd while it is being written (a sequence lock).
    version: AtomicU64,
    frame: AtomicU64,
    at_s: AtomicU64,
    rate_hz: AtomicU64,
    /// The furthest frame that a reader was given, and when, seconds: the clock neither goes back nor
    /// jumps. The audio thread never waits for this lock.
    given: Mutex<(f64, f64)>,
}

impl Clock {
    /// At the start of the clip, not moving.
    pub fn new(start: Instant) -> Clock {
        Clock {
            start,
            motion: MotionLog::new(),
            rendered: AtomicU64::new(0),
            version: AtomicU64::new(0),
            frame: AtomicU64::new(0),
            at_s: AtomicU64::new(0),
            rate_hz: AtomicU64::new(1f64.to_bits()),
            given: Mutex::default(),
        }
    }

    /// A moment in seconds since the clock was made.
    pub fn seconds_at(&self, moment: Instant) -> f64 {
        moment.saturating_duration_since(self.start).as_secs_f64()
    }

    /// Notes where the playhead's motion changes; segments come in order.
    pub fn note(&self, segment: Segment) {
        self.motion.push(segment);
    }

    /// Notes how many frames have been rendered.
    pub fn rendered(&self, frames: u64) {
        self.rendered.store(frames, Ordering::Release);
    }

    /// Frames rendered so far.
    pub fn frames(&self) -> u64 {
        self.rendered.load(Ordering::Acquire)
    }

    /// Sets which frame is heard when, and the frames a second from there on.
    pub fn map(&self, (frame, at_s, rate_hz): (u64, f64, f64)) {
        let version = self.version.load(Ordering::Relaxed);
        self.version.store(version + 1, Ordering::Relaxed);
        fence(Ordering::Release);
        self.frame.store(frame, Ordering::Relaxed);
        self.at_s.store(at_s.to_bits(), Ordering::Relaxed);
        self.rate_hz.store(rate_hz.to_bits(), Ordering::Relaxed);
        self.version.store(version + 2, Ordering::Release);
    }

    fn mapping(&self) -> (u64, f64, f64) {
        loop {
            let version = self.version.load(Ordering::Acquire);
            let frame = self.frame.load(Ordering::Relaxed);
            let at_s = f64::from_bits(self.at_s.load(Ordering::Relaxed));
            let rate_hz = f64::from_bits(self.rate_hz.load(Ordering::Relaxed));
            fence(Ordering::Acquire);
            if version.is_multiple_of(2) && version == self.version.load(Ordering::Relaxed) {
                return (frame, at_s, rate_hz);
            }
            std::hint::spin_loop();
        }
    }

    /// The frame of output that is heard at a moment: none beyond those rendered, and none before the
    /// last one given.
    pub fn heard(&self, moment: Instant) -> f64 {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = self.smoothed(moment, *given);
        *given = (heard, self.seconds_at(moment).max(given.1));
        heard
    }

    /// As [`heard`](Clock::heard), for the audio thread: it does not wait for readers.
    pub fn heard_without_wait(&self, moment: Instant) -> f64 {
        match self.given.try_lock() {
            Ok(given) => self.smoothed(moment, *given),
            Err(_) => self.due(moment).clamp(0.0, self.frames() as f64),
        }
    }

    fn smoothed(&self, moment: Instant, (furthest, at_s): (f64, f64)) -> f64 {
        let (.., rate_hz) = self.mapping();
        let due = self.due(moment).clamp(0.0, self.frames() as f64);
        let passed = (self.seconds_at(moment) - at_s).max(0.0) * rate_hz;
        let most = furthest + passed * (1.0 + CATCH_UP_SHARE);
        let is_far_behind = due - most > MOST_CATCH_UP_S * rate_hz;
        let heard = if is_far_behind { due } else { due.min(most) };
        heard.max(furthest)
    }

    /// The frame that is heard at a moment if enough frames are rendered.
    pub fn due(&self, moment: Instant) -> f64 {
        let (frame, at_s, rate_hz) = self.mapping();
        frame as f64 + (self.seconds_at(moment) - at_s) * rate_hz
    }

    /// Clip frame, whether the playhead moves, and the rate at a frame of output.
    pub fn place(&self, frame: f64) -> (f64, bool, f64) {
        self.motion.place(frame)
    }

    /// Clip frame and whether the playhead moves at the last rendered frame.
    pub fn newest(&self) -> (f64, bool) {
        let (position, moves, _) = self.place(self.frames() as f64);
        (position, moves)
    }

    /// Clip seconds, whether the playhead moves, and the rate at a moment.
    pub fn now(&self, moment: Instant) -> (f64, bool, f64) {
        let (frame, moves, rate) = self.place(self.heard(moment));
        (seconds(frame), moves, rate)
    }
}

#[cfg(test)]
mod tests;
