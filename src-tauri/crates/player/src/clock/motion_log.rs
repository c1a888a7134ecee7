//! From a frame of output to the place in the clip, noted when the frame was rendered.

use std::sync::atomic::{AtomicU64, Ordering};

/// Segments that are kept. Only those of the last second are read; a loop of 0.1 s makes ten a second.
const SEGMENTS: usize = 64;
/// Segments that a reader looks at: the writer cannot overwrite these while the reader reads.
const SEARCHED: u64 = SEGMENTS as u64 / 2;

/// A segment of constant motion, from a frame of output on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Segment {
    /// First frame of output.
    pub from: u64,
    /// Clip frame at `from`.
    pub position: f64,
    /// Clip frames a frame of output; 0 while the playhead stands.
    pub step: f64,
    /// Clip seconds a second that are asked for, also while the playhead stands.
    pub rate: f64,
}

#[derive(Default)]
struct Slot {
    from: AtomicU64,
    position: AtomicU64,
    step: AtomicU64,
    rate: AtomicU64,
}

/// The newest segments. One writer at a time; readers take no lock.
pub(super) struct MotionLog {
    slots: [Slot; SEGMENTS],
    /// Segments written so far.
    written: AtomicU64,
}

impl MotionLog {
    /// A playhead that stands at the start of the clip.
    pub fn new() -> MotionLog {
        let log = MotionLog {
            slots: std::array::from_fn(|_| Slot::default()),
            written: AtomicU64::new(0),
        };
        log.push(Segment {
            from: 0,
            position: 0.0,
            step: 0.0,
            rate: 1.0,
        });
        log
    }

    /// Adds a segment; `from` does not decrease.
    pub fn push(&self, segment: Segment) {
        let written = self.written.load(Ordering::Relaxed);
        let slot = &self.slots[written as usize % SEGMENTS];
        slot.from.store(segment.from, Ordering::Relaxed);
        let store = |to: &AtomicU64, x: f64| to.store(x.to_bits(), Ordering::Relaxed);
        store(&slot.position, segment.position);
        store(&slot.step, segment.step);
        store(&slot.rate, segment.rate);
        self.written.store(written + 1, Ordering::Release);
    }

    /// Clip frame, whether the playhead moves, and the rate at a frame of output.
    pub fn place(&self, frame: f64) -> (f64, bool, f64) {
        loop {
            let written = self.written.load(Ordering::Acquire);
            let found = self.search(written, frame);
            // Read again if the writer may have overwritten a slot meanwhile.
            if self.written.load(Ordering::Acquire) - written < SEARCHED {
                let since = (frame - found.from as f64).max(0.0);
                let position = found.position + since * found.step;
                return (position, found.step != 0.0, found.rate);
            }
        }
    }

    /// The segment at a frame of output. While the playhead stands, a later seek counts at once: it
    /// needs no sound to be true.
    fn search(&self, written: u64, frame: f64) -> Segment {
        let newest = self.segment(written - 1);
        let mut standing = (newest.step == 0.0).then_some(newest);
        let mut oldest = newest;
        for i in 1..=written.min(SEARCHED) {
            let segment = self.segment(written - i);
            oldest = segment;
            if segment.from as f64 <= frame {
                return if segment.step == 0.0 {
                    standing.unwrap_or(segment)
                } else {
                    segment
                };
            }
            if segment.step != 0.0 {
                standing = None;
            }
        }
        oldest
    }

    fn segment(&self, index: u64) -> Segment {
        let slot = &self.slots[index as usize % SEGMENTS];
        let load = |from: &AtomicU64| f64::from_bits(from.load(Ordering::Relaxed));
        Segment {
            from: slot.from.load(Ordering::Relaxed),
            position: load(&slot.position),
            step: load(&slot.step),
            rate: load(&slot.rate),
        }
    }
}
