//! Shot boundaries: hard cuts, dissolves, fades.
//!
//! Every frame is reduced to a few small grids ([`digest`]). [`hard_cut`] and [`reframe`] examine each
//! frame; [`dissolve`] and [`fade`] examine the thumbnails of the last seconds ([`window`]). Each finds
//! stretches that may be a boundary and scores them with a small learned net ([`net`]). [`resolve`]
//! keeps the best of overlapping ones. The result is the curve: a sensitivity only selects a
//! threshold on the scores.

mod boundary;
mod digest;
mod dissolve;
mod distance;
mod fade;
mod hard_cut;
#[cfg(test)]
mod jump_tests;
mod net;
mod placing;
mod pose;
mod reframe;
mod resolve;
#[cfg(test)]
mod tests;
mod weights;
mod window;

use std::{collections::VecDeque, sync::Arc};

use needledrop_ranking::{Cut, CutKind};
use serde::{Deserialize, Serialize};

use crate::{Picture, VisionError};
use boundary::{Boundary, Kind};
use digest::FrameDigest;
use hard_cut::Step;
use window::Window;

/// Sensitivity in the middle of its scale: 0 finds only clear cuts, 1 finds all.
pub const DEFAULT_SENSITIVITY: f32 = 0.5;

/// Boundaries with a lower score are dropped.
const FORGOTTEN: f32 = 0.02;
/// Flat frames at the start of the clip, up to this length in seconds, are no shot.
const LEAD_IN_S: f64 = 0.15;
/// Largest contrast of a flat frame, levels.
const FLAT: f32 = 3.0;
/// Frames that wait for their successors, at most.
const WAITING: usize = 256;

/// Finds the shot boundaries in a sequence of frames.
///
/// Holds about 6 KB a frame for the last 3.6 s, and only the possible boundaries of the rest of the
/// clip.
pub struct ShotDetector {
    /// The waiting frames and those around them.
    steps: VecDeque<Step>,
    /// Index in `steps` of the first frame that has not been examined for a hard cut.
    next: usize,
    /// Time of the first frame.
    first_s: Option<f64>,
    window: Window,
    /// Dissolves and fades were searched up to these times.
    dissolves_from_s: f64,
    fades_from_s: f64,
    found: Vec<Boundary>,
    clues: Option<Vec<ShotClue>>,
}

/// The possible boundaries of a clip with their scores, about 40 bytes each, not overlapping. Cuts
/// at any sensitivity come from it without the frames.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShotCurve {
    found: Vec<Boundary>,
}

/// The inputs of the net for a possible boundary, for fitting its weights.
#[derive(Clone, Debug, Serialize)]
pub struct ShotClue {
    /// Kind of the boundary: `cut`, `dissolve` or `fade`.
    pub kind: &'static str,
    /// First and last moment of the change, seconds.
    pub span_s: (f64, f64),
    /// Inputs of the net, without units.
    pub clues: Vec<f32>,
}

impl Default for ShotDetector {
    fn default() -> ShotDetector {
        ShotDetector::new()
    }
}

impl ShotDetector {
    /// A detector without frames.
    pub fn new() -> ShotDetector {
        ShotDetector {
            steps: VecDeque::new(),
            next: 0,
            first_s: None,
            window: Window::default(),
            dissolves_from_s: f64::NEG_INFINITY,
            fades_from_s: f64::NEG_INFINITY,
            found: Vec::new(),
            clues: None,
        }
    }

    /// A detector that also records the inputs of the net, for fitting its weights.
    pub fn with_clues() -> ShotDetector {
        ShotDetector {
            clues: Some(Vec::new()),
            ..ShotDetector::new()
        }
    }

    /// Adds a frame: stream time in seconds, and the picture, best about 160 pixels wide. Its size
    /// may change from frame to frame. A frame that is not later than the one before is ignored.
    ///
    /// # Errors
    /// `BadPicture` where size and pixels do not agree or the time is not finite; the frame is then
    /// ignored.
    pub fn push(&mut self, time_s: f64, picture: &Picture<'_>) -> Result<(), VisionError> {
        picture.check()?;
        if !time_s.is_finite() {
            return Err(VisionError::BadPicture {
                reason: format!("expected a finite time, got {time_s}"),
            });
        }
        if self.steps.back().is_some_and(|s| time_s <= s.digest.time_s) {
            return Ok(());
        }
        self.first_s.get_or_insert(time_s);
        let digest = Arc::<FrameDigest>::from(FrameDigest::of(time_s, picture));
        self.steps
            .push_back(Step::of(self.steps.back(), digest.clone()));
        while self.next < self.steps.len()
            && (time_s - self.steps[self.next].digest.time_s > hard_cut::AROUND_S
                || self.steps.len() >= WAITING)
        {
            self.judge_next();
        }
        // Before the frame is added: after a gap it would push out frames that are not examined
        // yet.
        self.look_back(time_s);
        self.window.push(&digest);
        Ok(())
    }

