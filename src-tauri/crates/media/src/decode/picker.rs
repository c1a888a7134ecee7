//! Chooses the decoded frame for each sampling time.

use crate::plan::{Route, Target};
use gstreamer as gst;
use std::collections::VecDeque;

/// A decoded frame and the sampling times that it stands for.
pub(crate) struct DecodedFrame {
    pub sample: gst::Sample,
    pub start_ns: i64,
    pub times_s: Vec<f64>,
}

/// Picks the frame that is shown at each time from a stream of decoded frames.
pub(super) struct Picker {
    waiting: VecDeque<Target>,
    planned: bool,
    previous: Option<(gst::Sample, i64)>,
    /// Start of the first picture that did not come, ns.
    pub missed_ns: Option<i64>,
}

impl Picker {
    pub fn new(route: &Route, times_s: &[f64]) -> Self {
        let (waiting, planned) = match route {
            Route::Chosen { targets, .. } => (targets.iter().cloned().collect(), true),
            Route::Straight => (
                times_s
                    .iter()
                    .map(|&t| Target {
                        start_ns: (t * 1e9).round() as i64,
                        times_s: vec![t],
                    })
                    .collect(),
                false,
            ),
        };
        Self {
            waiting,
            planned,
            previous: None,
            missed_ns: None,
        }
    }

    pub fn is_done(&self) -> bool {
        self.waiting.is_empty()
    }

    pub fn minds_damage(&self, start_ns: i64) -> bool {
        !self.planned || self.waiting.iter().any(|t| t.start_ns == start_ns)
    }

    pub fn push(&mut self, sample: gst::Sample, start_ns: i64) -> Vec<DecodedFrame> {
        let (mut before, mut now) = (Vec::new(), Vec::new());
        while let Some(target) = self.waiting.front() {
            let met = self.planned && target.start_ns == start_ns;
            if !met && start_ns <= target.start_ns {
                break;
            }
            let nearer_before = self.previous.as_ref().is_some_and(|(_, previous_ns)| {
                !self.planned || target.start_ns - previous_ns <= start_ns - target.start_ns
            });
            if self.planned && !met {
                self.missed_ns = self.missed_ns.or(Some(target.start_ns));
            }
            let times = if !met && nearer_before {
                &mut before
            } else {
                &mut now
            };
            times.extend_from_slice(&target.times_s);
            self.waiting.pop_front();
        }
        let mut shots = Vec::new();
        if let Some((previous, previous_ns)) = self.previous.take()
            && !before.is_empty()
        {
            shots.push(DecodedFrame {
                sample: previous,
                start_ns: previous_ns,
                times_s: before,
            });
        }
        if !now.is_empty() {
            shots.push(DecodedFrame {
                sample: sample.clone(),
                start_ns,
                times_s: now,
            });
        }
        self.previous = Some((sample, start_ns));
        shots
    }

    /// The last frame also stands for the times shortly after it.
    pub fn finish(&mut self) -> Option<DecodedFrame> {
        let (sample, start_ns) = self.previous.take()?;
        let duration = sample
            .buffer()
            .and_then(|b| b.duration())
            .map_or(0, |d| d.nseconds() as i64);
        let reach = start_ns + duration + 1_000_000_000;
        let mut times_s = Vec::new();
        for target in self.waiting.drain(..) {
            if target.start_ns >= reach || self.planned {
                self.missed_ns = self.missed_ns.or(Some(target.start_ns));
            }
            if target.start_ns < reach {
                times_s.extend(target.times_s);
            }
        }
        (!times_s.is_empty()).then_some(DecodedFrame {
            sample,
            start_ns,
            times_s,
        })
    }
}
