//! Motion between two pictures of a clip.

use serde::{Deserialize, Serialize};

/// Number of directions: right first, then clockwise.
pub const DIRECTIONS: usize = 12;

/// Motion between a picture and the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MotionSample {
    /// Stream time of the picture, seconds.
    pub time_s: f64,
    /// Distance to the picture before, seconds; 0 where there is none to compare with.
    pub since_s: f32,
    /// Motion without the camera's: mean over all blocks, picture widths a second.
    pub subject: f32,
    /// Pan and tilt of the camera, right and down, picture widths a second.
    pub pan: [f32; 2],
    /// Zoom of the camera, growth a second.
    pub zoom: f32,
    /// Motion in each direction: mean over all blocks, picture widths a second (the directogram of
    /// Davis & Agrawala, *Visual rhythm and beat*, 2018). Camera motion is included, because a
    /// camera can stop on a beat too.
    pub directions: [f32; DIRECTIONS],
}

impl MotionSample {
    /// Sum over all directions, picture widths a second.
    pub fn energy(&self) -> f32 {
        self.directions.iter().sum()
    }

    /// Motion of the camera, picture widths a second.
    pub fn camera(&self) -> f32 {
        self.pan[0].hypot(self.pan[1]) + self.zoom.abs() / 4.0
    }
}
