//! What is seen in a clip: the plain types that the look fills and the ranking reads. All times
//! are seconds of the clip, not of the range.

use crate::heard::Curve;

/// How one shot gives way to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CutKind {
    /// From one frame to the next.
    #[default]
    Cut,
    /// Through a flat picture, black most often.
    Fade,
    /// One picture over the other.
    Dissolve,
}

impl CutKind {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            CutKind::Cut => "cut",
            CutKind::Fade => "fade",
            CutKind::Dissolve => "dissolve",
        }
    }
}

/// A shot boundary.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cut {
    /// First frame of the new shot; the middle of a fade or dissolve.
    pub time_s: f64,
    /// First and last moment of the change; both [`Cut::time_s`] for a hard cut.
    pub span_s: (f64, f64),
    /// How the shots change.
    pub kind: CutKind,
    /// How clear it is, 0 to 1.
    pub score: f32,
}

/// A moment at which something in the picture hits, turns or stops (Davis & Agrawala 2018).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hit {
    /// When.
    pub time_s: f64,
    /// How hard, 0 to 1, the hardest of the clip being 1.
    pub strength: f32,
}

/// The pulse of a picture: the tempo that its cuts and hits follow, if any.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pulse {
    /// Beats per minute of the best reading; 0 where there is nothing to read.
    pub bpm: f32,
    /// 0 to 1; below 0.3 there is no pulse worth the name.
    pub confidence: f32,
    /// Readings as (beats per minute, weight), best first; the weights sum to 1.
    pub candidates: Vec<(f32, f32)>,
    /// A beat of the best reading, in seconds of the clip.
    pub phase_s: f64,
}

/// What a range of a clip asks of music in time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edit {
    /// In and out.
    pub range_s: (f64, f64),
    /// Shot boundaries within it, in time order.
    pub cuts: Vec<Cut>,
    /// Hits within it, in time order.
    pub hits: Vec<Hit>,
    /// How much is going on, 0 to 1; its first value lies at the in-point.
    pub arc: Curve,
    /// Where somebody speaks, ascending and apart.
    pub speech_s: Vec<(f64, f64)>,
}

impl Edit {
    /// Share of the range in which somebody speaks, 0 to 1: what [`crate::Brief::speech`] takes.
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
        // A sum of nothing is -0.
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
    fn speech_counts_as_far_as_it_lies_in_the_range() {
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
        assert_eq!(silent.spoken().to_bits(), 0, "not -0, which JSON shows");
    }
}
