//! What the analysis found out about a track over time.

use crate::heard::{Beats, Curves, Form, Section};

/// Seconds of a track that are searched for a start; the rest of a longer one is ignored.
const LONGEST_S: f64 = 3600.0;

/// What is known of a track in time, as the analysis found it. Empty parts count as unknown.
#[derive(Clone, Copy, Debug)]
pub struct Track<'a> {
    /// Length in seconds.
    pub duration_s: f64,
    /// Beats, where it has any that can be followed.
    pub beats: Option<&'a Beats>,
    /// Energy and onsets; the other curves are not read.
    pub curves: &'a Curves,
    /// Ending, climax, loop.
    pub form: &'a Form,
    /// Sections in time order.
    pub sections: &'a [Section],
    /// How well each section's vector fits the query, any scale, higher is better; empty where
    /// that is not known.
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
