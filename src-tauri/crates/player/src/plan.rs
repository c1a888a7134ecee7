//! Which parts of which recordings to decode, in which order. Pure.
//!
//! 1. The selected cue and the clip, from the playhead on and at the in-point.
//! 2. The cues that the next hops probably reach, from the playhead on: those that were selected before,
//!    then those next to the selected one.
//! 3. The selected cue and the clip further ahead and behind, where seeks land.
//!
//! All other cues are decoded once they are selected. Opening a file, seeking in it and decoding the first
//! chunk takes a few milliseconds. Keeping thirty cues decoded at a moving playhead takes 8 % of a core, and
//! keeping a range of a minute of each takes 350 MB: see `docs/decisions/0012-decoded-sound.md`.
//!
//! The end of a range stays the same for some seconds, then moves by a whole step. A job of a worker thread
//! opens the file, seeks and decodes, so a few long jobs cost less than many short ones.

mod travel;

use std::ops::Range;

use crate::frames::RATE_HZ;
use travel::Travel;

const SECOND: i64 = RATE_HZ as i64;
/// Ahead of the playhead, of the selected cue and the clip, before anything else, seconds.
const URGENT_S: i64 = 1;
/// Ahead of the playhead, of the selected cue and the clip, before other cues, seconds.
const SOON_S: i64 = 8;
/// Ahead of the playhead at least, of the cues that the next hops probably reach, and the step of the end,
/// seconds.
const LIKELY_S: i64 = 10;
const LIKELY_STEP_S: i64 = 8;
/// Ahead of the playhead and behind it at least, of the selected cue and the clip, and the step of both ends,
/// seconds.
const AHEAD_S: i64 = 40;
const BEHIND_S: i64 = 20;
const AROUND_STEP_S: i64 = 20;
/// Behind the in-point, of the selected cue and the clip: a loop continues and playing starts there, seconds.
const START_S: i64 = 2;
/// Cues next to the selected one that the next hops probably reach.
const NEAR: usize = 6;
/// Cues selected before that the next hops probably reach: editors compare two or three.
pub const RECENT: usize = 2;

/// Whose sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundId {
    /// The clip's own sound.
    Clip,
    /// A cue's sound, by rank from 0.
    Cue(usize),
}

/// A part of a recording that is to be decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedRange {
    pub sound: SoundId,
    /// Frames of the recording; they can lie before its start or behind its end.
    pub frames: Range<i64>,
    /// True where its absence is heard as silence.
    pub urgent: bool,
}

/// The state of playback that the plan depends on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Playback {
    /// Frame of each cue's track at the in-point, by rank.
    pub starts: Vec<i64>,
    /// Rank of the selected cue.
    pub selected: Option<usize>,
    /// Ranks of the cues selected before, the last one first.
    pub recent: Vec<usize>,
    /// In and out, clip frames.
    pub range: (i64, i64),
    /// Whether the playhead jumps from one end of the range to the other.
    pub looping: bool,
    /// Clip frame of the playhead.
    pub playhead: i64,
    /// Clip seconds a second.
    pub rate: f64,
}

impl Playback {
    /// Ranks of the cues that the next hops probably reach, the most probable first.
    pub fn likely(&self) -> Vec<usize> {
        let (n, from) = (self.starts.len(), self.selected.unwrap_or(0));
        let mut near: Vec<usize> = (0..n).filter(|&rank| Some(rank) != self.selected).collect();
        // By distance from the selected one: the next, the one before, the next but one.
        near.sort_by_key(|&rank| (rank.abs_diff(from), rank < from));
        let recent = self.recent.iter().copied();
        let mut likely: Vec<usize> = recent
            .filter(|rank| near.contains(rank))
            .take(RECENT)
            .collect();
        near.truncate(NEAR);
        near.retain(|rank| !likely.contains(rank));
        likely.extend(near);
        likely
    }

    /// Clip frames that the playhead moves until it plays that frame of a recording; `None` where it does
    /// not get there without a seek.
    pub fn frames_until(&self, sound: SoundId, frame: i64) -> Option<i64> {
        self.travel().until(frame - self.offset(sound))
    }

    fn travel(&self) -> Travel {
        Travel::new(self.playhead, self.range, self.looping, self.rate)
    }

    /// Frame of a recording at frame 0 of the clip.
    fn offset(&self, sound: SoundId) -> i64 {
        match sound {
            SoundId::Clip => 0,
            SoundId::Cue(rank) => self.starts.get(rank).copied().unwrap_or_default() - self.range.0,
        }
    }
}

/// All wanted ranges, the most wanted first. They overlap.
pub fn wanted_ranges(playback: &Playback) -> Vec<WantedRange> {
    let selected = playback.selected.filter(|&c| c < playback.starts.len());
    let heard = || {
        selected
            .map(SoundId::Cue)
            .into_iter()
            .chain([SoundId::Clip])
    };
    let mut plan = Plan {
        playback,
        travel: playback.travel(),
        wanted_ranges: Vec::new(),
    };
    heard().for_each(|sound| plan.ahead(sound, URGENT_S, 0, true));
    heard().for_each(|sound| plan.ahead(sound, SOON_S, 0, false));
    heard().for_each(|sound| plan.start(sound));
    for rank in playback.likely() {
        plan.ahead(SoundId::Cue(rank), LIKELY_S, LIKELY_STEP_S, false);
    }
    heard().for_each(|sound| plan.ahead(sound, AHEAD_S, AROUND_STEP_S, false));
    heard().for_each(|sound| plan.behind(sound));
    plan.wanted_ranges
}

struct Plan<'a> {
    playback: &'a Playback,
    travel: Travel,
    wanted_ranges: Vec<WantedRange>,
}

impl Plan<'_> {
    fn want(&mut self, sound: SoundId, clip_frames: Range<i64>, urgent: bool) {
        let offset = self.playback.offset(sound);
        let frames = clip_frames.start + offset..clip_frames.end + offset;
        if frames.end > frames.start.max(0) {
            self.wanted_ranges.push(WantedRange {
                sound,
                frames,
                urgent,
            });
        }
    }

    /// From the playhead on at least that many seconds and up to a multiple of the step.
    fn ahead(&mut self, sound: SoundId, least_s: i64, step_s: i64, urgent: bool) {
        // Different cues take their steps at different times.
        let phase = match sound {
            SoundId::Clip => 0,
            SoundId::Cue(rank) => (rank % 8) as i64 * step_s * SECOND / 8,
        };
        for frames in self.travel.ahead(least_s, step_s, phase) {
            self.want(sound, frames, urgent);
        }
    }

    fn behind(&mut self, sound: SoundId) {
        let frames = self.travel.behind(BEHIND_S, AROUND_STEP_S);
        self.want(sound, frames, false);
    }

    fn start(&mut self, sound: SoundId) {
        let from = self.playback.range.0;
        self.want(sound, from - SECOND / 10..from + START_S * SECOND, false);
    }
}

#[cfg(test)]
mod tests;
