//! The metre of a track.

use std::fmt;

/// From this confidence the metre is named.
const SURE: f32 = 0.5;

/// The metre of a track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metre {
    /// Beats in a bar: 2 to 7.
    pub beats: u8,
    /// Whether a beat has three equal parts: 6/8 has two such beats, 12/8 four.
    pub compound: bool,
    /// Probability that the metre is right, 0 to 1.
    pub confidence: f32,
}

impl Metre {
    /// Whether the metre can be named.
    pub fn is_sure(&self) -> bool {
        self.confidence >= SURE
    }
}

/// As a time signature: `4/4`, `6/8`.
impl fmt::Display for Metre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.compound {
            true => write!(f, "{}/8", 3 * self.beats),
            false => write!(f, "{}/4", self.beats),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metre_reads_as_a_time_signature() {
        let written = |beats, compound| {
            let metre = Metre {
                beats,
                compound,
                confidence: 1.0,
            };
            metre.to_string()
        };
        assert_eq!(written(5, false), "5/4");
        assert_eq!(written(2, true), "6/8");
        assert_eq!(written(4, true), "12/8");
    }
}
