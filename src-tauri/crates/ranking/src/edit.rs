//! The edit of a clip: cuts, hits, pulse and arc. The analysis of the picture fills these types, and the ranking reads
//! them. All times are seconds of the clip, not of the range.

use crate::track_analysis::Curve;

/// The transition between two shots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CutKind {
    /// A hard cut between two frames.
    #[default]
    Cut,
    /// A fade through a flat picture, most often black.
    Fade,
    /// A dissolve: both pictures are mixed.
    Dissolve,
}

impl CutKind {
    /// The name in JSON documents.
    pub fn as_str(self) -> &'static str {
        match self {
            CutKind::Cut => "cut",
            CutKind::Fade => "fade",
            CutKind::Dissolve => "dissolve",
        }
    }
}

/// The boundary between two shots.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cut {
    /// First frame of the new shot; the middle of a fade or dissolve.
    pub time_s: f64,
    /// First and last moment of the transition; both are [`Cut::time_s`] for a hard cut.
    pub span_s: (f64, f64),
    /// The kind of transition.
    pub kind: CutKind,
    /// Clearness of the boundary, 0 to 1.
    pub score: f32,
}

/// A moment of sudden motion: an impact, turn or stop (Davis & Agrawala 2018).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hit {
    /// Seconds of the clip.
    pub time_s: f64,
    /// From 0 to 1, relative to the strongest hit of the clip.
    pub strength: f32,
}

/// The pulse of a picture: the tempo of its cuts and hits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pulse {
    /// Beats per minute of the best candidate; 0 for a picture without cuts and hits.
    pub bpm: f32,
    /// From 0 to 1; a pulse below 0.3 is too uncertain to use.
    pub confidence: f32,
    /// Candidates as (beats per minute, weight), best first; the weights sum to 1.
    pub candidates: Vec<(f32, f32)>,
    /// Time of one beat of the best candidate, in seconds of the clip.
    pub phase_s: f64,
}

/// The timing of a range of a clip, which music should follow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edit {
    /// In-point and out-point.
    pub range_s: (f64, f64),
    /// Shot boundaries within it, in time order.
    pub cuts: Vec<Cut>,
    /// Hits within it, in time order.
    pub hits: Vec<Hit>,
    /// Intensity over time, 0 to 1; the first value is at the in-point.
    pub arc: Curve,
    /// Stretches of speech, ascending and without overlap.
    pub speech_s: Vec<(f64, f64)>,
}

impl Edit {
    /// Share of the range with speech, 0 to 1, for [`crate::Brief::speech`].
    pub fn spoken(&self) -> f32 {
        let (from_s, to_s) = self.range_s;
        let length_s = to_s - from_s;
        if !length_s.is_finite() || length_s <= 0.0 {
            return 0.0;
        }
        let within = |&(a, b): &(f64, f64)| b.min(to_s) - a.max(from_s);
        let spans = self
            .speech_s
            .iter()
            .filter(|(a, b)| !(a.is_nan() || b.is_nan()));
        let spoken_s = spans.map(within).filter(|s| *s > 0.0);
        // The sum of an empty iterator is -0.
        let share = spoken_s.sum::<f64>().abs() / length_s;
        if share.is_finite() {
            share.min(1.0) as f32
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_speech_inside_the_range_counts() {
        let edit = Edit {
            range_s: (10.0, 20.0),
            speech_s: vec![(0.0, 5.0), (8.0, 12.0), (15.0, 16.0), (f64::NAN, 19.0)],
            ..Edit::default()
        };
        assert!((edit.spoken() - 0.3).abs() < 1e-6, "{}", edit.spoken());
        assert_eq!(Edit::default().spoken(), 0.0);
        let silent = Edit {
            range_s: (0.0, 9.0),
            ..Edit::default()
        };
        assert_eq!(silent.spoken().to_bits(), 0, "JSON would show a -0");
    }
}
