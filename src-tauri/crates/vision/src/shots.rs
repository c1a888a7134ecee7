//! Where one shot gives way to the next: hard cuts, dissolves, fades.
//!
//! Every frame is brought down to a few small grids ([`digest`]). Hard cuts are looked for frame by
//! frame ([`sudden`]), dissolves and fades in the thumbnails of the last seconds ([`mix`],
//! [`flat`]). Each finds stretches that might be a boundary and scores them with a small learned
//! net ([`net`]); what overlaps is settled once, by score ([`settle`]), and what is left is the
//! curve, which a sensitivity only cuts off at a height.

mod apart;
mod boundary;
mod digest;
mod flat;
mod mix;
mod net;
mod recent;
mod settle;
mod sudden;
#[cfg(test)]
mod tests;
mod weights;

use std::{collections::VecDeque, sync::Arc};

use needledrop_ranking::{Cut, CutKind};
use serde::{Deserialize, Serialize};

use crate::{Picture, VisionError};
use boundary::{Boundary, Kind};
use digest::FrameDigest;
use recent::Recent;
use sudden::Step;

/// The sensitivity to start from.
pub const DEFAULT_SENSITIVITY: f32 = 0.5;

/// Score below which a boundary is forgotten.
const FORGOTTEN: f32 = 0.02;
/// Frames that wait for what follows them, at most.
const WAITING: usize = 256;

/// Watches frames one after another and keeps what tells shots apart.
///
/// About 6 KB a frame are held for the last 3.6 s, and for the rest of the clip only what might be
/// a boundary.
pub struct ShotDetector {
    /// The frames around those that wait.
    steps: VecDeque<Step>,
    /// First of `steps` that has not been judged as a hard cut.
    next: usize,
    recent: Recent,
    /// Times at which no dissolve, and no fade, was looked for yet.
    mixes_from_s: f64,
    flats_from_s: f64,
    found: Vec<Boundary>,
    clues: Option<Vec<ShotClue>>,
}

/// What is kept of a clip: its possible boundaries, each with its score, about 40 bytes each and
/// apart from one another, so that a clip can be cut again at another sensitivity without its
/// frames.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShotCurve {
    found: Vec<Boundary>,
}

/// The clues that a possible boundary was scored by, for fitting the weights.
#[derive(Clone, Debug, Serialize)]
pub struct ShotClue {
    /// `cut`, `dissolve` or `fade`.
    pub kind: &'static str,
    /// First and last moment, seconds.
    pub span_s: (f64, f64),
    /// What was seen, without units.
    pub clues: Vec<f32>,
}

impl Default for ShotDetector {
    fn default() -> ShotDetector {
        ShotDetector::new()
    }
}

impl ShotDetector {
    /// A watch that has seen nothing yet.
    pub fn new() -> ShotDetector {
        ShotDetector {
            steps: VecDeque::new(),
            next: 0,
            recent: Recent::default(),
            mixes_from_s: f64::NEG_INFINITY,
            flats_from_s: f64::NEG_INFINITY,
            found: Vec::new(),
            clues: None,
        }
    }

    /// A watch that also keeps the clues of every possible boundary, for fitting the weights.
    pub fn with_clues() -> ShotDetector {
        ShotDetector {
            clues: Some(Vec::new()),
            ..ShotDetector::new()
        }
    }

    /// The next frame: stream time in seconds, and its picture, best about 160 pixels wide. Its
    /// size may differ from that of the frames before. A frame that is not later than the one
    /// before is passed over.
    ///
    /// # Errors
    /// `BadPicture` where size and pixels do not agree or the time is not finite; the frame is then
    /// left out.
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
        let digest = Arc::<FrameDigest>::from(FrameDigest::of(time_s, picture));
        self.steps
            .push_back(Step::of(self.steps.back(), digest.clone()));
        while self.next < self.steps.len()
            && (time_s - self.steps[self.next].digest.time_s > sudden::AROUND_S
                || self.steps.len() >= WAITING)
        {
            self.judge_next();
        }
        // Before the frame comes in: after a gap it would push out what was not looked at yet.
        self.look_back(time_s);
        self.recent.push(&digest);
        Ok(())
    }

    /// No more frames come.
    pub fn finish(self) -> ShotCurve {
        self.finish_with_clues().0
    }

    /// No more frames come; also the clues, in time order of their kind, of a watch that keeps them.
    pub fn finish_with_clues(mut self) -> (ShotCurve, Vec<ShotClue>) {
        while self.next < self.steps.len() {
            self.judge_next();
        }
        self.look_back(f64::INFINITY);
        (
            ShotCurve {
                found: settle::settle(self.found),
            },
            self.clues.unwrap_or_default(),
        )
    }

    fn judge_next(&mut self) {
        let at = self.next;
        let time_s = self.steps[at].digest.time_s;
        if let Some(clues) = sudden::clues(&self.steps, at) {
            self.keep(Kind::Cut, (time_s, time_s), sudden::score(&clues), &clues);
        }
        self.next += 1;
        // What lies before the frames around the next one is not looked at again.
        while self.next > 1 && time_s - self.steps[0].digest.time_s > 2.0 * sudden::AROUND_S {
            self.steps.pop_front();
            self.next -= 1;
        }
        while self.steps.len() > WAITING && self.next > 1 {
            self.steps.pop_front();
            self.next -= 1;
        }
    }

    /// Looks for dissolves and fades whose middle lies long enough before `now_s`.
    fn look_back(&mut self, now_s: f64) {
        for at in 0..self.recent.len() {
            let middle_s = self.recent.time_s(at);
            if middle_s > self.mixes_from_s && middle_s + mix::HALF_S + 0.1 < now_s {
                self.mixes_from_s = middle_s;
                if let Some(mix) = mix::best(&self.recent, middle_s) {
                    let span_s = (self.recent.time_s(mix.from), self.recent.time_s(mix.to));
                    self.keep(Kind::Dissolve, span_s, mix::score(&mix.clues), &mix.clues);
                }
            }
            if middle_s > self.flats_from_s && middle_s + flat::SIDE_S < now_s {
                self.flats_from_s = middle_s;
                if let Some(flat) = flat::at(&self.recent, at) {
                    let span_s = (self.recent.time_s(flat.from), self.recent.time_s(flat.to));
                    self.keep(Kind::Fade, span_s, flat::score(&flat.clues), &flat.clues);
                }
            }
        }
    }

    fn keep(&mut self, kind: Kind, (from_s, to_s): (f64, f64), score: f32, clues: &[f32]) {
        if score >= FORGOTTEN {
            self.found.push(Boundary {
                kind,
                from_s,
                to_s,
                score,
            });
        }
        if let Some(kept) = &mut self.clues {
            let kind = CutKind::from(kind).as_str();
            kept.push(ShotClue {
                kind,
                span_s: (from_s, to_s),
                clues: clues.to_vec(),
            });
        }
    }
}

impl ShotCurve {
    /// The boundaries in time order. `sensitivity` from 0 to 1, [`DEFAULT_SENSITIVITY`] to start
    /// from: a higher one finds more, and all that a lower one found.
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