    /// Ends the clip, and judges the frames that were still waiting for later ones.
    pub fn finish(self) -> ShotCurve {
        self.finish_with_clues().0
    }

    /// Ends the clip; also gives the recorded inputs of the net, in time order of each kind.
    pub fn finish_with_clues(mut self) -> (ShotCurve, Vec<ShotClue>) {
        while self.next < self.steps.len() {
            self.judge_next();
        }
        self.look_back(f64::INFINITY);
        (
            ShotCurve {
                found: resolve::resolve(self.found),
            },
            self.clues.unwrap_or_default(),
        )
    }

    fn judge_next(&mut self) {
        let at = self.next;
        let time_s = self.steps[at].digest.time_s;
        if !self.leads_in(at)
            && let Some(clues) = hard_cut::clues(&self.steps, at)
        {
            self.keep(Kind::Cut, (time_s, time_s), hard_cut::score(&clues));
            self.note(CutKind::Cut.as_str(), (time_s, time_s), &clues);
        }
        if let Some(score) = reframe::score(&self.steps, at) {
            self.keep(Kind::Cut, (time_s, time_s), score);
        }
        self.next += 1;
        // Frames before the neighbourhood of the next one are not needed any more.
        while self.next > 1 && time_s - self.steps[0].digest.time_s > 2.0 * hard_cut::AROUND_S {
            self.steps.pop_front();
            self.next -= 1;
        }
        while self.steps.len() > WAITING && self.next > 1 {
            self.steps.pop_front();
            self.next -= 1;
        }
    }

    /// Whether only flat frames come before, as in clips that begin with a black frame or two.
    fn leads_in(&self, at: usize) -> bool {
        let first_s = self.first_s.unwrap_or(0.0);
        self.steps[at].digest.time_s - first_s <= LEAD_IN_S
            && (self.steps.range(..at)).all(|s| s.digest.contrast < FLAT)
    }

    /// Searches dissolves and fades whose middle lies long enough before `now_s`.
    fn look_back(&mut self, now_s: f64) {
        for at in 0..self.window.len() {
            let middle_s = self.window.time_s(at);
            if middle_s > self.dissolves_from_s && middle_s + dissolve::HALF_S + 0.1 < now_s {
                self.dissolves_from_s = middle_s;
                if let Some(found) = dissolve::best(&self.window, middle_s) {
                    let span_s = (self.window.time_s(found.from), self.window.time_s(found.to));
                    self.keep(Kind::Dissolve, span_s, dissolve::score(&found.clues));
                    self.note(CutKind::Dissolve.as_str(), span_s, &found.clues);
                }
            }
            if middle_s > self.fades_from_s && middle_s + fade::SIDE_S < now_s {
                self.fades_from_s = middle_s;
                if let Some(found) = fade::at(&self.window, at) {
                    let span_s = (self.window.time_s(found.from), self.window.time_s(found.to));
                    self.keep(Kind::Fade, span_s, fade::score(&found.clues));
                    self.note(CutKind::Fade.as_str(), span_s, &found.clues);
                }
            }
        }
    }

    fn keep(&mut self, kind: Kind, (from_s, to_s): (f64, f64), score: f32) {
        if score >= FORGOTTEN {
            self.found.push(Boundary {
                kind,
                from_s,
                to_s,
                score,
            });
        }
    }

    fn note(&mut self, kind: &'static str, span_s: (f64, f64), clues: &[f32]) {
        if let Some(kept) = &mut self.clues {
            let clues = clues.to_vec();
            kept.push(ShotClue {
                kind,
                span_s,
                clues,
            });
        }
    }
}

impl ShotCurve {
    /// The boundaries in time order. `sensitivity` is 0 to 1, [`DEFAULT_SENSITIVITY`] to begin
    /// with. A higher one gives all boundaries of a lower one and more.
    pub fn cuts(&self, sensitivity: f32) -> Vec<Cut> {
        let sensitivity = if sensitivity.is_nan() {
            DEFAULT_SENSITIVITY
        } else {
            sensitivity
        };
        let least = 0.95 - 0.9 * sensitivity.clamp(0.0, 1.0);
        self.found
            .iter()
            .filter(|f| f.score >= least)
            .map(Boundary::cut)
            .collect()
    }
}
