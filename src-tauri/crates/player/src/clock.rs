//! The clock: what is heard now. Written by whoever renders, read from anywhere without locks.
//!
//! Two maps make it: from the moment to the frame of output that is heard then (followed from the
//! device), and from that frame to the place in the clip (noted when it was rendered).

use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::frames::seconds;

/// Stretches of even motion that are remembered. Those of the last second matter; a loop of a tenth
/// of a second has ten.
const STRETCHES: usize = 64;
/// Where the output turns out to be further than was told, the clock catches up by this share, as
/// long as it is not further behind than that, seconds.
const CATCH_UP: (f64, f64) = (0.05, 0.5);

/// What is heard at a moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Clip seconds.
    pub position_s: f64,
    /// Whether the playhead moves.
    pub playing: bool,
    /// Clip seconds for each second while it does.
    pub rate: f64,
    /// The moment at which all this is true.
    pub at: Instant,
    /// Time from a frame's being rendered to its being heard, seconds.
    pub latency_s: f64,
    /// Name of the output; empty where there is none.
    pub output: Arc<str>,
    /// Frames a second of the output.
    pub rate_hz: u32,
    /// Frames that the device asks for at a time.
    pub buffer_frames: u32,
    /// How often the device ran out of sound.
    pub underruns: u64,
    /// No device: the playhead moves by the computer's clock and nothing is heard.
    pub silent: bool,
}

impl Snapshot {
    /// Clip seconds at another moment, if nothing changes until then.
    pub fn position_at(&self, moment: Instant) -> f64 {
        if !self.playing {
            return self.position_s;
        }
        let since_s = |a: Instant, b: Instant| a.saturating_duration_since(b).as_secs_f64();
        let passed_s = since_s(moment, self.at) - since_s(self.at, moment);
        self.position_s + passed_s * self.rate
    }
}

/// A stretch of even motion, from a frame of output on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stretch {
    /// Frame of output.
    pub from: u64,
    /// Clip frame there.
    pub position: f64,
    /// Clip frames for each frame of output; 0 where it stands.
    pub step: f64,
    /// Clip seconds for each second.
    pub rate: f64,
}

#[derive(Default)]
struct Slot {
    from: AtomicU64,
    position: AtomicU64,
    step: AtomicU64,
    rate: AtomicU64,
}

/// Both maps. One writer at a time.
pub(crate) struct Clock {
    start: Instant,
    stretches: [Slot; STRETCHES],
    /// Stretches noted so far.
    noted: AtomicU64,
    /// Frames rendered so far.
    rendered: AtomicU64,
    /// Odd while the mapping is being written.
    turn: AtomicU64,
    frame: AtomicU64,
    at_s: AtomicU64,
    rate_hz: AtomicU64,
    /// The furthest frame that was ever told, and when, seconds: the clock never goes back, nor does
    /// it jump. Only those who look lock this.
    told: Mutex<(f64, f64)>,
}

impl Clock {
    /// Stands at the start of the clip.
    pub fn new(start: Instant) -> Clock {
        let clock = Clock {
            start,
            stretches: std::array::from_fn(|_| Slot::default()),
            noted: AtomicU64::new(0),
            rendered: AtomicU64::new(0),
            turn: AtomicU64::new(0),
            frame: AtomicU64::new(0),
            at_s: AtomicU64::new(0),
            rate_hz: AtomicU64::new(1f64.to_bits()),
            told: Mutex::default(),
        };
        clock.note(Stretch {
            from: 0,
            position: 0.0,
            step: 0.0,
            rate: 1.0,
        });
        clock
    }

    /// A moment as seconds since the beginning.
    pub fn seconds_at(&self, moment: Instant) -> f64 {
        moment.saturating_duration_since(self.start).as_secs_f64()
    }

    /// Notes where a stretch begins, in order.
    pub fn note(&self, stretch: Stretch) {
        let noted = self.noted.load(Ordering::Relaxed);
        let slot = &self.stretches[noted as usize % STRETCHES];
        slot.from.store(stretch.from, Ordering::Relaxed);
        let store = |to: &AtomicU64, x: f64| to.store(x.to_bits(), Ordering::Relaxed);
        store(&slot.position, stretch.position);
        store(&slot.step, stretch.step);
        store(&slot.rate, stretch.rate);
        self.noted.store(noted + 1, Ordering::Release);
    }

    /// Notes how many frames have been rendered.
    pub fn rendered(&self, frames: u64) {
        self.rendered.store(frames, Ordering::Release);
    }

