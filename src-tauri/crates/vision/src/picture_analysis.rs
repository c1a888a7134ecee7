//! Analysis of a clip's small pictures: shots, motion and light over time.

use serde::{Deserialize, Serialize};

use crate::light::{Light, LightMeter};
use crate::motion::{MotionAnalyzer, MotionSample};
use crate::shots::{ShotCurve, ShotDetector};
use crate::{Picture, VisionError};

/// Result of the analysis, a few hundred bytes a picture. It is stored instead of the pictures:
/// cuts can be computed from it at any sensitivity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PictureAnalysis {
    /// Possible cuts with their scores.
    pub shots: ShotCurve,
    /// Motion of each picture.
    pub moments: Vec<MotionSample>,
    /// Light and colour, two values a second.
    pub light: Vec<Light>,
}

/// Analyses small pictures one after another.
pub struct PictureAnalyzer {
    shots: ShotDetector,
    motion: MotionAnalyzer,
    light: LightMeter,
}

impl Default for PictureAnalyzer {
    fn default() -> Self {
        PictureAnalyzer::new()
    }
}

impl PictureAnalyzer {
    /// An analyzer without pictures.
    pub fn new() -> PictureAnalyzer {
        PictureAnalyzer {
            shots: ShotDetector::new(),
            motion: MotionAnalyzer::new(),
            light: LightMeter::default(),
        }
    }

    /// Adds a picture of about 160 pixels width at a later stream time in seconds.
    ///
    /// # Errors
    /// `BadPicture`.
    pub fn push(&mut self, time_s: f64, picture: &Picture<'_>) -> Result<(), VisionError> {
        self.shots.push(time_s, picture)?;
        self.motion.push(time_s, picture)?;
        self.light.push(time_s, picture)
    }

    /// Ends the clip, and gives the shots, motion and light of all its frames.
    pub fn finish(self) -> PictureAnalysis {
        PictureAnalysis {
            shots: self.shots.finish(),
            moments: self.motion.finish(),
            light: self.light.finish(),
        }
    }
}
