//! The cache of decoded sound: worker threads fill track buffers in the order of the plan, within a
//! budget of bytes that is never exceeded.

mod eviction;
mod schedule;
mod worker;
mod worker_kind;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::PlayerError;
use crate::chunk_pool::{CHUNK_BYTES, ChunkPool};
use crate::event::{Event, Sink};
use crate::plan::Playback;
use crate::recording::{Cue, Recording};
use crate::track_buffer::TrackBuffer;
use eviction::RESERVE;
use schedule::{Entry, Key, State};
use worker_kind::{WORKERS, WorkerKind};

/// Least chunks of a cache: enough for the reserve and as much again.
const LEAST_CHUNKS: usize = 2 * RESERVE;

/// Decoded sound of the cues and the clip.
pub(crate) struct DecodeCache {
    pool: Arc<ChunkPool>,
    state: Mutex<State>,
    changed: Condvar,
    sink: Sink,
}

impl DecodeCache {
    /// A cache of that many bytes, at least 8 MiB. Its threads end with [`close`](DecodeCache::close).
    pub fn open(budget_bytes: usize, sink: Sink) -> Result<Arc<DecodeCache>, PlayerError> {
        let budget_bytes = budget_bytes.max(LEAST_CHUNKS * CHUNK_BYTES);
        let cache = Arc::new(DecodeCache {
            pool: Arc::new(ChunkPool::new(budget_bytes)),
            state: Mutex::default(),
            changed: Condvar::new(),
            sink,
        });
        for kind in WORKERS {
            let cache = Arc::clone(&cache);
            let name = match kind {
                WorkerKind::Urgent => "decode-now",
                WorkerKind::ReadAhead => "decode-ahead",
                WorkerKind::Clip => "clip-sound",
            };
            std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || cache.work(kind))
                .map_err(|source| PlayerError::NoThread { source })?;
        }
        Ok(cache)
    }

    /// Ends the worker threads.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.jobs.iter().for_each(|job| job.stop.cancel());
        drop(state);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the clip's own sound; gives the buffer that will hold it.
    pub fn load_clip(
        &self,
        recording: Option<Arc<dyn Recording>>,
        duration_s: f64,
    ) -> Option<Arc<TrackBuffer>> {
        let mut state = self.lock();
        for job in state.jobs.iter().filter(|job| job.key == Key::Clip) {
            job.stop.cancel();
        }
        let entry = recording.map(|recording| self.entry(recording, duration_s, 0));
        let buffer = entry.as_ref().map(|entry| Arc::clone(&entry.buffer));
        let old = match entry {
            Some(entry) => state.entries.insert(Key::Clip, entry),
            None => state.entries.remove(&Key::Clip),
        };
        state.retired.extend(old.map(|entry| entry.buffer));
        drop(state);
        buffer
    }

    /// Replaces the cues, in rank order. A cue with a known id keeps its buffer.
    pub fn offer(&self, cues: &[Cue]) {
        let mut state = self.lock();
        state.offers += 1;
        let offer = state.offers;
        state.order = cues.iter().map(|cue| cue.id.clone()).collect();
        for cue in cues {
            let key = Key::Cue(cue.id.clone());
            if let Some(entry) = state.entries.get_mut(&key) {
                entry.recording = Arc::clone(&cue.recording);
                entry.offered = offer;
                (entry.failed, entry.ready_reported) = (false, false);
            } else {
                let entry = self.entry(Arc::clone(&cue.recording), cue.duration_s, offer);
                state.entries.insert(key, entry);
            }
        }
        state.forget_unoffered();
    }

    fn entry(&self, recording: Arc<dyn Recording>, duration_s: f64, offered: u64) -> Entry {
        Entry {
            buffer: Arc::new(TrackBuffer::new(Arc::clone(&self.pool), duration_s)),
            recording,
            failed: false,
            ready_reported: false,
            offered,
        }
    }

    /// The buffer of a cue; `None` for an unknown id.
    pub fn buffer(&self, id: &str) -> Option<Arc<TrackBuffer>> {
        let state = self.lock();
        let entry = state.entries.get(&Key::Cue(id.to_owned()));
        entry.map(|entry| Arc::clone(&entry.buffer))
    }

    /// Bytes of decoded sound in memory.
    pub fn bytes_in_use(&self) -> usize {
        self.pool.in_use() * CHUNK_BYTES
    }

    /// Replans for another state of playback. Urgent ranges stop urgent jobs that are no longer needed.
    pub fn set_playback(&self, playback: Playback, now: Instant) {
        let mut state = self.lock();
        state.playback = playback;
        state.plan(self.pool.capacity() - RESERVE, now);
        state.cancel_overtaken();
        drop(state);
        // The urgent worker starts from the reserve and does not wait for the eviction.
        self.changed.notify_all();
        let mut state = self.lock();
        state.evict(&self.pool, now);
        let ready = state.newly_ready();
        drop(state);
        self.report_ready(ready);
    }

    fn report_ready(&self, ready: Vec<String>) {
        for id in ready {
            (self.sink)(Event::CueReady { id });
        }
    }
}

#[cfg(test)]
mod tests;
