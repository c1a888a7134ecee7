//! Motion between two pictures of a clip.

use serde::{Deserialize, Serialize};

/// Parts of the circle of directions: right, then clockwise.
pub const DIRECTIONS: usize = 12;

/// Motion between one picture and the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MotionSample {
    /// Stream time of the picture, seconds.
    pub time_s: f64,
    /// Since when, seconds; 0 where there is nothing to compare with.
    pub since_s: f32,
    /// What moves by itself: mean over all blocks, picture widths a second.
    pub subject: f32,
    /// Pan and tilt of the camera, picture widths a second, right and down.
    pub pan: [f32; 2],
    /// Zoom of the camera, growth a second.
    pub zoom: f32,
    /// Motion by direction: mean over all blocks of how far they go that way, picture widths a
    /// second; the directogram of Davis & Agrawala (*Visual rhythm and beat*, 2018), the camera's
    /// motion included, since a camera hits too.
    pub directions: [f32; DIRECTIONS],
}

impl MotionSample {
    /// All of the motion, picture widths a second.
    pub fn energy(&self) -> f32 {
        self.directions.iter().sum()
    }

    /// Motion of the camera, picture widths a second.
    pub fn camera(&self) -> f32 {
        self.pan[0].hypot(self.pan[1]) + self.zoom.abs() / 4.0
    }
}
