//! A recording as far as it is held in memory: filled by decoder threads while the audio thread
//! reads it, without locks, allocation or freeing on that side.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Instant;

use crate::frames::{RATE_HZ, frame_at};
use crate::pool::{CHUNK_FRAMES, Pool};

/// No chunk of the pool.
const MISSING: u32 = u32::MAX;
/// Places are kept for so much more than a recording is said to last, seconds.
const LONGER_S: f64 = 5.0;
/// A recording that does not tell its length gets places for as much, seconds; and no more than the
/// second of the two, however long it says it is.
const LENGTHS_S: (f64, f64) = (3600.0, 4.5 * 3600.0);

/// Which chunk of the pool holds which part of a recording. What lies before its start or behind its
/// end is silence, and held.
pub(crate) struct Reel {
    pool: Arc<Pool>,
    places: Box<[AtomicU32]>,
    /// The frame after the last, once that is known.
    end: AtomicI64,
}

impl Reel {
    /// An empty reel for a recording of about that length, seconds.
    pub fn new(pool: Arc<Pool>, duration_s: f64) -> Reel {
        let (unknown, most) = LENGTHS_S;
        let known = duration_s.is_finite() && duration_s > 0.0;
        let length_s = if known {
            duration_s + LONGER_S
        } else {
            unknown
        };
        let chunks = (frame_at(length_s.min(most)) as usize).div_ceil(CHUNK_FRAMES);
        Reel {
            pool,
            places: (0..chunks).map(|_| AtomicU32::new(MISSING)).collect(),
            end: AtomicI64::new((chunks * CHUNK_FRAMES) as i64),
        }
    }

    /// The frame after the last one; beyond the truth until the end has been read.
    pub fn end(&self) -> i64 {
        self.end.load(Ordering::Acquire)
    }

    /// Chunks up to the end.
    pub fn chunks(&self) -> usize {
        (self.end().max(0) as usize).div_ceil(CHUNK_FRAMES)
    }

    /// Notes where the recording has turned out to end.
    pub fn ends_at(&self, frame: i64) {
        self.end.fetch_min(frame.max(0), Ordering::AcqRel);
    }

    /// Whether that chunk is in memory.
    pub fn has(&self, chunk: usize) -> bool {
        let place = self.places.get(chunk);
        place.is_some_and(|p| p.load(Ordering::Acquire) != MISSING)
    }

    /// Puts interleaved stereo into memory as that chunk; false where no memory was left.
    pub fn write(&self, chunk: usize, samples: &[f32], now: Instant) -> bool {
        let Some(place) = self.places.get(chunk) else {
            return true;
        };
        if place.load(Ordering::Acquire) != MISSING {
            return true;
        }
        let Some(index) = self.pool.take(now) else {
            return false;
        };
        if let Some(memory) = self.pool.chunk(index) {
            memory.fill(samples);
        }
        let swapped = place.compare_exchange(MISSING, index, Ordering::AcqRel, Ordering::Acquire);
        if swapped.is_err() {
            self.pool.give(index, now);
        }
        true
    }

    /// Lets go of a chunk; whether there was one.
    pub fn forget(&self, chunk: usize, now: Instant) -> bool {
        let Some(place) = self.places.get(chunk) else {
            return false;
        };
        let index = place.swap(MISSING, Ordering::AcqRel);
        if index != MISSING {
            self.pool.give(index, now);
        }
        index != MISSING
    }

    /// Whether every frame of the range can be read now.
    pub fn holds(&self, frames: Range<i64>) -> bool {
        let (from, to) = (frames.start.max(0), frames.end.min(self.end()));
        if from >= to {
            return true;
        }
        let chunks = from as usize / CHUNK_FRAMES..=(to - 1) as usize / CHUNK_FRAMES;
        chunks.into_iter().all(|chunk| self.has(chunk))
    }

    /// Reads frames from `from` on; silence outside the recording and where it is not in memory.
    pub fn read(&self, from: i64, out: &mut [[f32; 2]]) {
        let end = self.end();
        let (mut at, mut done) = (from, 0);
        while done < out.len() {
            let left = out.len() - done;
            let part = if at < 0 {
                let part = left.min(usize::try_from(-at).unwrap_or(left));
                out[done..done + part].fill([0.0; 2]);
                part
            } else if at >= end {
                out[done..].fill([0.0; 2]);
                left
            } else {
                let (chunk, within) = (at as usize / CHUNK_FRAMES, at as usize % CHUNK_FRAMES);
                let to_end = usize::try_from(end - at).unwrap_or(left);
                let part = left.min(CHUNK_FRAMES - within).min(to_end);
                let out = &mut out[done..done + part];
                match self.memory(chunk) {
                    Some(memory) => memory.read(within, out),
                    None => out.fill([0.0; 2]),
                }
                part
            };
            at += part as i64;
            done += part;
        }
    }

