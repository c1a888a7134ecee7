//! Which chunks are wanted and which are being decoded.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::worker_kind::WorkerKind;
use crate::chunk_pool::CHUNK_FRAMES;
use crate::plan::{Playback, SoundId, WantedRange, wanted_ranges};
use crate::recording::Recording;
use crate::track_buffer::TrackBuffer;

/// Tracks no longer on offer that keep their sound while there is room: another order of the rows
/// brings many of them back.
const MAX_UNOFFERED: usize = 64;
/// Time for which chunks that were about to play are kept: the output's latency of at most 50 ms and the
/// fade of 5 ms, with a margin for a late audio thread.
const FADE_OUT: Duration = Duration::from_millis(500);

/// Whose sound. Unlike a rank, it stays the same when the order changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Clip,
    Cue(String),
}

/// A recording and its buffer.
pub(super) struct Entry {
    pub buffer: Arc<TrackBuffer>,
    pub recording: Arc<dyn Recording>,
    pub failed: bool,
    pub ready_reported: bool,
    /// Number of the last offer that held it.
    pub offered: u64,
}

/// A range that a worker is decoding.
pub(super) struct Job {
    pub number: u64,
    pub key: Key,
    pub chunks: Range<usize>,
    pub kind: WorkerKind,
    pub stop: CancellationToken,
}

/// Chunks that are to be in memory.
pub(super) struct Wanted {
    pub key: Key,
    pub chunks: Range<usize>,
    /// True where their absence is heard as silence.
    pub urgent: bool,
}

/// Chunks that were about to play a moment ago. After a hop or a seek a voice still fades out in them.
pub(super) struct Fading {
    pub key: Key,
    pub chunks: Range<usize>,
    until: Instant,
}

/// Everything that the workers and callers share.
#[derive(Default)]
pub(super) struct State {
    pub playback: Playback,
    /// Ids of the cues, by rank.
    pub order: Vec<String>,
    pub entries: HashMap<Key, Entry>,
    /// Chunks that the plan asks for and the budget allows, most wanted first, without overlap.
    pub wanted: Vec<Wanted>,
    /// The urgent chunks of the plans of the last [`FADE_OUT`].
    pub fading: Vec<Fading>,
    pub jobs: Vec<Job>,
    pub numbers: u64,
    pub offers: u64,
    /// Buffers without an entry that the audio thread may still read.
    pub retired: Vec<Arc<TrackBuffer>>,
    pub closed: bool,
}

impl State {
    fn key(&self, sound: SoundId) -> Option<Key> {
        match sound {
            SoundId::Clip => Some(Key::Clip),
            SoundId::Cue(rank) => self.order.get(rank).cloned().map(Key::Cue),
        }
    }

    /// Fills `wanted`, up to `budget` chunks.
    pub fn plan(&mut self, budget: usize, now: Instant) {
        let before = self.wanted.drain(..).filter(|wanted| wanted.urgent);
        self.fading.extend(before.map(|wanted| Fading {
            key: wanted.key,
            chunks: wanted.chunks,
            until: now + FADE_OUT,
        }));
        self.fading.retain(|fading| fading.until > now);
        let mut listed: HashMap<Key, Vec<bool>> = HashMap::new();
        let mut left = budget;
        for WantedRange {
            sound,
            frames,
            urgent,
        } in wanted_ranges(&self.playback)
        {
            let Some((key, entry)) = self
                .key(sound)
                .and_then(|k| Some((k.clone(), self.entries.get(&k)?)))
            else {
                continue;
            };
            if entry.failed {
                continue;
            }
            let all = entry.buffer.chunks();
            let place = |frame: i64| (frame.max(0) as usize).min(all * CHUNK_FRAMES);
            let (from, to) = (
                place(frames.start) / CHUNK_FRAMES,
                place(frames.end).div_ceil(CHUNK_FRAMES),
            );
            let listed = listed
                .entry(key.clone())
                .or_insert_with(|| vec![false; all]);
            listed.resize(listed.len().max(to), false);
            for run in runs(from..to, |chunk| !listed[chunk]) {
                let chunks = run.start..run.end.min(run.start + left);
                left -= chunks.len();
                listed[chunks.clone()].fill(true);
                if !chunks.is_empty() {
                    self.wanted.push(Wanted {
                        key: key.clone(),
                        chunks,
                        urgent,
                    });
                }
            }
        }
    }

    /// Stops jobs of the urgent workers that a more urgent range overtakes.
    pub fn cancel_overtaken(&self) {
        for job in self
            .jobs
            .iter()
            .filter(|job| job.kind != WorkerKind::ReadAhead)
        {
            let is_clip = job.kind == WorkerKind::Clip;
            let mut urgent = self
                .wanted
                .iter()
                .filter(|wanted| wanted.urgent && (wanted.key == Key::Clip) == is_clip);
            let covers = |wanted: &Wanted| {
                wanted.key == job.key
                    && wanted.chunks.start < job.chunks.end
                    && job.chunks.start < wanted.chunks.end
            };
            let lacks = |wanted: &Wanted| {
                let entry = self.entries.get(&wanted.key).filter(|entry| !entry.failed);
                entry.is_some_and(|e| wanted.chunks.clone().any(|chunk| !e.buffer.has(chunk)))
            };
            let is_other = urgent.any(|wanted| lacks(wanted) && !covers(wanted));
            if is_other {
                job.stop.cancel();
            }
        }
    }

    /// Cues that have become playable at the playhead; each is given once an offer.
    pub fn newly_ready(&mut self) -> Vec<String> {
        let mut ready = Vec::new();
        let half_a_second = i64::from(crate::RATE_HZ) / 2;
        for (rank, id) in self.order.iter().enumerate() {
            let Some(entry) = self.entries.get_mut(&Key::Cue(id.clone())) else {
                continue;
            };
            let start = self.playback.starts.get(rank).copied().unwrap_or(0);
            let at = self.playback.playhead - self.playback.range.0 + start;
            if !entry.ready_reported && !entry.failed && entry.buffer.holds(at..at + half_a_second)
            {
                entry.ready_reported = true;
                ready.push(id.clone());
            }
        }
        ready
    }

    /// Drops the tracks that have been off offer the longest where there are more than
    /// [`MAX_UNOFFERED`].
    pub fn forget_unoffered(&mut self) {
        let now = self.offers;
        let mut unoffered: Vec<(u64, Key)> = self
            .entries
            .iter()
            .filter(|(key, entry)| **key != Key::Clip && entry.offered < now)
            .map(|(key, entry)| (entry.offered, key.clone()))
            .collect();
        unoffered.sort_by_key(|(offered, _)| std::cmp::Reverse(*offered));
        for (_, key) in unoffered.into_iter().skip(MAX_UNOFFERED) {
            let gone = self.entries.remove(&key);
            self.retired.extend(gone.map(|entry| entry.buffer));
        }
    }
}

/// The runs of a range for whose members `take` holds.
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
