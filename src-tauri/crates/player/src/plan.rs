//! What to decode first. Pure.
//!
//! What is heard now and next comes first; then every cue from the playhead on, the nearest to the
//! chosen one first, so that a hop to any of them is heard at once; then the whole range of it and of
//! those that the next hops reach. All thirty whole are half an hour of sound, 350 MB, for a range of a minute,
//! and most of it is never heard.

use std::ops::Range;

use crate::frames::RATE_HZ;

const SECOND: i64 = RATE_HZ as i64;
/// Ahead of the playhead: what must be there at once, what keeps it playing, and what makes a hop
/// warm, seconds.
const URGENT_S: i64 = 1;
const SOON_S: i64 = 8;
const WARM_S: i64 = 4;
/// So many cues beside the chosen one are decoded whole.
const NEAR: usize = 6;
/// No range is decoded further than this from the playhead, seconds.
const FAR_S: i64 = 600;

/// Whose sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strip {
    /// The clip's own.
    Clip,
    /// That cue's, by rank.
    Cue(usize),
}

/// A part of a recording that should be in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub strip: Strip,
    /// Frames of the recording; may reach before its start or behind its end.
    pub frames: Range<i64>,
    /// Silence is heard until it is there.
    pub urgent: bool,
}

/// What is on stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// Frame of each cue's track at the in-point, by rank.
    pub starts: Vec<i64>,
    /// The rank of the chosen one.
    pub chosen: Option<usize>,
    /// In and out, clip frames.
    pub range: (i64, i64),
    /// Clip frame.
    pub playhead: i64,
    /// Clip seconds for each second.
    pub rate: f64,
}

/// Everything that is wanted, the most wanted first; pieces overlap.
pub fn pieces(scene: &Scene) -> Vec<Piece> {
    let order = by_distance(scene.starts.len(), scene.chosen);
    let chosen = scene.chosen.filter(|&c| c < scene.starts.len());
    let heard = || chosen.map(Strip::Cue).into_iter().chain([Strip::Clip]);
    let others = || {
        order
            .iter()
            .copied()
            .filter(|&i| Some(i) != chosen)
            .map(Strip::Cue)
    };

    let mut plan = Plan {
        scene,
        pieces: Vec::new(),
    };
    heard().for_each(|strip| plan.ahead(strip, URGENT_S, true));
    heard().for_each(|strip| plan.ahead(strip, SOON_S, false));
    heard().for_each(|strip| plan.start(strip));
    others().for_each(|strip| plan.ahead(strip, WARM_S, false));
    heard().for_each(|strip| plan.whole(strip));
    others().take(NEAR).for_each(|strip| plan.whole(strip));
    plan.pieces
}

/// Ranks from the chosen one outwards: it, the next, the one before, the next but one.
fn by_distance(n: usize, chosen: Option<usize>) -> Vec<usize> {
    let from = chosen.unwrap_or(0);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&i| (i.abs_diff(from), i < from));
    order
}

struct Plan<'a> {
    scene: &'a Scene,
    pieces: Vec<Piece>,
}

