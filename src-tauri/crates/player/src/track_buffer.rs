//! The decoded part of one recording. Worker threads write it while the audio thread reads it; the
//! audio thread does not lock, allocate or free.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Instant;

use crate::chunk_pool::{CHUNK_FRAMES, ChunkPool};
use crate::frames::{RATE_HZ, frame_at};

/// Marks a chunk that is not in memory.
const MISSING: u32 = u32::MAX;
/// Slots beyond the stated duration of a recording, seconds: durations can be wrong.
const EXTRA_S: f64 = 5.0;
/// Slots for a recording of unknown duration, seconds.
const UNKNOWN_LENGTH_S: f64 = 3600.0;
/// Most slots, whatever duration is stated, seconds.
const MOST_LENGTH_S: f64 = 4.5 * 3600.0;

/// Maps the chunks of a recording to chunks of the pool. Frames before its start and behind its end are
/// silence and count as held.
pub(crate) struct TrackBuffer {
    pool: Arc<ChunkPool>,
    /// For each chunk of the recording its index in the pool, or [`MISSING`].
    slots: Box<[AtomicU32]>,
    /// The frame after the last one; too high until the end has been decoded.
    end: AtomicI64,
}

impl TrackBuffer {
    /// An empty buffer for a recording of about that duration, seconds.
    pub fn new(pool: Arc<ChunkPool>, duration_s: f64) -> TrackBuffer {
        let known = duration_s.is_finite() && duration_s > 0.0;
        let length_s = if known {
            duration_s + EXTRA_S
        } else {
            UNKNOWN_LENGTH_S
        };
        let chunks = (frame_at(length_s.min(MOST_LENGTH_S)) as usize).div_ceil(CHUNK_FRAMES);
        TrackBuffer {
            pool,
            slots: (0..chunks).map(|_| AtomicU32::new(MISSING)).collect(),
            end: AtomicI64::new((chunks * CHUNK_FRAMES) as i64),
        }
    }

    /// The frame after the last one; too high until the end has been decoded.
    pub fn end(&self) -> i64 {
        self.end.load(Ordering::Acquire)
    }

    /// Number of chunks up to [`end`](TrackBuffer::end).
    pub fn chunks(&self) -> usize {
        (self.end().max(0) as usize).div_ceil(CHUNK_FRAMES)
    }

    /// Sets the end, known once it has been decoded.
    pub fn ends_at(&self, frame: i64) {
        self.end.fetch_min(frame.max(0), Ordering::AcqRel);
    }

    /// Whether that chunk is in memory.
    pub fn has(&self, chunk: usize) -> bool {
        let slot = self.slots.get(chunk);
        slot.is_some_and(|s| s.load(Ordering::Acquire) != MISSING)
    }

    /// Stores interleaved stereo as that chunk; false where the pool has not more than `reserve` free
    /// chunks.
    pub fn write(&self, chunk: usize, samples: &[f32], reserve: usize, now: Instant) -> bool {
        let Some(slot) = self.slots.get(chunk) else {
            return true;
        };
        if slot.load(Ordering::Acquire) != MISSING {
            return true;
        }
        let Some(index) = self.pool.take(reserve, now) else {
            return false;
        };
        if let Some(memory) = self.pool.chunk(index) {
            memory.fill(samples);
        }
        let swapped = slot.compare_exchange(MISSING, index, Ordering::AcqRel, Ordering::Acquire);
        if swapped.is_err() {
            self.pool.give(index, now);
        }
        true
    }

    /// Frees a chunk; false where it was not in memory.
    pub fn forget(&self, chunk: usize, now: Instant) -> bool {
        let Some(slot) = self.slots.get(chunk) else {
            return false;
        };
        let index = slot.swap(MISSING, Ordering::AcqRel);
        if index != MISSING {
            self.pool.give(index, now);
        }
        index != MISSING
    }

    /// Whether every frame of the range is in memory.
    pub fn holds(&self, frames: Range<i64>) -> bool {
        let (from, to) = (frames.start.max(0), frames.end.min(self.end()));
        if from >= to {
            return true;
        }
        let chunks = from as usize / CHUNK_FRAMES..=(to - 1) as usize / CHUNK_FRAMES;
        chunks.into_iter().all(|chunk| self.has(chunk))
    }

