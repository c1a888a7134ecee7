//! All that is kept of a clip's small pictures: shots, motion and light in the course of time.

use serde::{Deserialize, Serialize};

use crate::light::{Light, LightMeter};
use crate::motion::{MotionAnalyzer, MotionSample};
use crate::shots::{ShotCurve, ShotDetector};
use crate::{Picture, VisionError};

/// What was seen. A few hundred bytes a picture, so it is kept instead of the pictures, and cuts can
/// be found again at another sensitivity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PictureAnalysis {
    /// What tells shots apart.
    pub shots: ShotCurve,
    /// Motion of each picture.
    pub moments: Vec<MotionSample>,
    /// Light and colour, two values a second.
    pub light: Vec<Light>,
}

/// Watches small pictures one after another.
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
    /// Nothing seen yet.
    pub fn new() -> PictureAnalyzer {
        PictureAnalyzer {
            shots: ShotDetector::new(),
            motion: MotionAnalyzer::new(),
            light: LightMeter::default(),
        }
    }

    /// The next picture, about 160 pixels wide, at a later stream time in seconds.
    ///
    /// # Errors
    /// `BadPicture`.
    pub fn push(&mut self, time_s: f64, picture: &Picture<'_>) -> Result<(), VisionError> {
        self.shots.push(time_s, picture)?;
        self.motion.push(time_s, picture)?;
        self.light.push(time_s, picture)
    }

    /// What was seen.
    pub fn finish(self) -> PictureAnalysis {
        PictureAnalysis {
            shots: self.shots.finish(),
            moments: self.motion.finish(),
            light: self.light.finish(),
        }
    }
}