impl Plan<'_> {
    fn want(&mut self, strip: Strip, clip_frames: Range<i64>, urgent: bool) {
        let offset = match strip {
            Strip::Clip => 0,
            Strip::Cue(i) => self.scene.starts[i] - self.scene.range.0,
        };
        let frames = clip_frames.start + offset..clip_frames.end + offset;
        if frames.end > frames.start.max(0) {
            self.pieces.push(Piece {
                strip,
                frames,
                urgent,
            });
        }
    }

    fn ahead(&mut self, strip: Strip, seconds: i64, urgent: bool) {
        let (at, rate) = (self.scene.playhead, self.scene.rate);
        let length = (seconds * SECOND) as f64 * rate.abs().max(1.0);
        let length = length as i64;
        // A little to the other side too, for what lies between frames.
        let frames = if rate < 0.0 {
            at - length..at + 64
        } else {
            at - 64..at + length
        };
        self.want(strip, frames, urgent);
    }

    /// Where a loop comes back to, or play begins.
    fn start(&mut self, strip: Strip) {
        let from = self.scene.range.0;
        self.want(strip, from - SECOND / 10..from + 2 * SECOND, false);
    }

    fn whole(&mut self, strip: Strip) {
        let ((from, to), at) = (self.scene.range, self.scene.playhead);
        let (near, far) = (at - FAR_S * SECOND, at + FAR_S * SECOND);
        let turn = at.clamp(from, to);
        self.want(strip, turn..to.min(far), false);
        self.want(strip, from.max(near)..turn, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene() -> Scene {
        Scene {
            starts: vec![0, 10 * SECOND, 20 * SECOND, 30 * SECOND],
            chosen: Some(2),
            range: (5 * SECOND, 65 * SECOND),
            playhead: 15 * SECOND,
            rate: 1.0,
        }
    }

    fn ranks(pieces: &[Piece]) -> Vec<Strip> {
        pieces.iter().map(|p| p.strip).collect()
    }

    #[test]
    fn the_chosen_one_comes_first_and_from_the_playhead_on() {
        let pieces = pieces(&scene());
        assert!(pieces[0].urgent && pieces[1].urgent);
        assert_eq!(ranks(&pieces[..2]), [Strip::Cue(2), Strip::Clip]);
        assert!(
            pieces[0].frames.contains(&(30 * SECOND)),
            "20 s of track at in, 10 s on"
        );
        assert!(pieces[1].frames.contains(&(15 * SECOND)));
        assert!(pieces[2..].iter().all(|p| !p.urgent));
    }

    #[test]
    fn the_others_follow_by_distance_at_the_playhead() {
        let pieces = pieces(&scene());
        assert_eq!(
            ranks(&pieces[6..9]),
            [Strip::Cue(3), Strip::Cue(1), Strip::Cue(0)]
        );
        for (piece, at_s) in pieces[6..9].iter().zip([40, 20, 10]) {
            assert!(piece.frames.contains(&(at_s * SECOND)), "{piece:?}");
        }
    }

    #[test]
    fn only_near_cues_are_wanted_whole_but_all_are_warm() {
        let scene = Scene {
            starts: vec![0; 30],
            chosen: Some(9),
            ..scene()
        };
        let pieces = pieces(&scene);
        let wanted = |cue: usize, at: i64| {
            let frames = |p: &Piece| p.strip == Strip::Cue(cue) && p.frames.contains(&at);
            pieces.iter().any(frames)
        };
        assert!((0..30).all(|cue| wanted(cue, 12 * SECOND)), "2 s ahead");
        let whole: Vec<usize> = (0..30).filter(|&cue| wanted(cue, 50 * SECOND)).collect();
        assert_eq!(whole, [6, 7, 8, 9, 10, 11, 12]);
    }

    #[test]
    fn in_the_end_whole_ranges_are_wanted() {
        let pieces = pieces(&scene());
        for cue in 0..4 {
            let start = scene().starts[cue];
            for at in [start, start + 30 * SECOND, start + 60 * SECOND - 1] {
                let wanted = pieces
                    .iter()
                    .any(|p| p.strip == Strip::Cue(cue) && p.frames.contains(&at));
                assert!(wanted, "cue {cue} at {at}");
            }
        }
    }

    #[test]
    fn backwards_what_lies_behind_is_wanted_first() {
        let mut scene = scene();
        scene.rate = -2.0;
        let first = &pieces(&scene)[0];
        assert!(first.frames.contains(&(28 * SECOND)) && !first.frames.contains(&(31 * SECOND)));
    }

    #[test]
    fn without_a_choice_the_first_ranks_are_warm_first() {
        let scene = Scene {
            chosen: None,
            ..scene()
        };
        let cues: Vec<_> = ranks(&pieces(&scene))
            .into_iter()
            .filter(|s| *s != Strip::Clip)
            .collect();
        assert_eq!(cues[..3], [Strip::Cue(0), Strip::Cue(1), Strip::Cue(2)]);
    }

    #[test]
    fn what_lies_before_a_track_is_not_wanted() {
        let scene = Scene {
            starts: vec![-100 * SECOND],
            chosen: Some(0),
            ..scene()
        };
        assert!(pieces(&scene).iter().all(|p| p.strip == Strip::Clip));
    }
}
