//! Decodes ahead: worker threads that fill reels in the order of the plan, within a budget.

mod work;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use crate::PlayerError;
use crate::event::{Event, Sink};
use crate::plan::{Piece, Scene, Strip, pieces};
use crate::pool::{CHUNK_FRAMES, Pool};
use crate::recording::{Cue, Recording};
use crate::reel::Reel;

/// What a worker does. One for what is urgent stands by; those that read ahead stand back, and cannot
/// be called forward again; the clip's own sound is slow to begin anew and has one to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Duty {
    Urgent,
    Ahead,
    Clip,
}

const DUTIES: [Duty; 4] = [Duty::Urgent, Duty::Ahead, Duty::Ahead, Duty::Clip];
/// Chunks beyond the budget: those that rest between two uses.
const SLACK: usize = 64;
/// Tracks no longer on offer whose sound is kept while there is room: a new order brings many back.
const MOST_RETIRED: usize = 64;

/// Which cue's or clip's sound, for good: an order may change, this does not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Clip,
    Cue(String),
}

/// A recording and what is in memory of it.
pub(crate) struct Entry {
    pub reel: Arc<Reel>,
    recording: Arc<dyn Recording>,
    failed: bool,
    told_ready: bool,
    /// The offer in which it was last seen.
    offered: u64,
}

/// What a worker is doing.
struct Job {
    number: u64,
    key: Key,
    chunks: Range<usize>,
    duty: Duty,
    stop: CancellationToken,
}

#[derive(Default)]
struct State {
    scene: Scene,
    /// Cues by rank.
    order: Vec<String>,
    entries: HashMap<Key, Entry>,
    /// What the plan asks for and the budget allows, in order.
    wanted: Vec<(Key, Range<usize>, bool)>,
    jobs: Vec<Job>,
    numbers: u64,
    offers: u64,
    /// Reels that are listed nowhere any more but may still be heard.
    attic: Vec<Arc<Reel>>,
    closed: bool,
}

/// The stock of decoded sound.
pub(crate) struct Stock {
    pool: Arc<Pool>,
    budget: usize,
    state: Mutex<State>,
    news: Condvar,
    sink: Sink,
}

impl Stock {
    /// Opens with so many bytes of memory and starts its threads; they end with [`close`](Stock::close).
    pub fn open(budget_bytes: usize, sink: Sink) -> Result<Arc<Stock>, PlayerError> {
        let budget = (budget_bytes / crate::pool::CHUNK_BYTES).max(SLACK);
        let stock = Arc::new(Stock {
            pool: Arc::new(Pool::new((budget + SLACK) * crate::pool::CHUNK_BYTES)),
            budget,
            state: Mutex::default(),
            news: Condvar::new(),
            sink,
        });
        for duty in DUTIES {
            let stock = Arc::clone(&stock);
            let name = match duty {
                Duty::Urgent => "decode-now",
                Duty::Ahead => "decode-ahead",
                Duty::Clip => "clip-sound",
            };
            std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || stock.work(duty))
                .map_err(|source| PlayerError::NoThread { source })?;
        }
        Ok(stock)
    }

    /// Ends all work.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.jobs.iter().for_each(|job| job.stop.cancel());
        drop(state);
        self.news.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a clip's own sound; the reel that will hold it.
    pub fn load_clip(
        &self,
        recording: Option<Arc<dyn Recording>>,
        duration_s: f64,
    ) -> Option<Arc<Reel>> {
        let mut state = self.lock();
        for job in state.jobs.iter().filter(|job| job.key == Key::Clip) {
            job.stop.cancel();
        }
        let entry = recording.map(|recording| self.entry(recording, duration_s, 0));
        let reel = entry.as_ref().map(|entry| Arc::clone(&entry.reel));
        let old = match entry {
            Some(entry) => state.entries.insert(Key::Clip, entry),
            None => state.entries.remove(&Key::Clip),
        };
        state.attic.extend(old.map(|entry| entry.reel));
        drop(state);
        reel
    }

    /// Takes cues in rank order. One with the id of an earlier one is taken for the same recording.
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
                (entry.failed, entry.told_ready) = (false, false);
            } else {
                let entry = self.entry(Arc::clone(&cue.recording), cue.duration_s, offer);
                state.entries.insert(key, entry);
            }
        }
        state.retire();
    }

    fn entry(&self, recording: Arc<dyn Recording>, duration_s: f64, offered: u64) -> Entry {
        Entry {
            reel: Arc::new(Reel::new(Arc::clone(&self.pool), duration_s)),
            recording,
            failed: false,
            told_ready: false,
            offered,
        }
    }

    /// The reel of a cue.
    pub fn reel(&self, id: &str) -> Option<Arc<Reel>> {
        let state = self.lock();
        let entry = state.entries.get(&Key::Cue(id.to_owned()));
        entry.map(|entry| Arc::clone(&entry.reel))
    }

    /// Bytes of sound in memory.
    pub fn bytes_in_use(&self) -> usize {
        self.pool.in_use() * crate::pool::CHUNK_BYTES
    }

    /// Plans anew: what is urgent now stops what is not.
    pub fn set_scene(&self, scene: Scene, now: Instant) {
        let mut state = self.lock();
        state.scene = scene;
        state.plan(self.budget);
        state.make_room(&self.pool, now);
        state.hurry();
        let ready = state.newly_ready();
        drop(state);
        self.news.notify_all();
        self.tell_ready(ready);
    }

    fn tell_ready(&self, ready: Vec<String>) {
        for id in ready {
            (self.sink)(Event::CueReady { id });
        }
    }
}

