//! One worker: takes the most wanted part that is missing, reads it, begins again.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::{Duty, Job, Key, State, Stock};
use crate::event::Event;
use crate::frames::RATE_HZ;
use crate::pool::CHUNK_FRAMES;
use crate::priority;
use crate::recording::Recording;
use crate::reel::{Reel, chunk_s};

/// Chunks that are read at a stretch: 4 s of a track, so that the next one is not far; a minute of
/// a clip, as beginning anew costs it more than reading.
const STRETCH: usize = 47;
const CLIP_STRETCH: usize = 703;
/// Memory that was given back rests a while; then it is tried again.
const PATIENCE: Duration = Duration::from_millis(60);
/// Samples of a chunk: two channels.
const CHUNK_SAMPLES: usize = CHUNK_FRAMES * 2;

/// A part to read.
struct Task {
    number: u64,
    key: Key,
    chunks: Range<usize>,
    reel: Arc<Reel>,
    recording: Arc<dyn Recording>,
    stop: CancellationToken,
}

/// How reading it came out.
enum Outcome {
    /// All of it is in memory, or somebody stopped it.
    Done,
    /// The recording ended at that frame.
    Ended(i64),
    /// No memory was left.
    Full,
    Failed(String),
}

impl Stock {
    /// Works until the stock is closed.
    pub(super) fn work(&self, duty: Duty) {
        if duty == Duty::Ahead {
            priority::lower();
        }
        while let Some(task) = self.next(duty) {
            let outcome = self.read(&task);
            self.finish(&task, outcome);
        }
    }

    /// Waits for something to do; `None` once closed.
    fn next(&self, duty: Duty) -> Option<Task> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(task) = state.take_task(duty) {
                return Some(task);
            }
            state = self
                .news
                .wait(state)
                .unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    fn read(&self, task: &Task) -> Outcome {
        let mut pending: Vec<f32> = Vec::with_capacity(2 * CHUNK_SAMPLES);
        let (mut next, mut full) = (task.chunks.start, false);
        // A little more than is needed, so that only a recording that is over comes out short.
        let range_s = (chunk_s(task.chunks.start), chunk_s(task.chunks.end + 1));
        let read = task.recording.read(range_s, &task.stop, &mut |samples| {
            pending.extend_from_slice(samples);
            let mut taken = 0;
            while pending.len() - taken >= CHUNK_SAMPLES && next < task.chunks.end {
                let samples = &pending[taken..taken + CHUNK_SAMPLES];
                if !task.reel.write(next, samples, Instant::now()) {
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
                if rest > 0 && !task.reel.write(next, &pending, Instant::now()) {
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
            Outcome::Ended(frame) => task.reel.ends_at(frame),
            Outcome::Full => state.make_room(&self.pool, Instant::now()),
            Outcome::Failed(why) => {
                let entry = state.entries.get_mut(&task.key);
                // A clip that has been replaced meanwhile is nobody's concern.
                if let Some(entry) = entry.filter(|e| Arc::ptr_eq(&e.reel, &task.reel)) {
                    entry.failed = true;
                    failure = Some(why);
                }
                state.wanted.retain(|(key, ..)| *key != task.key);
            }
        }
        let ready = state.newly_ready();
        let state = if is_full {
            let waited = self.news.wait_timeout(state, PATIENCE);
            waited.unwrap_or_else(std::sync::PoisonError::into_inner).0
        } else {
            state
        };
        drop(state);
        self.tell_ready(ready);
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
    /// The first part that is wanted, missing, and not being read already.
    fn take_task(&mut self, duty: Duty) -> Option<Task> {
        let (key, chunks) = self.wanted.iter().find_map(|(key, run, urgent)| {
            if (*key == Key::Clip) != (duty == Duty::Clip) || duty == Duty::Urgent && !urgent {
                return None;
            }
            let entry = self.entries.get(key).filter(|e| !e.failed)?;
            let busy = |chunk: usize| {
                let mut jobs = self.jobs.iter().filter(|job| job.key == *key);
                // What is urgent does not wait for one that stands back, even if both then read it.
                let may_wait = |job: &Job| duty != Duty::Urgent || job.duty == Duty::Urgent;
                jobs.any(|job| job.chunks.contains(&chunk) && may_wait(job))
            };
            let most = if duty == Duty::Clip {
                CLIP_STRETCH
            } else {
                STRETCH
            };
            let end = run.end.min(entry.reel.chunks());
            let is_missing = |chunk: &usize| !entry.reel.has(*chunk) && !busy(*chunk);
            let from = (run.start..end).find(|chunk| is_missing(chunk))?;
            // What the plan wants right behind may be read along, as far as it is missing.
            let wanted = |chunk: usize| {
                let mut runs = self.wanted.iter().filter(|(k, ..)| k == key);
                runs.any(|(_, run, _)| run.contains(&chunk))
            };
            let last = entry.reel.chunks().min(from + most);
            let to = (from..last).find(|c| !is_missing(c) || !wanted(*c));
            Some((key.clone(), from..to.unwrap_or(last)))
        })?;
        let entry = self.entries.get(&key)?;
        self.numbers += 1;
        let task = Task {
            number: self.numbers,
            key: key.clone(),
            chunks: chunks.clone(),
            reel: Arc::clone(&entry.reel),
            recording: Arc::clone(&entry.recording),
            stop: CancellationToken::new(),
        };
        self.jobs.push(Job {
            number: task.number,
            key,
            chunks,
            duty,
            stop: task.stop.clone(),
        });
        Some(task)
    }
}

const _: () = assert!(
    CHUNK_FRAMES < RATE_HZ as usize,
    "a chunk is much less than a second"
);
