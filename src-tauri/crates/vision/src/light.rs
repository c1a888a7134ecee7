//! Light and colour of a clip over time.

use serde::{Deserialize, Serialize};

use crate::picture_features::picture_features;
use crate::{Picture, VisionError};

/// Distance of two values, seconds.
const STEP_S: f64 = 0.5;

/// Light and colour at one time. All values are 0 to 1 except warmth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Light {
    /// Stream time of the picture, seconds.
    pub time_s: f64,
    /// Mean lightness, L* / 100.
    pub brightness: f32,
    /// Standard deviation of lightness over the picture, L* / 100.
    pub contrast: f32,
    /// Mean saturation in HSV.
    pub saturation: f32,
    /// Mean b* / 100: above 0 yellow and warm, below 0 blue and cold.
    pub warmth: f32,
}

/// Measures light and colour of a sequence of pictures, two values a second.
#[derive(Debug, Default)]
pub(crate) struct LightMeter {
    values: Vec<Light>,
}

impl LightMeter {
    pub(crate) fn push(&mut self, time_s: f64, picture: &Picture<'_>) -> Result<(), VisionError> {
        if let Some(last) = self.values.last()
            && time_s < last.time_s + STEP_S - 1e-6
        {
            return Ok(());
        }
        picture.check()?;
        let features = picture_features(picture);
        self.values.push(Light {
            time_s,
            brightness: features[0],
            contrast: features[1],
            saturation: features[6],
            warmth: features[9],
        });
        Ok(())
    }

    pub(crate) fn finish(self) -> Vec<Light> {
        self.values
    }
}
