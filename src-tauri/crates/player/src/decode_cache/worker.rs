//! One worker thread: takes the most wanted missing range, decodes it, repeats.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::DecodeCache;
use super::eviction::URGENT_RESERVE;
use super::schedule::{Job, Key, State, Wanted};
use super::worker_kind::WorkerKind;
use crate::chunk_pool::CHUNK_FRAMES;
use crate::event::Event;
use crate::frames::RATE_HZ;
use crate::priority;
use crate::recording::Recording;
use crate::track_buffer::{TrackBuffer, chunk_s};

/// Chunks of a track that one job decodes, 8 s: then another track may be more wanted.
const JOB_CHUNKS: usize = 94;
/// Chunks of a clip that one job decodes, 60 s: seeking in it costs more than decoding.
const CLIP_JOB_CHUNKS: usize = 703;
/// Wait before the next try where all free chunks are too fresh to be used again.
const RETRY: Duration = Duration::from_millis(60);
/// Samples of a chunk, both channels.
const CHUNK_SAMPLES: usize = CHUNK_FRAMES * 2;

/// A range to decode.
struct Task {
    number: u64,
    key: Key,
    chunks: Range<usize>,
    /// Free chunks of the pool that it leaves to more urgent tasks.
    reserve: usize,
    buffer: Arc<TrackBuffer>,
    recording: Arc<dyn Recording>,
    stop: CancellationToken,
}

/// How a task ended.
enum Outcome {
    /// The whole range is in memory, or the task was stopped.
    Done,
    /// The recording ended at that frame.
    Ended(i64),
    /// The pool had no free chunk.
    Full,
    Failed(String),
}

impl DecodeCache {
    /// Runs a worker until the cache is closed.
    pub(super) fn work(&self, kind: WorkerKind) {
        match kind {
            WorkerKind::Urgent => priority::hasten(),
            WorkerKind::ReadAhead => priority::lower(),
            WorkerKind::Clip => {}
        }
        while let Some(task) = self.next(kind) {
            let outcome = self.read(&task);
            self.finish(&task, outcome);
        }
    }

