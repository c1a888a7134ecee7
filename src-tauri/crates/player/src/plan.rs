//! Which parts of which recordings to decode, in which order. Pure.
//!
//! First the selected cue and the clip at the playhead; then every cue at the playhead, the nearest to
//! the selected one first, so that a hop to any of them is heard without waiting; then the whole range
//! of the selected cue and of those that the next hops reach. The whole range of thirty cues would be
//! half an hour of sound for a range of a minute, 350 MB, most of it never heard.

use std::ops::Range;

use crate::frames::RATE_HZ;

const SECOND: i64 = RATE_HZ as i64;
/// Ahead of the playhead, of the selected cue and the clip, before anything else, seconds.
const URGENT_S: i64 = 1;
/// Ahead of the playhead, of the selected cue and the clip, seconds.
const SOON_S: i64 = 8;
/// Ahead of the playhead, of every other cue, seconds.
const WARM_S: i64 = 4;
/// Cues beside the selected one whose whole range is decoded.
const NEAR: usize = 6;
/// Furthest decoded frame from the playhead, seconds.
const FAR_S: i64 = 600;

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
    /// In and out, clip frames.
    pub range: (i64, i64),
    /// Clip frame of the playhead.
    pub playhead: i64,
    /// Clip seconds a second.
    pub rate: f64,
}

/// All wanted ranges, the most wanted first. They overlap.
pub fn wanted_ranges(playback: &Playback) -> Vec<WantedRange> {
    let order = by_distance(playback.starts.len(), playback.selected);
    let selected = playback.selected.filter(|&c| c < playback.starts.len());
    let heard = || {
        selected
            .map(SoundId::Cue)
            .into_iter()
            .chain([SoundId::Clip])
    };
    let others = || {
        order
            .iter()
            .copied()
            .filter(|&i| Some(i) != selected)
            .map(SoundId::Cue)
    };

    let mut plan = Plan {
        playback,
        wanted_ranges: Vec::new(),
    };
    heard().for_each(|sound| plan.ahead(sound, URGENT_S, true));
    heard().for_each(|sound| plan.ahead(sound, SOON_S, false));
    heard().for_each(|sound| plan.start(sound));
    others().for_each(|sound| plan.ahead(sound, WARM_S, false));
    heard().for_each(|sound| plan.whole(sound));
    others().take(NEAR).for_each(|sound| plan.whole(sound));
    plan.wanted_ranges
}

/// Ranks by distance from the selected one: it, the next, the one before, the next but one.
fn by_distance(n: usize, selected: Option<usize>) -> Vec<usize> {
    let from = selected.unwrap_or(0);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&i| (i.abs_diff(from), i < from));
    order
}

struct Plan<'a> {
    playback: &'a Playback,
    wanted_ranges: Vec<WantedRange>,
}