    /// Copies frames from `from` on; silence outside the recording and for chunks not in memory.
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

    fn memory(&self, chunk: usize) -> Option<&crate::chunk_pool::Chunk> {
        let index = self.slots.get(chunk)?.load(Ordering::Acquire);
        self.pool.chunk(index)
    }
}

impl Drop for TrackBuffer {
    fn drop(&mut self) {
        let now = Instant::now();
        for chunk in 0..self.slots.len() {
            self.forget(chunk, now);
        }
    }
}

/// Start of a chunk, seconds.
pub(crate) fn chunk_s(chunk: usize) -> f64 {
    (chunk * CHUNK_FRAMES) as f64 / f64::from(RATE_HZ)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::chunk_pool::CHUNK_BYTES;

    /// A buffer that holds all these frames.
    pub(crate) fn of(frames: &[[f32; 2]]) -> Arc<TrackBuffer> {
        let chunks = frames.len().div_ceil(CHUNK_FRAMES) + 1;
        let pool = Arc::new(ChunkPool::new(chunks * CHUNK_BYTES));
        let buffer = TrackBuffer::new(pool, frames.len() as f64 / f64::from(RATE_HZ));
        for (chunk, part) in frames.chunks(CHUNK_FRAMES).enumerate() {
            assert!(
                buffer.write(chunk, &part.concat(), 0, Instant::now()),
                "room for {chunk}"
            );
        }
        buffer.ends_at(frames.len() as i64);
        Arc::new(buffer)
    }

    /// Frames of different values that 16 bits hold exactly.
    pub(crate) fn numbered(n: usize) -> Vec<[f32; 2]> {
        let sample = |i: usize| ((i * 31 % 16_381) as f32 - 8_190.0) / 32_768.0;
        (0..n).map(|i| [sample(i), sample(i + 7)]).collect()
    }

    #[test]
    fn reading_returns_the_written_frames() {
        let frames = numbered(3 * CHUNK_FRAMES + 100);
        let buffer = of(&frames);
        for from in [
            0,
            1,
            CHUNK_FRAMES - 3,
            2 * CHUNK_FRAMES,
            3 * CHUNK_FRAMES + 90,
        ] {
            let mut got = vec![[9.0; 2]; 300];
            buffer.read(from as i64, &mut got);
            for (i, got) in got.iter().enumerate() {
                let want = frames.get(from + i).copied().unwrap_or_default();
                assert_eq!(*got, want, "frame {}", from + i);
            }
        }
    }

    #[test]
    fn frames_outside_the_recording_are_silence() {
        let buffer = of(&numbered(100));
        let mut got = vec![[9.0; 2]; 40];
        buffer.read(-20, &mut got);
        assert_eq!(got[..20], [[0.0; 2]; 20]);
        assert_eq!(got[20..], numbered(100)[..20]);
        buffer.read(1000, &mut got);
        assert_eq!(got, [[0.0; 2]; 40]);
        assert!(buffer.holds(-1000..5000), "silence counts as held");
    }

    #[test]
    fn missing_chunks_are_not_held() {
        let pool = Arc::new(ChunkPool::new(8 * CHUNK_BYTES));
        let buffer = TrackBuffer::new(Arc::clone(&pool), 1.0);
        let (chunk, now) = (CHUNK_FRAMES as i64, Instant::now());
        assert!(buffer.write(1, &[0.5; CHUNK_FRAMES * 2], 0, now));
        assert!(buffer.holds(chunk..2 * chunk));
        assert!(!buffer.holds(chunk - 1..chunk + 1));
        assert!(!buffer.holds(2 * chunk - 1..2 * chunk + 1));
        assert_eq!(pool.in_use(), 1);
        assert!(buffer.forget(1, now) && !buffer.forget(1, now));
        assert_eq!(pool.in_use(), 0);
    }

    #[test]
    fn dropping_a_buffer_frees_its_chunks() {
        let pool = Arc::new(ChunkPool::new(4 * CHUNK_BYTES));
        let buffer = TrackBuffer::new(Arc::clone(&pool), 1.0);
        assert!(buffer.write(0, &[0.1; 10], 0, Instant::now()));
        drop(buffer);
        assert_eq!(pool.in_use(), 0);
    }
}
