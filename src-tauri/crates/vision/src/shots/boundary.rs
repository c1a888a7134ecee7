//! A possible boundary between two shots.

use needledrop_ranking::{Cut, CutKind};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Boundary {
    pub kind: Kind,
    /// First and last moment of the change, seconds; equal for a hard cut.
    pub from_s: f64,
    pub to_s: f64,
    /// Likelihood, 0 to 1.
    pub score: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Cut,
    Dissolve,
    Fade,
}

impl Boundary {
    pub fn cut(&self) -> Cut {
        let time_s = match self.kind {
            Kind::Cut => self.from_s,
            Kind::Dissolve | Kind::Fade => 0.5 * (self.from_s + self.to_s),
        };
        Cut {
            time_s,
            span_s: (self.from_s, self.to_s),
            kind: self.kind.into(),
            score: self.score,
        }
    }
}

impl From<Kind> for CutKind {
    fn from(kind: Kind) -> CutKind {
        match kind {
            Kind::Cut => CutKind::Cut,
            Kind::Dissolve => CutKind::Dissolve,
            Kind::Fade => CutKind::Fade,
        }
    }
}
