//! How fast an index goes, and how long it will take.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::job::Pace;

/// The stretch of time that the pace is taken over: long enough to even out long and short files.
const WINDOW: Duration = Duration::from_secs(30);
/// No pace is told before.
const LEAST: Duration = Duration::from_secs(1);

/// What is done by some moment.
#[derive(Clone, Copy)]
struct Mark {
    at: Instant,
    files: u64,
    bytes: u64,
    sound_s: f64,
}

/// Counts files, bytes and sound. What is left is judged by bytes: files differ in length.
pub(super) struct Meter {
    total_bytes: u64,
    now: Mark,
    marks: VecDeque<Mark>,
}

impl Meter {
    /// Starts at `at` with so many bytes to do.
    pub(super) fn new(total_bytes: u64, at: Instant) -> Self {
        let now = Mark {
            at,
            files: 0,
            bytes: 0,
            sound_s: 0.0,
        };
        Self {
            total_bytes,
            now,
            marks: VecDeque::from([now]),
        }
    }

    /// Files settled so far.
    pub(super) fn files(&self) -> u64 {
        self.now.files
    }

    /// So many seconds of sound were listened to.
    pub(super) fn heard(&mut self, sound_s: f64) {
        self.now.sound_s += sound_s;
    }

    /// A file of so many bytes is settled at `at`; the pace, once there is one.
    pub(super) fn settled(&mut self, bytes: u64, at: Instant) -> Option<Pace> {
        self.now.at = at;
        self.now.files += 1;
        self.now.bytes += bytes;
        while self.marks.len() > 1 && at.saturating_duration_since(self.marks[1].at) >= WINDOW {
            self.marks.pop_front();
        }
        let from = *self.marks.front()?;
        if at.saturating_duration_since(self.marks.back()?.at) >= LEAST {
            self.marks.push_back(self.now);
        }
        let passed = at.saturating_duration_since(from.at);
        if passed < LEAST {
            return None;
        }
        let passed_s = passed.as_secs_f64();
        let left = self.total_bytes.saturating_sub(self.now.bytes) as f64;
        let done = (self.now.bytes - from.bytes).max(1) as f64;
        Some(Pace {
            files_per_s: (self.now.files - from.files) as f64 / passed_s,
            times_real: (self.now.sound_s - from.sound_s) / passed_s,
            left_s: left / done * passed_s,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_that_of_the_last_half_minute() {
        let start = Instant::now();
        let mut meter = Meter::new(1_000, start);
        let second = |s: u64| start + Duration::from_secs(s);
        assert_eq!(meter.settled(10, start), None, "too early to tell");
        for s in 1..=10 {
            meter.heard(100.0);
            meter.settled(10, second(s));
        }
        let pace = meter.settled(10, second(10)).unwrap();
        assert!((pace.times_real - 100.0).abs() < 1.0, "{pace:?}");
        assert!((pace.left_s - 880.0 / 12.0).abs() < 1.0, "{pace:?}");
        for s in 11..=90 {
            meter.settled(1, second(s));
        }
        let pace = meter.settled(1, second(91)).unwrap();
        assert!(pace.times_real < 1e-9, "none of late: {pace:?}");
        assert!((pace.files_per_s - 1.0).abs() < 0.1, "{pace:?}");
    }
}
