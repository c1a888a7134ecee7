//! Memory for decoded sound: chunks that are filled, read without locks, and used again.
//!
//! A frame is one 32-bit atomic of two 16-bit samples, so that decoder threads and the audio thread
//! may meet at any chunk without a lock and without `unsafe`. Nothing here is ever freed while an
//! audition lives: the audio thread can hold what it likes.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Frames in a chunk: 85 ms. Small, as the first one decides how soon a cold track is heard.
pub const CHUNK_FRAMES: usize = 4096;
/// Bytes of a chunk.
pub const CHUNK_BYTES: usize = CHUNK_FRAMES * 4;

/// A chunk that was given back rests as long before it is written again: the audio thread may be in
/// the middle of the block in which it still belonged to a track.
const REST: Duration = Duration::from_millis(250);
/// 16 bits are laid over the loudest sample of a chunk, between these powers of two: quiet passages
/// keep their grain, and what a lossy decoder overshoots is kept too.
const SCALES: (i32, i32) = (-10, 3);

/// Frames of one chunk and the scale they are laid over.
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

    /// Takes interleaved stereo in; silence where it is shorter than a chunk. Samples of 16-bit
    /// sources below full scale come back exactly.
    pub fn fill(&self, samples: &[f32]) {
        let peak = samples.iter().fold(0.0f32, |peak, x| peak.max(x.abs()));
        let (least, most) = SCALES;
        let exponent = if peak > 0.0 {
            (peak.log2().floor() as i32 + 1).clamp(least, most)
        } else {
            least
        };
        let scale = 2f32.powi(exponent);
        let grain = |x: f32| {
            let steps = (x * 32_768.0 / scale).round().clamp(-32_768.0, 32_767.0);
            steps as i16 as u16
        };
        self.scale.store((scale / 32_768.0).to_bits(), Relaxed);
        let mut given = samples.chunks_exact(2);
        for frame in &self.frames {
            let [left, right] = given.next().map_or([0.0; 2], |f| [f[0], f[1]]);
            let packed = u32::from(grain(left)) | u32::from(grain(right)) << 16;
            frame.store(packed, Relaxed);
        }
    }

    /// The frames from `from` on, as many as fit.
    pub fn read(&self, from: usize, out: &mut [[f32; 2]]) {
        let scale = f32::from_bits(self.scale.load(Relaxed));
        for (frame, packed) in out.iter_mut().zip(&self.frames[from..]) {
            let packed = packed.load(Relaxed);
            let [left, right] = [packed as u16 as i16, (packed >> 16) as u16 as i16];
            *frame = [f32::from(left) * scale, f32::from(right) * scale];
        }
    }
}

/// As many chunks as the budget holds, made when they are first needed.
pub(crate) struct Pool {
    chunks: Box<[OnceLock<Chunk>]>,
    free: Mutex<Free>,
}

#[derive(Default)]
struct Free {
    /// Chunks that have been in use at some time: the first so many.
    touched: usize,
    /// Chunks given back, and when; the longest rested first.
    resting: VecDeque<(u32, Instant)>,
}

impl Pool {
    /// A pool of at most so many bytes, at least one chunk.
    pub fn new(budget_bytes: usize) -> Pool {
        let most = (budget_bytes / CHUNK_BYTES).clamp(1, u32::MAX as usize - 1);
        Pool {
            chunks: (0..most).map(|_| OnceLock::new()).collect(),
            free: Mutex::default(),
        }
    }

    /// Chunks in all.
    pub fn capacity(&self) -> usize {
        self.chunks.len()
    }

    /// Chunks in use at present.
    pub fn in_use(&self) -> usize {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.touched - free.resting.len()
    }

    /// A chunk to write; `None` while all are in use or still resting.
    pub fn take(&self, now: Instant) -> Option<u32> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let rested = |given: Instant| now.saturating_duration_since(given) >= REST;
        if free
            .resting
            .front()
            .is_some_and(|(_, given)| rested(*given))
        {
            return free.resting.pop_front().map(|(index, _)| index);
        }
        let index = free.touched;
        self.chunks.get(index)?.get_or_init(Chunk::empty);
        free.touched += 1;
        u32::try_from(index).ok()
    }

    /// Gives a chunk back that no track lists any more.
    pub fn give(&self, index: u32, now: Instant) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.resting.push_back((index, now));
    }

    /// A chunk that was taken.
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
    fn sixteen_bits_come_back_exactly() {
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
        fn any_sound_comes_back_to_the_grain(
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
    fn a_chunk_rests_before_it_is_written_again() {
        let (pool, start) = (Pool::new(2 * CHUNK_BYTES), Instant::now());
        let (a, b) = (pool.take(start).unwrap(), pool.take(start).unwrap());
        assert_ne!(a, b);
        assert_eq!(pool.take(start), None, "the budget is spent");
        pool.give(a, start);
        assert_eq!(pool.in_use(), 1);
        assert_eq!(pool.take(start + REST / 2), None, "it still rests");
        assert_eq!(pool.take(start + REST), Some(a));
    }
}