    /// Frames rendered so far.
    pub fn frames(&self) -> u64 {
        self.rendered.load(Ordering::Acquire)
    }

    /// Sets when which frame is heard.
    pub fn map(&self, (frame, at_s, rate_hz): (u64, f64, f64)) {
        let turn = self.turn.load(Ordering::Relaxed);
        self.turn.store(turn + 1, Ordering::Relaxed);
        fence(Ordering::Release);
        self.frame.store(frame, Ordering::Relaxed);
        self.at_s.store(at_s.to_bits(), Ordering::Relaxed);
        self.rate_hz.store(rate_hz.to_bits(), Ordering::Relaxed);
        self.turn.store(turn + 2, Ordering::Release);
    }

    fn mapping(&self) -> (u64, f64, f64) {
        loop {
            let turn = self.turn.load(Ordering::Acquire);
            let frame = self.frame.load(Ordering::Relaxed);
            let at_s = f64::from_bits(self.at_s.load(Ordering::Relaxed));
            let rate_hz = f64::from_bits(self.rate_hz.load(Ordering::Relaxed));
            fence(Ordering::Acquire);
            if turn.is_multiple_of(2) && turn == self.turn.load(Ordering::Relaxed) {
                return (frame, at_s, rate_hz);
            }
            std::hint::spin_loop();
        }
    }

    /// The frame of output that is heard at a moment: not beyond what has been rendered, and never
    /// before one that was told already.
    pub fn heard(&self, moment: Instant) -> f64 {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = self.smoothed(moment, *told);
        *told = (heard, self.seconds_at(moment).max(told.1));
        heard
    }

    /// The same without waiting for those who look: for the audio thread.
    pub fn heard_at_once(&self, moment: Instant) -> f64 {
        match self.told.try_lock() {
            Ok(told) => self.smoothed(moment, *told),
            Err(_) => self.due(moment).clamp(0.0, self.frames() as f64),
        }
    }

    fn smoothed(&self, moment: Instant, (furthest, at_s): (f64, f64)) -> f64 {
        let (.., rate_hz) = self.mapping();
        let (share, most_s) = CATCH_UP;
        let due = self.due(moment).clamp(0.0, self.frames() as f64);
        let passed = (self.seconds_at(moment) - at_s).max(0.0) * rate_hz;
        let soon = furthest + passed * (1.0 + share);
        let is_lost = due - soon > most_s * rate_hz;
        let heard = if is_lost { due } else { due.min(soon) };
        heard.max(furthest)
    }

    /// The frame that would be heard at a moment if enough were rendered.
    pub fn due(&self, moment: Instant) -> f64 {
        let (frame, at_s, rate_hz) = self.mapping();
        frame as f64 + (self.seconds_at(moment) - at_s) * rate_hz
    }

    /// Clip frame, whether it moves, and the rate, at a frame of output.
    pub fn place(&self, heard: f64) -> (f64, bool, f64) {
        loop {
            let noted = self.noted.load(Ordering::Acquire);
            let found = self.search(noted, heard);
            // A writer that has come round meanwhile may have torn what was read.
            let noted_now = self.noted.load(Ordering::Acquire);
            if noted_now - noted < STRETCHES as u64 / 2 {
                let since = (heard - found.from as f64).max(0.0);
                let position = found.position + since * found.step;
                return (position, found.step != 0.0, found.rate);
            }
        }
    }

    fn search(&self, noted: u64, heard: f64) -> Stretch {
        let newest = self.stretch(noted - 1);
        let mut standing = (newest.step == 0.0).then_some(newest);
        let kept = noted.min(STRETCHES as u64 / 2);
        let mut oldest = newest;
        for i in 1..=kept {
            let stretch = self.stretch(noted - i);
            oldest = stretch;
            if stretch.from as f64 <= heard {
                // Standing still since: where it has been put in the meantime needs no sound to be true.
                return if stretch.step == 0.0 {
                    standing.unwrap_or(stretch)
                } else {
                    stretch
                };
            }
            if stretch.step != 0.0 {
                standing = None;
            }
        }
        oldest
    }

    /// Clip frame and motion where rendering has come to.
    pub fn newest(&self) -> (f64, bool) {
        let (position, moves, _) = self.place(self.frames() as f64);
        (position, moves)
    }

    fn stretch(&self, index: u64) -> Stretch {
        let slot = &self.stretches[index as usize % STRETCHES];
        let load = |from: &AtomicU64| f64::from_bits(from.load(Ordering::Relaxed));
        Stretch {
            from: slot.from.load(Ordering::Relaxed),
            position: load(&slot.position),
            step: load(&slot.step),
            rate: load(&slot.rate),
        }
    }

