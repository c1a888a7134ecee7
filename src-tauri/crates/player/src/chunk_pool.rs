//! The memory of the decode cache: chunks that are written, read without locks, and used again.
//!
//! A frame is one 32-bit atomic that packs two 16-bit samples. So a worker thread may write a chunk
//! while the audio thread reads it, without a lock and without `unsafe`. Chunks are freed with the pool
//! only: the audio thread never frees one.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Frames of a chunk, 85 ms. A track is heard once its first chunk is complete, so chunks are short.
pub const CHUNK_FRAMES: usize = 4096;
/// Bytes of a chunk: 4 a frame.
pub const CHUNK_BYTES: usize = CHUNK_FRAMES * 4;

/// Time before a freed chunk is written again: the audio thread may still be rendering the block in
/// which the chunk belonged to a track.
const REUSE_DELAY: Duration = Duration::from_millis(250);
/// Least and greatest exponent of a chunk's scale. The 16 bits of a sample cover ±2^exponent, the power
/// of two above the chunk's peak: quiet chunks get finer steps, and overshoots of lossy decoders up to 8
/// times full scale are not clipped.
const SCALE_EXPONENTS: (i32, i32) = (-10, 3);

/// The frames of one chunk in block floating point: 16-bit samples and a common scale.
pub(crate) struct Chunk {
    frames: Box<[AtomicU32]>,
    scale: AtomicU32,
}

impl Chunk {
    fn empty() -> Chunk {
        Chunk {
            frames: (0..CHUNK_FRAMES).map(|_| AtomicU32::new(0)).collect(),
            scale: AtomicU32::new(0),
        }
    }

    /// Stores interleaved stereo, followed by silence where it is shorter than a chunk. Samples of 16-bit
    /// sources below full scale are read back exactly; others within 2^-15 of the chunk's peak rounded up to
    /// a power of two.
    pub fn fill(&self, samples: &[f32]) {
        let peak = samples.iter().fold(0.0f32, |peak, x| peak.max(x.abs()));
        let (least, most) = SCALE_EXPONENTS;
        let exponent = if peak > 0.0 {
            (peak.log2().floor() as i32 + 1).clamp(least, most)
        } else {
            least
        };
        let scale = 2f32.powi(exponent);
        let quantize = |x: f32| {
            let steps = (x * 32_768.0 / scale).round().clamp(-32_768.0, 32_767.0);
            steps as i16 as u16
        };
        self.scale.store((scale / 32_768.0).to_bits(), Relaxed);
        let mut given = samples.chunks_exact(2);
        for frame in &self.frames {
            let [left, right] = given.next().map_or([0.0; 2], |f| [f[0], f[1]]);
            let packed = u32::from(quantize(left)) | u32::from(quantize(right)) << 16;
            frame.store(packed, Relaxed);
        }
    }

    /// Copies frames from `from` on into `out`.
    pub fn read(&self, from: usize, out: &mut [[f32; 2]]) {
        let scale = f32::from_bits(self.scale.load(Relaxed));
        for (frame, packed) in out.iter_mut().zip(&self.frames[from..]) {
            let packed = packed.load(Relaxed);
            let [left, right] = [packed as u16 as i16, (packed >> 16) as u16 as i16];
            *frame = [f32::from(left) * scale, f32::from(right) * scale];
        }
    }
}

/// As many chunks as the budget holds. Each is allocated at its first use.
pub(crate) struct ChunkPool {
    chunks: Box<[OnceLock<Chunk>]>,
    free: Mutex<Free>,
}

#[derive(Default)]
struct Free {
    /// Chunks allocated so far.
    allocated: usize,
    /// Freed chunks and when they were freed, the oldest first.
    freed: VecDeque<(u32, Instant)>,
}

impl ChunkPool {
    /// A pool of at most that many bytes, at least one chunk.
    pub fn new(budget_bytes: usize) -> ChunkPool {
        let most = (budget_bytes / CHUNK_BYTES).clamp(1, u32::MAX as usize - 1);
        ChunkPool {
            chunks: (0..most).map(|_| OnceLock::new()).collect(),
            free: Mutex::default(),
        }
    }

    /// Most chunks that can be in use.
    pub fn capacity(&self) -> usize {
        self.chunks.len()
    }

    /// Chunks in use now.
    pub fn in_use(&self) -> usize {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.allocated - free.freed.len()
    }

    /// A chunk to write; `None` where not more than `reserve` are free. A chunk is free
    /// [`REUSE_DELAY`] after it was given back.
    pub fn take(&self, reserve: usize, now: Instant) -> Option<u32> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let is_old = |given: &(u32, Instant)| now.saturating_duration_since(given.1) >= REUSE_DELAY;
        let old = free.freed.partition_point(is_old);
        if self.capacity() - free.allocated + old <= reserve {
            return None;
        }
        if old > 0 {
            return free.freed.pop_front().map(|(index, _)| index);
        }
        let index = free.allocated;
        self.chunks.get(index)?.get_or_init(Chunk::empty);
        free.allocated += 1;
        u32::try_from(index).ok()
    }

    /// Frees a chunk that no buffer refers to any more.
    pub fn give(&self, index: u32, now: Instant) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.freed.push_back((index, now));
    }

    /// The chunk of that index; `None` for one that was never taken.
    pub fn chunk(&self, index: u32) -> Option<&Chunk> {
        self.chunks.get(index as usize)?.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn through(samples: &[f32]) -> Vec<f32> {
        let chunk = Chunk::empty();
        chunk.fill(samples);
        let mut frames = vec![[0.0; 2]; samples.len() / 2];
        chunk.read(0, &mut frames);
        frames.concat()
    }

    #[test]
    fn samples_of_16_bits_are_read_back_exactly() {
        let samples: Vec<f32> = (0..CHUNK_FRAMES * 2)
            .map(|i| ((i * 7919 % 65_535) as i32 - 32_767) as f32 / 32_768.0)
            .collect();
        assert_eq!(through(&samples), samples);
        let quiet: Vec<f32> = samples
            .iter()
            .map(|x| (x * 512.0).round() / 32_768.0)
            .collect();
        assert_eq!(through(&quiet), quiet);
    }

    proptest! {
        #[test]
        fn any_sample_is_read_back_within_one_step(
            samples in prop::collection::vec(-2.5..2.5f32, 2..200),
            level in -80.0..0.0f32,
        ) {
            let level = 10f32.powf(level / 20.0);
            let samples: Vec<f32> = samples[..samples.len() / 2 * 2].iter().map(|x| x * level).collect();
            let peak = samples.iter().fold(0.0f32, |m, x| m.max(x.abs()));
            for (got, want) in through(&samples).iter().zip(&samples) {
                prop_assert!((got - want).abs() <= (2.0 * peak).max(2f32.powi(-10)) / 32_768.0);
            }
        }
    }

    #[test]
    fn a_freed_chunk_is_reused_after_the_delay() {
        let (pool, start) = (ChunkPool::new(2 * CHUNK_BYTES), Instant::now());
        let (a, b) = (pool.take(0, start).unwrap(), pool.take(0, start).unwrap());
        assert_ne!(a, b);
        assert_eq!(pool.take(0, start), None, "all chunks are in use");
        pool.give(a, start);
        assert_eq!(pool.in_use(), 1);
        assert_eq!(
            pool.take(0, start + REUSE_DELAY / 2),
            None,
            "freed too recently"
        );
        assert_eq!(pool.take(1, start + REUSE_DELAY), None, "one is reserved");
        assert_eq!(pool.take(0, start + REUSE_DELAY), Some(a));
    }
}
