//! Which chunks make room for others.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use super::schedule::{Key, State};
use crate::chunk_pool::{CHUNK_FRAMES, ChunkPool};
use crate::plan::{Playback, SoundId};

/// Chunks of the budget that the plan leaves free, 4 MiB: freed chunks wait before they are used again, and
/// running jobs finish chunks that are no longer wanted.
pub(super) const RESERVE: usize = 256;
/// Free chunks that only the urgent worker takes, 2 MiB: a second of sound for ten hops within a moment.
pub(super) const URGENT_RESERVE: usize = 128;

/// How soon the chunks of a recording may be heard again; the greatest goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    Heard,
    /// The next hops probably reach it.
    Likely,
    Offered,
    Unoffered,
}

impl State {
    /// Frees unwanted chunks until the missing wanted ones have room, and [`RESERVE`] more. First go those of
    /// the recordings that are heard the least likely, in each of them those that play the latest.
    pub fn evict(&mut self, pool: &ChunkPool, now: Instant) {
        self.retired.retain(|buffer| Arc::strong_count(buffer) > 1);
        let missing: usize = self
            .wanted
            .iter()
            .filter_map(|wanted| Some((self.entries.get(&wanted.key)?, &wanted.chunks)))
            .map(|(entry, chunks)| chunks.clone().filter(|&c| !entry.buffer.has(c)).count())
            .sum();
        let needed = (pool.in_use() + missing + RESERVE).saturating_sub(pool.capacity());
        if needed == 0 {
            return;
        }
        let mut unwanted = self.unwanted();
        unwanted
            .sort_unstable_by_key(|&(nearness, until, ..)| std::cmp::Reverse((nearness, until)));
        for (_, _, key, chunk) in unwanted.into_iter().take(needed) {
            if let Some(entry) = self.entries.get(key) {
                entry.buffer.forget(chunk, now);
            }
        }
    }

    /// The chunks in memory that are neither wanted nor fading out, and the frames until each of them plays.
    fn unwanted(&self) -> Vec<(Nearness, i64, &Key, usize)> {
        let mut kept: HashMap<&Key, Vec<&Range<usize>>> = HashMap::new();
        let wanted = self.wanted.iter().map(|w| (&w.key, &w.chunks));
        let fading = self.fading.iter().map(|f| (&f.key, &f.chunks));
        for (key, chunks) in wanted.chain(fading) {
            kept.entry(key).or_default().push(chunks);
        }
        let ranks: HashMap<&str, usize> = self.order.iter().map(String::as_str).zip(0..).collect();
        let likely = self.playback.likely();
        let mut unwanted = Vec::new();
        for (key, entry) in &self.entries {
            let sound = match key {
                Key::Clip => Some(SoundId::Clip),
                Key::Cue(id) => ranks.get(id.as_str()).map(|rank| SoundId::Cue(*rank)),
            };
            let nearness = nearness(sound, &self.playback, &likely);
            let kept = kept.get(key).map_or(&[][..], Vec::as_slice);
            for chunk in 0..entry.buffer.chunks() {
                if entry.buffer.has(chunk) && !kept.iter().any(|range| range.contains(&chunk)) {
                    let until = sound.and_then(|sound| self.until(sound, chunk));
                    unwanted.push((nearness, until.unwrap_or(i64::MAX), key, chunk));
                }
            }
        }
        unwanted
    }

    /// Clip frames until a chunk plays; `None` where it does not without a seek.
    fn until(&self, sound: SoundId, chunk: usize) -> Option<i64> {
        let first = (chunk * CHUNK_FRAMES) as i64;
        // While the playhead is inside the chunk, one of its ends lies behind it.
        let ends = [first, first + CHUNK_FRAMES as i64 - 1];
        let until = ends.map(|frame| self.playback.frames_until(sound, frame));
        until.into_iter().flatten().min()
    }
}

fn nearness(sound: Option<SoundId>, playback: &Playback, likely: &[usize]) -> Nearness {
    match sound {
        None => Nearness::Unoffered,
        Some(SoundId::Clip) => Nearness::Heard,
        Some(SoundId::Cue(rank)) if playback.selected == Some(rank) => Nearness::Heard,
        Some(SoundId::Cue(rank)) if likely.contains(&rank) => Nearness::Likely,
        Some(SoundId::Cue(_)) => Nearness::Offered,
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::chunk_pool::CHUNK_BYTES;
    use crate::decode_cache::schedule::Entry;
    use crate::frames::RATE_HZ;
    use crate::recording::Recording;
    use crate::track_buffer::TrackBuffer;

    const SECOND: i64 = RATE_HZ as i64;

    struct Unread;

    impl Recording for Unread {
        fn read(
            &self,
            _: (f64, f64),
            _: &CancellationToken,
            _: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
        ) -> Result<(), String> {
            Ok(())
        }
    }

    /// A pool of that many chunks, filled by the first 20 s of two cues; the first is selected.
    fn filled(chunks: usize) -> (Arc<ChunkPool>, State) {
        let (pool, now) = (
            Arc::new(ChunkPool::new(chunks * CHUNK_BYTES)),
            Instant::now(),
        );
        let mut state = State {
            order: vec!["a".to_owned(), "b".to_owned()],
            playback: Playback {
                starts: vec![0, 0],
                selected: Some(0),
                range: (0, 20 * SECOND),
                looping: true,
                playhead: 10 * SECOND,
                rate: 1.0,
                ..Playback::default()
            },
            ..State::default()
        };
        for id in &state.order {
            let buffer = Arc::new(TrackBuffer::new(Arc::clone(&pool), 90.0));
            for chunk in 0..(20 * SECOND as usize).div_ceil(CHUNK_FRAMES) {
                assert!(buffer.write(chunk, &[], 0, now));
            }
            let entry = Entry {
                buffer,
                recording: Arc::new(Unread),
                failed: false,
                ready_reported: false,
                offered: 0,
            };
            state.entries.insert(Key::Cue(id.clone()), entry);
        }
        (pool, state)
    }

    fn holds(state: &State, id: &str, seconds: Range<i64>) -> bool {
        let entry = &state.entries[&Key::Cue(id.to_owned())];
        entry
            .buffer
            .holds(seconds.start * SECOND..seconds.end * SECOND)
    }

    #[test]
    fn chunks_that_play_soonest_are_kept() {
        let (pool, mut state) = filled(RESERVE + 400);
        state.evict(&pool, Instant::now());
        assert_eq!(pool.in_use(), 400);
        assert!(holds(&state, "a", 0..20), "the selected cue is kept");
        assert!(holds(&state, "b", 10..20) && holds(&state, "b", 0..4));
        assert!(!holds(&state, "b", 9..10), "what played last goes first");
    }

    #[test]
    fn cues_no_longer_on_offer_go_first() {
        let (pool, mut state) = filled(RESERVE + 235);
        state.order.truncate(1);
        state.playback.starts.truncate(1);
        state.evict(&pool, Instant::now());
        assert!(holds(&state, "a", 0..20) && !holds(&state, "b", 0..1));
    }

    #[test]
    fn wanted_chunks_are_never_evicted() {
        let (pool, mut state) = filled(RESERVE + 400);
        state.plan(300, Instant::now());
        state.evict(&pool, Instant::now());
        for wanted in &state.wanted {
            let buffer = &state.entries[&wanted.key].buffer;
            let mut filled = wanted.chunks.clone().filter(|&chunk| chunk < 234);
            assert!(filled.all(|chunk| buffer.has(chunk)));
        }
    }
}
