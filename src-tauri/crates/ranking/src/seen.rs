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