    fn memory(&self, chunk: usize) -> Option<&crate::pool::Chunk> {
        let index = self.places.get(chunk)?.load(Ordering::Acquire);
        self.pool.chunk(index)
    }
}

impl Drop for Reel {
    fn drop(&mut self) {
        let now = Instant::now();
        for chunk in 0..self.places.len() {
            self.forget(chunk, now);
        }
    }
}

/// The time at which a chunk begins, seconds.
pub(crate) fn chunk_s(chunk: usize) -> f64 {
    (chunk * CHUNK_FRAMES) as f64 / f64::from(RATE_HZ)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::pool::CHUNK_BYTES;

    /// A reel that holds these frames whole.
    pub(crate) fn of(frames: &[[f32; 2]]) -> Arc<Reel> {
        let chunks = frames.len().div_ceil(CHUNK_FRAMES) + 1;
        let pool = Arc::new(Pool::new(chunks * CHUNK_BYTES));
        let reel = Reel::new(pool, frames.len() as f64 / f64::from(RATE_HZ));
        for (chunk, part) in frames.chunks(CHUNK_FRAMES).enumerate() {
            assert!(
                reel.write(chunk, &part.concat(), Instant::now()),
                "room for {chunk}"
            );
        }
        reel.ends_at(frames.len() as i64);
        Arc::new(reel)
    }

    /// Frames that tell their own number, each different, exact in 16 bits.
    pub(crate) fn numbered(n: usize) -> Vec<[f32; 2]> {
        let sample = |i: usize| ((i * 31 % 16_381) as f32 - 8_190.0) / 32_768.0;
        (0..n).map(|i| [sample(i), sample(i + 7)]).collect()
    }

    #[test]
    fn a_reel_gives_back_what_was_written_at_its_place() {
        let frames = numbered(3 * CHUNK_FRAMES + 100);
        let reel = of(&frames);
        for from in [
            0,
            1,
            CHUNK_FRAMES - 3,
            2 * CHUNK_FRAMES,
            3 * CHUNK_FRAMES + 90,
        ] {
            let mut got = vec![[9.0; 2]; 300];
            reel.read(from as i64, &mut got);
            for (i, got) in got.iter().enumerate() {
                let want = frames.get(from + i).copied().unwrap_or_default();
                assert_eq!(*got, want, "frame {}", from + i);
            }
        }
    }

    #[test]
    fn before_the_start_and_behind_the_end_is_silence() {
        let reel = of(&numbered(100));
        let mut got = vec![[9.0; 2]; 40];
        reel.read(-20, &mut got);
        assert_eq!(got[..20], [[0.0; 2]; 20]);
        assert_eq!(got[20..], numbered(100)[..20]);
        reel.read(1000, &mut got);
        assert_eq!(got, [[0.0; 2]; 40]);
        assert!(reel.holds(-1000..5000), "silence is always there");
    }

    #[test]
    fn a_part_that_is_missing_is_known_to_be() {
        let pool = Arc::new(Pool::new(8 * CHUNK_BYTES));
        let reel = Reel::new(Arc::clone(&pool), 1.0);
        let (chunk, now) = (CHUNK_FRAMES as i64, Instant::now());
        assert!(reel.write(1, &[0.5; CHUNK_FRAMES * 2], now));
        assert!(reel.holds(chunk..2 * chunk));
        assert!(!reel.holds(chunk - 1..chunk + 1));
        assert!(!reel.holds(2 * chunk - 1..2 * chunk + 1));
        assert_eq!(pool.in_use(), 1);
        assert!(reel.forget(1, now) && !reel.forget(1, now));
        assert_eq!(pool.in_use(), 0);
    }

    #[test]
    fn a_reel_gives_its_memory_back_when_it_goes() {
        let pool = Arc::new(Pool::new(4 * CHUNK_BYTES));
        let reel = Reel::new(Arc::clone(&pool), 1.0);
        assert!(reel.write(0, &[0.1; 10], Instant::now()));
        drop(reel);
        assert_eq!(pool.in_use(), 0);
    }
}