impl Plan<'_> {
    fn want(&mut self, sound: SoundId, clip_frames: Range<i64>, urgent: bool) {
        let offset = match sound {
            SoundId::Clip => 0,
            SoundId::Cue(i) => self.playback.starts[i] - self.playback.range.0,
        };
        let frames = clip_frames.start + offset..clip_frames.end + offset;
        if frames.end > frames.start.max(0) {
            self.wanted_ranges.push(WantedRange {
                sound,
                frames,
                urgent,
            });
        }
    }

    fn ahead(&mut self, sound: SoundId, seconds: i64, urgent: bool) {
        let (at, rate) = (self.playback.playhead, self.playback.rate);
        let length = (seconds * SECOND) as f64 * rate.abs().max(1.0);
        let length = length as i64;
        // Interpolation at other rates also reads a few frames on the other side.
        let frames = if rate < 0.0 {
            at - length..at + 64
        } else {
            at - 64..at + length
        };
        self.want(sound, frames, urgent);
    }

    /// The in-point: where a loop continues and playing starts.
    fn start(&mut self, sound: SoundId) {
        let from = self.playback.range.0;
        self.want(sound, from - SECOND / 10..from + 2 * SECOND, false);
    }

    fn whole(&mut self, sound: SoundId) {
        let ((from, to), at) = (self.playback.range, self.playback.playhead);
        let (near, far) = (at - FAR_S * SECOND, at + FAR_S * SECOND);
        let middle = at.clamp(from, to);
        self.want(sound, middle..to.min(far), false);
        self.want(sound, from.max(near)..middle, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn playback() -> Playback {
        Playback {
            starts: vec![0, 10 * SECOND, 20 * SECOND, 30 * SECOND],
            selected: Some(2),
            range: (5 * SECOND, 65 * SECOND),
            playhead: 15 * SECOND,
            rate: 1.0,
        }
    }

    fn ranks(wanted_ranges: &[WantedRange]) -> Vec<SoundId> {
        wanted_ranges.iter().map(|p| p.sound).collect()
    }

    #[test]
    fn the_selected_cue_comes_first_at_the_playhead() {
        let wanted_ranges = wanted_ranges(&playback());
        assert!(wanted_ranges[0].urgent && wanted_ranges[1].urgent);
        assert_eq!(ranks(&wanted_ranges[..2]), [SoundId::Cue(2), SoundId::Clip]);
        assert!(
            wanted_ranges[0].frames.contains(&(30 * SECOND)),
            "20 s of track at in, 10 s on"
        );
        assert!(wanted_ranges[1].frames.contains(&(15 * SECOND)));
        assert!(wanted_ranges[2..].iter().all(|p| !p.urgent));
    }

    #[test]
    fn the_other_cues_follow_by_distance_from_the_selected_one() {
        let wanted_ranges = wanted_ranges(&playback());
        assert_eq!(
            ranks(&wanted_ranges[6..9]),
            [SoundId::Cue(3), SoundId::Cue(1), SoundId::Cue(0)]
        );
        for (wanted, at_s) in wanted_ranges[6..9].iter().zip([40, 20, 10]) {
            assert!(wanted.frames.contains(&(at_s * SECOND)), "{wanted:?}");
        }
    }

    #[test]
    fn near_cues_are_wanted_whole_and_all_at_the_playhead() {
        let playback = Playback {
            starts: vec![0; 30],
            selected: Some(9),
            ..playback()
        };
        let wanted_ranges = wanted_ranges(&playback);
        let wanted = |cue: usize, at: i64| {
            let frames = |p: &WantedRange| p.sound == SoundId::Cue(cue) && p.frames.contains(&at);
            wanted_ranges.iter().any(frames)
        };
        assert!((0..30).all(|cue| wanted(cue, 12 * SECOND)), "2 s ahead");
        let whole: Vec<usize> = (0..30).filter(|&cue| wanted(cue, 50 * SECOND)).collect();
        assert_eq!(whole, [6, 7, 8, 9, 10, 11, 12]);
    }

    #[test]
    fn whole_ranges_of_near_cues_are_wanted() {
        let wanted_ranges = wanted_ranges(&playback());
        for cue in 0..4 {
            let start = playback().starts[cue];
            for at in [start, start + 30 * SECOND, start + 60 * SECOND - 1] {
                let wanted = wanted_ranges
                    .iter()
                    .any(|p| p.sound == SoundId::Cue(cue) && p.frames.contains(&at));
                assert!(wanted, "cue {cue} at {at}");
            }
        }
    }

    #[test]
    fn backwards_the_frames_before_the_playhead_are_wanted_first() {
        let mut playback = playback();
        playback.rate = -2.0;
        let first = &wanted_ranges(&playback)[0];
        assert!(first.frames.contains(&(28 * SECOND)) && !first.frames.contains(&(31 * SECOND)));
    }

    #[test]
    fn without_a_selection_the_first_ranks_come_first() {
        let playback = Playback {
            selected: None,
            ..playback()
        };
        let cues: Vec<_> = ranks(&wanted_ranges(&playback))
            .into_iter()
            .filter(|s| *s != SoundId::Clip)
            .collect();
        assert_eq!(
            cues[..3],
            [SoundId::Cue(0), SoundId::Cue(1), SoundId::Cue(2)]
        );
    }

    #[test]
    fn frames_before_the_start_of_a_track_are_not_wanted() {
        let playback = Playback {
            starts: vec![-100 * SECOND],
            selected: Some(0),
            ..playback()
        };
        assert!(
            wanted_ranges(&playback)
                .iter()
                .all(|p| p.sound == SoundId::Clip)
        );
    }
}