    /// Waits for a task; `None` once closed.
    fn next(&self, kind: WorkerKind) -> Option<Task> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(task) = state.take_task(kind) {
                return Some(task);
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    fn read(&self, task: &Task) -> Outcome {
        let mut pending: Vec<f32> = Vec::with_capacity(2 * CHUNK_SAMPLES);
        let (mut next, mut full) = (task.chunks.start, false);
        // One chunk more than needed: a short result then means the end of the recording.
        let range_s = (chunk_s(task.chunks.start), chunk_s(task.chunks.end + 1));
        let read = task.recording.read(range_s, &task.stop, &mut |samples| {
            pending.extend_from_slice(samples);
            let mut taken = 0;
            while pending.len() - taken >= CHUNK_SAMPLES && next < task.chunks.end {
                let (samples, now) = (&pending[taken..taken + CHUNK_SAMPLES], Instant::now());
                if !task.buffer.write(next, samples, task.reserve, now) {
                    full = true;
                    return ControlFlow::Break(());
                }
                taken += CHUNK_SAMPLES;
                next += 1;
                self.progressed(task.number, next);
            }
            pending.drain(..taken);
            if task.stop.is_cancelled() || next == task.chunks.end {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        match read {
            _ if task.stop.is_cancelled() => Outcome::Done,
            Err(why) => Outcome::Failed(why),
            Ok(()) if full => Outcome::Full,
            Ok(()) if next == task.chunks.end => Outcome::Done,
            Ok(()) => {
                let rest = pending.len() / 2;
                let now = Instant::now();
                if rest > 0 && !task.buffer.write(next, &pending, task.reserve, now) {
                    return Outcome::Full;
                }
                Outcome::Ended((next * CHUNK_FRAMES + rest) as i64)
            }
        }
    }

    fn progressed(&self, number: u64, next: usize) {
        let mut state = self.lock();
        if let Some(job) = state.jobs.iter_mut().find(|job| job.number == number) {
            job.chunks.start = next;
        }
    }

    fn finish(&self, task: &Task, outcome: Outcome) {
        let mut state = self.lock();
        state.jobs.retain(|job| job.number != task.number);
        let (mut failure, is_full) = (None, matches!(outcome, Outcome::Full));
        match outcome {
            Outcome::Done => {}
            Outcome::Ended(frame) => task.buffer.ends_at(frame),
            Outcome::Full => state.evict(&self.pool, Instant::now()),
            Outcome::Failed(why) => {
                let entry = state.entries.get_mut(&task.key);
                // The clip may have been replaced meanwhile; then the failure does not matter.
                if let Some(entry) = entry.filter(|e| Arc::ptr_eq(&e.buffer, &task.buffer)) {
                    entry.failed = true;
                    failure = Some(why);
                }
                state.wanted.retain(|wanted| wanted.key != task.key);
            }
        }
        let ready = state.newly_ready();
        let state = if is_full {
            let waited = self.changed.wait_timeout(state, RETRY);
            waited.unwrap_or_else(std::sync::PoisonError::into_inner).0
        } else {
            state
        };
        drop(state);
        self.report_ready(ready);
        if let Some(why) = failure {
            let id = match &task.key {
                Key::Clip => None,
                Key::Cue(id) => Some(id.clone()),
            };
            (self.sink)(Event::CueFailed { id, why });
        }
    }
}

impl State {
    /// The first range that is wanted, missing and not being decoded.
    fn take_task(&mut self, kind: WorkerKind) -> Option<Task> {
        let is_of_kind = |wanted: &&Wanted| {
            (wanted.key == Key::Clip) == (kind == WorkerKind::Clip)
                && (wanted.urgent || kind != WorkerKind::Urgent)
        };
        let mut ranges = self.wanted.iter().filter(is_of_kind);
        let (key, chunks) = ranges.find_map(|Wanted { key, chunks, .. }| {
            let entry = self.entries.get(key).filter(|e| !e.failed)?;
            let busy = |chunk: usize| {
                let mut jobs = self.jobs.iter().filter(|job| job.key == *key);
                // An urgent range does not wait for a read-ahead job, even if both then decode it.
                let counts =
                    |job: &Job| kind != WorkerKind::Urgent || job.kind == WorkerKind::Urgent;
                jobs.any(|job| job.chunks.contains(&chunk) && counts(job))
            };
            let most = if kind == WorkerKind::Clip {
                CLIP_JOB_CHUNKS
            } else {
                JOB_CHUNKS
            };
            let end = chunks.end.min(entry.buffer.chunks());
            let is_missing = |chunk: &usize| !entry.buffer.has(*chunk) && !busy(*chunk);
            let from = (chunks.start..end).find(|chunk| is_missing(chunk))?;
            // The job continues into adjacent wanted ranges as far as they are missing.
            let wanted = |chunk: usize| {
                let mut ranges = self.wanted.iter().filter(|wanted| wanted.key == *key);
                ranges.any(|wanted| wanted.chunks.contains(&chunk))
            };
            let last = entry.buffer.chunks().min(from + most);
            let to = (from..last).find(|c| !is_missing(c) || !wanted(*c));
            Some((key.clone(), from..to.unwrap_or(last)))
        })?;
        let entry = self.entries.get(&key)?;
        self.numbers += 1;
        let task = Task {
            number: self.numbers,
            key: key.clone(),
            chunks: chunks.clone(),
            reserve: match kind {
                WorkerKind::Urgent => 0,
                WorkerKind::ReadAhead | WorkerKind::Clip => URGENT_RESERVE,
            },
            buffer: Arc::clone(&entry.buffer),
            recording: Arc::clone(&entry.recording),
            stop: CancellationToken::new(),
        };
        self.jobs.push(Job {
            number: task.number,
            key,
            chunks,
            kind,
            stop: task.stop.clone(),
        });
        Some(task)
    }
}

const _: () = assert!(
    CHUNK_FRAMES < RATE_HZ as usize,
    "a chunk is shorter than a second"
);