    /// Place, motion and rate at a moment.
    pub fn now(&self, moment: Instant) -> (f64, bool, f64) {
        let (frame, moves, rate) = self.place(self.heard(moment));
        (seconds(frame), moves, rate)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn clock() -> Clock {
        let clock = Clock::new(Instant::now());
        clock.map((0, 0.02, 48_000.0));
        clock
    }

    impl Clock {
        fn moment(&self, seconds: f64) -> Instant {
            self.start + Duration::from_secs_f64(seconds)
        }
    }

    fn stretch(from: u64, position: f64, step: f64) -> Stretch {
        Stretch {
            from,
            position,
            step,
            rate: 1.0,
        }
    }

    #[test]
    fn what_was_rendered_is_heard_after_the_latency() {
        let clock = clock();
        clock.note(stretch(4_800, 48_000.0, 1.0));
        clock.rendered(48_000);
        let at = |s: f64| clock.now(clock.moment(s));
        assert_eq!(at(0.11), (0.0, false, 1.0), "rendered, not heard yet");
        let (position_s, moves, _) = at(0.22);
        assert!(moves && (position_s - 1.1).abs() < 1e-4, "{position_s}");
    }

    #[test]
    fn it_waits_where_the_device_ran_dry_and_never_goes_back() {
        let clock = clock();
        clock.note(stretch(0, 0.0, 1.0));
        clock.rendered(9_600);
        assert!(
            (clock.now(clock.moment(5.0)).0 - 0.2).abs() < 1e-4,
            "no more was rendered"
        );
        clock.rendered(48_000);
        clock.map((9_600, 5.0, 48_000.0));
        assert!((clock.now(clock.moment(5.1)).0 - 0.3).abs() < 1e-4);
        clock.map((9_600, 5.05, 48_000.0));
        assert!(
            (clock.now(clock.moment(5.1)).0 - 0.3).abs() < 1e-4,
            "it waits"
        );
        assert!(
            (clock.now(clock.moment(5.3)).0 - 0.45).abs() < 1e-4,
            "and goes on"
        );
    }

    #[test]
    fn it_catches_up_without_a_jump() {
        let clock = clock();
        clock.note(stretch(0, 0.0, 1.0));
        clock.rendered(480_000);
        let before = clock.now(clock.moment(1.0)).0;
        clock.map((48_000, 1.0, 48_000.0));
        let (mut last, mut at_s) = (before, 1.0);
        while at_s < 2.0 {
            at_s += 0.01;
            let now = clock.now(clock.moment(at_s)).0;
            assert!((now - last - 0.01).abs() < 0.001, "from {last} to {now}");
            last = now;
        }
        assert!((last - 2.0).abs() < 1e-4, "caught up: {last}");
    }

    #[test]
    fn a_seek_while_standing_shows_at_once() {
        let clock = clock();
        clock.note(stretch(0, 0.0, 1.0));
        clock.note(stretch(4_800, 4_800.0, 0.0));
        clock.rendered(4_800);
        clock.note(stretch(4_800, 96_000.0, 0.0));
        assert!(
            clock.now(clock.moment(0.05)).1,
            "the last sound is still on its way"
        );
        assert_eq!(clock.now(clock.moment(0.13)), (2.0, false, 1.0));
    }

    #[test]
    fn many_short_loops_are_told_apart() {
        let clock = clock();
        for i in 0..200 {
            clock.note(stretch(i * 4_800, 0.0, 1.0));
        }
        clock.rendered(200 * 4_800);
        let (position_s, ..) = clock.now(clock.moment(0.02 + 19.05));
        assert!((position_s - 0.05).abs() < 1e-4, "{position_s}");
    }

    #[test]
    fn a_snapshot_tells_other_moments_too() {
        let at = Instant::now();
        let snapshot = Snapshot {
            position_s: 10.0,
            playing: true,
            rate: -2.0,
            at,
            latency_s: 0.02,
            output: "".into(),
            rate_hz: 48_000,
            buffer_frames: 256,
            underruns: 0,
            silent: false,
        };
        let later = snapshot.position_at(at + Duration::from_millis(500));
        assert!((later - 9.0).abs() < 1e-9, "{later}");
        let still = Snapshot {
            playing: false,
            ..snapshot
        };
        assert_eq!(still.position_at(at + Duration::from_secs(9)), 10.0);
    }
}