impl State {
    fn key(&self, strip: Strip) -> Option<Key> {
        match strip {
            Strip::Clip => Some(Key::Clip),
            Strip::Cue(rank) => self.order.get(rank).cloned().map(Key::Cue),
        }
    }

    /// Lists the chunks that are wanted, most wanted first, as far as the budget goes.
    fn plan(&mut self, budget: usize) {
        self.wanted.clear();
        let mut seen: HashMap<Key, Vec<bool>> = HashMap::new();
        let mut left = budget;
        for Piece {
            strip,
            frames,
            urgent,
        } in pieces(&self.scene)
        {
            let Some((key, entry)) = self
                .key(strip)
                .and_then(|k| Some((k.clone(), self.entries.get(&k)?)))
            else {
                continue;
            };
            if entry.failed {
                continue;
            }
            let all = entry.reel.chunks();
            let place = |frame: i64| (frame.max(0) as usize).min(all * CHUNK_FRAMES);
            let (from, to) = (
                place(frames.start) / CHUNK_FRAMES,
                place(frames.end).div_ceil(CHUNK_FRAMES),
            );
            let seen = seen.entry(key.clone()).or_insert_with(|| vec![false; all]);
            seen.resize(seen.len().max(to), false);
            for run in runs(from..to, |chunk| !seen[chunk]) {
                let run = run.start..run.end.min(run.start + left);
                left -= run.len();
                seen[run.clone()].fill(true);
                if !run.is_empty() {
                    self.wanted.push((key.clone(), run, urgent));
                }
            }
        }
    }

    /// Lets go of sound that is not wanted, as far as what is wanted needs its place.
    fn make_room(&mut self, pool: &Pool, now: Instant) {
        self.attic.retain(|reel| Arc::strong_count(reel) > 1);
        let has =
            |key: &Key, chunk: usize| self.entries.get(key).is_some_and(|e| e.reel.has(chunk));
        let missing: usize = self
            .wanted
            .iter()
            .map(|(key, run, _)| run.clone().filter(|&c| !has(key, c)).count())
            .sum();
        let mut needed = (pool.in_use() + missing + SLACK / 2).saturating_sub(pool.capacity());
        for (key, entry) in &self.entries {
            let wanted: Vec<&Range<usize>> = self
                .wanted
                .iter()
                .filter_map(|(k, run, _)| (k == key).then_some(run))
                .collect();
            for chunk in 0..entry.reel.chunks() {
                if needed == 0 {
                    return;
                }
                if !wanted.iter().any(|run| run.contains(&chunk)) && entry.reel.forget(chunk, now) {
                    needed -= 1;
                }
            }
        }
    }

    /// Stops what was urgent and is not any more, where something else is.
    fn hurry(&self) {
        for job in self.jobs.iter().filter(|job| job.duty != Duty::Ahead) {
            let is_clip = job.duty == Duty::Clip;
            let mut urgent = self
                .wanted
                .iter()
                .filter(|(key, _, urgent)| *urgent && (*key == Key::Clip) == is_clip);
            let covers = |key: &Key, run: &Range<usize>| {
                *key == job.key && run.start < job.chunks.end && job.chunks.start < run.end
            };
            let lacks = |key: &Key, run: &Range<usize>| {
                let entry = self.entries.get(key).filter(|entry| !entry.failed);
                entry.is_some_and(|e| run.clone().any(|chunk| !e.reel.has(chunk)))
            };
            let is_other = urgent.any(|(key, run, _)| lacks(key, run) && !covers(key, run));
            if is_other {
                job.stop.cancel();
            }
        }
    }

    /// Cues that have just become playable at the playhead, each told once an offer.
    fn newly_ready(&mut self) -> Vec<String> {
        let mut ready = Vec::new();
        let half_a_second = i64::from(crate::RATE_HZ) / 2;
        for (rank, id) in self.order.iter().enumerate() {
            let Some(entry) = self.entries.get_mut(&Key::Cue(id.clone())) else {
                continue;
            };
            let start = self.scene.starts.get(rank).copied().unwrap_or(0);
            let at = self.scene.playhead - self.scene.range.0 + start;
            if !entry.told_ready && !entry.failed && entry.reel.holds(at..at + half_a_second) {
                entry.told_ready = true;
                ready.push(id.clone());
            }
        }
        ready
    }

    /// Lets the longest unoffered go where there are too many.
    fn retire(&mut self) {
        let now = self.offers;
        let mut retired: Vec<(u64, Key)> = self
            .entries
            .iter()
            .filter(|(key, entry)| **key != Key::Clip && entry.offered < now)
            .map(|(key, entry)| (entry.offered, key.clone()))
            .collect();
        retired.sort_by_key(|(offered, _)| std::cmp::Reverse(*offered));
        for (_, key) in retired.into_iter().skip(MOST_RETIRED) {
            let gone = self.entries.remove(&key);
            self.attic.extend(gone.map(|entry| entry.reel));
        }
    }
}

/// The runs of a range in which `take` holds.
fn runs(range: Range<usize>, take: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in range.filter(|&at| take(at)) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

#[cfg(test)]
mod tests;
