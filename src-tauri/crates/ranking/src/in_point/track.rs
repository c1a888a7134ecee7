//! The parts of a track's analysis that decide its in-point.

use crate::track_analysis::{Beats, Curves, Form, Section};

/// Seconds of a track that are searched for a start; the rest of a longer one is ignored.
const LONGEST_S: f64 = 3600.0;

/// The analysis of a track over time. Empty parts count as unknown.
#[derive(Clone, Copy, Debug)]
pub struct Track<'a> {
    /// Length of the whole track in seconds.
    pub duration_s: f64,
    /// The beats; `None` for a track without a steady pulse.
    pub beats: Option<&'a Beats>,
    /// Energy and onsets are used, the other curves are not.
    pub curves: &'a Curves,
    /// Times of ending, climax and loop.
    pub form: &'a Form,
    /// Sections in time order.
    pub sections: &'a [Section],
    /// Fit of each section's vector to the query, on any scale, higher is better; empty if unknown.
    pub section_fit: &'a [f32],
}

impl Track<'_> {
    /// The part of the track that is searched, in seconds from its start: 0 where the length is not
    /// finite.
    pub(super) fn usable_s(&self) -> f64 {
        if self.duration_s.is_finite() {
            self.duration_s.clamp(0.0, LONGEST_S)
        } else {
            0.0
        }
    }
}
